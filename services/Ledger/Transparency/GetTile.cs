using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// <c>GET /api/v1/log/tile/{level}/{index}</c> and <c>/tile/entries/{index}</c>, with <c>.p/{width}</c> where partial (C2SP tlog-tiles).
/// An entry is a leaf's commitment, 32 bytes.
/// </summary>
public static class GetTileEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/log/tile/{**path}", Handle)
            .AllowAnonymous()
            .Produces<byte[]>(StatusCodes.Status200OK, "application/octet-stream")
            .WithSummary("A tile of the log, or a bundle of its entries (C2SP tlog-tiles)");

    private static async Task<Results<FileContentHttpResult, NotFound>> Handle(string path, HttpContext http, PublishedLog log, CancellationToken ct)
    {
        if (!Tile.TryParse(path, out var tile, out var entries))
        {
            throw new RefusedException(Refusal.Invalid(
                "malformed-tile", "path",
                "The path of a tile must be {level}/{index} or entries/{index}, with the index in groups as x001/234, and .p/{width} at the end where "
                    + "the tile is partial."));
        }

        if (await log.TileAsync(tile, entries, ct) is not { } bytes)
        {
            return TypedResults.NotFound();
        }

        // What a tile of this width holds never changes.
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return TypedResults.Bytes(bytes, "application/octet-stream");
    }
}
