using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Xml;
using CsvHelper;
using CsvHelper.Configuration;
using ExcelDataReader;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// Reads an attendance document row by row, in memory that does not grow with its length. What is wrong with one row is said of that row; a document that cannot be
/// read on is refused whole. Tables are taken as people make them: lines above the header, columns that say nothing to us, empty rows, repeated headers and totals are passed over.
/// </summary>
public static class ReadSheet
{
    /// <summary>The most rows that stand above a header.</summary>
    private const int MostRowsAbove = 30;

    private const int MostCharactersOfAField = 4000;
    private const int MostColumns = 200;

    // Excel's own. Who writes a cell further to the right would have rows made of that width, and who writes one further below, as many rows.
    private const int WidestSheet = 16_384;
    private const int LongestSheet = 1_048_576;

    // A row costs as much as the sheet is wide, whatever of it is empty, and at least as much as some cells. A sheet of 47 columns may be as long as there are, and others beside it.
    private const long MostCells = 48L * LongestSheet;
    private const int LeastCellsOfARow = 16;

    // From Excel's one beginning of time to its other.
    private const int DaysTo1904 = 1462;

    private static readonly string[] Delimiters = [";", "\t", ",", "|"];

    // The reader of workbooks asks for one of them by its number, even where none is used.
    static ReadSheet() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The rows of a document, and of a table what its columns are.</summary>
    /// <param name="document">The document; it can be read from its beginning.</param>
    /// <param name="format">Its form.</param>
    /// <param name="encoding">Of a CSV; null where it is to be told by the bytes.</param>
    /// <exception cref="RefusedException">The document cannot be read.</exception>
    public static (SheetColumns? Columns, IAsyncEnumerable<RawRow> Rows) Open(Stream document, SheetFormat format, Encoding? encoding, CancellationToken ct)
    {
        document.Position = 0;
        if (format == SheetFormat.Json)
        {
            return (null, JsonAsync(document, ct));
        }

        var parts = format == SheetFormat.Xlsx ? Parts(document) : null;
        var rows = parts is null ? Csv(document, encoding ?? EncodingOf(document)) : Xlsx(document, parts, ct);
        var columns = FindHeader(rows, parts);
        return (columns, BelowAsync(rows, columns, format == SheetFormat.Csv, ct));
    }

    /// <summary>A row of a table as it stands there: its sheet, from 0, its line, from 1, its cells, and how the sheet is named.</summary>
    private readonly record struct Cells(int Sheet, int Line, IReadOnlyList<string> Texts, string? Unreadable = null, string? SheetName = null)
    {
        public bool IsEmpty => Texts.All(text => text.Length == 0);
    }

    private static SheetColumns FindHeader(IEnumerable<Cells> rows, WorkbookParts? parts)
    {
        var (best, sheet, above) = (new Cells(0, 0, []), -1, 0);
        foreach (var row in rows.Where(row => !row.IsEmpty))
        {
            (sheet, above) = (row.Sheet, row.Sheet == sheet ? above + 1 : 0);
            if (above >= MostRowsAbove)
            {
                continue;
            }

            if (SheetColumns.Find(row.Texts, parts?.Others(row.Sheet)) is { } columns)
            {
                return SheetColumns.Check(row.Texts) is { } refusal ? throw new RefusedException(refusal) : columns;
            }

            best = best.Line == 0 || SheetColumns.Known(row.Texts) > SheetColumns.Known(best.Texts) ? row : best;
        }

        throw new RefusedException(best.Line == 0 ? DocumentEmpty : SheetColumns.Check(best.Texts)!);
    }

    internal static Refusal DocumentEmpty { get; } = Refusal.Invalid("document-empty", "document",
        "The document must have a header and a row for every shift.");

    private static async IAsyncEnumerable<RawRow> BelowAsync(IEnumerable<Cells> rows, SheetColumns columns, bool separated, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        Cells? header = null, elsewhere = null, another = null;
        var above = new List<int>();
        var directlyBelow = true;
        foreach (var row in rows)
        {
            ct.ThrowIfCancellationRequested();
            if (header is not { } first)
            {
                if (!row.Texts.SequenceEqual(columns.Header))
                {
                    above.AddRange(SheetColumns.MayBeShift(row.Texts) && above.Count < MostRowsAbove ? [row.Line] : []);
                    elsewhere ??= above.Count > 0 ? row : null;
                    continue;
                }

                header = row;
                if (elsewhere is { } before && before.Sheet != row.Sheet)
                {
                    throw SeveralSheets(before, row);
                }

                foreach (var line in above)
                {
                    yield return RawRow.Broken(line, "row-above-header", "Rows above the header are not read: move this row below it.");
                }

                continue;
            }

            if (row.Sheet != first.Sheet)
            {
                // Lines are told by their number, and nothing that somebody may have meant is left without a word.
                if (SheetColumns.Find(row.Texts) is not null || SheetColumns.MayBeShift(row.Texts))
                {
                    throw SeveralSheets(first, row);
                }

                continue;
            }

            if (row.Unreadable is { } rule)
            {
                yield return RawRow.Broken(row.Line, "malformed-row", rule);
            }
            else if (columns.IsEmpty(row.Texts))
            {
                continue;
            }
            else
            {
                var kind = columns.KindOf(row.Texts, directlyBelow);
                another = kind switch { RowKind.Header => null, RowKind.OtherHeader => another ?? row, _ => another };
                // What stands at the foot, with no shift under it, is a row that says nothing.
                if (another is { } below && (columns.IsShift(row.Texts) || SheetColumns.MayBeShift(row.Texts)))
                {
                    throw At(below.Line, "several-headers", $"Line {below.Line} is a header that differs from the first: write the header in one line, and hand in the rows under another header as a document of their own.");
                }

                if (kind is RowKind.Shift or RowKind.OtherHeader)
                {
                    yield return columns.Row(row.Line, row.Texts, separated);
                }
            }

            directlyBelow = false;
        }
    }

    private static RefusedException At(int line, string code, string message) =>
        new(Refusal.Invalid(code, "document", message) with { Extensions = new Dictionary<string, object?> { ["line"] = line } });

    private static RefusedException SeveralSheets(Cells one, Cells other) => new(Refusal.Invalid("several-sheets", "document",
        $"There are rows on the sheets «{one.SheetName}» and «{other.SheetName}»: hand each in as a document of its own, or hide those that are not meant."));

    private static IEnumerable<Cells> Csv(Stream document, Encoding encoding)
    {
        var (delimiter, above) = DelimitedBy(document, encoding);
        document.Position = 0;
        using var text = new StreamReader(document, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        for (var line = 0; line < above; line++)
        {
            text.ReadLine();
        }

        foreach (var row in Csv(text, delimiter))
        {
            yield return row with { Line = row.Line + above };
        }
    }

    private static IEnumerable<Cells> Csv(TextReader text, string delimiter)
    {
        var bad = false;
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            BadDataFound = _ => bad = true,
            MaxFieldSize = MostCharactersOfAField,
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = true,
        });
        while (Read(csv))
        {
            // Where a row begins: RawRow is the line on which it ends.
            var line = csv.RawRow - csv.RawRecord.TrimEnd('\r', '\n').Count(c => c == '\n');
            yield return new Cells(0, line, csv.Record!, bad ? "A quoted field must begin and end with a quotation mark, and a quotation mark within it must be doubled (RFC 4180)." : null);
            bad = false;
        }
    }

    private static bool Read(CsvParser csv)
    {
        try
        {
            return csv.Read();
        }
        catch (MaxFieldSizeException)
        {
            throw At(csv.RawRow, "field-too-long",
                $"Line {csv.RawRow} has a field of more than {MostCharactersOfAField} characters; is a quotation mark missing?");
        }
    }

    // Spreadsheets on Windows write windows-1251; what is no UTF-8 is taken to be that. A byte order mark is heeded by who reads.
    private static Encoding EncodingOf(Stream document)
    {
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        using var text = new StreamReader(document, strict, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        try
        {
            var some = new char[64 * 1024];
            while (text.Read(some) > 0)
            {
            }

            return Encoding.UTF8;
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1251)!;
        }
        finally
        {
            document.Position = 0;
        }
    }

    // Excel's own first line says it (sep=;). Otherwise it is the one with which a header is found: counting would take a decimal comma for one.
    private static (string Delimiter, int LinesAbove) DelimitedBy(Stream document, Encoding encoding)
    {
        document.Position = 0;
        using var text = new StreamReader(document, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        var start = new char[64 * 1024];
        var beginning = new string(start, 0, text.ReadBlock(start));
        if (beginning.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && beginning.Length > 4 && beginning[4] is not ('\r' or '\n'))
        {
            return (beginning[4].ToString(), 1);
        }

        return (Delimiters.MaxBy(delimiter =>
        {
            using var reader = new StringReader(beginning);
            return Beginning(reader, delimiter).Select(row => SheetColumns.Find(row.Texts) is null ? SheetColumns.Known(row.Texts) : 100 + SheetColumns.Known(row.Texts)).DefaultIfEmpty(0).Max();
        })!, 0);
    }

    private static List<Cells> Beginning(TextReader text, string delimiter)
    {
        try
        {
            return [.. Csv(text, delimiter).Where(row => !row.IsEmpty).Take(MostRowsAbove)];
        }
        // Its whole reading says so, with the line.
        catch (RefusedException)
        {
            return [];
        }
    }

    private static WorkbookParts Parts(Stream document) =>
        Heeded(() => Unpacked.IsBounded(document) ? WorkbookParts.Of(document) : null) is { IsBounded: true } parts ? parts : throw new RefusedException(TooLarge);

    private static IEnumerable<Cells> Xlsx(Stream document, WorkbookParts parts, CancellationToken ct)
    {
        using var workbook = Workbook(document);
        var (sheet, cells) = (-1, 0L);
        do
        {
            ct.ThrowIfCancellationRequested();
            sheet++;
            if (workbook.VisibleState != "visible")
            {
                continue;
            }

            if (workbook.FieldCount > WidestSheet)
            {
                throw new RefusedException(TooLarge);
            }

            var line = 0;
            while (Heeded(workbook.Read))
            {
                ct.ThrowIfCancellationRequested();
                cells += Math.Max(workbook.FieldCount, LeastCellsOfARow);
                if (++line > LongestSheet || cells > MostCells)
                {
                    throw new RefusedException(TooLarge);
                }

                var row = new Cells(sheet, line, Texts(workbook, parts, sheet, line), SheetName: workbook.Name);
                if (!row.IsEmpty)
                {
                    yield return row;
                }
            }
        }
        while (Heeded(workbook.NextResult));
    }

    private static Refusal TooLarge { get; } = Refusal.Invalid("document-too-large", "document", "The workbook holds too much; hand its rows in as several documents, or as CSV.");

    private static IExcelDataReader Workbook(Stream document)
    {
        document.Position = 0;
        return Heeded(() => ExcelReaderFactory.CreateOpenXmlReader(document, new ExcelReaderConfiguration { LeaveOpen = true }));
    }

    private static string[] Texts(IExcelDataReader row, WorkbookParts parts, int sheet, int line)
    {
        var texts = new string[Math.Min(row.FieldCount, MostColumns)];
        for (var column = 0; column < texts.Length; column++)
        {
            texts[column] = parts.HasNoValue(sheet, line, column) ? SheetColumns.NoValue
                : Text(row.GetValue(column) is DateTime { Year: > 1904 and < 9990 } day && parts.CountsFrom1904 ? day.AddDays(DaysTo1904) : row.GetValue(column));
        }

        return texts;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text.Trim() is { Length: <= MostCharactersOfAField } short_ ? short_ : text[..MostCharactersOfAField],
        // Excel's own beginning of time: a time of day without a day. What is lacking of a second was lost in binary fractions.
        DateTime { Year: <= 1904 } time => Clock(time - (time.Year == 1904 ? new DateTime(1904, 1, 1) : new DateTime(1899, 12, 31))),
        DateTime moment when Rounded(moment) is var exact => exact.ToString(exact.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan length => Clock(length),
        double number => number.ToString("0.######", CultureInfo.InvariantCulture),
        bool said => said ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim() ?? "",
    };

    private static DateTime Rounded(DateTime moment) => moment.Date == DateTime.MaxValue.Date ? moment.Date : new((moment.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);

    private static string Clock(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)) is var exact
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)exact.TotalHours:00}:{exact.Minutes:00}{(exact.Seconds == 0 ? "" : $":{exact.Seconds:00}")}") : "";

    // What is no workbook shows in any way that the archive, the XML or the reader has of failing.
    private static T Heeded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new RefusedException(Refusal.Invalid("malformed-xlsx", "document", "The document is not an XLSX workbook that can be read; it may be protected by a password or saved in a format other than Excel's own."));
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
                "malformed-json", "document", $"After row {read} the document is not a JSON array of objects (line {exception.LineNumber + 1} of its text)."));
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
                return new RawRow(line, fields, new Fault(name, "member-twice", "Each member must be there only once."));
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
