using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>GET /api/v1/organisations/{id}/history: for its coordinators, the administrator, and who registered it.</summary>
public static class GetOrganisationHistoryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/history", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Every change to an organisation, with date and author");

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
        await session.LoadAsync<Organisation>(id, ct) is { } organisation && organisation.MayBeSeenInFullBy(caller, clock.GetUtcNow())
            ? TypedResults.Ok(await session.HistoryAsync(id, ct))
            : TypedResults.NotFound();
}
