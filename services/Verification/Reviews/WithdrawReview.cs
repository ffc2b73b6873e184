using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Reviews;

/// <summary><c>POST /api/v1/reviews/{id}/withdrawal</c>: its author takes it back. There is no second one for the entry.</summary>
public static class WithdrawReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reviews/{id:guid}/withdrawal", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Withdraw one of your reviews");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return ReviewChange.ChangeAsync(id, expected, caller, http, session, now, (_, standing) => standing.IsAuthor, review => Decide(review, now), ct);
    }

    public static Decision Decide(Review review, DateTimeOffset now) =>
        review.WithdrawnAt is not null ? Decision.Nothing : Decision.Append(new ReviewWithdrawn(now));
}
