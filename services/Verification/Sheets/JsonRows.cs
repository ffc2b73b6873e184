using System.Runtime.CompilerServices;
using System.Text.Json;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>The rows of a JSON array of objects.</summary>
internal static class JsonRows
{
    /// <summary>The rows of a document.</summary>
    public static async IAsyncEnumerable<RawRow> OfAsync(Stream document, [EnumeratorCancellation] CancellationToken ct)
    {
        var line = 0;
        await using var rows = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(document, JsonSerializerOptions.Web, ct).GetAsyncEnumerator(ct);
        while (await NextAsync(rows, line))
        {
            line++;
            yield return rows.Current.ValueKind != JsonValueKind.Object
                ? RawRow.Broken(line, "not-an-object", "A row must be a JSON object.")
                : OfObject(line, rows.Current);
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<JsonElement> rows, int read)
    {
        try
        {
            return await rows.MoveNextAsync();
        }
        catch (JsonException exception)
        {
            throw new RefusedException(Refusal.Invalid(
                "malformed-json", "document", $"After row {read} the file is not a JSON array of objects (line {exception.LineNumber + 1} of its text)."));
        }
    }

    private static RawRow OfObject(int line, JsonElement row)
    {
        var fields = new Dictionary<string, string>();
        foreach (var member in row.EnumerateObject())
        {
            if (Text(() => member.Name) is not { } name || !SheetColumns.All.Contains(name))
            {
                return RawRow.Broken(line, "unknown-column", $"The members of a row must be among {string.Join(", ", SheetColumns.All)}.");
            }

            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return new RawRow(line, fields, new Fault(name, "not-a-value", "The value must be a text, a number, true or false."));
            }

            if (Text(member.Value.ToString) is not { } text)
            {
                return new RawRow(line, fields, new Fault(name, "text-with-control-characters", Written.TextRule));
            }

            if (!fields.TryAdd(name, text.Trim()))
            {
                return new RawRow(line, fields, new Fault(name, "member-twice", "Each member may appear only once."));
            }
        }

        return new RawRow(line, fields.Where(field => field.Value.Length > 0).ToDictionary());
    }

    // Null where it holds half of a surrogate pair: JSON can write that, and no string is made of it.
    private static string? Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
