using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>The keys that sign or signed the log's checkpoints.</summary>
/// <param name="Keys">The first one first; the last one signs now.</param>
public sealed record PublishedLogKeys(IReadOnlyList<PublishedLogKey> Keys);

/// <summary>A key that signs or signed checkpoints. Where one hands over to the next, both have signed the checkpoint of that size.</summary>
/// <param name="Key">The verifier key, <c>name+id+base64</c> (C2SP signed-note).</param>
/// <param name="From">The fewest leaves of a checkpoint that it signs.</param>
/// <param name="Until">The most; null for the key of now.</param>
/// <param name="Since">When it took over, UTC; null for the first.</param>
/// <param name="Succession">The signed note (C2SP signed-note) by which the key before handed over to it, under both keys' signatures; null for the
/// first.</param>
public sealed record PublishedLogKey(string Key, long From, long? Until, DateTimeOffset? Since, string? Succession);

/// <summary>
/// <c>GET /api/v1/log/keys</c>: every key that ever signed a checkpoint, with the sizes that it signed. Whoever knows one of them gets to the others by the
/// notes alone: nobody else could have signed them.
/// </summary>
public static class GetLogKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/log/keys", Handle)
            .AllowAnonymous()
            .WithSummary("All keys that ever signed the log's checkpoints, and how each handed over to the next");

    private static async Task<Ok<PublishedLogKeys>> Handle(PublishedLog log, CancellationToken ct)
    {
        var keys = await log.KeysAsync(ct);
        return TypedResults.Ok(new PublishedLogKeys([.. keys.Terms.Select((term, n) => Told(term, n == 0 ? null : keys.Successions[n - 1]))]));
    }

    private static PublishedLogKey Told(LogKeyTerm term, KeySuccession? by) => new(term.Key.ToString(), term.From, term.Until, by?.At, by?.Note);
}
