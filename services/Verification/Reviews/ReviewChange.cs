using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Reviews;

/// <summary>A change of a review by who stands to it as it asks: foreign and absent look the same.</summary>
internal static class ReviewChange
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ChangeAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, DateTimeOffset now,
        Func<Review, Standing, bool> may, Func<Review, Decision> decide, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Review>(id, ct);
        if (stream.Aggregate is not { } review
            || !may(review, Standing.Of(review, await session.LoadAsync<Organisation>(review.OrganisationId, ct), caller.Id, now)))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = decide(review);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Refusal Withdrawn { get; } = Refusal.Conflict("review-withdrawn", "The author has withdrawn this review.");

    public static Refusal AnsweredAlready { get; } = Refusal.Conflict("review-answered", "This review has already been answered.");
}
