using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>GET /api/v1/organisations/mine: those that the caller coordinates now, or registered.</summary>
public static class ListOwnOrganisationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/mine", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Organisations that you coordinate or have registered");

    private static async Task<Ok<IReadOnlyList<OrganisationView>>> Handle(Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        var id = caller.Id;
        var registered = await session.Query<Organisation>().Where(organisation => organisation.RegisteredBy == id).ToListAsync(ct);
        var coordinated = await session.CoordinatedByAsync(id, clock.GetUtcNow(), ct);
        return TypedResults.Ok<IReadOnlyList<OrganisationView>>(
            [.. registered.Concat(coordinated).DistinctBy(organisation => organisation.Id)
                .OrderBy(organisation => organisation.SearchKey, StringComparer.Ordinal).Select(OrganisationView.InFull)]);
    }
}
