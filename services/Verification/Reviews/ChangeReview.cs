using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Reviews;

/// <summary>
/// <c>POST /api/v1/reviews/{id}/corrections</c>: its author writes it anew, within 14 days and before it was answered. Its history keeps what it said.
/// </summary>
/// <param name="Text">What it says from now on, at most 2000 characters.</param>
public sealed record ChangeReview(string Text);

public static class ChangeReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reviews/{id:guid}/corrections", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Rewrite one of your reviews")
            .WithExample(new ChangeReview("Всё было устроено, но не сразу."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ChangeReview command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return ReviewChange.ChangeAsync(
            id, expected, caller, http, session, now, (_, standing) => standing.IsAuthor, review => Decide(review, command, now), ct);
    }

    public static Decision Decide(Review review, ChangeReview command, DateTimeOffset now) =>
        Rules.Text("text", command.Text, GiveReviewEndpoint.MostCharacters) is { } broken ? broken
        : review.WithdrawnAt is not null ? ReviewChange.Withdrawn
        : review.Answer is not null ? ReviewChange.AnsweredAlready
        : now >= review.GivenAt.AddDays(Review.ChangeableDays)
            ? Refusal.Conflict("review-final", $"A review can be changed only for {Review.ChangeableDays} days after it was given.")
        : command.Text.Trim() == review.Text ? Decision.Nothing
        : Decision.Append(new ReviewChanged(command.Text.Trim(), now));
}
