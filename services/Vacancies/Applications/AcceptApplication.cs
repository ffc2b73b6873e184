using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>
/// <c>POST /api/v1/applications/{id}/acceptance</c>: gives the applicant a place in each shift applied for, or in none. A closed vacancy's applications are
/// still decided, and so are those whose shift is past: who came without an answer can yet be accepted and recorded.
/// </summary>
public static class AcceptApplicationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/applications/{id:guid}/acceptance", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Accept an application: the applicant gets a place in each of its shifts");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session,
        OneTransaction transaction, TimeProvider clock, CancellationToken ct) =>
        ApplicationChange.ByCoordinatorAsync(id, expected, caller, http, session, transaction, clock, Decide, ct);

    public static Decision Decide(Application application, Vacancy vacancy, DateTimeOffset now)
    {
        var full = vacancy.Shifts.Where(shift => application.ShiftIds.Contains(shift.Id) && vacancy.Free(shift) <= 0).Select(shift => shift.Id).ToList();
        return application.Status switch
        {
            ApplicationStatus.Accepted => Decision.Nothing,
            ApplicationStatus.Withdrawn => ApplicationRefusals.Withdrawn,
            ApplicationStatus.Declined => ApplicationRefusals.Declined,
            _ when full.Count > 0 => VacancyRefusals.NoPlacesLeft(full),
            _ => Decision.Append(
                new ApplicationAccepted(application.VacancyId, application.OrganisationId, application.VolunteerId, application.ShiftIds, now),
                new PlacesTaken(application.Id, application.ShiftIds, now)),
        };
    }
}
