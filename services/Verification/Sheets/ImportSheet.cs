using System.Globalization;
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
/// <param name="AlreadyThere">Whether the same document had been taken in before and read in the same way; then nothing changed.</param>
/// <param name="Unresolved">
/// People named otherwise than by their code, of whom the organisation has yet to say who they are (<c>POST /api/v1/sheets/{id}/people</c>).
/// </param>
/// <param name="Unread">Headers of columns that say nothing to us.</param>
/// <param name="UnreadSheets">Names of a workbook's other sheets that are seen and have something on them.</param>
public sealed record SheetReceipt(
    Guid Id, int Rows, int Faulty, string Sha256, bool AlreadyThere, int Unresolved, IReadOnlyList<string> Unread, IReadOnlyList<string> UnreadSheets);

/// <summary>
/// <c>POST /api/v1/sheets?organisationId=&amp;name=&amp;zone=&amp;start=</c>: takes an organisation's own attendance sheet in (F11), as <c>text/csv</c> (RFC
/// 4180 with comma, semicolon, tab or bar; <c>sep=;</c> is heeded; <c>charset</c> UTF-8 or windows-1251, and told by the bytes where it is not said), as a
/// workbook (XLSX) or as <c>application/json</c> (an array of objects), of at most 100,000 rows. A table has a header, in Russian or English and in many
/// wordings, and says by row who was there (code, e-mail address or name), when (a date and a time, or both in one) and for how long (hours, minutes, or from
/// when to when). Rows are accepted or refused one by one; the sheet is stored whole or not at all, and the same bytes read in the same way change nothing.
/// Read otherwise, the earlier reading is dropped unless it was signed.
/// </summary>
public static class ImportSheetEndpoint
{
    /// <summary>The most people whom a sheet names otherwise than by their code.</summary>
    public const int MostPeople = 10_000;

    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private const long MostBytes = 64 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sheets", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .Accepts<IFormFile>("text/csv", "application/json", Workbook)
            .WithSummary("Upload an attendance sheet as CSV, XLSX or JSON")
            .WithExample(new[]
            {
                new Dictionary<string, object>
                {
                    ["volunteer_id"] = "019a0000-0000-7000-8000-000000000001", ["start"] = "2026-05-09T10:00",
                    ["zone"] = "Europe/Moscow", ["minutes"] = 240, ["project"] = "Забота рядом",
                },
            });

    private static async Task<Results<Created<SheetReceipt>, Ok<SheetReceipt>, NotFound, ProblemHttpResult>> Handle(
        HttpContext http, Caller caller, IQuerySession known, OneTransaction transaction,
        SheetPeople people, TimeProvider clock, Guid organisationId, CancellationToken ct,
        string? name = null, string? zone = null, string? start = null)
    {
        var now = clock.GetUtcNow();
        if (await known.LoadAsync<Organisation>(organisationId, ct) is not { } organisation || !organisation.IsCoordinator(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        if (organisation.SuspendedAt is not null)
        {
            return Organisation.Suspended.ToProblem();
        }

        var (form, refusal) = ReadForm(http.Request.ContentType);
        TimeOnly? usual = TimeOnly.TryParseExact(start, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
        refusal = Refusal.All(
        [
            refusal,
            Rules.OptionalLine("name", name, 200),
            zone is not null && new Shift(default, zone, 1).BrokenRules().FirstOrDefault(rule => rule.Member == "zone") is { Rule: { } rule }
                ? Refusal.Invalid("unknown-zone", "zone", rule)
                : null,
            start is not null && usual is null ? Refusal.Invalid("not-a-time", "start", "The start must be a time such as 10:00.") : null,
        ]);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        // Received whole, and Profiles asked, before the transaction begins.
        await http.Request.ReceiveAsync(ct);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(http.Request.Body, ct));
        var document = new Document(http.Request.Body, form!.Value.Format, form.Value.Encoding, sha256, new ForAllRows(zone, usual));
        var (columns, named) = await PeopleAsync(document, ct);
        if (columns is { HasTimes: false } && document.All.Start is null)
        {
            return Refusal.Invalid("no-time-of-day", "start", "The sheet has days but no times: use start to say when its shifts begin.").ToProblem();
        }

        if (named.Count > 0)
        {
            await people.KeepAsync(Sheet.PeopleOf(organisationId, sha256), organisationId, [.. named.Keys], http, ct);
        }

        var received = await CopyAsync(await transaction.ConnectionAsync(ct), document, named, now, ct);
        var id = Sheet.IdOf(organisationId, sha256, received.Root);
        await using var session = await transaction.SessionAsync(ct);
        var stream = await session.Events.FetchForWriting<Sheet>(id, ct);
        var others = await session.Query<Sheet>().Where(sheet => sheet.OrganisationId == organisationId
            && sheet.Sha256 == sha256 && sheet.Id != id && sheet.Status != SheetStatus.Discarded).ToListAsync(ct);
        var there = stream.Aggregate is { Status: not SheetStatus.Discarded } same
            ? same
            : others.FirstOrDefault(sheet => sheet.Id == Sheet.IdByBytes(organisationId, sha256) && sheet.Root == received.Root);
        if (there is not null)
        {
            // What is not saved goes with the transaction.
            return TypedResults.Ok(new SheetReceipt(
                there.Id, there.Rows, there.Faulty, there.Sha256, AlreadyThere: true, there.Unresolved, there.Unread, there.UnreadSheets));
        }

        var earlier = others.Where(sheet => sheet.Status == SheetStatus.Received).ToList();
        foreach (var reading in earlier)
        {
            session.Events.Append(reading.Id, reading.Version + 1, new SheetDiscarded(now, ReadAnew: id));
            session.DropRows(reading.RowsId);
        }

        var made = new SheetReceived(
            organisationId, Written.Kept(name) ?? $"{document.Format.ToString().ToUpperInvariant()} {now:yyyy-MM-dd}", document.Format, sha256, received.RowsId,
            received.Rows, received.Faulty, received.Root,
            received.From, received.To, now, received.Unresolved, columns is { Unread.Count: > 0 } ? columns.Unread : null, zone, document.All.Start,
            columns is { UnreadSheets.Count: > 0 } ? columns.UnreadSheets : null);
        stream.AppendOne(made);
        var receipt = new SheetReceipt(id, made.Rows, made.Faulty, sha256, AlreadyThere: false, made.Unresolved, made.Unread ?? [], made.UnreadSheets ?? []);
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (Exception exception) when (earlier.Count == 0 && exception is (JasperFx.ConcurrencyException or ExistingStreamIdCollisionException))
        {
            // The same document at the same moment: the other request stored it.
            return TypedResults.Ok(receipt with { AlreadyThere = true });
        }

        ETag.Set(http, (stream.CurrentVersion ?? 0) + 1);
        return TypedResults.Created($"/api/v1/sheets/{id}", receipt);
    }

    private static ((SheetFormat Format, Encoding? Encoding)?, Refusal?) ReadForm(string? contentType)
    {
        SheetFormat? format = MediaTypeHeaderValue.TryParse(contentType, out var type)
            ? type.MediaType.Value switch { "text/csv" => SheetFormat.Csv, "application/json" => SheetFormat.Json, Workbook => SheetFormat.Xlsx, _ => null }
            : null;
        if (format is not { } known)
        {
            return (null, new Refusal(
                "unsupported-media-type", StatusCodes.Status415UnsupportedMediaType,
                "The sheet must be text/csv, application/json or an XLSX workbook.", "Content-Type"));
        }

        return type!.Charset.Value?.Trim('"').ToLowerInvariant() switch
        {
            null => ((known, null), null),
            "utf-8" => ((known, Encoding.UTF8), null),
            "windows-1251" when known == SheetFormat.Csv => ((known, CodePagesEncodingProvider.Instance.GetEncoding(1251)!), null),
            _ => (null, new Refusal(
                "unsupported-charset", StatusCodes.Status415UnsupportedMediaType, "The charset must be utf-8, or windows-1251 for CSV.", "Content-Type")),
        };
    }

    private sealed record Document(Stream Body, SheetFormat Format, Encoding? Encoding, string Sha256, ForAllRows All)
    {
        public (SheetColumns? Columns, IAsyncEnumerable<RawRow> Rows) Open(CancellationToken ct) => ReadSheet.Open(Body, Format, Encoding, ct);
    }

    // Everybody whom the document names otherwise than by a code, numbered as they come: the same for every reading of the same bytes.
    private static async Task<(SheetColumns? Columns, Dictionary<WrittenPerson, int> Named)> PeopleAsync(Document document, CancellationToken ct)
    {
        var named = new Dictionary<WrittenPerson, int>();
        var (columns, rows) = document.Open(ct);
        if (columns is { NamesPeople: false })
        {
            return (columns, named);
        }

        await foreach (var raw in rows)
        {
            if (SheetRow.Who(raw) is { } who && named.TryAdd(who.Key, named.Count + 1) && named.Count > MostPeople)
            {
                throw new RefusedException(Refusal.Invalid(
                    "too-many-people", "document",
                    $"A sheet can name at most {MostPeople} people without their code; hand it in as several sheets."));
            }
        }

        return (columns, named);
    }

    private sealed record Received(Guid RowsId, int Rows, int Faulty, int Unresolved, string Root, DateOnly? From, DateOnly? To);

    private static async Task<Received> CopyAsync(
        NpgsqlConnection connection, Document document, Dictionary<WrittenPerson, int> named, DateTimeOffset now, CancellationToken ct)
    {
        // The sheet's id follows from what is read, so its rows bear an id of their own.
        var id = Guid.CreateVersion7();
        var (rows, faulty) = (0, 0);
        DateOnly? from = null, to = null;
        var tree = new TreeEdge();
        var unresolved = new HashSet<int>();
        await using (var copy = await connection.BeginBinaryImportAsync(
            "copy sheet_rows (rows_id, line, volunteer_id, starts_at, ends_at, record, faults, person) from stdin (format binary)", ct))
        {
            await foreach (var raw in document.Open(ct).Rows)
            {
                if (rows + faulty == Sheet.MostRows)
                {
                    throw new RefusedException(Refusal.Invalid(
                        "too-many-rows", "document", $"A sheet can have at most {Sheet.MostRows} rows; hand it in as several sheets."));
                }

                var (row, who, faults) = SheetRow.Read(raw, document.All, now);
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
                    await copy.WriteNullAsync(ct);
                    continue;
                }

                rows++;
                var record = row.Record();
                tree.Append(MerkleTree.Leaf(record));
                var start = row.Shift.StartsAt().UtcDateTime;
                var day = DateOnly.FromDateTime(row.Shift.Start);
                (from, to) = (from < day ? from : day, to > day ? to : day);
                await (who is null ? copy.WriteAsync(row.VolunteerId, NpgsqlDbType.Uuid, ct) : copy.WriteNullAsync(ct));
                await copy.WriteAsync(start, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(start.AddMinutes(row.Shift.Minutes), NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(Encoding.UTF8.GetString(record), NpgsqlDbType.Text, ct);
                await copy.WriteNullAsync(ct);
                if (who is null)
                {
                    await copy.WriteNullAsync(ct);
                }
                else
                {
                    unresolved.Add(named[who.Key]);
                    await copy.WriteAsync(named[who.Key], NpgsqlDbType.Integer, ct);
                }
            }

            await copy.CompleteAsync(ct);
        }

        return rows + faulty > 0
            ? new Received(id, rows, faulty, unresolved.Count, Convert.ToHexStringLower(tree.Root), from, to)
            : throw new RefusedException(ReadSheet.DocumentEmpty);
    }
}
