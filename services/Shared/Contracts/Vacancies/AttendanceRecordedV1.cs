using VolunteerBook.Contracts.Ledger;

namespace VolunteerBook.Contracts.Vacancies;

/// <summary>A coordinator recorded that a volunteer worked a shift of a vacancy; it becomes an entry of the volunteer's book.</summary>
/// <param name="AttendanceId">One per application and shift: the same attendance never makes two entries.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="ApplicationId">The accepted application.</param>
/// <param name="Facts">What was done, as the vacancy and the coordinator say.</param>
/// <param name="At">When it was recorded, UTC.</param>
public sealed record AttendanceRecordedV1(Guid AttendanceId, Guid VolunteerId, Guid VacancyId, Guid ApplicationId, EntryFacts Facts, DateTimeOffset At);
