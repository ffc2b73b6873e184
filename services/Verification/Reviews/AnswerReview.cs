using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Reviews;

/// <summary><c>POST /api/v1/reviews/{id}/answer</c>: the reviewed side answers, once.</summary>
/// <param name="Text">The answer, at most 2000 characters.</param>
public sealed record AnswerReview(string Text);

public static class AnswerReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reviews/{id:guid}/answer", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Answer a review of you or of your organisation")
            .WithExample(new AnswerReview("Спасибо! Инструмент уже заменили."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, AnswerReview command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return ReviewChange.ChangeAsync(
            id, expected, caller, http, session, now, (review, standing) => standing.IsReviewed && standing.MaySee(review),
            review => Decide(review, command, now), ct);
    }

    public static Decision Decide(Review review, AnswerReview command, DateTimeOffset now) =>
        Rules.Text("text", command.Text, GiveReviewEndpoint.MostCharacters) is { } broken ? broken
        : review.Answer is not null ? ReviewChange.AnsweredAlready
        : Decision.Append(new ReviewAnswered(command.Text.Trim(), now));
}
