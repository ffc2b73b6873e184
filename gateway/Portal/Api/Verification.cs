using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>What the organisation decided; a confirmation carries the signature (JWS compact) and the key's id.</summary>
public sealed record Verdict(string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature);

/// <summary>
/// A case: an entry awaiting the organisation's decision. <paramref name="Status"/>: open, confirmed, rejected, returned or cancelled.
/// <paramref name="Statement"/> is the canonical JSON (RFC 8785) that is signed.
/// </summary>
public sealed record Case(
    Guid Id, Guid EntryId, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts,
    int Minutes, string Status, DateTimeOffset OpenedAt, string? Statement, Verdict? Decision);

/// <summary>A page of the queue, oldest first, and how much is open in all.</summary>
public sealed record Queue(IReadOnlyList<Case> Items, string? Next, int Open, DateTimeOffset? OldestOpenedAt);

/// <summary>Cases and their decisions.</summary>
public sealed class Verification(GatewayApi api)
{
    public async Task<Queue> Cases(Guid organisationId, string? status, string? region, string? taskType, string? after) =>
        (await api.Read<Queue>("cases" + Query(
            ("organisationId", organisationId.ToString()), ("status", status), ("region", region), ("taskType", taskType), ("after", after), ("limit", "20")))).Value;

    public Task<Tagged<Case>> Case(Guid id) => api.Read<Case>($"cases/{id}");

    public Task<Case?> CaseOrNull(Guid id) => api.ReadOrNull<Case>($"cases/{id}");

    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"cases/{id}/history")).Value;

    public Task<Outcome<Nothing>> Confirm(Guid id, string signature, Form form) => api.Post($"cases/{id}/confirmation", new { signature }, form);

    public Task<Outcome<Nothing>> Reject(Guid id, string reason, Form form) => api.Post($"cases/{id}/rejection", new { reason }, form);

    public Task<Outcome<Nothing>> Return(Guid id, string reason, Form form) => api.Post($"cases/{id}/return", new { reason }, form);
}
