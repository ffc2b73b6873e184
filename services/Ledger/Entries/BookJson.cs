using System.Text.Json;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Writes a <see cref="Book"/>, or a <see cref="BookAsOf"/>: the entries go out as they are stored, without being read and written again.</summary>
internal sealed class BookJson : IAsyncDisposable
{
    private readonly Utf8JsonWriter _json;

    private BookJson(Utf8JsonWriter json) => _json = json;

    public static BookJson Begin(HttpResponse response)
    {
        response.ContentType = "application/json; charset=utf-8";
        var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        return new BookJson(json);
    }

    public void Write<T>(string name, T value)
    {
        _json.WritePropertyName(name);
        JsonSerializer.Serialize(_json, value, Json.Options);
    }

    /// <summary>Writes the page and its <c>next</c>; the answer is the ids on it.</summary>
    public async Task<HashSet<Guid>> WriteItemsAsync(NpgsqlDataReader rows, int size, CancellationToken ct)
    {
        var page = new HashSet<Guid>();
        _json.WriteStartArray("items");
        Cursor last = default;
        string? next = null;
        for (var written = 0; await rows.ReadAsync(ct); written++)
        {
            if (written == size)
            {
                next = last.ToString();
                break;
            }

            _json.WriteRawValue(rows.GetFieldValue<byte[]>(0), skipInputValidation: true);
            last = new Cursor(new DateTimeOffset(rows.GetDateTime(1), TimeSpan.Zero), rows.GetGuid(2));
            page.Add(last.Id);
        }

        _json.WriteEndArray();
        _json.WriteString("next", next);
        return page;
    }

    /// <summary>The same of a page that is there.</summary>
    public void WriteItems(IEnumerable<byte[]> items, string? next)
    {
        _json.WriteStartArray("items");
        foreach (var item in items)
        {
            _json.WriteRawValue(item, skipInputValidation: true);
        }

        _json.WriteEndArray();
        _json.WriteString("next", next);
    }

    public void WriteTotals(BookTotals totals, IReadOnlyList<Overlap> overlaps)
    {
        Write("totals", totals);
        Write("overlaps", overlaps);
        _json.WriteEndObject();
    }

    // Without an end where something was thrown: what was written then is not an answer that could be taken for whole.
    public ValueTask DisposeAsync() => _json.DisposeAsync();
}
