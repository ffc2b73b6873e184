using VolunteerBook.Contracts.Ledger;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>A volunteer applied to a vacancy, for the first time or again after a withdrawal.</summary>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied.</param>
/// <param name="ShiftIds">The shifts that the volunteer would work.</param>
/// <param name="Message">The volunteer's own words, at most 2000 characters; only the volunteer and the organisation's coordinators read them.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationSubmitted(
    Guid VacancyId, Guid OrganisationId, Guid VolunteerId, IReadOnlyList<Guid> ShiftIds, string? Message, DateTimeOffset At);

/// <summary>The volunteer took the application back.</summary>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who had applied.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationWithdrawn(Guid VacancyId, Guid OrganisationId, Guid VolunteerId, DateTimeOffset At);

/// <summary>A coordinator accepted the application.</summary>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied.</param>
/// <param name="ShiftIds">The shifts in which the volunteer has a place.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationAccepted(Guid VacancyId, Guid OrganisationId, Guid VolunteerId, IReadOnlyList<Guid> ShiftIds, DateTimeOffset At);

/// <summary>A coordinator declined the application.</summary>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied.</param>
/// <param name="Reason">Why, in the coordinator's words; only the volunteer and the organisation's coordinators read them.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationDeclined(Guid VacancyId, Guid OrganisationId, Guid VolunteerId, string Reason, DateTimeOffset At);

/// <summary>A coordinator recorded that the volunteer worked a shift.</summary>
/// <param name="AttendanceId">UUIDv5 of application and shift: the entry's id in the volunteer's book.</param>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="ShiftId">The vacancy's shift.</param>
/// <param name="Facts">What was done: the vacancy's facts, and the minutes that were worked.</param>
/// <param name="At">When it was recorded, UTC.</param>
public sealed record AttendanceRecorded(Guid AttendanceId, Guid VacancyId, Guid VolunteerId, Guid ShiftId, EntryFacts Facts, DateTimeOffset At);
