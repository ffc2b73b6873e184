using Microsoft.AspNetCore.Http.HttpResults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary><c>GET /api/v1/log/key</c>: the verifier key of the log's latest checkpoint, <c>name+id+base64</c> (C2SP signed-note).</summary>
public static class GetLogKeyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/log/key", Handle)
            .AllowAnonymous()
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .WithSummary("The key that verifies the log's checkpoints (C2SP signed-note)");

    private static async Task<ContentHttpResult> Handle(PublishedLog log, CancellationToken ct) =>
        TypedResults.Text($"{(await log.KeysAsync(ct)).Current}\n", "text/plain; charset=utf-8");
}
