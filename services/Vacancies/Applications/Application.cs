using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>Where an application stands.</summary>
public enum ApplicationStatus
{
    Submitted,
    Accepted,
    Declined,
    Withdrawn,
}

/// <summary>
/// A volunteer's application to shifts of a vacancy. The streams of the two are counted, so that applying twice at once meets itself; who was accepted or
/// declined for some shifts applies for others in a further one, and in one that was withdrawn again.
/// </summary>
public sealed record Application
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid VacancyId { get; init; }

    public Guid OrganisationId { get; init; }

    public Guid VolunteerId { get; init; }

    public required IReadOnlyList<Guid> ShiftIds { get; init; }

    public string? Message { get; init; }

    public ApplicationStatus Status { get; init; }

    /// <summary>When the volunteer applied, the last time.</summary>
    public DateTimeOffset SubmittedAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Why it was declined.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<Attendance> Attendance { get; init; } = [];

    /// <summary>UUIDv5 of the volunteer in the vacancy's own namespace, and of how many streams the two have already.</summary>
    public static Guid IdOf(Guid vacancy, Guid volunteer, int earlier = 0) => Uuid.V5(vacancy, $"application/{volunteer}{(earlier == 0 ? "" : $"/{earlier}")}");

    /// <summary>Where the next application of a volunteer to a vacancy goes, after all that there were: into a withdrawn one, or a stream of its own.</summary>
    public static Guid NextOf(Guid vacancy, Guid volunteer, IReadOnlyCollection<Application> earlier) =>
        earlier.FirstOrDefault(application => application.Status == ApplicationStatus.Withdrawn)?.Id ?? IdOf(vacancy, volunteer, earlier.Count);

    public static Application Create(ApplicationSubmitted e) => new Application { ShiftIds = e.ShiftIds }.Apply(e);

    public Application Apply(ApplicationSubmitted e) => this with
    {
        VacancyId = e.VacancyId,
        OrganisationId = e.OrganisationId,
        VolunteerId = e.VolunteerId,
        ShiftIds = e.ShiftIds,
        Message = e.Message,
        Status = ApplicationStatus.Submitted,
        SubmittedAt = e.At,
        DecidedAt = null,
        Reason = null,
    };

    public Application Apply(ApplicationWithdrawn _) => this with { Status = ApplicationStatus.Withdrawn };

    public Application Apply(ApplicationAccepted e) => this with { Status = ApplicationStatus.Accepted, DecidedAt = e.At };

    public Application Apply(ApplicationDeclined e) => this with { Status = ApplicationStatus.Declined, DecidedAt = e.At, Reason = e.Reason };

    public Application Apply(AttendanceRecorded e) =>
        this with { Attendance = [.. Attendance, new Attendance(e.AttendanceId, e.ShiftId, e.Facts.Minutes(), e.At)] };
}

/// <summary>A shift that was worked.</summary>
/// <param name="Id">The entry in the volunteer's book that it becomes.</param>
/// <param name="ShiftId">The vacancy's shift.</param>
/// <param name="Minutes">How long the volunteer worked.</param>
/// <param name="At">When it was recorded, UTC.</param>
public sealed record Attendance(Guid Id, Guid ShiftId, int Minutes, DateTimeOffset At);
