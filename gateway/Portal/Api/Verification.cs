using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>What the organisation decided; a confirmation carries the signature (JWS compact) and the key's id.</summary>
public sealed record Verdict(string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature);

/// <summary>
/// A case: an entry awaiting the organisation's decision. <paramref name="Status"/>: open, confirmed, rejected, returned, cancelled or revoked.
/// <paramref name="Statement"/> is the canonical JSON (RFC 8785) that is signed; <paramref name="CanDecide"/> says whether the caller may decide now.
/// </summary>
public sealed record HoursCase(
    Guid Id, Guid EntryId, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts,
    int Minutes, string Status, DateTimeOffset OpenedAt, string? Statement, bool CanDecide, Verdict? Decision, string? Level, string? Place, Volume? Volume, int Points,
    StandingConfirmation? Amends, bool CanRevoke, Verdict? Revocation)
{
    /// <summary>What is to be confirmed.</summary>
    public Facts Facts => new(OrganisationId, Project, TaskType, Region, Shifts, Level, Place, Volume);
}

/// <summary>The confirmation that another one would change.</summary>
public sealed record StandingConfirmation(int Revision, Facts Facts);

/// <summary>A page of the queue, oldest first, and how much is open in all.</summary>
public sealed record OpenCases(IReadOnlyList<HoursCase> Items, string? Next, int Open, DateTimeOffset? OldestOpenedAt);

/// <summary>Cases and their decisions.</summary>
public sealed class Verification(GatewayApi api)
{
    /// <summary>The cases of an organisation, the oldest first.</summary>
    public async Task<OpenCases> Cases(Guid organisationId, string? status, string? region, string? taskType, string? after) =>
        (await api.Read<OpenCases>("cases" + Query(
            ("organisationId", organisationId.ToString()), ("status", status), ("region", region), ("taskType", taskType), ("after", after), ("limit", "20")))).Value;

    /// <summary>How much is open, for an overview that shows without it too.</summary>
    public Task<OpenCases?> QueueOrNull(Guid organisationId) =>
        api.ReadOrNull<OpenCases>("cases" + Query(("organisationId", organisationId.ToString()), ("status", "open"), ("limit", "1")));

    /// <summary>A case with its version.</summary>
    public Task<Tagged<HoursCase>> Case(Guid id) => api.Read<HoursCase>($"cases/{id}");

    /// <summary>A case, or null when it is not the caller's to see or Verification is away.</summary>
    public Task<HoursCase?> CaseOrNull(Guid id) => api.ReadOrNull<HoursCase>($"cases/{id}");

    /// <summary>Every change of a case, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"cases/{id}/history")).Value;

    /// <summary>Confirms with a signature (JWS compact).</summary>
    public Task<Outcome<NoBody>> Confirm(Guid id, string signature, Form form) => api.Post($"cases/{id}/confirmation", new { signature }, form);

    /// <summary>Refuses to confirm.</summary>
    public Task<Outcome<NoBody>> Reject(Guid id, string reason, Form form) => api.Post($"cases/{id}/rejection", new { reason }, form);

    /// <summary>Asks the volunteer for changes.</summary>
    public Task<Outcome<NoBody>> Return(Guid id, string reason, Form form) => api.Post($"cases/{id}/return", new { reason }, form);
}
