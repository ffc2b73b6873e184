using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// The lines of a book, read from the columns beside its <see cref="EntryView"/>s (<c>mt_doc_entry</c>, see <see cref="LedgerStore"/>), and the few shifts that
/// have to be looked at with them: the one place that knows the columns by name.
/// </summary>
internal static class BookLines
{
    private const string Columns = "mt_doc_entry.id, status, grade, organisation_id, task_type, year, minutes, points, first_start, last_end";

    /// <summary>All lines of a book. <see cref="ReadAsync"/> reads them.</summary>
    public static NpgsqlBatchCommand Of(Guid volunteer) => new(
        $"select {Columns} from mt_doc_entry where volunteer_id = $1")
    {
        Parameters = { new() { Value = volunteer } },
    };

    /// <summary>One row more than the page: it says whether there is a next page. The entries as they are stored, the latest work first.</summary>
    public static NpgsqlBatchCommand Items(
        Guid volunteer, EntryStatus? status, Guid? organisation, string? taskType, Guid[]? among, Cursor? cursor, int size) =>
        new(
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

    /// <summary>
    /// Of a book's entries, or of some of them, those that hold all words in what people read: one book at a time, row by row, as
    /// <see cref="SearchWords"/> cannot be said in SQL.
    /// </summary>
    public static async Task<Guid[]> WithWordsAsync(NpgsqlConnection connection, Guid volunteer, string[] words, Guid[]? among, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select id, concat_ws(E'\n', data ->> 'project', data ->> 'place', data ->> 'description') from mt_doc_entry
            where volunteer_id = $1 and ($2::uuid[] is null or id = any($2))
            """, connection)
        {
            Parameters =
            {
                new() { Value = volunteer },
                new() { Value = (object?)among ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
        var found = new List<Guid>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var text = SearchWords.Fold(rows.GetString(1));
            if (words.All(word => text.Contains(word, StringComparison.Ordinal))) found.Add(rows.GetGuid(0));
        }

        return [.. found];
    }

    public static async Task<List<BookLine>> ReadAsync(NpgsqlDataReader rows, CancellationToken ct)
    {
        var lines = new List<BookLine>();
        while (await rows.ReadAsync(ct))
        {
            lines.Add(Line(rows));
        }

        return lines;
    }

    /// <summary>The lines of those entries that have not changed since a moment, and the ids of those that have.</summary>
    public static async Task<(List<BookLine> Lines, List<Guid> Changed)> SinceAsync(
        NpgsqlConnection connection, Guid volunteer, DateTimeOffset moment, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {Columns}, later.changed from mt_doc_entry
            left join lateral (select true changed from mt_events where stream_id = mt_doc_entry.id and timestamp > $2 limit 1) later on true
            where volunteer_id = $1
            """, connection)
        {
            Parameters = { new() { Value = volunteer }, new() { Value = moment } },
        };
        var (lines, changed) = (new List<BookLine>(), new List<Guid>());
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (rows.IsDBNull(10))
            {
                lines.Add(Line(rows));
            }
            else
            {
                changed.Add(rows.GetGuid(0));
            }
        }

        return (lines, changed);
    }

    /// <summary>Entries shift by shift.</summary>
    public static async Task<List<Work>> WorksAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> entries, CancellationToken ct)
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
                    rows.GetGuid(3), Enum.Parse<EvidenceGrade>(rows.GetString(1)),
                    JsonSerializer.Deserialize<List<Shift>>(rows.GetFieldValue<byte[]>(0), Json.Options)!, rows.GetInt32(2)));
            }
        }

        return works;
    }

    /// <summary>Entries as they are stored, JSON.</summary>
    public static async IAsyncEnumerable<(Guid Id, byte[] Data)> StoredAsync(
        NpgsqlConnection connection, Guid[] entries, [EnumeratorCancellation] CancellationToken ct)
    {
        if (entries.Length == 0)
        {
            yield break;
        }

        await using var command = new NpgsqlCommand("select id, data from mt_doc_entry where id = any($1)", connection)
        {
            Parameters = { new() { Value = entries } },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            yield return (rows.GetGuid(0), rows.GetFieldValue<byte[]>(1));
        }
    }

    private static BookLine Line(NpgsqlDataReader rows) => new(
        rows.GetGuid(0), Enum.Parse<EntryStatus>(rows.GetString(1)), Enum.Parse<EvidenceGrade>(rows.GetString(2)), rows.GetGuid(3), rows.GetString(4),
        rows.GetInt32(5), rows.GetInt32(6), rows.GetInt32(7), new DateTimeOffset(rows.GetDateTime(8), TimeSpan.Zero),
        new DateTimeOffset(rows.GetDateTime(9), TimeSpan.Zero));
}
