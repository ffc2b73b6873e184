using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Delegations;

/// <summary>A delegation that is not over.</summary>
/// <param name="Id">The delegation.</param>
/// <param name="Version">What withdrawing it sends as If-Match.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Organisation">Its name.</param>
/// <param name="By">The coordinator.</param>
/// <param name="PersonId">The deputy.</param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after the period, UTC.</param>
/// <param name="Reason">Why; null where nothing was said.</param>
public sealed record DelegationView(
    Guid Id, long Version, Guid OrganisationId, string Organisation, Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until, string? Reason);

/// <summary>
/// <c>GET /api/v1/delegations?organisationId=</c>: delegations that are not over, of the organisations that the caller coordinates, and those given to the
/// caller; at most 100 of an organisation. The organisation's history keeps the others.
/// </summary>
public static class GetDelegationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/delegations", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Delegations of your organisations, and those given to you");

    private static async Task<Ok<IReadOnlyList<DelegationView>>> Handle(
        Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct, Guid? organisationId = null)
    {
        var (person, now) = (caller.Id, clock.GetUtcNow());
        return TypedResults.Ok<IReadOnlyList<DelegationView>>(
        [
            .. from organisation in await session.OrganisationsOfAsync(caller, ct)
               where organisationId is null || organisation.Id == organisationId
               from delegation in organisation.Delegations
               where delegation.Until > now && (delegation.PersonId == person || organisation.IsAppointed(person, now))
               orderby delegation.From, delegation.Id
               select new DelegationView(
                   delegation.Id, organisation.Version, organisation.Id, organisation.Name, delegation.By,
                   delegation.PersonId, delegation.From, delegation.Until, delegation.Reason),
        ]);
    }
}
