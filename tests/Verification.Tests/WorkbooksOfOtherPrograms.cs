using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Workbooks as other programs than Excel write them, and what people keep in one beside the rows that they mean.</summary>
[Trait("Feature", "F11")]
public sealed class WorkbooksOfOtherPrograms
{
    private static readonly object?[] Header = ["ФИО", "Дата", "Начало", "Часы"];

    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);

    private static object?[] Row(string name, DateOnly day) => [name, day, new TimeOnly(10, 0), 4];

    private static byte[] Save(string workbookPr, string[] states, params object?[][][] sheets) => AWorkbook.Replace(AWorkbook.Save(sheets), "xl/workbook.xml",
    [
        $"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{workbookPr}<sheets>""",
        .. states.Select((state, i) => $"""<sheet name="Лист{i + 1}" sheetId="{i + 1}" state="{state}" r:id="r{i + 1}"/>"""),
        "</sheets></workbook>",
    ]);

    private static async Task<List<string>> ReadAsync(byte[] workbook)
    {
        var read = new List<string>();
        await foreach (var raw in ReadSheet.Open(new MemoryStream(workbook), SheetFormat.Xlsx, null, TestContext.Current.CancellationToken).Rows)
        {
            var (row, who, faults) = SheetRow.Read(raw, new ForAllRows("Europe/Moscow"), Now);
            read.Add(row is null ? string.Join(", ", faults.Select(fault => $"{fault.Column}: {fault.Code}")) : $"{who!.Name} {row.Shift.Start:yyyy-MM-ddTHH:mm} {row.Shift.Minutes}");
        }

        return read;
    }

    // Excel and openpyxl write 1, LibreOffice true.
    [Theory]
    [InlineData("""<workbookPr/>""", 0)]
    [InlineData("""<workbookPr date1904="0"/>""", 0)]
    [InlineData("""<workbookPr date1904="false"/>""", 0)]
    [InlineData("""<workbookPr date1904="1"/>""", 1462)]
    [InlineData("""<workbookPr backupFile="false" date1904="true"/>""", 1462)]
    [InlineData("""<workbookPr date1904=" true "/>""", 1462)]
    public async Task days_are_counted_from_when_the_workbook_says(string workbookPr, int later)
    {
        var day = new DateOnly(2025, 5, 9);
        (await ReadAsync(Save(workbookPr, ["visible"], [Header, Row("Иванова Анна", day.AddDays(-later)), ["Ким", day.AddDays(-later).ToDateTime(new TimeOnly(9, 30)), null, new TimeSpan(4, 30, 0)]])))
            .ShouldBe(["Иванова Анна 2025-05-09T10:00 240", "Ким 2025-05-09T09:30 270"]);
    }

    [Fact]
    public async Task hidden_sheets_are_left_and_rows_on_several_others_are_refused()
    {
        object?[][] may = [Header, Row("Иванова Анна", new DateOnly(2025, 5, 9))], june = [["Июнь"], [], Header, Row("Ким", new DateOnly(2025, 6, 9))], list = [["Справочник"], ["Проекты"]];
        (await ReadAsync(Save("", ["hidden", "visible", "veryHidden"], june, may, june))).ShouldBe(["Иванова Анна 2025-05-09T10:00 240"]);
        (await ReadAsync(Save("", ["visible", "visible", "visible"], list, may, list))).ShouldBe(["Иванова Анна 2025-05-09T10:00 240"]);

        var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(Save("", ["visible", "hidden", "visible"], may, list, june)));
        refused.Refusal.Code.ShouldBe("several-sheets");
        refused.Refusal.Message.ShouldContain("«Лист1»");
        refused.Refusal.Message.ShouldContain("«Лист3»");
    }

    [Fact]
    public async Task a_row_far_below_the_others_is_read_as_they_are()
    {
        object?[] first = Row("Иванова Анна", new DateOnly(2025, 5, 9)), last = Row("Ким", new DateOnly(2025, 5, 10));
        (await ReadAsync(Save("", ["visible"], [Header, first, .. Enumerable.Repeat<object?[]>([""], 20_000), last]))).ShouldBe(["Иванова Анна 2025-05-09T10:00 240", "Ким 2025-05-10T10:00 240"]);
    }

    [Fact]
    public async Task under_another_header_nothing_is_read_by_the_first()
    {
        object?[] first = Row("Иванова Анна", new DateOnly(2025, 5, 9));
        (await ReadAsync(Save("", ["visible"], [Header, first, Header, first]))).Count.ShouldBe(2);

        var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(Save("", ["visible"], [Header, first, ["ФИО", "Дата", "Часы", "Начало"], ["Ким", new DateOnly(2025, 5, 10), 4, 10]])));
        refused.Refusal.Code.ShouldBe("several-headers");
        refused.Refusal.Message.ShouldContain("Line 3");
    }

    [Fact]
    public async Task rows_on_another_sheet_are_told_however_far_below_they_begin()
    {
        object?[][] may = [Header, Row("Иванова Анна", new DateOnly(2025, 5, 9))];
        var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(Save("", ["visible", "visible"], may, [.. Enumerable.Repeat<object?[]>(["Проект"], 40), .. may])));
        refused.Refusal.Code.ShouldBe("several-sheets");
        (await Should.ThrowAsync<RefusedException>(() => ReadAsync(Save("", ["visible", "visible"], may, [["1 взвод", .. Header], ["", .. may[1]]])))).Refusal.Code.ShouldBe("several-sheets");
    }

    // Thousands of millions of rows are told in a file of 2 kB.
    [Theory]
    [InlineData("""<row r="1048576"><c r="A1048576" s="0"/></row>""", null)]
    [InlineData("""<row r="1048577"/>""", "document-too-large")]
    [InlineData("""<row r="2000000000"/>""", "document-too-large")]
    [InlineData("""<row r="2000000000"><c r="A2000000000" s="0"/></row>""", "document-too-large")]
    [InlineData("""<row r="1048576"><c r="CC1048576" s="0"/></row>""", "document-too-large")]
    public async Task a_sheet_is_as_long_as_excel_makes_them_and_all_that_is_empty_costs_a_bounded_time(string rows, string? refused)
    {
        var read = () => ReadAsync(WithSecond(rows));
        if (refused is null)
        {
            (await read()).ShouldBe(["Иванова Анна 2025-05-09T10:00 240"]);
        }
        else
        {
            (await Should.ThrowAsync<RefusedException>(read)).Refusal.Code.ShouldBe(refused);
        }
    }

    [Fact]
    public async Task who_hangs_up_has_no_empty_rows_read()
    {
        using var gone = new CancellationTokenSource();
        await using var rows = ReadSheet.Open(new MemoryStream(WithSecond("""<row r="1048576"/>""")), SheetFormat.Xlsx, null, gone.Token).Rows.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await rows.MoveNextAsync()).ShouldBeTrue();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await rows.MoveNextAsync());
    }

    private static byte[] WithSecond(string rows) => AWorkbook.Replace(
        Save("", ["visible", "visible"], [Header, Row("Иванова Анна", new DateOnly(2025, 5, 9))], []), "xl/worksheets/sheet2.xml",
        [$"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""]);

    // A day is asked for, a length is out of range: whatever a cell's number is, its row says what is wrong.
    [Theory]
    [InlineData(2958465.9999999)]
    [InlineData(2958466)]
    [InlineData(2957004)]
    [InlineData(-1)]
    [InlineData(-693594)]
    public async Task a_number_that_is_no_day_and_no_length_is_a_fault_of_its_row(double number)
    {
        foreach (var epoch in new[] { "", """<workbookPr date1904="true"/>""" })
        {
            var workbook = Save(epoch, ["visible"], [Header]);
            var cells = Enumerable.Range(1, 4).Select(style => $"""<row r="{style + 1}"><c r="A{style + 1}" t="inlineStr"><is><t>Ким</t></is></c>{string.Concat("BCD".Select(column => $"""<c r="{column}{style + 1}" s="{style}"><v>{number:R}</v></c>"""))}</row>""");
            var sheet = AWorkbook.Replace(workbook, "xl/worksheets/sheet1.xml",
            [
                """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">""",
                .. Header.Select((name, column) => $"""<c r="{(char)('A' + column)}1" t="inlineStr"><is><t>{name}</t></is></c>"""),
                "</row>", .. cells, "</sheetData></worksheet>",
            ]);
            (await ReadAsync(sheet)).Count.ShouldBe(4);
        }
    }
}
