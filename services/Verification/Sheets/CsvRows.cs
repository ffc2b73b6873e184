using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>The rows of a CSV, whatever it is delimited by.</summary>
internal static class CsvRows
{
    private static readonly string[] Delimiters = [";", "\t", ",", "|"];

    /// <summary>The rows of a document in an encoding.</summary>
    public static IEnumerable<TableRow> Of(Stream document, Encoding encoding)
    {
        var (delimiter, above) = DelimitedBy(document, encoding);
        document.Position = 0;
        using var text = new StreamReader(document, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        for (var line = 0; line < above; line++)
        {
            text.ReadLine();
        }

        foreach (var row in Of(text, delimiter, Cells))
        {
            yield return row with { Line = row.Line + above };
        }
    }

    private static IEnumerable<TableRow> Of(TextReader text, string delimiter, Func<CsvParser, int, string[]> cells)
    {
        var bad = false;
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            BadDataFound = _ => bad = true,
            MaxFieldSize = TableRow.MostCharacters,
            TrimOptions = TrimOptions.Trim,
            IgnoreBlankLines = true,
        });
        while (Read(csv))
        {
            // Where a row begins: RawRow is the line on which it ends.
            var line = csv.RawRow - csv.RawRecord.TrimEnd('\r', '\n').Count(c => c == '\n');
            yield return new TableRow(
                0, line, cells(csv, line),
                bad ? "A quoted field must begin and end with a quotation mark, and a quotation mark within it must be doubled (RFC 4180)." : null);
            bad = false;
        }
    }

    // What programs leave behind the last column is empty.
    private static string[] Cells(CsvParser csv, int line) =>
        csv.Count <= TableRow.MostColumns ? csv.Record!
        : csv.Record!.Skip(TableRow.MostColumns).All(string.IsNullOrWhiteSpace) ? csv.Record![..TableRow.MostColumns]
        : throw ReadSheet.At(line, "too-many-columns", $"Line {line} has more than {TableRow.MostColumns} columns.");

    private static bool Read(CsvParser csv)
    {
        try
        {
            return csv.Read();
        }
        catch (MaxFieldSizeException)
        {
            throw ReadSheet.At(csv.RawRow, "field-too-long",
                $"Line {csv.RawRow} has a field of more than {TableRow.MostCharacters} characters; is a quotation mark missing?");
        }
    }

    /// <summary>Spreadsheets on Windows write windows-1251; what is no UTF-8 is taken to be that. A byte order mark is heeded by who reads.</summary>
    public static Encoding EncodingOf(Stream document)
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
            return Beginning(reader, delimiter).Select(row => SheetColumns.Find(row.Texts) is null
                ? SheetColumns.Known(row.Texts)
                : 100 + SheetColumns.Known(row.Texts)).DefaultIfEmpty(0).Max();
        })!, 0);
    }

    private static List<TableRow> Beginning(TextReader text, string delimiter)
    {
        try
        {
            var rows = Of(text, delimiter, (csv, _) => csv.Record![..Math.Min(csv.Count, TableRow.MostColumns)]);
            return [.. rows.Where(row => !row.IsEmpty).Take(TableRow.MostAboveHeader)];
        }
        // Its whole reading says so, with the line.
        catch (RefusedException)
        {
            return [];
        }
    }
}
