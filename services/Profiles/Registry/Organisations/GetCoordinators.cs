using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>A coordinator as their colleagues see them.</summary>
/// <param name="PersonId">The subject of the person's tokens.</param>
/// <param name="Name">
/// Family name, given name, patronymic; null where the person has said none, was erased, or neither registered the organisation nor accepted its invitation.
/// </param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after it, UTC; null while it has no end.</param>
public sealed record CoordinatorView(Guid PersonId, string? Name, DateTimeOffset From, DateTimeOffset? Until);

/// <summary>GET /api/v1/organisations/{id}/coordinators: for its coordinators and the administrator.</summary>
public static class GetCoordinatorsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/coordinators", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("An organisation's coordinators with their periods");

    private static async Task<Results<Ok<IReadOnlyList<CoordinatorView>>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, INames names, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MayBeRunBy(caller, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, organisation.Version);
        var called = await names.OfAsync(
            session,
            [.. organisation.Coordinators.Select(coordinator => coordinator.PersonId).Intersect(await session.ColleaguesAsync([organisation], ct))], ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<CoordinatorView>>([.. organisation.Coordinators.Select(coordinator =>
            new CoordinatorView(coordinator.PersonId, called.GetValueOrDefault(coordinator.PersonId), coordinator.From, coordinator.Until))]);
    }
}
