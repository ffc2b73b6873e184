using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Organisations;

/// <summary>GET /api/v1/organisations/{id}/coordinators: for its coordinators and the administrator.</summary>
public static class GetCoordinatorsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/coordinators", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("An organisation's coordinators with their periods");

    private static async Task<Results<Ok<IReadOnlyList<Coordinator>>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MayBeRunBy(caller, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, organisation.Version);
        return TypedResults.Ok(organisation.Coordinators);
    }
}
