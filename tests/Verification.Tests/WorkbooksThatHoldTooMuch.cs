using System.IO.Compression;
using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>A workbook of a few kilobytes that would fill the memory, or take minutes, is refused before it is read.</summary>
[Trait("Feature", "F11")]
public sealed class WorkbooksThatHoldTooMuch
{
    private const string Sheet = "xl/worksheets/sheet1.xml";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly byte[] Good =
        AWorkbook.Save([["ФИО", "Дата", "Начало", "Часы"], ["Иванова Анна", new DateOnly(2025, 5, 9), new TimeOnly(10, 0), 4]]);

    private static string? RefusedAs(byte[] workbook)
    {
        using var document = new MemoryStream(workbook);
        return Should.Throw<RefusedException>(() => ReadSheet.Open(document, SheetFormat.Xlsx, null, TestContext.Current.CancellationToken)).Refusal.Code;
    }

    // As many as come to 40 MB, which compress to some 100 kB.
    private static IEnumerable<string> Many(string head, string unit, string tail)
    {
        var some = string.Concat(Enumerable.Repeat(unit, Math.Max(1, 1024 * 1024 / unit.Length)));
        return [head, .. Enumerable.Repeat(some, 40), tail];
    }

    [Theory]
    [InlineData("a text", Sheet, "<worksheet xmlns='@'><sheetData><row><c t='inlineStr'><is><t>", "A", "</t></is></c></row></sheetData></worksheet>")]
    [InlineData("an attribute", Sheet, "<worksheet xmlns='@'><sheetData><row><c r='", "A", "'/></row></sheetData></worksheet>")]
    [InlineData("empty rows", Sheet, "<worksheet xmlns='@'><sheetData>", "<row/>", "</sheetData></worksheet>")]
    [InlineData("empty cells", Sheet, "<worksheet xmlns='@'><sheetData><row>", "<c/>", "</row></sheetData></worksheet>")]
    [InlineData("cells under a prefix", Sheet, "<x:worksheet xmlns:x='@'><x:sheetData><x:row>", "<x:c/>", "</x:row></x:sheetData></x:worksheet>")]
    [InlineData("merged cells", Sheet, "<worksheet xmlns='@'><sheetData/><mergeCells>", "<mergeCell ref='A1:B2'/>", "</mergeCells></worksheet>")]
    [InlineData("columns", Sheet, "<worksheet xmlns='@'><cols>", "<col min='1' max='1' width='9'/>", "</cols><sheetData/></worksheet>")]
    [InlineData("styles", "xl/styles.xml", "<styleSheet xmlns='@'><cellXfs>", "<xf numFmtId='0'/>", "</cellXfs></styleSheet>")]
    [InlineData(
        "wide rows", Sheet, "<worksheet xmlns='@'><sheetData>", "<row><c r='A1'><v>1</v></c><c r='XFD1'><v>1</v></c></row>", "</sheetData></worksheet>")]
    public void much_of_little_is_refused(string what, string part, string head, string unit, string tail)
    {
        var bomb = AWorkbook.Replace(Good, part, Many(head.Replace("@", Main, StringComparison.Ordinal), unit, tail));
        bomb.Length.ShouldBeLessThan(2_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        RefusedAs(bomb).ShouldBe("document-too-large", what);

        // What is thrown away again while wide rows are read counts here, too.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(what == "wide rows" ? 1_000_000_000 : 20_000_000, what);
    }

    [Fact]
    public void a_cell_beyond_the_last_column_makes_no_row_of_that_width()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        RefusedAs(AWorkbook.Replace(
            Good, Sheet,
            [$"<worksheet xmlns='{Main}'><sheetData><row r='1'><c r='ZZZZZZ1'><v>1</v></c></row></sheetData></worksheet>"])).ShouldBe("document-too-large");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(20_000_000);
    }

    // Looked through once, it would be read as often as it is named.
    [Theory]
    [InlineData("r1", "worksheets/sheet1.xml")]
    [InlineData("r2", "worksheets/sheet1.xml")]
    [InlineData("r2", "/xl/Worksheets/sheet1.xml")]
    public void a_part_that_two_sheets_name_is_refused(string second, string target)
    {
        const string Of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        var workbook = AWorkbook.Replace(Good, "xl/workbook.xml", [$"<workbook xmlns='{Main}' xmlns:r='{Of}'><sheets><sheet name='1' sheetId='1' "
            + $"r:id='r1'/><sheet name='2' sheetId='2' state='hidden' r:id='{second}'/></sheets></workbook>"]);
        workbook = AWorkbook.Replace(workbook, "xl/_rels/workbook.xml.rels",
        [
            $"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r1' Type='{Of}/worksheet' "
                + "Target='worksheets/sheet1.xml'/>",
            second == "r2" ? $"<Relationship Id='r2' Type='{Of}/worksheet' Target='{target}'/>" : "", "</Relationships>",
        ]);

        RefusedAs(workbook).ShouldBe("document-too-large");
        RefusedAs(Renamed(workbook)).ShouldBe("document-too-large");
    }

    // The same archive with backslashes, as its reader takes them.
    private static byte[] Renamed(byte[] workbook)
    {
        using var bytes = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(workbook)))
        using (var to = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using Stream source = entry.Open(), target = to.CreateEntry(entry.FullName.Replace('/', '\\')).Open();
                source.CopyTo(target);
            }
        }

        return bytes.ToArray();
    }

    [Fact]
    public void entities_are_not_read()
    {
        foreach (var entity in new[] { "\"aaaaaaaaaa\"", "SYSTEM \"file:///etc/hostname\"" })
        {
            RefusedAs(AWorkbook.Replace(Good, Sheet, [$"<!DOCTYPE a [<!ENTITY a {entity}>]><worksheet xmlns='{Main}'><sheetData><row><c "
                + "t='inlineStr'><is><t>&a;</t></is></c></row></sheetData></worksheet>"]))
                .ShouldBe("malformed-xlsx");
        }
    }
}
