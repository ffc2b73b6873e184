using System.Net;
using System.Text;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Demo;

/// <summary>Steps of the main job that take more than one request, each the whole of what a client of that kind would do.</summary>
public static class UseCases
{
    /// <summary>Makes a volunteer of the caller, who may be one already.</summary>
    /// <returns>Whether the caller was none before.</returns>
    public static async Task<bool> RegisterVolunteerAsync(this Api person, NewVolunteer profile, string? key = null, CancellationToken ct = default)
    {
        var reply = await person.SendAsync(HttpMethod.Post, "volunteers", profile, key, ct: ct);
        return reply.Status != HttpStatusCode.Conflict && reply.Success().IsSuccess && !reply.Replayed;
    }

    /// <summary>The caller, as a volunteer of some name: nothing is logged or applied for without one.</summary>
    public static async Task<Api> WithANameAsync(this Api person, CancellationToken ct = default)
    {
        await person.RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Иванова", "Анна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(null)), ct: ct);
        return person;
    }

    /// <summary>
    /// The caller registers an organisation, and the administrator approves it; the caller is its coordinator then. What is done already is not done again.
    /// </summary>
    /// <exception cref="InvalidOperationException">Somebody else registered this ОГРН.</exception>
    public static async Task<Organisation> FoundOrganisationAsync(
        this Api coordinator, Api administrator, NewOrganisation wanted, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(administrator);
        var reply = await coordinator.SendAsync(HttpMethod.Post, "organisations", wanted, ct: ct);
        if (reply.Status != HttpStatusCode.Conflict)
        {
            reply.Success();
        }

        var organisation = (await coordinator.GetAsync<IReadOnlyList<Organisation>>("organisations/mine", ct)).FirstOrDefault(mine => mine.Ogrn == wanted.Ogrn)
            ?? throw new InvalidOperationException($"The OGRN {wanted.Ogrn} belongs to an organisation that {coordinator.Who} does not coordinate.");
        if (organisation.Status != "approved")
        {
            var etag = (await administrator.GetAsync($"organisations/{organisation.Id}", ct)).ETag;
            await administrator.PostAsync($"organisations/{organisation.Id}/approval", etag: etag, ct: ct);
        }

        return organisation with { Status = "approved" };
    }

    /// <summary>The coordinator registers the public half of a key, which proves by a signature that they hold the private one.</summary>
    /// <param name="coordinator">A coordinator of the organisation.</param>
    /// <param name="organisationId">The organisation.</param>
    /// <param name="key">The pair.</param>
    /// <param name="name">What the coordinators call it.</param>
    /// <param name="validUntil">First instant at which it no longer counts; null for no end.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task RegisterKeyAsync(
        this Api coordinator, Guid organisationId, OrganisationKey key, string name, DateTimeOffset? validUntil = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var statement = await coordinator.GetAsync($"organisations/{organisationId}/keys/statement", ct);
        await coordinator.PostAsync(
            $"organisations/{organisationId}/keys",
            new { name, jwk = key.Public, validUntil, proof = new { signature = key.Sign(statement.Body.Span) } }, etag: statement.ETag, ct: ct);
    }

    /// <summary>The case of an entry's submission, once it has opened and the caller may see it. It opens by itself.</summary>
    /// <param name="caller">A coordinator of the organisation, or the volunteer.</param>
    /// <param name="caseId">The case: the entry's <c>caseId</c>, or <see cref="CaseIds.Of"/>.</param>
    /// <param name="deadline">How long to wait; <see cref="Wait.Usual"/> where null.</param>
    /// <param name="ct">Ends the wait.</param>
    public static async Task<(Case Case, string ETag)> CaseAsync(this Api caller, Guid caseId, TimeSpan? deadline = null, CancellationToken ct = default)
    {
        var reply = await Wait.UntilAsync(
            $"case {caseId} is open", token => caller.SendAsync(HttpMethod.Get, $"cases/{caseId}", ct: token),
            reply => reply.Status != HttpStatusCode.NotFound, deadline, ct);
        return (reply.Success().Read<Case>(), reply.ETag!);
    }

    /// <summary>
    /// The coordinator confirms a case: reads the statement, signs it with the organisation's key, sends the signature. A key that was registered just now
    /// may be unknown to Verification for a moment: then once more.
    /// </summary>
    /// <param name="coordinator">A coordinator of the organisation.</param>
    /// <param name="caseId">The case.</param>
    /// <param name="key">The organisation's key.</param>
    /// <param name="known">The case, where it was read before.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The signature: a compact JWS.</returns>
    public static async Task<string> ConfirmAsync(
        this Api coordinator, Guid caseId, OrganisationKey key, (Case Case, string ETag)? known = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var signature = "";
        var reply = await Wait.UntilAsync(
            $"key {key.Kid} is known to confirm case {caseId}",
            async token =>
            {
                var (found, etag) = known ?? await coordinator.CaseAsync(caseId, ct: token);
                known = null;
                signature = key.Sign(Encoding.UTF8.GetBytes(found.Statement));
                return await coordinator.SendAsync(HttpMethod.Post, $"cases/{caseId}/confirmation", new Confirmation(signature), etag: etag, ct: token);
            },
            reply => reply.Problem?.Reason != "unknown-key",
            ct: ct);
        reply.Success();
        return signature;
    }

    /// <summary>The coordinator rejects a case. Parameters as for <see cref="ConfirmAsync"/>.</summary>
    public static Task RejectAsync(this Api coordinator, Guid caseId, string reason, (Case Case, string ETag)? known = null, CancellationToken ct = default) =>
        coordinator.DeclineAsync(caseId, "rejection", reason, known, ct);

    /// <summary>The coordinator returns a case for changes. Parameters as for <see cref="ConfirmAsync"/>.</summary>
    public static Task ReturnAsync(this Api coordinator, Guid caseId, string reason, (Case Case, string ETag)? known = null, CancellationToken ct = default) =>
        coordinator.DeclineAsync(caseId, "return", reason, known, ct);

    private static async Task DeclineAsync(this Api coordinator, Guid caseId, string how, string reason, (Case Case, string ETag)? known, CancellationToken ct)
    {
        var (_, etag) = known ?? await coordinator.CaseAsync(caseId, ct: ct);
        await coordinator.PostAsync($"cases/{caseId}/{how}", new Because(reason), etag: etag, ct: ct);
    }
}
