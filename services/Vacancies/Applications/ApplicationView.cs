using System.Text.Json.Serialization;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>An application as the volunteer and the organisation's coordinators see it.</summary>
/// <param name="Id">The application.</param>
/// <param name="Version">The ETag's number: what <c>If-Match</c> takes.</param>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="VacancyTitle">Its title.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied; the name is Profiles' to tell.</param>
/// <param name="Shifts">The shifts applied for.</param>
/// <param name="Message">The volunteer's own words.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="SubmittedAt">When the volunteer applied, the last time, UTC.</param>
/// <param name="DecidedAt">When it was accepted or declined, UTC.</param>
/// <param name="Reason">Why it was declined.</param>
public sealed record ApplicationView(
    Guid Id, int Version, Guid VacancyId, string VacancyTitle, Guid OrganisationId, Guid VolunteerId, IReadOnlyList<AppliedShift> Shifts, string? Message,
    ApplicationStatus Status, DateTimeOffset SubmittedAt, DateTimeOffset? DecidedAt, string? Reason)
{
    public static ApplicationView Of(Application application, Vacancy vacancy) => new(
        application.Id, application.Version, application.VacancyId, vacancy.Title, application.OrganisationId, application.VolunteerId,
        [.. vacancy.Shifts.Where(shift => application.ShiftIds.Contains(shift.Id)).Select(shift => new AppliedShift(
            shift.Id, shift.Start, shift.Zone, shift.Minutes,
            application.Attendance.FirstOrDefault(attendance => attendance.ShiftId == shift.Id), shift.Later))],
        application.Message, application.Status, application.SubmittedAt, application.DecidedAt, application.Reason);
}

/// <summary>A shift that was applied for.</summary>
/// <param name="Id">The vacancy's shift.</param>
/// <param name="Start">Local date and time without an offset.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="Minutes">Planned length, minutes.</param>
/// <param name="Attendance">That it was worked, and how long; null where nothing was recorded.</param>
/// <param name="Later">Of a start that the clock shows twice: whether the later one is meant.</param>
public sealed record AppliedShift(
    Guid Id, DateTime Start, string Zone, int Minutes, Attendance? Attendance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Later = false);
