using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>Shows that the log only grew.</summary>
/// <param name="From">The earlier size, in leaves.</param>
/// <param name="To">The later size.</param>
/// <param name="Hashes">The proof of RFC 6962, 2.1.2.</param>
public sealed record Consistency(long From, long To, IReadOnlyList<byte[]> Hashes);

/// <summary>
/// <c>GET /api/v1/log/consistency?from=&amp;to=</c>: the proof between two sizes, for monitors; <c>to</c> is the latest checkpoint's where it is left out.
/// </summary>
public static class GetConsistencyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/log/consistency", Handle)
        .AllowAnonymous()
        .WithSummary("The proof that the log at one size is the beginning of the log at another");

    private static async Task<Results<Ok<Consistency>, NotFound, ProblemHttpResult>> Handle(
        PublishedLog log, CancellationToken ct, long from = 0, long? to = null)
    {
        if (await log.LatestAsync(ct) is not { } latest)
        {
            return TypedResults.NotFound();
        }

        var later = to ?? latest.Size;
        if (Refusal.All(
        [
            Published.Size("to", later, latest.Size),
            from < 0 || from > later ? Refusal.Invalid("size-out-of-range", "from", "from must be between 0 and the later size.") : null,
        ]) is { } refusal)
        {
            return refusal.ToProblem();
        }

        return TypedResults.Ok(new Consistency(from, later, await log.ConsistencyAsync(from, later, ct)));
    }
}
