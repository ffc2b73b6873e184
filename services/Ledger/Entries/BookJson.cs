using System.Globalization;
using System.Text.Json;
using Npgsql;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Writes a <see cref="Book"/> from the rows: the entries go out as they are stored, without being read and written again.</summary>
internal static class BookJson
{
    private static readonly string[] Groups = ["byStatus", "byOrganisation", "byTaskType", "byYear"];

    public static async Task WriteAsync(HttpResponse response, NpgsqlDataReader rows, int size, CancellationToken ct)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("next", await WriteItemsAsync(json, rows, size, ct));
        await rows.NextResultAsync(ct);
        await WriteTotalsAsync(json, rows, ct);
        json.WriteEndObject();
        await json.FlushAsync(ct);
    }

    private static async Task<string?> WriteItemsAsync(Utf8JsonWriter json, NpgsqlDataReader rows, int size, CancellationToken ct)
    {
        json.WriteStartArray("items");
        Cursor last = default;
        string? next = null;
        for (var written = 0; await rows.ReadAsync(ct); written++)
        {
            if (written == size)
            {
                next = last.ToString();
                break;
            }

            json.WriteRawValue(rows.GetFieldValue<byte[]>(0), skipInputValidation: true);
            last = new Cursor(new DateTimeOffset(rows.GetDateTime(1), TimeSpan.Zero), rows.GetGuid(2));
        }

        json.WriteEndArray();
        return next;
    }

    private static async Task WriteTotalsAsync(Utf8JsonWriter json, NpgsqlDataReader rows, CancellationToken ct)
    {
        var lines = new List<(string Group, string? Key, long Minutes, long Entries)>();
        while (await rows.ReadAsync(ct))
        {
            lines.Add((rows.GetString(0), await rows.IsDBNullAsync(1, ct) ? null : rows.GetString(1), rows.GetInt64(2), rows.GetInt64(3)));
        }

        var all = lines.Single(line => line.Group == "all");
        json.WriteStartObject("totals");
        json.WriteNumber("minutes", all.Minutes);
        json.WriteNumber("entries", all.Entries);
        foreach (var group in Groups)
        {
            json.WriteStartArray(group);
            foreach (var line in lines.Where(line => line.Group == group).OrderByDescending(line => line.Minutes).ThenBy(line => line.Key, StringComparer.Ordinal))
            {
                json.WriteStartObject();
                json.WriteString("key", line.Key);
                json.WriteNumber("minutes", line.Minutes);
                json.WriteNumber("entries", line.Entries);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
