using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary><c>GET /api/v1/applications/{id}</c>: an application of one's own or to an organisation that one coordinates, with its ETag (F42).</summary>
public static class GetApplicationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{id:guid}", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("An application that you made, or one to an organisation that you coordinate");

    private static async Task<Results<Ok<ApplicationView>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.SeenAsync(id, caller, clock.GetUtcNow(), ct) is not { } application
            || await session.LoadAsync<Vacancy>(application.VacancyId, ct) is not { } vacancy)
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, application.Version);
        return TypedResults.Ok(ApplicationView.Of(application, vacancy));
    }
}
