using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// Where an entry stands. Only the organisation's decision leads to confirmed, rejected and returned (F15). Stored by the names that the API has, so that the
/// book goes out as it is stored.
/// </summary>
public enum EntryStatus
{
    [JsonStringEnumMemberName("draft")]
    Draft,

    [JsonStringEnumMemberName("submitted")]
    Submitted,

    [JsonStringEnumMemberName("confirmed")]
    Confirmed,

    [JsonStringEnumMemberName("rejected")]
    Rejected,

    [JsonStringEnumMemberName("returned")]
    Returned,

    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,

    /// <summary>Was confirmed, and the organisation took the confirmation back.</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked,
}

/// <summary>Who said first that the work was done.</summary>
public enum EntrySource
{
    /// <summary>The volunteer.</summary>
    [JsonStringEnumMemberName("volunteer")]
    Volunteer,

    /// <summary>The organisation's coordinator, by recording attendance at a vacancy's shift.</summary>
    [JsonStringEnumMemberName("attendance")]
    Attendance,

    /// <summary>The volunteer, from a paper book kept before.</summary>
    [JsonStringEnumMemberName("paper")]
    Paper,
}

/// <summary>The confirmation that an entry stands on.</summary>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="CaseId">Its case.</param>
/// <param name="Grade">How well it is evidenced.</param>
/// <param name="Kid">The key that signed; null where nothing was signed.</param>
/// <param name="At">When the book took it over, UTC.</param>
public sealed record Confirmation(int Revision, Guid CaseId, EvidenceGrade Grade, string? Kid, DateTimeOffset At);

/// <summary>What a volunteer wishes a confirmed entry to say instead, while the organisation has not decided.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="Facts">What is to be confirmed instead.</param>
/// <param name="Description">The volunteer's own words.</param>
/// <param name="Documents">What supports it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was asked, UTC.</param>
/// <param name="WordsShown">Whether the organisation reads words and documents.</param>
public sealed record Amendment(
    int Revision, EntryFacts Facts, string? Description, IReadOnlyList<DocumentReference> Documents, string Reason, DateTimeOffset At, bool WordsShown = false);

/// <summary>One piece of work in a volunteer's book. As it is stored it is also as the book shows it.</summary>
public sealed record Entry
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid VolunteerId { get; init; }

    public Guid OrganisationId { get; init; }

    public required string Project { get; init; }

    public required string TaskType { get; init; }

    public required string Region { get; init; }

    public ResponsibilityLevel Level { get; init; }

    public string? Place { get; init; }

    public Volume? Volume { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<DocumentReference> Documents { get; init; } = [];

    /// <summary>Whether the organisation that was asked last reads words and documents: not those that were handed in when the volunteer was told that nobody else does.</summary>
    public bool WordsShown { get; init; }

    /// <summary>The record in a paper book that the entry was taken from.</summary>
    public PaperRecord? Paper { get; init; }

    public required IReadOnlyList<Shift> Shifts { get; init; }

    /// <summary>Sum over the shifts; what of it counts, when entries overlap, is said by the book.</summary>
    public int Minutes { get; init; }

    /// <summary>What the volunteer submitted or logged last; more than <see cref="Minutes"/> where the organisation confirmed less.</summary>
    public int ClaimedMinutes { get; init; }

    /// <summary>When the earliest shift began, UTC: the order of the book.</summary>
    public DateTimeOffset FirstStart { get; init; }

    /// <summary>When the shift that ended last ended, UTC.</summary>
    public DateTimeOffset LastEnd { get; init; }

    /// <summary>The year of the earliest shift by its own clock.</summary>
    public int Year { get; init; }

    public EntryStatus Status { get; init; }

    /// <summary>How well the minutes are evidenced (N8).</summary>
    public EvidenceGrade Grade { get; init; }

    /// <summary>Points that the organisation gave with its confirmation; none without one.</summary>
    public int Points { get; init; }

    public EntrySource Source { get; init; }

    /// <summary>How often it was submitted; the case of a submission is known by it.</summary>
    public int Revision { get; init; }

    /// <summary>The case of the latest submission, or the one that was settled.</summary>
    public Guid? CaseId => Revision == 0 ? null : Confirmation is { } standing && standing.Revision == Revision ? standing.CaseId : CaseIds.Of(Id, Revision);

    /// <summary>The confirmation that stands; null where none does.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>The wish to change what is confirmed, while it waits for the organisation.</summary>
    public Amendment? Amendment { get; init; }

    public DateTimeOffset LoggedAt { get; init; }

    public DateTimeOffset? SubmittedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>As what counts in the book sees it.</summary>
    public Work Work() => new(Id, Grade, Shifts, Points);

    public EntryFacts Facts() => new(OrganisationId, Project, TaskType, Region, Shifts, Level, Place, Volume);

    /// <summary>Whether it says the same already: what an organisation confirms, the volunteer's own words, and the documents.</summary>
    public bool Says(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents) =>
        facts.Equals(Facts()) && description == Description && Documents.SequenceEqual(documents ?? []);

    /// <summary>Whether the organisation is asked to decide on this submission now.</summary>
    public bool Awaits(int revision) => Revision == revision && (Status == EntryStatus.Submitted || Amendment is not null);

    public static Entry Create(EntryLogged e) => new Entry
    {
        VolunteerId = e.VolunteerId,
        Project = e.Facts.Project,
        TaskType = e.Facts.TaskType,
        Region = e.Facts.Region,
        Shifts = e.Facts.Shifts,
        Source = e.Source,
        Grade = WithoutConfirmation(e.Source),
        Paper = e.Paper,
        LoggedAt = e.At,
    }.Claiming(e.Facts, e.Description, e.Documents);

    public Entry Apply(EntryCorrected e) => Claiming(e.Facts, e.Description, e.Documents);

    public Entry Apply(EntrySubmitted e) => Claiming(e.Facts, Amendment is { } wish ? wish.Description : Description, Amendment is { } wished ? wished.Documents : Documents) with
    {
        Status = EntryStatus.Submitted,
        Revision = e.Revision,
        WordsShown = e.WordsShown,
        SubmittedAt = e.At,
        DecidedAt = null,
        Amendment = null,
    };

    public Entry Apply(EntryWithdrawn _) => this with { Status = EntryStatus.Withdrawn, Grade = WithoutConfirmation(Source) };

    public Entry Apply(EntryConfirmed e) => Saying(e.Facts, Amendment is { } wish ? wish.Description : Description, Amendment is { } wished ? wished.Documents : Documents) with
    {
        Status = EntryStatus.Confirmed,
        Revision = e.Revision,
        DecidedAt = e.At,
        Grade = e.Grade ?? EvidenceGrade.Signed,
        Points = e.Points,
        Confirmation = new Confirmation(e.Revision, e.CaseId, e.Grade ?? EvidenceGrade.Signed, e.Kid, e.At),
        ClaimedMinutes = Amendment?.Facts.Minutes() ?? ClaimedMinutes,
        WordsShown = Amendment?.WordsShown ?? WordsShown,
        Amendment = null,
    };

    public Entry Apply(EntryMatched _) => this with { Grade = EvidenceGrade.Matched };

    public Entry Apply(EntryRejected e) => this with { Status = EntryStatus.Rejected, DecidedAt = e.At, Grade = WithoutConfirmation(Source) };

    public Entry Apply(EntryReturned e) => this with { Status = EntryStatus.Returned, DecidedAt = e.At, Grade = WithoutConfirmation(Source) };

    public Entry Apply(EntryAmended e) => this with
    {
        Revision = e.Revision,
        SubmittedAt = e.At,
        Amendment = new Amendment(e.Revision, e.Facts, e.Description, e.Documents ?? [], e.Reason, e.At, e.WordsShown),
    };

    public Entry Apply(EntryDescribed e) => this with { Description = e.Description, Documents = e.Documents ?? [] };

    public Entry Apply(AmendmentWithdrawn _) => this with { Amendment = null };

    public Entry Apply(AmendmentDeclined _) => this with { Amendment = null };

    public Entry Apply(EntryRevoked e) => this with
    {
        Status = EntryStatus.Revoked,
        DecidedAt = e.At,
        Grade = WithoutConfirmation(Source),
        Points = 0,
        Confirmation = null,
    };

    private static EvidenceGrade WithoutConfirmation(EntrySource source) => source == EntrySource.Attendance ? EvidenceGrade.CheckedIn : EvidenceGrade.SelfDeclared;

    private Entry Claiming(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents) =>
        Saying(facts, description, documents) with { ClaimedMinutes = facts.Minutes() };

    private Entry Saying(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents)
    {
        var first = facts.Shifts.MinBy(shift => shift.StartsAt())!;
        return this with
        {
            OrganisationId = facts.OrganisationId,
            Project = facts.Project,
            TaskType = facts.TaskType,
            Region = facts.Region,
            Level = facts.Level,
            Place = facts.Place,
            Volume = facts.Volume,
            Shifts = facts.Shifts,
            Description = description,
            Documents = documents ?? [],
            Minutes = facts.Minutes(),
            FirstStart = first.StartsAt().ToUniversalTime(),
            LastEnd = facts.Shifts.Max(shift => shift.EndsAt()).ToUniversalTime(),
            Year = first.Start.Year,
        };
    }
}
