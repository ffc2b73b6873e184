using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Disputes;

/// <summary>How a dispute is settled.</summary>
public enum DisputeOutcome
{
    /// <summary>The organisation's decision stands.</summary>
    Stands,

    /// <summary>The entry counts as confirmed, by the administrator and without a signature.</summary>
    Confirmed,
}

/// <summary><c>POST /api/v1/cases/{id}/dispute/settlement</c>: the administrator settles a dispute.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Reason">Why, for both sides to read; at most 4000 characters.</param>
/// <param name="Shifts">What counts as confirmed, where it is less than was submitted.</param>
public sealed record SettleDispute(DisputeOutcome Outcome, string Reason, IReadOnlyList<Shift>? Shifts = null);

public static class SettleDisputeEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/dispute/settlement", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Settle a dispute")
            .WithExample(new SettleDispute(DisputeOutcome.Confirmed, "Бригадир и фотографии подтверждают смену."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, SettleDispute command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return PartyToCase.ChangeAsync(
            id, expected, caller, http, session, now,
            async (found, side) => side switch
            {
                DisputeSide.Volunteer => OwnHours.Refused,
                DisputeSide.Organisation => PartyToCase.OwnDispute,
                _ => Decide(found, (await session.RulesOfAsync(found.OrganisationId, ct))?.Points, command, now),
            }, ct);
    }

    public static Decision Decide(Case found, PointsRule? rule, SettleDispute command, DateTimeOffset now)
    {
        if (Refusal.All(
            [
                Rules.Text("reason", command.Reason, DisputeCaseEndpoint.MostCharacters),
                command.Shifts is null ? null
                    : command.Outcome == DisputeOutcome.Stands
                        ? Refusal.Invalid("shifts-without-confirmation", "shifts", "Give shifts only when the dispute ends in a confirmation.")
                    : PartialConfirmation.Check(found, command.Shifts),
            ]) is { } broken)
        {
            return broken;
        }

        if (!found.InDispute)
        {
            return PartyToCase.NotDisputed;
        }

        var facts = command.Outcome == DisputeOutcome.Confirmed ? PartialConfirmation.Of(found, command.Shifts) : null;
        return facts is not null && CoordinatorsCase.Unconfirmable(facts, now) is { } refused ? refused : Decision.Append(new DisputeSettled(
            found.EntryId, found.Revision, found.OrganisationId, command.Reason, now, facts, facts is null ? 0 : rule?.PointsFor(facts) ?? 0));
    }
}
