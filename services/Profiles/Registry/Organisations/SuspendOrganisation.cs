using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// POST /api/v1/organisations/{id}/suspension: until it is reinstated, an approved organisation confirms nothing new and seeks nobody. It stays public, its
/// coordinators read on, and what it confirmed before stands.
/// </summary>
/// <param name="Reason">Why, for its coordinators: 1 to 1000 characters.</param>
public sealed record SuspendOrganisation(string Reason);

public static class SuspendOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/suspension", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Suspend an organisation: it confirms nothing new")
            .WithExample(new SuspendOrganisation("Проверяем жалобы на подтверждённые часы."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, SuspendOrganisation command, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock,
        CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            _ => true,
            organisation => Decide(organisation, command, clock.GetUtcNow()), ct);

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, SuspendOrganisation command, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 1000) is { } refusal ? refusal
        : organisation.Status != OrganisationStatus.Approved
            ? Refusal.Conflict("organisation-not-approved", "Only an approved organisation can be suspended.")
        : organisation.Suspension is not null ? Decision.Nothing
        : Decision.Append(new OrganisationSuspended(organisation.Id, command.Reason.Trim(), now));
}
