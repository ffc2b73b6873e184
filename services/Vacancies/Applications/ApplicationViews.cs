using Marten;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

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
        var vacancies = (await session.LoadManyAsync<Vacancy>(ct, page.Items.Select(application => application.VacancyId).Distinct()))
            .ToDictionary(vacancy => vacancy.Id);
        return new Page<ApplicationView>([.. page.Items.Select(application => ApplicationView.Of(application, vacancies[application.VacancyId]))], page.Next);
    }
}
