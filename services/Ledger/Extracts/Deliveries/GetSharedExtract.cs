using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Mail;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>An extract as who has the link sees it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Giver">Who gave it: the owner's name, as it was then.</param>
/// <param name="Recipient">For whom.</param>
/// <param name="Until">When the link ends, UTC.</param>
/// <param name="IssuedAt">When the extract was issued, UTC.</param>
/// <param name="Language"><c>ru</c> or <c>en</c>.</param>
public sealed record SharedExtract(string Number, string Giver, string Recipient, DateTimeOffset Until, DateTimeOffset IssuedAt, string Language);

/// <summary>
/// <c>GET /api/v1/shared-extracts/{token}</c> and <c>/file</c>: what a link leads to, without an account. A link that ended, was taken back, leads to an
/// extract that no longer stands or never was: all 404, and look the same. Each look is counted for the owner; who looked is not known.
/// </summary>
public static class GetSharedExtractEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/shared-extracts/{token}", Page).AllowAnonymous().WithSummary("What a link leads to: which extract, from whom, for whom, until when");
        routes.MapGet("/shared-extracts/{token}/file", File).AllowAnonymous()
            .Produces<string>(StatusCodes.Status200OK, SignedExtract.MediaType).WithSummary("The signed PDF that a link leads to");
    }

    private static async Task<Results<Ok<SharedExtract>, NotFound>> Page(
        string token, HttpContext http, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct) =>
        await FindAsync(token, "opens", http, session, database, clock.GetUtcNow(), ct) is (_, { } shared) ? TypedResults.Ok(shared) : TypedResults.NotFound();

    private static async Task<Results<FileContentHttpResult, NotFound>> File(
        string token, HttpContext http, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct) =>
        await FindAsync(token, "downloads", http, session, database, clock.GetUtcNow(), ct) is ({ } extract, { } shared)
        && await GetExtractsEndpoint.ReadAsync<byte[]>(database, "file", extract, ct) is { } file
            ? TypedResults.Bytes(file, SignedExtract.MediaType, $"{shared.Number}.pdf")
            : TypedResults.NotFound();

    private static async Task<(Guid Extract, SharedExtract Shared)?> FindAsync(
        string token, string counted, HttpContext http, IQuerySession session, NpgsqlDataSource database, DateTimeOffset now, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var hash = LinkToken.Hash(token);
        if (await RowAsync(
            database, "select delivery_id, giver, recipient from extract_deliveries where token_hash = $1", hash, null, ct) is not var (id, giver, recipient)
            || await session.LoadAsync<Delivery>(id, ct) is not { } delivery || !delivery.IsOpen(now)
            || await session.LoadAsync<Extract>(delivery.ExtractId, ct) is not { } extract || (await session.ChangedSinceAsync(extract.Holds, ct)).Count > 0)
        {
            return null;
        }

        // A look is no decision of anybody's: it is counted beside the events, so that looking often does not make the log grow.
        await RowAsync(
            database,
            $"update extract_deliveries set {counted} = {counted} + 1, last_opened_at = $2 where token_hash = $1 returning delivery_id, giver, recipient",
            hash, now, ct);
        return (extract.Id, new SharedExtract(extract.Number, giver, recipient, delivery.Until!.Value, extract.IssuedAt, extract.Language));
    }

    private static async Task<(Guid Delivery, string Giver, string Recipient)?> RowAsync(
        NpgsqlDataSource database, string sql, byte[] hash, DateTimeOffset? now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = hash });
        if (now is { } at)
        {
            command.Parameters.Add(new() { Value = at });
        }

        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetGuid(0), row.GetString(1), row.GetString(2)) : null;
    }
}
