using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary><c>POST /api/v1/applications/{id}/refusal</c>: declines an application, also one that was accepted, unless a shift of it was worked.</summary>
/// <param name="Reason">Why, at most 1000 characters; the applicant reads it.</param>
public sealed record DeclineApplication(string Reason);

public static class DeclineApplicationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/applications/{id:guid}/refusal", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Decline an application with a reason")
            .WithExample(new DeclineApplication("Все места на эту смену уже заняты."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, DeclineApplication command, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, OneTransaction transaction,
        TimeProvider clock, CancellationToken ct) =>
        ApplicationChange.ByCoordinatorAsync(
            id, expected, caller, http, session, transaction, clock, (application, _, now) => Decide(application, command, now), ct, evenSuspended: true);

    public static Decision Decide(Application application, DeclineApplication command, DateTimeOffset now)
    {
        var declined = new ApplicationDeclined(application.VacancyId, application.OrganisationId, application.VolunteerId, command.Reason, now);
        return (application, Rules.Text("reason", command.Reason, 1000)) switch
        {
            (_, { } broken) => broken,
            ({ Status: ApplicationStatus.Withdrawn }, _) => ApplicationRefusals.Withdrawn,
            ({ Status: ApplicationStatus.Declined }, _) => application.Reason == command.Reason ? Decision.Nothing : ApplicationRefusals.Declined,
            ({ Attendance.Count: > 0 }, _) => ApplicationRefusals.AlreadyWorked,
            ({ Status: ApplicationStatus.Accepted }, _) => Decision.Append(declined, new PlacesFreed(application.Id, now)),
            _ => Decision.Append(declined),
        };
    }
}
