using System.Text;
using System.Text.Json.Nodes;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

public static class PartialStatementEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/statement", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .Produces<JsonObject>()
            .ChangesNothing()
            .WithSummary("The canonical bytes to sign to confirm less")
            .WithExample(new PartialStatement([new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 120)]));

    private static async Task<Results<ContentHttpResult, NotFound, ProblemHttpResult>> Handle(
        Guid id, PartialStatement command, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Case>(id, ct) is not { } found
            || await session.LoadAsync<Organisation>(found.OrganisationId, ct) is not { } organisation
            || !organisation.IsCoordinator(caller.Id, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        if (PartialConfirmation.Check(found, command.Shifts) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var facts = PartialConfirmation.Of(found, command.Shifts);
        var points = (await session.RulesOfAsync(organisation.Id, ct))?.Points?.PointsFor(facts) ?? 0;
        return TypedResults.Text(Encoding.UTF8.GetString(Statement.Of(found, facts, points)), "application/json");
    }
}
