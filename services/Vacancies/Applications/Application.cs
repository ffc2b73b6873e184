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

/// <summary>A volunteer's application to a vacancy: one stream for each pair of the two, so that applying twice meets itself.</summary>
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

    /// <summary>UUIDv5 of the volunteer in the vacancy's own namespace.</summary>
    public static Guid IdOf(Guid vacancy, Guid volunteer) => Uuid.V5(vacancy, "application/" + volunteer);

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
