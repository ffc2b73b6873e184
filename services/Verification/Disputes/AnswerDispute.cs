using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Disputes;

/// <summary><c>POST /api/v1/cases/{id}/dispute/messages</c>: speaks in a dispute: the volunteer, the organisation, or the administrator.</summary>
/// <param name="Text">At most 4000 characters.</param>
public sealed record AnswerDispute(string Text);

public static class AnswerDisputeEndpoint
{
    /// <summary>The most messages of a dispute: beyond, only settling helps.</summary>
    public const int MostMessages = 100;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/dispute/messages", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Add a message to a dispute")
            .WithExample(new AnswerDispute("По журналу площадки смена закончилась в 12:00."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, AnswerDispute command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return PartyToCase.ChangeAsync(
            id, expected, caller, http, session, now, (found, side) => Task.FromResult<Decision?>(Decide(found, side, command, now)), ct);
    }

    public static Decision Decide(Case found, DisputeSide side, AnswerDispute command, DateTimeOffset now) =>
        Rules.Text("text", command.Text, DisputeCaseEndpoint.MostCharacters) is { } broken ? broken
        : !found.InDispute ? PartyToCase.NotDisputed
        : found.Dispute!.Messages.Count >= MostMessages ? Refusal.Conflict(
            "too-many-messages", $"A dispute can have at most {MostMessages} messages; wait for the administrator to settle it.")
        : Decision.Append(new DisputeAnswered(side, command.Text, now));
}
