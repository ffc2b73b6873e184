using System.Text.Json.Serialization;
using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;
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
            shift.Id, shift.Start, shift.Zone, shift.Minutes, application.Attendance.FirstOrDefault(attendance => attendance.ShiftId == shift.Id), shift.Later))],
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
    Guid Id, DateTime Start, string Zone, int Minutes, Attendance? Attendance, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Later = false);

internal static class ApplicationViews
{
    /// <summary>An application that is the caller's to see: one's own, or to an organisation that one coordinates.</summary>
    public static async Task<Application?> SeenAsync(this IQuerySession session, Guid id, Caller caller, DateTimeOffset now, CancellationToken ct) =>
        await session.LoadAsync<Application>(id, ct) is { } application
        && ((caller.IsPerson && application.VolunteerId == caller.Id) || await session.IsCoordinatorAsync(application.OrganisationId, caller, now, ct))
            ? application
            : null;

    /// <summary>A page of applications from rows of one more than asked for, with what is shown of their vacancies.</summary>
    public static async Task<Page<ApplicationView>> PageAsync(this IQuerySession session, IReadOnlyList<Application> rows, int size, CancellationToken ct)
    {
        var page = Page.Of(rows, size, application => new Cursor(application.SubmittedAt, application.Id));
        var vacancies = (await session.LoadManyAsync<Vacancy>(ct, page.Items.Select(application => application.VacancyId).Distinct())).ToDictionary(vacancy => vacancy.Id);
        return new Page<ApplicationView>([.. page.Items.Select(application => ApplicationView.Of(application, vacancies[application.VacancyId]))], page.Next);
    }
}
