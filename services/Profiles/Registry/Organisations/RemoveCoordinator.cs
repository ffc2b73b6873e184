using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>DELETE /api/v1/organisations/{id}/coordinators/{personId}: the person no longer acts for the organisation.</summary>
public static class RemoveCoordinatorEndpoint
{
    internal static readonly Refusal LastCoordinator =
        Refusal.Conflict("last-coordinator", "An organisation must keep at least one active coordinator; appoint another first.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/organisations/{id:guid}/coordinators/{personId:guid}", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Remove a coordinator");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, Guid personId, ExpectedVersion expected, Caller caller, HttpContext http,
        IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            organisation => organisation.MayBeRunBy(caller, clock.GetUtcNow())
                && organisation.Coordinators.Any(coordinator => coordinator.PersonId == personId),
            organisation => Decide(organisation, personId, clock.GetUtcNow()), ct);

    /// <summary>Pure. Whoever is not a coordinator has been removed already.</summary>
    public static Decision Decide(Organisation organisation, Guid personId, DateTimeOffset now)
    {
        if (organisation.Coordinators.FirstOrDefault(coordinator => coordinator.PersonId == personId) is not { } leaving)
        {
            return Decision.Nothing;
        }

        var others = organisation.Coordinators.Where(coordinator => coordinator.PersonId != personId);
        return leaving.IsInForce(now) && !others.Any(coordinator => coordinator.IsInForce(now))
            ? LastCoordinator
            : Decision.Append(new CoordinatorRemoved(organisation.Id, personId, now));
    }
}
