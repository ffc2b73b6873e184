using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary><c>POST /api/v1/applications/{id}/withdrawal</c>: takes an application back, with its places, unless a shift of it was worked.</summary>
public static class WithdrawApplicationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/applications/{id:guid}/withdrawal", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Withdraw one of your applications");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session,
        OneTransaction transaction, TimeProvider clock, CancellationToken ct) =>
        ApplicationChange.ByVolunteerAsync(id, expected, caller, http, session, transaction, clock, (application, _, now) => Decide(application, now), ct);

    public static Decision Decide(Application application, DateTimeOffset now)
    {
        var withdrawn = new ApplicationWithdrawn(application.VacancyId, application.OrganisationId, application.VolunteerId, now);
        return application switch
        {
            { Status: ApplicationStatus.Withdrawn } => Decision.Nothing,
            { Status: ApplicationStatus.Declined } => ApplicationRefusals.Declined,
            { Attendance.Count: > 0 } => ApplicationRefusals.AlreadyWorked,
            { Status: ApplicationStatus.Accepted } => Decision.Append(withdrawn, new PlacesFreed(application.Id, now)),
            _ => Decision.Append(withdrawn),
        };
    }
}
