using System.ComponentModel;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// An entry as it is shown: what the API answers, in the book and alone, and what documents and records are made of. Kept as a document, changed in the
/// transaction of its events; as it is stored it goes out. Commands decide on an <see cref="Entry"/>.
/// </summary>
[DisplayName("Entry")]
public sealed record EntryView
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

    /// <summary>
    /// Whether the organisation that was asked last reads words and documents: not those that were handed in when the volunteer was told that nobody else does.
    /// </summary>
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

    /// <summary>The view after an event: the one place in which it is made, whether it is stored, replayed or asked for as it stood.</summary>
    /// <param name="before">The view before; null before the first event.</param>
    /// <param name="happened">The event.</param>
    public static EntryView After(EntryView? before, Happened happened)
    {
        var after = (before, happened.Data) switch
        {
            (null, EntryLogged e) => Logged(e) with { Id = happened.StreamId },
            ({ } view, EntryCorrected e) => view.Claiming(e.Facts, e.Description, e.Documents),
            ({ } view, EntrySubmitted e) => view.AsSubmitted(e),
            ({ } view, EntryWithdrawn) => view.Unconfirmed(EntryStatus.Withdrawn),
            ({ } view, EntryConfirmed e) => view.AsConfirmed(e),
            ({ } view, EntryMatched) => view with { Grade = EvidenceGrade.Matched },
            ({ } view, EntryRejected e) => view.Unconfirmed(EntryStatus.Rejected) with { DecidedAt = e.At },
            ({ } view, EntryReturned e) => view.Unconfirmed(EntryStatus.Returned) with { DecidedAt = e.At },
            ({ } view, EntryAmended e) => view with { Revision = e.Revision, SubmittedAt = e.At, Amendment = Amendment.Of(e) },
            ({ } view, EntryDescribed e) => view with { Description = e.Description, Documents = e.Documents ?? [] },
            ({ } view, AmendmentWithdrawn or AmendmentDeclined) => view with { Amendment = null },
            ({ } view, EntryRevoked e) => view.Unconfirmed(EntryStatus.Revoked) with { DecidedAt = e.At, Points = 0, Confirmation = null },
            _ => throw new InvalidOperationException($"{happened.Data.GetType().Name} cannot come next in the stream of an entry."),
        };
        after.Version = (int)happened.Version;
        return after;
    }

    private static EntryView Logged(EntryLogged e) => new EntryView
    {
        VolunteerId = e.VolunteerId,
        Project = e.Facts.Project,
        TaskType = e.Facts.TaskType,
        Region = e.Facts.Region,
        Shifts = e.Facts.Shifts,
        Source = e.Source,
        Grade = Entry.WithoutConfirmation(e.Source),
        Paper = e.Paper,
        LoggedAt = e.At,
    }.Claiming(e.Facts, e.Description, e.Documents);

    private EntryView AsSubmitted(EntrySubmitted e) =>
        Claiming(e.Facts, Amendment is { } wish ? wish.Description : Description, Amendment is { } wished ? wished.Documents : Documents) with
        {
            Status = EntryStatus.Submitted,
            Revision = e.Revision,
            WordsShown = e.WordsShown,
            SubmittedAt = e.At,
            DecidedAt = null,
            Amendment = null,
        };

    private EntryView AsConfirmed(EntryConfirmed e) =>
        Saying(e.Facts, Amendment is { } wish ? wish.Description : Description, Amendment is { } wished ? wished.Documents : Documents) with
        {
            Status = EntryStatus.Confirmed,
            Revision = e.Revision,
            DecidedAt = e.At,
            Grade = e.Grade ?? EvidenceGrade.Signed,
            Points = e.Points,
            Confirmation = Confirmation.Of(e),
            ClaimedMinutes = Amendment?.Facts.Minutes() ?? ClaimedMinutes,
            WordsShown = Amendment?.WordsShown ?? WordsShown,
            Amendment = null,
        };

    private EntryView Unconfirmed(EntryStatus status) => this with { Status = status, Grade = Entry.WithoutConfirmation(Source) };

    private EntryView Claiming(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents) =>
        Saying(facts, description, documents) with { ClaimedMinutes = facts.Minutes() };

    private EntryView Saying(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents)
    {
        var (first, firstStart, lastEnd) = (facts.Shifts[0], DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        foreach (var shift in facts.Shifts)
        {
            // Once for each: when a clock showed a time is the dearest of what is asked here.
            var start = shift.StartsAt();
            (first, firstStart) = start < firstStart ? (shift, start) : (first, firstStart);
            lastEnd = start.AddMinutes(shift.Minutes) is var end && end > lastEnd ? end : lastEnd;
        }

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
            FirstStart = firstStart.ToUniversalTime(),
            LastEnd = lastEnd.ToUniversalTime(),
            Year = first.Start.Year,
        };
    }
}
