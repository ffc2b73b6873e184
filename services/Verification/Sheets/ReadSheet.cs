using System.Runtime.CompilerServices;
using System.Text;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// Reads an attendance sheet row by row, in memory that does not grow with its length. What is wrong with one row is said of that row; a sheet
/// that cannot be read on is refused whole. Tables are taken as people make them: lines above the header, columns that say nothing to us, empty rows,
/// repeated headers and totals are passed over.
/// </summary>
public static class ReadSheet
{
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
            return (null, JsonRows.OfAsync(document, ct));
        }

        var parts = format == SheetFormat.Xlsx ? XlsxRows.Parts(document) : null;
        var rows = parts is null ? CsvRows.Of(document, encoding ?? CsvRows.EncodingOf(document)) : XlsxRows.Of(document, parts, ct);
        var columns = FindHeader(rows, parts, ct);
        return (columns, BelowAsync(rows, columns, format == SheetFormat.Csv, ct));
    }

    private static SheetColumns FindHeader(IEnumerable<TableRow> rows, WorkbookParts? parts, CancellationToken ct)
    {
        var (best, sheet, above) = (new TableRow(0, 0, []), -1, 0);
        foreach (var row in rows.Where(row => !row.IsEmpty))
        {
            ct.ThrowIfCancellationRequested();
            (sheet, above) = (row.Sheet, row.Sheet == sheet ? above + 1 : 0);
            if (above >= TableRow.MostAboveHeader)
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
        "The sheet must have a header and a row for every shift.");

    private static async IAsyncEnumerable<RawRow> BelowAsync(
        IEnumerable<TableRow> rows, SheetColumns columns, bool separated, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        TableRow? header = null, elsewhere = null, another = null;
        var above = new List<int>();
        var directlyBelow = true;
        foreach (var row in rows)
        {
            ct.ThrowIfCancellationRequested();
            if (header is not { } first)
            {
                if (!row.Texts.SequenceEqual(columns.Header))
                {
                    above.AddRange(SheetColumns.MayBeShift(row.Texts) && above.Count < TableRow.MostAboveHeader ? [row.Line] : []);
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
                    throw At(
                        below.Line, "several-headers",
                        $"Line {below.Line} is a header that differs from the first: write the header in one line, and hand in the rows under another header "
                            + "as a file of their own.");
                }

                if (kind is RowKind.Shift or RowKind.OtherHeader)
                {
                    yield return columns.Row(row.Line, row.Texts, separated);
                }
            }

            directlyBelow = false;
        }
    }

    /// <summary>A refusal of the whole document, with the line where the reason stands.</summary>
    internal static RefusedException At(int line, string code, string message) =>
        new(Refusal.Invalid(code, "document", message) with { Extensions = new Dictionary<string, object?> { ["line"] = line } });

    private static RefusedException SeveralSheets(TableRow one, TableRow other) => new(Refusal.Invalid("several-sheets", "document",
        $"There are rows on the sheets «{one.SheetName}» and «{other.SheetName}»: hand each in as a file of its own, "
            + "or hide the sheets that should not be read."));
}
