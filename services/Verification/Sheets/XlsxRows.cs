using System.Globalization;
using System.Text;
using ExcelDataReader;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>The rows of a workbook.</summary>
internal static class XlsxRows
{
    // Excel's own. Who writes a cell further to the right would have rows made of that width, and who writes one further below, as many rows.
    private const int WidestSheet = 16_384;
    private const int LongestSheet = 1_048_576;

    // A row costs as much as the sheet is wide, whatever of it is empty, and at least as much as some cells. A sheet of 47 columns may be as
    // long as there are, and others beside it.
    private const long MostCells = 48L * LongestSheet;
    private const int LeastCellsOfARow = 16;

    // From Excel's one beginning of time to its other.
    private const int DaysTo1904 = 1462;

    // The reader of workbooks asks for one of them by its number, even where none is used.
    static XlsxRows() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>What a workbook is made of.</summary>
    /// <exception cref="RefusedException">It is none, or too large.</exception>
    public static WorkbookParts Parts(Stream document) =>
        Heeded(() => Unpacked.IsBounded(document) ? WorkbookParts.Of(document) : null) is { IsBounded: true } parts
            ? parts
            : throw new RefusedException(TooLarge);

    /// <summary>The rows of the sheets that are shown, without those that are empty.</summary>
    public static IEnumerable<TableRow> Of(Stream document, WorkbookParts parts, CancellationToken ct)
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

                var row = new TableRow(sheet, line, Texts(workbook, parts, sheet, line), SheetName: workbook.Name);
                if (!row.IsEmpty)
                {
                    yield return row;
                }
            }
        }
        while (Heeded(workbook.NextResult));
    }

    private static Refusal TooLarge { get; } = Refusal.Invalid(
        "document-too-large", "document", "The workbook holds too much; hand its rows in as several files, or as CSV.");

    private static IExcelDataReader Workbook(Stream document)
    {
        document.Position = 0;
        return Heeded(() => ExcelReaderFactory.CreateOpenXmlReader(document, new ExcelReaderConfiguration { LeaveOpen = true }));
    }

    private static string[] Texts(IExcelDataReader row, WorkbookParts parts, int sheet, int line)
    {
        var texts = new string[Math.Min(row.FieldCount, TableRow.MostColumns)];
        for (var column = 0; column < texts.Length; column++)
        {
            texts[column] = parts.HasNoValue(sheet, line, column) ? SheetColumns.NoValue
                : Text(row.GetValue(column) is DateTime { Year: > 1904 and < 9990 } day && parts.CountsFrom1904
                    ? day.AddDays(DaysTo1904)
                    : row.GetValue(column));
        }

        return texts;
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text.Trim() is { Length: <= TableRow.MostCharacters } short_ ? short_ : text[..TableRow.MostCharacters],
        // Excel's own beginning of time: a time of day without a day. What is lacking of a second was lost in binary fractions.
        DateTime { Year: <= 1904 } time => Clock(time - (time.Year == 1904 ? new DateTime(1904, 1, 1) : new DateTime(1899, 12, 31))),
        DateTime moment when Rounded(moment) is var exact =>
            exact.ToString(exact.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan length => Clock(length),
        double number => number.ToString("0.######", CultureInfo.InvariantCulture),
        bool said => said ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)?.Trim() ?? "",
    };

    private static DateTime Rounded(DateTime moment) => moment.Date == DateTime.MaxValue.Date
        ? moment.Date
        : new((moment.Ticks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);

    private static string Clock(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)) is var exact
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)exact.TotalHours:00}:{exact.Minutes:00}{(exact.Seconds == 0 ? "" : $":{exact.Seconds:00}")}")
        : "";

    // What is no workbook shows in any way that the archive, the XML or the reader has of failing.
    private static T Heeded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new RefusedException(Refusal.Invalid(
                "malformed-xlsx", "document",
                "The file is not an XLSX workbook that can be read; it may be protected by a password or saved in a format other than Excel's own."));
        }
    }
}
