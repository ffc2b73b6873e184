using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Reviews;

/// <summary>
/// <c>POST /api/v1/reviews/{id}/settlement</c>: the administrator decides on a reported review. A hidden one is shown to its author, with the reason, and to
/// nobody else; the administrator may decide anew.
/// </summary>
/// <param name="Verdict">What is decided.</param>
/// <param name="Reason">Why, for the author to read; at most 1000 characters.</param>
public sealed record SettleReview(ReviewVerdict Verdict, string Reason);

public static class SettleReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reviews/{id:guid}/settlement", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Decide on a reported review: keep or hide it")
            .WithExample(new SettleReview(ReviewVerdict.Hide, "В отзыве личные данные."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, SettleReview command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return ReviewChange.ChangeAsync(
            id, expected, caller, http, session, now,
            (_, standing) => standing is { IsAuthor: false, IsReviewed: false } ? true : throw new RefusedException(GiveReviewEndpoint.OfOneself),
            review => Decide(review, command, now), ct);
    }

    public static Decision Decide(Review review, SettleReview command, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 1000) is { } broken ? broken
        : review.WithdrawnAt is not null ? ReviewChange.Withdrawn
        : review.Reports.Count == 0 ? Refusal.Conflict("review-not-reported", "Nobody has reported this review.")
        : Decision.Append(new ReviewSettled(command.Verdict, command.Reason.Trim(), now));
}
