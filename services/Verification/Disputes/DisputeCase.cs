using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Disputes;

/// <summary>
/// <c>POST /api/v1/cases/{id}/dispute</c>: the volunteer disputes that the organisation rejected, confirmed less or took back; the administrator settles it.
/// </summary>
/// <param name="Text">Why; at most 4000 characters.</param>
public sealed record DisputeCase(string Text);

public static class DisputeCaseEndpoint
{
    public const int MostCharacters = 4000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/dispute", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Dispute what the organisation decided")
            .WithExample(new DisputeCase("Я работала до 14:00, это подтвердит бригадир."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, DisputeCase command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return PartyToCase.ChangeAsync(
            id, expected, caller, http, session, now, (found, side) => Task.FromResult(side == DisputeSide.Volunteer ? Decide(found, command, now) : null), ct);
    }

    public static Decision Decide(Case found, DisputeCase command, DateTimeOffset now) =>
        Rules.Text("text", command.Text, MostCharacters) is { } broken ? broken
        : found.CanBeDisputed ? Decision.Append(new CaseDisputed(found.EntryId, found.Revision, found.OrganisationId, command.Text, now))
        : Refusal.Conflict(
            "nothing-to-dispute",
            "A decision can be disputed once, and only if it rejects the entry, confirms less than was submitted and was not accepted, "
                + "or revokes a confirmation.");
}
