using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Applications;

/// <summary><c>GET /api/v1/applications/{id}/history</c>: every change of an application with date and author (F39).</summary>
public static class GetApplicationHistoryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications/{id:guid}/history", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Every change to an application, with date and author");

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
        await session.SeenAsync(id, caller, clock.GetUtcNow(), ct) is not null
            ? TypedResults.Ok(await session.HistoryAsync(id, ct))
            : TypedResults.NotFound();
}
