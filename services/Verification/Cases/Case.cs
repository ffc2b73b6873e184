using System.Text;
using System.Text.Json.Serialization;
using JasperFx.Events;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Cases;

/// <summary>Where a case stands.</summary>
public enum CaseStatus
{
    Open,
    Confirmed,
    Rejected,
    Returned,

    /// <summary>The volunteer took the entry back before a decision reached the book.</summary>
    Cancelled,

    /// <summary>Was confirmed, and the organisation took the confirmation back.</summary>
    Revoked,

    /// <summary>The administrator settled the dispute about it in the volunteer's favour: that is what counts, without a signature.</summary>
    Settled,
}

/// <summary>How a confirmation was taken back.</summary>
/// <param name="By">The subject of who did it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">Why, for the volunteer to read.</param>
/// <param name="Kid">The key that signed.</param>
/// <param name="Signature">
/// The compact JWS, or the detached CMS, over the statement of revocation, or over the sheet that supersedes the one it rested on.
/// </param>
public sealed record Revocation(string? By, DateTimeOffset At, string Reason, string Kid, string Signature);

/// <summary>What was decided while the volunteer took the entry back: it came to the ledger later, and counts for nothing.</summary>
/// <param name="Status">What the organisation decided: confirmed, rejected or returned. How it was taken back or settled since, the case still shows.</param>
/// <param name="By">The subject of who decided.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">What the organisation told the volunteer.</param>
/// <param name="Kid">The key that signed.</param>
/// <param name="Signature">The compact JWS, or the detached CMS, of the confirmation.</param>
/// <param name="Lines">Where a list was signed as a whole: the lines of it that are about this case.</param>
/// <param name="Statement">What was signed, where the signature does not hold it itself.</param>
/// <param name="ConfirmedInPart">What was confirmed, where it is less than was submitted.</param>
public sealed record OvertakenDecision(
    CaseStatus Status, string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature, IReadOnlyList<SignedLine>? Lines, string? Statement,
    EntryFacts? ConfirmedInPart);

/// <summary>How the administrator reminded the organisation last.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Text">What the administrator wrote.</param>
/// <param name="Count">How often there was a reminder.</param>
public sealed record Reminder(DateTimeOffset At, string? Text, int Count);

/// <summary>One submission of an entry, to be decided by its organisation. The id follows from entry and submission (<see cref="CaseIds"/>).</summary>
public sealed record Case
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid EntryId { get; init; }

    public int Revision { get; init; }

    public Guid VolunteerId { get; init; }

    public Guid OrganisationId { get; init; }

    public required string Project { get; init; }

    public required string TaskType { get; init; }

    public required string Region { get; init; }

    public required IReadOnlyList<Shift> Shifts { get; init; }

    public ResponsibilityLevel Level { get; init; }

    public string? Place { get; init; }

    public Volume? Volume { get; init; }

    /// <summary>The confirmation that this one would change.</summary>
    public StandingConfirmation? Amends { get; init; }

    /// <summary>Sum over the shifts.</summary>
    public int Minutes { get; init; }

    public CaseStatus Status { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Within how many days of its opening it is to be decided.</summary>
    public int LimitDays { get; init; } = ConfirmationRules.UsualDays;

    /// <summary>First instant at which the organisation is late, UTC.</summary>
    public DateTimeOffset DueAt => OpenedAt.AddDays(LimitDays);

    /// <summary>When it was escalated, UTC; null where it was not.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>The last reminder; null where there was none.</summary>
    public Reminder? Reminder { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The subject of who decided.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>What the organisation told the volunteer when it rejected or returned.</summary>
    public string? Reason { get; init; }

    public string? Kid { get; init; }

    /// <summary>The compact JWS, or the detached CMS, of the confirmation.</summary>
    public string? Signature { get; init; }

    /// <summary>What was signed, where the signature does not hold it itself.</summary>
    public string? Signed { get; init; }

    /// <summary>Where a list was signed as a whole: the lines of it that are about this case.</summary>
    public IReadOnlyList<SignedLine>? Lines { get; init; }

    /// <summary>When a signed attendance sheet was found to evidence it, UTC.</summary>
    public DateTimeOffset? MatchedAt { get; init; }

    /// <summary>Points given with the confirmation.</summary>
    public int Points { get; init; }

    /// <summary>What was confirmed, where it is less than was submitted.</summary>
    public EntryFacts? ConfirmedInPart { get; init; }

    /// <summary>When the volunteer agreed to less than was submitted, UTC.</summary>
    public DateTimeOffset? PartAcceptedAt { get; init; }

    /// <summary>The confirmation's end.</summary>
    public Revocation? Revocation { get; init; }

    /// <summary>What was decided while the volunteer took the entry back; null where nothing was.</summary>
    public OvertakenDecision? Overtaken { get; init; }

    /// <summary>The volunteer's dispute of what was decided.</summary>
    public Dispute? Dispute { get; init; }

    /// <summary>What the organisation decided, whatever became of it.</summary>
    [JsonIgnore]
    public CaseStatus Decided => Status switch
    {
        CaseStatus.Revoked => CaseStatus.Confirmed,
        CaseStatus.Settled => Revocation is null && ConfirmedInPart is null ? CaseStatus.Rejected : CaseStatus.Confirmed,
        _ => Status,
    };

    /// <summary>Whether a dispute waits to be settled.</summary>
    public bool InDispute { get; init; }

    /// <summary>Whether less was confirmed than was submitted, and the volunteer has said nothing to it.</summary>
    [JsonIgnore]
    public bool WaitsForAcceptance => this is { Status: CaseStatus.Confirmed, ConfirmedInPart: not null, PartAcceptedAt: null, Dispute: null };

    /// <summary>Whether there is a decision that the volunteer can dispute, once.</summary>
    [JsonIgnore]
    public bool CanBeDisputed => WaitsForAcceptance || this is { Status: CaseStatus.Rejected or CaseStatus.Revoked, Dispute: null };

    /// <summary>Whether the organisation is late at this moment.</summary>
    public bool IsOverdue(DateTimeOffset now) => Status == CaseStatus.Open && now >= DueAt;

    public EntryFacts Facts() => new(OrganisationId, Project, TaskType, Region, Shifts, Level, Place, Volume);

    /// <summary>What counts by it: what was settled or confirmed, or while neither is, what was submitted.</summary>
    public EntryFacts StandingFacts() => Dispute?.Settlement?.Facts ?? ConfirmedInPart ?? Facts();

    /// <summary>Whether an attendance sheet confirmed it by itself: the lines that were signed are rows.</summary>
    public bool RestsOnDocument() =>
        Status == CaseStatus.Confirmed && Lines is [var line, ..] && AttendanceRow.Read(Encoding.UTF8.GetBytes(line.Text)) is not null;

    public static Case Create(CaseOpened e) => new()
    {
        EntryId = e.EntryId,
        Revision = e.Revision,
        VolunteerId = e.VolunteerId,
        OrganisationId = e.Facts.OrganisationId,
        Project = e.Facts.Project,
        TaskType = e.Facts.TaskType,
        Region = e.Facts.Region,
        Shifts = e.Facts.Shifts,
        Level = e.Facts.Level,
        Place = e.Facts.Place,
        Volume = e.Facts.Volume,
        Amends = e.Amends,
        Minutes = e.Facts.Minutes(),
        OpenedAt = e.At,
        LimitDays = e.LimitDays ?? ConfirmationRules.UsualDays,
    };

    public Case Apply(IEvent<CaseConfirmed> e) => this with
    {
        Status = CaseStatus.Confirmed,
        DecidedAt = e.Data.At,
        DecidedBy = e.UserName,
        Kid = e.Data.Kid,
        Signature = e.Data.Signature,
        Signed = e.Data.Statement,
        Lines = e.Data.Lines,
        Points = e.Data.Points,
        ConfirmedInPart = e.Data.Facts,
        Reason = e.Data.Reason,
    };

    public Case Apply(PartAccepted e) => this with { PartAcceptedAt = e.At };

    public Case Apply(IEvent<CaseDisputed> e) => this with
    {
        InDispute = true,
        Dispute = new Dispute(e.Data.At, [new DisputeMessage(DisputeSide.Volunteer, e.UserName, e.Data.At, e.Data.Text)], null),
    };

    public Case Apply(IEvent<DisputeAnswered> e) => this with
    {
        Dispute = Dispute! with { Messages = [.. Dispute.Messages, new DisputeMessage(e.Data.Side, e.UserName, e.Data.At, e.Data.Text)] },
    };

    public Case Apply(IEvent<DisputeSettled> e) => this with
    {
        Status = e.Data.Facts is null ? Status : CaseStatus.Settled,
        Points = e.Data.Facts is null ? Points : e.Data.Points,
        InDispute = false,
        Dispute = Dispute! with { Settlement = new Settlement(e.Data.Facts, e.Data.Points, e.Data.Reason, e.UserName, e.Data.At) },
    };

    public Case Apply(CaseMatched e) => this with { MatchedAt = e.At };

    public Case Apply(IEvent<ConfirmationRevoked> e) => this with
    {
        Status = CaseStatus.Revoked,
        Revocation = new Revocation(e.UserName, e.Data.At, e.Data.Reason, e.Data.Kid, e.Data.Signature),
    };

    public Case Apply(AmendedConfirmationRevoked e) => this with { Amends = null };

    public Case Apply(IEvent<CaseRejected> e) => this with
    {
        Status = CaseStatus.Rejected,
        DecidedAt = e.Data.At,
        DecidedBy = e.UserName,
        Reason = e.Data.Reason,
    };

    public Case Apply(IEvent<CaseReturned> e) => this with
    {
        Status = CaseStatus.Returned,
        DecidedAt = e.Data.At,
        DecidedBy = e.UserName,
        Reason = e.Data.Reason,
    };

    public Case Apply(CaseCancelled e) => this with
    {
        Overtaken = DecidedAt is { } decided
            ? new OvertakenDecision(Decided, DecidedBy, decided, Reason, Kid, Signature, Lines, Signed, ConfirmedInPart)
            : null,
        Status = CaseStatus.Cancelled,
        DecidedAt = e.At,
        DecidedBy = null,
        Reason = null,
        Kid = null,
        Signature = null,
        Signed = null,
        Lines = null,
        Points = 0,
        ConfirmedInPart = null,
        InDispute = false,
    };

    public Case Apply(CaseEscalated e) => this with { EscalatedAt = e.At };

    public Case Apply(OrganisationReminded e) => this with { Reminder = new Reminder(e.At, e.Text, (Reminder?.Count ?? 0) + 1) };

    public Case Apply(SignatureRefused _) => this;
}
