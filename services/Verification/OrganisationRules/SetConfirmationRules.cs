using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.OrganisationRules;

/// <summary>
/// <c>PUT /api/v1/confirmation-rules/{organisationId}</c>: says how the organisation confirms from now on. What was confirmed before keeps its points.
/// </summary>
/// <param name="Points">How it gives points; null for none.</param>
/// <param name="DecideWithinDays">
/// Within how many days it decides on what is submitted from now on, 1 to 90; 14 when left out. A case keeps the limit that it was opened with.
/// </param>
/// <param name="Matching">How its attendance sheets evidence entries; null for exactly, and nothing by itself.</param>
public sealed record SetConfirmationRules(PointsRule? Points = null, int? DecideWithinDays = null, MatchingRule? Matching = null);

public static class SetConfirmationRulesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/confirmation-rules/{organisationId:guid}", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Set how an organisation confirms; If-Match \"0\" the first time")
            .WithExample(new SetConfirmationRules(
                new PointsRule(2, [new LevelPoints(ResponsibilityLevel.TeamLead, 3)], [new ProgrammePoints("Забота рядом", 4)], 100), 10,
                new MatchingRule(10, ConfirmByItself: true)));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid organisationId, SetConfirmationRules command, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session,
        TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Organisation>(organisationId, ct) is not { } organisation || !organisation.IsAppointed(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        var stream = await session.Events.FetchForWriting<ConfirmationRules>(ConfirmationRules.IdOf(organisationId), ct);
        expected.Check(stream.CurrentVersion ?? 0);
        var decision = Decide(organisationId, stream.Aggregate, command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Guid organisation, ConfirmationRules? rules, SetConfirmationRules command, DateTimeOffset now) =>
        Refusal.All(
        [
            command.Points?.Check(),
            command.Matching?.Check(),
            command.DecideWithinDays is < 1 or > ConfirmationRules.MostDays
                ? Refusal.Invalid("limit-out-of-range", "decideWithinDays", $"The time to decide must be 1 to {ConfirmationRules.MostDays} days.") : null,
        ]) is { } broken ? broken
        : rules is not null && Same(rules.Points, command.Points) && rules.DecideWithinDays == command.DecideWithinDays
            && rules.Matching == (command.Matching ?? MatchingRule.Default)
            ? Decision.Nothing
        : Decision.Append(new ConfirmationRulesSet(organisation, command.Points, now, command.DecideWithinDays, command.Matching));

    private static bool Same(PointsRule? one, PointsRule? other) => JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);
}
