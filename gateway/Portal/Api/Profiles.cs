using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Parts;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>A person's name; the patronymic may be absent.</summary>
public sealed record PersonName(string Family, string Given, string? Patronymic);

/// <summary>How to reach a person.</summary>
public sealed record Contacts(string? Email, string? Phone);

/// <summary>
/// A volunteer, as they see themselves; name, birth date and contacts are null once erased. <paramref name="Region"/> is ISO 3166-2;
/// <paramref name="NotWritten"/> has the characters of the name that no document can write.
/// </summary>
public sealed record Volunteer(
    Guid Id, PersonName? Name, DateOnly? BirthDate, string Region, Contacts? Contacts, DateTimeOffset RegisteredAt, string? NotWritten,
    Consent? Consent = null);

/// <summary>A consent to the processing of personal data; <paramref name="Version"/> is one of <see cref="ConsentTexts"/>.</summary>
public sealed record Consent(string Version, DateTimeOffset At);

/// <summary>A volunteer's name for a coordinator; null once erased.</summary>
public sealed record VolunteerName(Guid Id, string? DisplayName);

/// <summary>A volunteer who may be meant; <paramref name="AgreesInAll"/>: everything that the document says of the person is true of them.</summary>
public sealed record Candidate(Guid VolunteerId, string DisplayName, bool AgreesInAll);

/// <summary>Somebody as an organisation's document names them.</summary>
public sealed record ListedPerson(int Number, string? Name, string? Email, IReadOnlyList<Candidate> Candidates)
{
    /// <summary>Name and address, as far as they are said.</summary>
    public string Written => string.Join(", ", new[] { Name, Email }.OfType<string>());
}

/// <summary>
/// An organisation; <paramref name="Status"/> is pending, approved or refused, the last with a <paramref name="Reason"/>. One that is suspended is approved,
/// and its reason is told to its coordinators and administrators alone.
/// </summary>
public sealed record Organisation(Guid Id, string Name, string Ogrn, string Region, string Status, string? Reason, DateTimeOffset? SuspendedAt = null)
{
    /// <summary>Its state, as the texts <c>status.organisation.STATE</c> name it.</summary>
    public string State => SuspendedAt is null ? Status : "suspended";

    /// <summary>The caller works on its queue as a deputy, and on nothing else.</summary>
    public bool AsDeputy { get; init; }
}

/// <summary>Who asked for an organisation's admission, what an administrator decided, and the names of all who acted on it.</summary>
public sealed record Admission(
    Organisation Organisation, Guid AskedBy, DateTimeOffset AskedAt, AdmissionDecision? Decision, IReadOnlyList<Actor> People)
{
    /// <summary>The name of somebody who acted on it; null where they have said none.</summary>
    public string? NameOf(Guid? person) => People.FirstOrDefault(known => known.PersonId == person)?.Name;
}

/// <summary>An administrator's decision on an organisation; <paramref name="Reason"/> is null for an approval.</summary>
public sealed record AdmissionDecision(bool Approved, Guid? By, DateTimeOffset At, string? Reason);

/// <summary>What an administrator decided about an organisation; <paramref name="ByName"/> is null where they have said no name.</summary>
public sealed record Decided(Guid OrganisationId, string Organisation, string? ByName, Happening Change);

/// <summary>Somebody who acted on an organisation; <paramref name="Name"/> is null where they have said none.</summary>
public sealed record Actor(Guid PersonId, string? Name);

/// <summary>A coordinator of an organisation and the period of it; <paramref name="Name"/> is null where they have said none.</summary>
public sealed record Coordinator(Guid PersonId, string? Name, DateTimeOffset? From, DateTimeOffset? Until);

/// <summary>An invitation that waits; <paramref name="Version"/> is the number of its ETag.</summary>
public sealed record Invitation(Guid Id, int Version, string Email, DateTimeOffset Until);

/// <summary>What an invitation's link leads to.</summary>
public sealed record OfferedInvitation(Guid OrganisationId, string Organisation, DateTimeOffset Until);

/// <summary>What the caller is called, in a book or without one; <paramref name="Consent"/> is the text that a book's owner last agreed to.</summary>
public sealed record OwnName(PersonName? Name, bool HasBook, string? Consent = null);

/// <summary>A signing key; <paramref name="Kid"/> is its RFC 7638 thumbprint, or SHA-256 of its certificate.</summary>
public sealed record SigningKey(
    string Kid, string Name, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset? RegisteredAt, DateTimeOffset? RevokedAt,
    string? RevocationReason, Certificate? Certificate)
{
    /// <summary>Its state, as the texts <c>status.key.STATE</c> name it.</summary>
    public string StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? "revoked" : ValidUntil <= now ? "ended" : ValidFrom > now ? "later" : "good";
}

/// <summary>The certificate of a key of ГОСТ Р 34.10-2012.</summary>
public sealed record Certificate(string Subject, string Issuer);

/// <summary>Volunteers and organisations.</summary>
public sealed class Profiles(GatewayApi api, TimeProvider clock)
{
    /// <summary>The caller's own profile; null before the first registration.</summary>
    public async Task<Tagged<Volunteer>?> Me()
    {
        try
        {
            return await api.Read<Volunteer>("volunteers/me");
        }
        catch (ApiException failure) when (failure.Problem.Status is 404)
        {
            return null;
        }
    }

    /// <summary>Whether the person has a profile; taken to be so while Profiles is away, as the pages then have nothing better to offer.</summary>
    public async Task<bool> IsRegistered()
    {
        try
        {
            return await Me() is not null;
        }
        catch (ApiException failure) when (failure.Problem.IsPassing)
        {
            return true;
        }
    }

    /// <summary>The caller's own profile; null where there is none, or while Profiles is away.</summary>
    public Task<Tagged<Volunteer>?> MeOrNull() => api.TaggedOrNull<Volunteer>("volunteers/me");

    /// <summary>Consents to the processing of the caller's personal data, by a text of <see cref="ConsentTexts"/>.</summary>
    public Task<Outcome<NoBody>> GiveConsent(string version, Form form) => api.Post("volunteers/me/consents", new { version }, form);

    /// <summary>Makes the caller a volunteer.</summary>
    public Task<Outcome<NoBody>> Register(object volunteer, Form form) => api.Post("volunteers", volunteer, form);

    /// <summary>Changes the caller's own particulars.</summary>
    public Task<Outcome<NoBody>> Amend(object volunteer, Form form) => api.Change<NoBody>(HttpMethod.Put, "volunteers/me", volunteer, form);

    /// <summary>Names by id, as far as the caller may know them; the others are left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> VolunteerNames(IEnumerable<Guid> ids)
    {
        // So many fit into an address.
        var parts = await Task.WhenAll(
            ids.Distinct().Chunk(100).Select(some => api.ReadOrNull<List<VolunteerName>>("volunteers/names" + Query(("ids", string.Join(',', some))))));
        return parts.SelectMany(names => names ?? [])
            .Where(name => name.DisplayName is not null).DistinctBy(name => name.Id).ToDictionary(name => name.Id, name => name.DisplayName!);
    }

    /// <summary>As many people as one search by name finds.</summary>
    public const int MostCalled = 200;

    /// <summary>Those who came to an organisation and are called so, at most <see cref="MostCalled"/>; nobody while Profiles is away.</summary>
    public async Task<IReadOnlyList<Guid>> Called(Guid organisation, string name) =>
        [.. (await api.ReadOrNull<List<VolunteerName>>($"organisations/{organisation}/people" + Query(("q", name))) ?? []).Select(found => found.Id)];

    /// <summary>
    /// People whom an organisation's document names, by their numbers there, and on demand who of those who came to the organisation may be meant. Empty once
    /// they are not kept any more, or while Profiles is away.
    /// </summary>
    public async Task<IReadOnlyDictionary<int, ListedPerson>> PeopleOfList(Guid organisation, Guid list, IReadOnlyCollection<int> numbers, bool candidates)
    {
        if (numbers.Count == 0) return new Dictionary<int, ListedPerson>();
        var people = await api.ReadOrNull<List<ListedPerson>>(
            $"organisations/{organisation}/people-lists/{list}" + Query(("numbers", string.Join(',', numbers)), ("candidates", candidates ? null : "false")));
        return (people ?? []).ToDictionary(person => person.Number);
    }

    /// <summary>
    /// Who of the volunteers who came to the organisation is meant by a name or an address. What was written is kept under the <paramref name="asking"/>
    /// coordinator's id, in the place of what they looked for before.
    /// </summary>
    public async Task<Outcome<ListedPerson>> WhoIsMeant(Guid organisation, Guid asking, string written)
    {
        var path = $"organisations/{organisation}/people-lists/{asking}";
        var byAddress = written.Contains('@', StringComparison.Ordinal);
        var kept = await api.Change<NoBody>(
            HttpMethod.Put, path, new { people = new[] { new { name = byAddress ? null : written, email = byAddress ? written : null } } }, null);
        return kept.Problem is { } problem
            ? new Outcome<ListedPerson>(null, problem)
            : new Outcome<ListedPerson>((await api.Read<List<ListedPerson>>(path + Query(("numbers", "1")))).Value.First(), null);
    }

    /// <summary>Approved organisations by name; <paramref name="search"/> is a part of the name or of the ОГРН.</summary>
    public async Task<Page<Organisation>> Approved(string? search, string? region = null, int limit = 50) =>
        (await api.Read<Page<Organisation>>(
            "organisations" + Query(("status", "approved"), ("q", search), ("region", region), ("limit", limit.ToString(CultureInfo.InvariantCulture))))).Value;

    /// <summary>
    /// Organisations of a status by name, those that are not approved for the administrator alone; <paramref name="search"/> are words of the name or a part
    /// of the ОГРН.
    /// </summary>
    public async Task<Page<Organisation>> List(string status, string? search, string? region, int limit, string? after) => (await api.Read<Page<Organisation>>(
        "organisations" + Query(
            ("status", status), ("q", search), ("region", region), ("after", after), ("limit", limit.ToString(CultureInfo.InvariantCulture))))).Value;

    /// <summary>Ids of approved organisations, as many as the API gives at once, by name.</summary>
    public async Task<Page<Identified>> ApprovedIds(string? after) =>
        (await api.Read<Page<Identified>>("organisations" + Query(("status", "approved"), ("after", after), ("limit", Most)))).Value;

    /// <summary>
    /// Approved organisations for a filter, and <paramref name="chosen"/> wherever it stands among them; without Profiles the list is empty and the page still
    /// shows.
    /// </summary>
    public async Task<IReadOnlyList<Pick>> ApprovedOptions(string? chosen)
    {
        var page = await api.ReadOrNull<Page<Organisation>>("organisations" + Query(("status", "approved"), ("limit", "100")));
        List<Organisation> offered = [.. page?.Items ?? []];
        if (Guid.TryParse(chosen, out var id) && offered.All(item => item.Id != id) && await OrganisationOrNull(id) is { } further) offered.Add(further);
        return [.. offered.OrderBy(item => item.Name, StringComparer.CurrentCulture).Select(item => new Pick(item.Id.ToString(), item.Name))];
    }

    /// <summary>Organisations that wait for the administrator.</summary>
    public async Task<Page<Organisation>> Pending(string? after) =>
        (await api.Read<Page<Organisation>>("organisations" + Query(("status", "pending"), ("after", after)))).Value;

    /// <summary>
    /// Organisations in a state, by name, for an administrator; <paramref name="filter"/> gives status (approved where there is none), region and q.
    /// </summary>
    public async Task<Page<Organisation>> InState(Form filter, string? after) => (await api.Read<Page<Organisation>>("organisations" + Query(
        ("status", filter.Text("status") ?? "approved"), ("region", filter.Text("region")), ("q", filter.Text("q")), ("after", after)))).Value;

    /// <summary>Organisations that you coordinate or have registered.</summary>
    public async Task<IReadOnlyList<Organisation>> Mine() => (await api.Read<List<Organisation>>("organisations/mine")).Value;

    /// <summary>An organisation that the caller coordinates or registered; anybody else's looks absent.</summary>
    public async Task<Organisation> MineOf(Guid id) =>
        (await Mine()).FirstOrDefault(organisation => organisation.Id == id)
        ?? throw new ApiException(Problem.Absent);

    /// <summary>An organisation whose queue the caller may work on: one's own, or as a coordinator's deputy; anybody else's looks absent.</summary>
    public async Task<Organisation> DeskOf(Guid id) =>
        (await api.ReadOrNull<List<Delegation>>("delegations" + Query(("organisationId", id.ToString()))))
            ?.Any(delegation => delegation.IsInForce(clock.GetUtcNow())) is true
        && (await Mine()).All(organisation => organisation.Id != id)
            ? (await Organisation(id)).Value with { AsDeputy = true }
            : await MineOf(id);

    /// <summary>An organisation with its version.</summary>
    public Task<Tagged<Organisation>> Organisation(Guid id) => api.Read<Organisation>($"organisations/{id}");

    /// <summary>How an organisation came to be admitted or refused, for an administrator.</summary>
    public Task<Tagged<Admission>> Admission(Guid id) => api.Read<Admission>($"organisations/{id}/admission");

    /// <summary>What administrators decided about organisations, the latest first; <paramref name="by"/> is the only one who is asked about.</summary>
    public async Task<Page<Decided>> Decisions(Guid? by, string? after) =>
        (await api.Read<Page<Decided>>("organisations/decisions" + Query(("by", by?.ToString()), ("after", after)))).Value;

    /// <summary>Every change to an organisation, for its coordinators, who registered it and an administrator.</summary>
    public async Task<IReadOnlyList<Happening>> OrganisationHistory(Guid id) => (await api.Read<List<Happening>>($"organisations/{id}/history")).Value;

    /// <summary>An organisation, or null when it is absent or Profiles is away.</summary>
    public Task<Organisation?> OrganisationOrNull(Guid id) => api.ReadOrNull<Organisation>($"organisations/{id}");

    /// <summary>Asks the administrator to admit an organisation.</summary>
    public Task<Outcome<Created>> RegisterOrganisation(object organisation, Form form) =>
        api.Change<Created>(HttpMethod.Post, "organisations", organisation, form);

    /// <summary>The administrator admits an organisation.</summary>
    public Task<Outcome<NoBody>> Approve(Guid id, Form form) => api.Post($"organisations/{id}/approval", new { }, form);

    /// <summary>The administrator does not admit an organisation.</summary>
    public Task<Outcome<NoBody>> Refuse(Guid id, string reason, Form form) => api.Post($"organisations/{id}/refusal", new { reason }, form);

    /// <summary>The administrator suspends an approved organisation.</summary>
    public Task<Outcome<NoBody>> Suspend(Guid id, string reason, Form form) => api.Post($"organisations/{id}/suspension", new { reason }, form);

    /// <summary>The administrator corrects the name or the region of an approved organisation.</summary>
    public Task<Outcome<NoBody>> Correct(Guid id, string name, string region, string reason, Form form) =>
        api.Post($"organisations/{id}/corrections", new { name, region, reason }, form);

    /// <summary>The administrator lifts a suspension.</summary>
    public Task<Outcome<NoBody>> Reinstate(Guid id, string reason, Form form) => api.Post($"organisations/{id}/reinstatement", new { reason }, form);

    /// <summary>Who decides for the organisation, with the organisation's version.</summary>
    public Task<Tagged<List<Coordinator>>> Coordinators(Guid id) => api.Read<List<Coordinator>>($"organisations/{id}/coordinators");

    /// <summary>An organisation's open invitations.</summary>
    public async Task<IReadOnlyList<Invitation>> Invitations(Guid id) => (await api.Read<List<Invitation>>($"organisations/{id}/invitations")).Value;

    /// <summary>Invites a colleague by mail.</summary>
    public Task<Outcome<NoBody>> Invite(Guid id, string email, string language, Form form) =>
        api.Post($"organisations/{id}/invitations", new { email, language }, form);

    /// <summary>Takes an invitation back.</summary>
    public Task<Outcome<NoBody>> WithdrawInvitation(Guid id, string invitation, Form form) =>
        api.Change<NoBody>(HttpMethod.Delete, $"organisations/{id}/invitations/{Uri.EscapeDataString(invitation)}", null, form);

    /// <summary>What the bearer of a link is invited to; null where the link does not serve.</summary>
    public Task<OfferedInvitation?> Offered(string token) => api.ReadOrNull<OfferedInvitation>($"invitations/{Uri.EscapeDataString(token)}");

    /// <summary>Accepts an invitation.</summary>
    public Task<Outcome<NoBody>> Accept(string token, Form form) => api.Post($"invitations/{Uri.EscapeDataString(token)}", new { }, form);

    /// <summary>What the caller is called; null while Profiles is away.</summary>
    public async Task<OwnName?> OwnName() => (await api.TaggedOrNull<OwnName>("people/me"))?.Value;

    /// <summary>Says what the caller, who keeps no book, is called.</summary>
    public async Task<Outcome<NoBody>> GiveName(PersonName name) =>
        await api.Change<NoBody>(HttpMethod.Put, "people/me", new { name }, new Form { ETag = (await api.TaggedOrNull<OwnName>("people/me"))?.ETag });

    /// <summary>Ends a coordinator's right.</summary>
    public Task<Outcome<NoBody>> Dismiss(Guid id, string personId, Form form) =>
        api.Change<NoBody>(HttpMethod.Delete, $"organisations/{id}/coordinators/{Uri.EscapeDataString(personId)}", null, form);

    /// <summary>Signing keys, revoked ones too, with the organisation's version.</summary>
    public Task<Tagged<List<SigningKey>>> Keys(Guid id) => api.Read<List<SigningKey>>($"organisations/{id}/keys");

    /// <summary>Ids of the keys that may sign now. None while Profiles is away: the page then says that there is no key to sign with.</summary>
    public async Task<IReadOnlyList<string>> UsableKids(Guid id, DateTimeOffset now)
    {
        var keys = await api.ReadOrNull<List<SigningKey>>($"organisations/{id}/keys");
        return [.. (keys ?? []).Where(key => key.RevokedAt is null && !(key.ValidFrom > now) && !(key.ValidUntil <= now)).Select(key => key.Kid)];
    }

    /// <summary>What a new key signs to be registered, to the letter; null where the caller may register none.</summary>
    public async Task<string?> KeyStatement(Guid id) => (await api.ReadText($"organisations/{id}/keys/statement")).Value;

    /// <summary>Registers the public half of a key.</summary>
    public Task<Outcome<NoBody>> RegisterKey(Guid id, object key, Form form) => api.Post($"organisations/{id}/keys", key, form);

    /// <summary>Revokes a key: from now on it signs nothing new.</summary>
    public Task<Outcome<NoBody>> RevokeKey(Guid id, string kid, string reason, Form form) =>
        api.Post($"organisations/{id}/keys/{Uri.EscapeDataString(kid)}/revocation", new { reason }, form);
}
