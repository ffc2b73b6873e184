using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>POST /api/v1/organisations/{id}/reinstatement: lifts the suspension of an organisation.</summary>
/// <param name="Reason">Why, for its coordinators: 1 to 1000 characters.</param>
public sealed record ReinstateOrganisation(string Reason);

public static class ReinstateOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/reinstatement", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Lift the suspension of an organisation")
            .WithExample(new ReinstateOrganisation("Проверка закончена, нарушений нет."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ReinstateOrganisation command, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock,
        CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            _ => true,
            organisation => Decide(organisation, command, clock.GetUtcNow()), ct);

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, ReinstateOrganisation command, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 1000) is { } refusal ? refusal
        : organisation.Suspension is null ? Decision.Nothing
        : Decision.Append(new OrganisationReinstated(organisation.Id, command.Reason.Trim(), now));
}
