using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Marten.Exceptions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Sheets;

/// <summary>What was taken in.</summary>
/// <param name="Id">The sheet.</param>
/// <param name="Rows">Rows that were accepted.</param>
/// <param name="Faulty">Rows that were not; <c>GET /api/v1/sheets/{id}/faults</c> names each with line, field and rule.</param>
/// <param name="Sha256">SHA-256 of the document's bytes, hexadecimal.</param>
/// <param name="AlreadyThere">Whether the same document had been taken in before; then nothing changed.</param>
public sealed record SheetReceipt(Guid Id, int Rows, int Faulty, string Sha256, bool AlreadyThere);

/// <summary>
/// <c>POST /api/v1/sheets?organisationId=&amp;name=&amp;zone=</c>: takes an organisation's own attendance document in (F11), as <c>text/csv</c> (RFC 4180, comma, semicolon or tab, with a header;
/// <c>charset</c> UTF-8 or windows-1251) or as <c>application/json</c> (an array of objects), of at most 100,000 rows. It is read as it comes. Rows are accepted or refused one by one; the document
/// is stored whole or not at all, and the same bytes again change nothing.
/// </summary>
public static class ImportSheetEndpoint
{
    private const long MostBytes = 64 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sheets", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .Accepts<IFormFile>("text/csv", "application/json")
            .WithSummary("Take an attendance document in, as CSV or JSON")
            .WithExample(new[]
            {
                new Dictionary<string, object>
                {
                    ["volunteer_id"] = "019a0000-0000-7000-8000-000000000001", ["start"] = "2026-05-09T10:00", ["zone"] = "Europe/Moscow", ["minutes"] = 240, ["project"] = "Забота рядом",
                },
            });

    private static async Task<Results<Created<SheetReceipt>, Ok<SheetReceipt>, NotFound, ProblemHttpResult>> Handle(
        HttpContext http, Caller caller, IQuerySession known, OneTransaction transaction, TimeProvider clock, Guid organisationId, CancellationToken ct, string? name = null, string? zone = null)
    {
        var now = clock.GetUtcNow();
        if (await known.LoadAsync<Organisation>(organisationId, ct) is not { } organisation || !organisation.IsCoordinator(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        var (form, refusal) = ReadForm(http.Request.ContentType);
        refusal = Refusal.All(
        [
            refusal,
            Rules.OptionalText("name", name, 200),
            zone is not null && new Shift(default, zone, 1).BrokenRules().FirstOrDefault(rule => rule.Member == "zone") is { Rule: { } rule } ? Refusal.Invalid("unknown-zone", "zone", rule) : null,
        ]);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        await http.Request.ReceiveAsync(ct);
        // By way of the reader: what hashes it flushes it at the end, which a buffered body cannot.
        var received = await CopyAsync(await transaction.ConnectionAsync(ct), http.Request.BodyReader.AsStream(), form!.Value, zone, now, ct);
        var id = Sheet.IdOf(organisationId, received.Sha256);
        await using var session = await transaction.SessionAsync(ct);
        var stream = await session.Events.FetchForWriting<Sheet>(id, ct);
        if (stream.Aggregate is { Status: not SheetStatus.Discarded } there)
        {
            // What is not saved goes with the transaction.
            return TypedResults.Ok(new SheetReceipt(id, there.Rows, there.Faulty, there.Sha256, AlreadyThere: true));
        }

        stream.AppendOne(received.ToEvent(organisationId, name ?? $"{form.Value.Format.ToString().ToUpperInvariant()} {now:yyyy-MM-dd}", form.Value.Format, now));
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (Exception exception) when (exception is JasperFx.ConcurrencyException or ExistingStreamIdCollisionException)
        {
            // The same document at the same moment: the other request stored it.
            return TypedResults.Ok(new SheetReceipt(id, received.Rows, received.Faulty, received.Sha256, AlreadyThere: true));
        }

        ETag.Set(http, (stream.CurrentVersion ?? 0) + 1);
        return TypedResults.Created($"/api/v1/sheets/{id}", new SheetReceipt(id, received.Rows, received.Faulty, received.Sha256, AlreadyThere: false));
    }

    private static ((SheetFormat Format, Encoding Encoding)?, Refusal?) ReadForm(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.MediaType.Value is not ("text/csv" or "application/json"))
        {
            return (null, new Refusal("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "The document is text/csv or application/json.", "Content-Type"));
        }

        return type.Charset.Value?.Trim('"').ToLowerInvariant() switch
        {
            null or "utf-8" => ((type.MediaType.Value == "text/csv" ? SheetFormat.Csv : SheetFormat.Json, Encoding.UTF8), null),
            "windows-1251" when type.MediaType.Value == "text/csv" => ((SheetFormat.Csv, CodePagesEncodingProvider.Instance.GetEncoding(1251)!), null),
            _ => (null, new Refusal("unsupported-charset", StatusCodes.Status415UnsupportedMediaType, "The charset is utf-8, or windows-1251 for CSV.", "Content-Type")),
        };
    }

    private sealed record Received(Guid RowsId, string Sha256, int Rows, int Faulty, string Root, DateOnly? From, DateOnly? To)
    {
        public SheetReceived ToEvent(Guid organisation, string name, SheetFormat format, DateTimeOffset now) =>
            new(organisation, name, format, Sha256, RowsId, Rows, Faulty, Root, From, To, now);
    }

    // The sheet's id is known once the last byte was read, so its rows bear an id of their own.
    private static async Task<Received> CopyAsync(
        NpgsqlConnection connection, Stream body, (SheetFormat Format, Encoding Encoding) form, string? zone, DateTimeOffset now, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        using var sha = SHA256.Create();
        await using var counted = new CryptoStream(body, sha, CryptoStreamMode.Read, leaveOpen: true);
        var (rows, faulty) = (0, 0);
        DateOnly? from = null, to = null;
        var tree = new TreeEdge();
        await using (var copy = await connection.BeginBinaryImportAsync("copy sheet_rows (rows_id, line, volunteer_id, starts_at, ends_at, record, faults) from stdin (format binary)", ct))
        {
            await foreach (var raw in ReadSheet.RowsAsync(counted, form.Format, form.Encoding, ct))
            {
                if (rows + faulty == Sheet.MostRows)
                {
                    throw new RefusedException(Refusal.Invalid("too-many-rows", "document", $"A document has at most {Sheet.MostRows} rows; hand it in as several."));
                }

                var (row, faults) = SheetRow.Read(raw, zone, now);
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(id, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(raw.Line, NpgsqlDbType.Integer, ct);
                if (row is null)
                {
                    faulty++;
                    for (var column = 0; column < 4; column++)
                    {
                        await copy.WriteNullAsync(ct);
                    }

                    await copy.WriteAsync(JsonSerializer.Serialize(faults, Json.Options), NpgsqlDbType.Jsonb, ct);
                    continue;
                }

                rows++;
                var record = row.Record();
                tree.Append(MerkleTree.Leaf(record));
                var start = row.Shift.StartsAt().UtcDateTime;
                var day = DateOnly.FromDateTime(row.Shift.Start);
                (from, to) = (from < day ? from : day, to > day ? to : day);
                await copy.WriteAsync(row.VolunteerId, NpgsqlDbType.Uuid, ct);
                await copy.WriteAsync(start, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(start.AddMinutes(row.Shift.Minutes), NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(Encoding.UTF8.GetString(record), NpgsqlDbType.Text, ct);
                await copy.WriteNullAsync(ct);
            }

            // The hash is whole once the end was read.
            await counted.CopyToAsync(Stream.Null, ct);
            await copy.CompleteAsync(ct);
        }

        if (rows + faulty == 0)
        {
            throw new RefusedException(Refusal.Invalid("document-empty", "document", "The document has a header and a row for every shift."));
        }

        return new Received(id, Convert.ToHexStringLower(sha.Hash!), rows, faulty, Convert.ToHexStringLower(tree.Root), from, to);
    }
}
