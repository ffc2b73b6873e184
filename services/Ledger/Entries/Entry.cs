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
}

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

    public string? Description { get; init; }

    public required IReadOnlyList<Shift> Shifts { get; init; }

    /// <summary>Sum over the shifts.</summary>
    public int Minutes { get; init; }

    /// <summary>When the earliest shift began, UTC: the order of the book.</summary>
    public DateTimeOffset FirstStart { get; init; }

    /// <summary>The year of the earliest shift by its own clock.</summary>
    public int Year { get; init; }

    public EntryStatus Status { get; init; }

    public EntrySource Source { get; init; }

    /// <summary>How often it was submitted; the case of a submission is known by it.</summary>
    public int Revision { get; init; }

    /// <summary>The case of the latest submission.</summary>
    public Guid? CaseId => Revision == 0 ? null : CaseIds.Of(Id, Revision);

    public DateTimeOffset LoggedAt { get; init; }

    public DateTimeOffset? SubmittedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public EntryFacts Facts() => new(OrganisationId, Project, TaskType, Region, Shifts);

    public static Entry Create(EntryLogged e) => new Entry
    {
        VolunteerId = e.VolunteerId,
        Project = e.Facts.Project,
        TaskType = e.Facts.TaskType,
        Region = e.Facts.Region,
        Shifts = e.Facts.Shifts,
        Source = e.Source,
        LoggedAt = e.At,
    }.Saying(e.Facts, e.Description);

    public Entry Apply(EntryCorrected e) => Saying(e.Facts, e.Description);

    public Entry Apply(EntrySubmitted e) => this with
    {
        Status = EntryStatus.Submitted,
        Revision = e.Revision,
        SubmittedAt = e.At,
        DecidedAt = null,
    };

    public Entry Apply(EntryWithdrawn _) => this with { Status = EntryStatus.Withdrawn };

    public Entry Apply(EntryConfirmed e) => this with { Status = EntryStatus.Confirmed, DecidedAt = e.At };

    public Entry Apply(EntryRejected e) => this with { Status = EntryStatus.Rejected, DecidedAt = e.At };

    public Entry Apply(EntryReturned e) => this with { Status = EntryStatus.Returned, DecidedAt = e.At };

    private Entry Saying(EntryFacts facts, string? description)
    {
        var first = facts.Shifts.MinBy(shift => shift.StartsAt())!;
        return this with
        {
            OrganisationId = facts.OrganisationId,
            Project = facts.Project,
            TaskType = facts.TaskType,
            Region = facts.Region,
            Shifts = facts.Shifts,
            Description = description,
            Minutes = facts.Minutes(),
            FirstStart = first.StartsAt().ToUniversalTime(),
            Year = first.Start.Year,
        };
    }
}
