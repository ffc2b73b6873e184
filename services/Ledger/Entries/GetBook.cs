using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary><c>GET /api/v1/book</c>: one's own book, paged and filtered, with its totals (F1, F3, F7).</summary>
public static class GetBookEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .Produces<Book>()
            .WithSummary("One's own book: entries and totals");

    private static async Task Handle(
        HttpContext http, Caller caller, NpgsqlDataSource database, CancellationToken ct,
        string? status = null, Guid? organisationId = null, string? taskType = null, int? year = null, string? after = null, int? limit = null)
    {
        var cursor = Cursor.Parse(after);
        var size = Cursor.Limit(limit);
        await using var connection = await database.OpenConnectionAsync(ct);
        var ofYear = year is { } asked ? await WithWorkInAsync(connection, caller.Id, asked, ct) : null;
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Items(caller.Id, Rules.OneOf<EntryStatus>("status", status), organisationId, taskType, ofYear, cursor, size));
        batch.BatchCommands.Add(Lines(caller.Id));
        await using var json = BookJson.Begin(http.Response);
        HashSet<Guid> page;
        List<BookLine> lines;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            page = await json.WriteItemsAsync(reader, size, ct);
            await reader.NextResultAsync(ct);
            lines = await ReadLinesAsync(reader, ct);
        }

        var counted = Counted.Of(lines, await WorksAsync(connection, BookLine.ToLookAt(lines, default), ct), default);
        json.WriteTotals(
            BookTotals.Of(counted), [.. counted.SelectMany(entry => entry.Overlaps).Where(overlap => page.Contains(overlap.EntryId) || page.Contains(overlap.CountedIn))]);
    }

    private static async Task<Guid[]> WithWorkInAsync(NpgsqlConnection connection, Guid volunteer, int year, CancellationToken ct)
    {
        if (year < DateOnly.MinValue.Year || year > DateOnly.MaxValue.Year)
        {
            return [];
        }

        List<BookLine> lines;
        await using (var batch = connection.CreateBatch())
        {
            batch.BatchCommands.Add(Lines(volunteer));
            await using var rows = await batch.ExecuteReaderAsync(ct);
            lines = await ReadLinesAsync(rows, ct);
        }

        var period = Period.Of(year);
        return [.. Counted.Of(lines, await WorksAsync(connection, BookLine.ToLookAt(lines, period), ct), period).Select(entry => entry.Line.Id)];
    }

    // One row more than the page: it says whether there is a next page.
    private static NpgsqlBatchCommand Items(Guid volunteer, EntryStatus? status, Guid? organisation, string? taskType, Guid[]? among, Cursor? cursor, int size) => new(
        """
        select data, first_start, id from mt_doc_entry
        where volunteer_id = $1
          and ($2::varchar is null or status = $2) and ($3::uuid is null or organisation_id = $3)
          and ($4::varchar is null or task_type = $4) and ($5::uuid[] is null or id = any($5))
          and ($6::timestamptz is null or (first_start, id) < ($6, $7))
        order by first_start desc, id desc limit $8
        """)
    {
        Parameters =
        {
            new() { Value = volunteer },
            new() { Value = (object?)status?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            new() { Value = (object?)organisation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = (object?)taskType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            new() { Value = (object?)among ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            new() { Value = (object?)cursor?.At ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = (object?)cursor?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = size + 1 },
        },
    };

    private static NpgsqlBatchCommand Lines(Guid volunteer) => new(
        "select id, status, grade, organisation_id, task_type, year, minutes, points, first_start, last_end from mt_doc_entry where volunteer_id = $1")
    {
        Parameters = { new() { Value = volunteer } },
    };

    private static async Task<List<BookLine>> ReadLinesAsync(NpgsqlDataReader rows, CancellationToken ct)
    {
        var lines = new List<BookLine>();
        while (await rows.ReadAsync(ct))
        {
            lines.Add(new BookLine(
                rows.GetGuid(0), Enum.Parse<EntryStatus>(rows.GetString(1)), Enum.Parse<EvidenceGrade>(rows.GetString(2)), rows.GetGuid(3), rows.GetString(4),
                rows.GetInt32(5), rows.GetInt32(6), rows.GetInt32(7), new DateTimeOffset(rows.GetDateTime(8), TimeSpan.Zero), new DateTimeOffset(rows.GetDateTime(9), TimeSpan.Zero)));
        }

        return lines;
    }

    private static async Task<List<Work>> WorksAsync(NpgsqlConnection connection, IReadOnlyList<Guid> entries, CancellationToken ct)
    {
        var works = new List<Work>();
        if (entries.Count > 0)
        {
            await using var command = new NpgsqlCommand("select data -> 'shifts', grade, points, id from mt_doc_entry where id = any($1)", connection)
            {
                Parameters = { new() { Value = entries.ToArray() } },
            };
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                works.Add(new Work(
                    rows.GetGuid(3), Enum.Parse<EvidenceGrade>(rows.GetString(1)), JsonSerializer.Deserialize<List<Shift>>(rows.GetFieldValue<byte[]>(0), Json.Options)!, rows.GetInt32(2)));
            }
        }

        return works;
    }
}
