using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Disputes;

/// <summary><c>POST /api/v1/cases/{id}/acceptance</c>: the volunteer agrees to less than was submitted.</summary>
public static class AcceptPartEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/acceptance", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Agree to less than was submitted");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return PartyToCase.ChangeAsync(
            id, expected, caller, http, session, now, (found, side) => Task.FromResult(side == DisputeSide.Volunteer ? Decide(found, now) : null), ct);
    }

    public static Decision Decide(Case found, DateTimeOffset now) =>
        found.PartAcceptedAt is not null ? Decision.Nothing
        : found.WaitsForAcceptance ? Decision.Append(new PartAccepted(now))
        : Refusal.Conflict("nothing-to-accept", "There is no partial confirmation waiting to be accepted.");
}
