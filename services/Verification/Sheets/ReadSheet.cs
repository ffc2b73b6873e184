using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// Reads an attendance document row by row, in memory that does not grow with its length. What is wrong with one row is said of that row; a document that cannot be
/// read on, or that names columns nobody knows, is refused whole.
/// </summary>
public static class ReadSheet
{
    private const int MostCharactersOfAField = 4000;

    public static IAsyncEnumerable<RawRow> RowsAsync(Stream document, SheetFormat format, Encoding encoding, CancellationToken ct) =>
        format == SheetFormat.Csv ? CsvAsync(document, encoding, ct) : JsonAsync(document, ct);

    private static async IAsyncEnumerable<RawRow> CsvAsync(Stream document, Encoding encoding, [EnumeratorCancellation] CancellationToken ct)
    {
        using var text = new StreamReader(document, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        var bad = false;
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectDelimiter = true,
            DetectDelimiterValues = [",", ";", "\t"],
            BadDataFound = _ => bad = true,
            MaxFieldSize = MostCharactersOfAField,
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = true,
        });
        if (!await ReadAsync(csv))
        {
            throw new RefusedException(Refusal.Invalid("document-empty", "document", "The document has a header and a row for every shift."));
        }

        var header = csv.Record!.Select(column => column.Trim().ToLowerInvariant()).ToArray();
        CheckColumns(header);
        while (await ReadAsync(csv))
        {
            ct.ThrowIfCancellationRequested();
            var record = csv.Record!;
            // Where a row begins: RawRow is the line on which it ends.
            var line = csv.RawRow - csv.RawRecord.TrimEnd('\r', '\n').Count(c => c == '\n');
            yield return bad ? Unreadable(line, "malformed-row", "A quoted field begins and ends with a quotation mark, and one within it is doubled (RFC 4180).")
                : record.Length != header.Length ? Unreadable(line, "wrong-number-of-fields", $"A row has as many fields as the header: {header.Length}.")
                : new RawRow(line, header.Zip(record).Where(field => field.Second.Length > 0).ToDictionary(field => field.First, field => field.Second));
            bad = false;
        }
    }

    private static async Task<bool> ReadAsync(CsvParser csv)
    {
        try
        {
            return await csv.ReadAsync();
        }
        catch (MaxFieldSizeException)
        {
            throw new RefusedException(Refusal.Invalid(
                "field-too-long", "document", $"Line {csv.RawRow}: a field has at most {MostCharactersOfAField} characters; is a quotation mark missing?"));
        }
    }

    private static void CheckColumns(string[] columns)
    {
        var refusal = Refusal.All(
        [
            .. columns.Where(column => !SheetRow.Columns.Contains(column)).Select(column => Refusal.Invalid(
                "unknown-column", "document", $"«{(column.Length > 50 ? column[..50] : column)}» is no column; the columns are {string.Join(", ", SheetRow.Columns)}.")),
            .. SheetRow.Required.Except(columns).Select(column => Refusal.Invalid("column-missing", "document", $"The column {column} is missing.")),
            columns.Distinct().Count() == columns.Length ? null : Refusal.Invalid("column-twice", "document", "Each column is named once."),
        ]);
        if (refusal is not null)
        {
            throw new RefusedException(refusal);
        }
    }

    private static async IAsyncEnumerable<RawRow> JsonAsync(Stream document, [EnumeratorCancellation] CancellationToken ct)
    {
        var line = 0;
        await using var rows = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(document, JsonSerializerOptions.Web, ct).GetAsyncEnumerator(ct);
        while (await NextAsync(rows, line))
        {
            line++;
            yield return rows.Current.ValueKind != JsonValueKind.Object
                ? Unreadable(line, "not-an-object", "A row is a JSON object.")
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
                "malformed-json", "document", $"After row {read} the document is no JSON array of objects (line {exception.LineNumber + 1} of its text)."));
        }
    }

    private static RawRow OfObject(int line, JsonElement row)
    {
        var fields = new Dictionary<string, string>();
        foreach (var member in row.EnumerateObject())
        {
            if (!SheetRow.Columns.Contains(member.Name))
            {
                return Unreadable(line, "unknown-column", $"The members of a row are {string.Join(", ", SheetRow.Columns)}.");
            }

            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return new RawRow(line, fields, new Fault(member.Name, "not-a-value", "A text, a number, true or false."));
            }

            if (!fields.TryAdd(member.Name, member.Value.ToString().Trim()))
            {
                return new RawRow(line, fields, new Fault(member.Name, "member-twice", "Each member is there once."));
            }
        }

        return new RawRow(line, fields.Where(field => field.Value.Length > 0).ToDictionary());
    }

    private static RawRow Unreadable(int line, string code, string rule) => new(line, new Dictionary<string, string>(), new Fault("row", code, rule));
}
