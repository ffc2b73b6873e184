using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Reviews;

/// <summary><c>POST /api/v1/reviews/{id}/report</c>: a reader tells the administrator that a review should not be shown; once each.</summary>
/// <param name="Reason">Why, at most 1000 characters.</param>
public sealed record ReportReview(string Reason);

public static class ReportReviewEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/reviews/{id:guid}/report", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Tell the administrator that a review should not be shown")
            .WithExample(new ReportReview("Названы фамилия и адрес."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ReportReview command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return ReviewChange.ChangeAsync(
            id, expected, caller, http, session, now, (review, standing) => !standing.IsAuthor && standing.MaySee(review),
            review => Decide(review, command, caller.Subject, now), ct);
    }

    public static Decision Decide(Review review, ReportReview command, string by, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 1000) is { } broken ? broken
        : review.Reports.Any(report => report.By == by) ? Decision.Nothing
        : Decision.Append(new ReviewReported(command.Reason.Trim(), now));
}
