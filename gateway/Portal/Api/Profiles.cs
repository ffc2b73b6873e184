using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>A person's name; the patronymic may be absent.</summary>
public sealed record PersonName(string Family, string Given, string? Patronymic);

/// <summary>How to reach a person.</summary>
public sealed record Contacts(string? Email, string? Phone);

/// <summary>A volunteer, as they see themselves. <paramref name="BirthDate"/> is ISO 8601, <paramref name="Region"/> ISO 3166-2.</summary>
public sealed record Volunteer(Guid Id, PersonName Name, DateOnly BirthDate, string Region, Contacts? Contacts, DateTimeOffset RegisteredAt);

/// <summary>A volunteer's name for a coordinator.</summary>
public sealed record VolunteerName(Guid Id, string DisplayName);

/// <summary>An organisation; <paramref name="Status"/> is pending, approved or refused.</summary>
public sealed record Organisation(Guid Id, string Name, string Ogrn, string Region, string Status);

/// <summary>A coordinator of an organisation and the period of it.</summary>
public sealed record Coordinator(Guid PersonId, DateTimeOffset? From, DateTimeOffset? Until, bool? Active);

/// <summary>A signing key; <paramref name="Kid"/> is its RFC 7638 thumbprint.</summary>
public sealed record SigningKey(
    string Kid, string Name, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset? RegisteredAt, DateTimeOffset? RevokedAt, string? RevocationReason);

/// <summary>Volunteers and organisations.</summary>
public sealed class Profiles(GatewayApi api)
{
    public async Task<Tagged<Volunteer>?> Me()
    {
        try
        {
            return await api.Read<Volunteer>("volunteers/me");
        }
        catch (ApiFailure failure) when (failure.Problem.Status is 404)
        {
            return null;
        }
    }

    public Task<Outcome<Nothing>> Register(object volunteer, Form form) => api.Post("volunteers", volunteer, form);

    public Task<Outcome<Nothing>> Amend(object volunteer, Form form) => api.Change<Nothing>(HttpMethod.Put, "volunteers/me", volunteer, form);

    public async Task<IReadOnlyDictionary<Guid, string>> VolunteerNames(IEnumerable<Guid> ids)
    {
        var wanted = string.Join(',', ids.Distinct());
        var names = wanted.Length == 0 ? null : await api.ReadOrNull<List<VolunteerName>>("volunteers/names" + Query(("ids", wanted)));
        return names?.DistinctBy(name => name.Id).ToDictionary(name => name.Id, name => name.DisplayName) ?? [];
    }

    public async Task<Page<Organisation>> Approved(string? search, string? region = null, int limit = 50) =>
        (await api.Read<Page<Organisation>>("organisations" + Query(("status", "approved"), ("q", search), ("region", region), ("limit", limit.ToString())))).Value;

    public async Task<Page<Organisation>> Pending(string? after) =>
        (await api.Read<Page<Organisation>>("organisations" + Query(("status", "pending"), ("after", after)))).Value;

    public async Task<IReadOnlyList<Organisation>> Mine() => (await api.Read<List<Organisation>>("organisations/mine")).Value;

    public Task<Tagged<Organisation>> Organisation(Guid id) => api.Read<Organisation>($"organisations/{id}");

    public Task<Organisation?> OrganisationOrNull(Guid id) => api.ReadOrNull<Organisation>($"organisations/{id}");

    public Task<Outcome<Created>> RegisterOrganisation(object organisation, Form form) =>
        api.Change<Created>(HttpMethod.Post, "organisations", organisation, form);

    public Task<Outcome<Nothing>> Approve(Guid id, Form form) => api.Post($"organisations/{id}/approval", new { }, form);

    public Task<Outcome<Nothing>> Refuse(Guid id, string reason, Form form) => api.Post($"organisations/{id}/refusal", new { reason }, form);

    public Task<Tagged<List<Coordinator>>> Coordinators(Guid id) => api.Read<List<Coordinator>>($"organisations/{id}/coordinators");

    public Task<Outcome<Nothing>> Appoint(Guid id, Guid personId, Form form) => api.Post($"organisations/{id}/coordinators", new { personId }, form);

    public Task<Outcome<Nothing>> Dismiss(Guid id, string personId, Form form) =>
        api.Change<Nothing>(HttpMethod.Delete, $"organisations/{id}/coordinators/{Uri.EscapeDataString(personId)}", new { }, form);

    public Task<Tagged<List<SigningKey>>> Keys(Guid id) => api.Read<List<SigningKey>>($"organisations/{id}/keys");

    public Task<Outcome<Nothing>> RegisterKey(Guid id, object key, Form form) => api.Post($"organisations/{id}/keys", key, form);

    public Task<Outcome<Nothing>> RevokeKey(Guid id, string kid, string reason, Form form) =>
        api.Post($"organisations/{id}/keys/{Uri.EscapeDataString(kid)}/revocation", new { reason }, form);
}
