using Microsoft.AspNetCore.Http.HttpResults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary><c>GET /api/v1/log/checkpoint</c>: the latest signed checkpoint (C2SP tlog-checkpoint).</summary>
public static class GetCheckpointEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/log/checkpoint", Handle)
            .AllowAnonymous()
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithSummary("The log's latest signed checkpoint (C2SP tlog-checkpoint)");

    private static async Task<Results<ContentHttpResult, NotFound>> Handle(HttpContext http, PublishedLog log, CancellationToken ct)
    {
        if (await log.LatestAsync(ct) is not { } latest)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(latest.Note, "text/plain; charset=utf-8");
    }
}
