using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>Shows that a leaf is in the log.</summary>
/// <param name="Index">The leaf's, from 0.</param>
/// <param name="Size">The log's, in leaves.</param>
/// <param name="Hashes">The proof of RFC 6962, 2.1.1, from the leaf's neighbour up.</param>
public sealed record Inclusion(long Index, long Size, IReadOnlyList<byte[]> Hashes);

/// <summary><c>GET /api/v1/log/inclusion?index=&amp;size=</c>: the proof of a leaf; <c>size</c> is the latest checkpoint's where it is left out.</summary>
public static class GetInclusionEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/log/inclusion", Handle)
        .AllowAnonymous()
        .WithSummary("The proof that a leaf is in the log");

    private static async Task<Results<Ok<Inclusion>, NotFound, ProblemHttpResult>> Handle(
        PublishedLog log, CancellationToken ct, long index = 0, long? size = null)
    {
        if (await log.LatestAsync(ct) is not { } latest)
        {
            return TypedResults.NotFound();
        }

        var at = size ?? latest.Size;
        if (Refusal.All(
        [
            Published.Size("size", at, latest.Size),
            index < 0 || index >= at ? Refusal.Invalid("index-out-of-range", "index", "The index must be at least 0 and less than the size.") : null,
        ]) is { } refusal)
        {
            return refusal.ToProblem();
        }

        return TypedResults.Ok(new Inclusion(index, at, await log.InclusionAsync(index, at, ct)));
    }
}
