using System.IO.Compression;
using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>Workbooks as other programs than Excel write them, and what people keep in one beside the rows that they mean.</summary>
[Trait("Feature", "F11")]
public sealed class WorkbooksOfOtherPrograms
{
    private const string Sheet = "xl/worksheets/sheet1.xml";
    private const string Rels = "xl/_rels/workbook.xml.rels";

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
            read.Add(row is null
                ? string.Join(", ", faults.Select(fault => $"{fault.Column}: {fault.Code}"))
                : $"{who!.Name} {row.Shift.Start:yyyy-MM-ddTHH:mm} {row.Shift.Minutes}");
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
        (await ReadAsync(Save(
            workbookPr, ["visible"],
            [Header, Row("Иванова Анна", day.AddDays(-later)), ["Ким", day.AddDays(-later).ToDateTime(new TimeOnly(9, 30)), null, new TimeSpan(4, 30, 0)]])))
            .ShouldBe(["Иванова Анна 2025-05-09T10:00 240", "Ким 2025-05-09T09:30 270"]);
    }

    [Fact]
    public async Task hidden_sheets_are_left_and_rows_on_several_others_are_refused()
    {
        object?[][] may = [Header, Row("Иванова Анна", new DateOnly(2025, 5, 9))], june =
            [["Июнь"], [], Header, Row("Ким", new DateOnly(2025, 6, 9))], list = [["Справочник"], ["Проекты"]];
        (await ReadAsync(Save("", ["hidden", "visible", "veryHidden"], june, may, june))).ShouldBe(["Иванова Анна 2025-05-09T10:00 240"]);
        (await ReadAsync(Save("", ["visible", "visible", "visible"], list, may, list))).ShouldBe(["Иванова Анна 2025-05-09T10:00 240"]);

        var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(Save("", ["visible", "hidden", "visible"], may, list, june)));
        refused.Refusal.Code.ShouldBe("several-sheets");
        refused.Refusal.Message.ShouldContain("«Лист1»");
        refused.Refusal.Message.ShouldContain("«Лист3»");
    }

    // However its header is worded, wherever it stands: a sheet with days, people and lengths is not passed over.
    [Fact]
    public async Task what_may_be_a_shift_on_another_sheet_is_not_left_without_a_word()
    {
        object?[] shift = Row("Иванова Анна", new DateOnly(2025, 5, 9)), other = Row("Ким", new DateOnly(2025, 6, 9));
        object?[][] may = [Header, shift];
        foreach (object?[][] sheet in new object?[][][]
        {
            [other],
            [["ФИО", null, "Время", null], [null, "Дата", "начало", "часы"], other],
            [["Кто", "Когда", "Во сколько", "Сколько"], other],
            [.. Enumerable.Repeat<object?[]>(["Проект"], 33), Header, other],
            [["Ким", "09.06.2025", "4 ч"]],
            [["3575d575-543e-51dd-99b6-00e5bbe96770", "09.06.2025", 4]],
            [["Ким", new DateTime(2025, 6, 9, 10, 0, 0), new DateTime(2025, 6, 9, 14, 0, 0)]],
        })
        {
            foreach (var workbook in new[] { Save("", ["visible", "visible"], may, sheet), Save("", ["visible", "visible"], sheet, may) })
            {
                var refused = await Should.ThrowAsync<RefusedException>(() => ReadAsync(workbook));
                refused.Refusal.Code.ShouldBe("several-sheets");
                (refused.Refusal.Message.Contains("«Лист1»", StringComparison.Ordinal) && refused.Refusal.Message.Contains("«Лист2»", StringComparison.Ordinal))
                    .ShouldBeTrue(refused.Refusal.Message);
            }
        }

        object?[][] title = [["Период", new DateOnly(2025, 5, 1), new DateOnly(2025, 5, 31)], ["Приказ", "№ 12", new DateOnly(2025, 4, 30)], ["Всего", 48]];
        (await ReadAsync(Save("", ["visible", "visible", "visible"], title, may, title))).ShouldBe(["Иванова Анна 2025-05-09T10:00 240"]);
    }

    [Fact]
    public void sheets_that_were_not_read_are_named()
    {
        object?[][] may = [Header, Row("Ким", new DateOnly(2025, 5, 9))], summary = [["Ким", 4]];
        using var workbook = new MemoryStream(Save("", ["visible", "visible", "visible", "hidden"], [["Справочник"]], may, [], summary));
        ReadSheet.Open(workbook, SheetFormat.Xlsx, null, TestContext.Current.CancellationToken).Columns!.UnreadSheets.ShouldBe(["Лист1"]);
    }

    // XML cannot write what stands for it, and neither can what is said of the document.
    [Fact]
    public void a_header_that_shows_an_error_is_neither_read_nor_repeated()
    {
        static byte[] With(string error) => AWorkbook.Replace(AWorkbook.Save([["ФИО"]]), Sheet,
        [
            $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="e"><v>#REF!</v></c>{string.Concat(error.Split(' ').Select(text => $"""<c t="inlineStr"><is><t>{text}</t></is></c>"""))}</row></sheetData></worksheet>""",
        ]);
        ReadSheet.Open(new MemoryStream(With("ФИО Дата Часы Подпись")), SheetFormat.Xlsx, null, TestContext.Current.CancellationToken).Columns!.Unread
            .ShouldBe(["Подпись"]);
        var refused = Should.Throw<RefusedException>(
            () => ReadSheet.Open(new MemoryStream(With("ФИО Дата Что")), SheetFormat.Xlsx, null, TestContext.Current.CancellationToken));
        refused.Refusal.Message.ShouldContain("«ФИО, Дата, Что»");
    }

    [Fact]
    public async Task a_heading_that_begins_with_a_digit_is_one_on_each_sheet()
    {
        object?[] header = ["ФИО", "Дата", "8. Часы"];
        (await Should.ThrowAsync<RefusedException>(() => ReadAsync(Save(
            "", ["visible", "visible"], [header, ["Ким", new DateOnly(2025, 5, 9), 4]], [header])))).Refusal.Code.ShouldBe("several-sheets");
    }

    [Theory]
    [InlineData("""<c r="D2" t="e"><v>#VALUE!</v></c>""", "Часы: cell-without-value")]
    [InlineData("""<c r="D2"><f>C2*24</f></c>""", "Часы: cell-without-value")]
    [InlineData("""<c r="D2"><f>C2*24</f><v></v></c>""", "Часы: cell-without-value")]
    [InlineData("""<c r="D2"><f>2+2</f><v>4</v></c>""", "Ким 2025-05-09T10:00 240")]
    [InlineData("""<c r="D2" t="s"><v>7</v></c>""", "Часы: cell-without-value")]
    [InlineData("""<c r="D2"><v>4</v></c><c r="E2" t="e"><v>#N/A</v></c>""", "Перерыв, мин: cell-without-value")]
    [InlineData("""<c r="D2"><v>4</v></c><c r="E2" t="str"><f>""</f><v></v></c>""", "Ким 2025-05-09T10:00 240")]
    [InlineData("""<c r="D2"><v>4</v></c><c r="F2" t="e"><v>#REF!</v></c>""", "Ким 2025-05-09T10:00 240")]
    [InlineData("""<c r="D2"><v>4</v></c><c r="G2"><v>30</v></c>""", "Ким 2025-05-09T10:00 240")]
    public async Task a_cell_that_shows_an_error_or_lacks_its_value_is_not_taken_for_an_empty_one(string cells, string said)
    {
        var workbook = Save("", ["visible"], [[.. Header, "Перерыв, мин", "Примечание"]]);
        string Text(string at, string text) => $"""<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>""";
        var sheet =
            $"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">{Text("A1", "ФИО")}{Text("B1", "Дата")}{Text("C1", "Начало")}{Text("D1", "Часы")}{Text("E1", "Перерыв, мин")}{Text("F1", "Примечание")}</row><row r="2">{Text("A2", "Ким")}{Text("B2", "09.05.2025")}{Text("C2", "10:00")}{cells}</row><row r="3"><c r="F3" t="e"><v>#REF!</v></c></row></sheetData></worksheet>""";
        (await ReadAsync(AWorkbook.Replace(workbook, "xl/worksheets/sheet1.xml", [sheet]))).ShouldBe([said]);
    }

    // Two days under one heading, hours and minutes under another.
    [Fact]
    public async Task what_stands_under_a_heading_of_several_columns_is_not_left_out() =>
        (await ReadAsync(Save(
            "", ["visible"],
            [
                ["ФИО", "Дата", "Начало", "Отработано", null],
                ["Ким", new DateOnly(2025, 5, 9), "10:00", 4, null],
                ["Ли", new DateOnly(2025, 5, 9), "10:00", 4, 30],
            ])))
            .ShouldBe(["Ким 2025-05-09T10:00 240", ": value-without-column"]);

    [Fact]
    public async Task two_days_in_one_row_are_told() =>
        (await ReadAsync(Save("", ["visible"], [Header, ["Ким", new DateOnly(2025, 5, 9), new DateTime(2025, 5, 8, 10, 0, 0), 4]])))
            .ShouldBe(["Начало: days-differ"]);

    [Theory]
    [InlineData(Rels, "worksheets/sheet1.xml", "./worksheets/sheet1.xml")]
    [InlineData(Rels, "worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml")]
    [InlineData(Rels, "worksheets/sheet1.xml", "worksheets/sheet9.xml")]
    [InlineData(Rels, "styles.xml", "other/styles.xml")]
    [InlineData(Rels, "Id=\"r1\"", "Id=\"r9\"")]
    [InlineData("xl/workbook.xml", "r:id", "id")]
    [InlineData(Sheet, "<row r=\"2\">", "<row r=\"1\">")]
    [InlineData(Sheet, "<row r=\"2\">", "<row r=\"0\">")]
    [InlineData(Sheet, "<row r=\"2\">", "<other><row r=\"2\">")]
    [InlineData(Sheet, "schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main")]
    public async Task what_its_reader_would_pass_over_makes_no_workbook(string part, string said, string instead)
    {
        var good = AWorkbook.Save([Header, Row("Ким", new DateOnly(2025, 5, 9))]);
        var text = TextOf(good, part);
        text.ShouldContain(said);
        var changed = text.Replace(said, instead, StringComparison.Ordinal);
        changed = instead.StartsWith("<other>", StringComparison.Ordinal)
            ? changed.Replace("</sheetData>", "</other></sheetData>", StringComparison.Ordinal)
            : changed;

        (await ReadAsync(good)).Count.ShouldBe(1);
        (await Should.ThrowAsync<RefusedException>(() => ReadAsync(AWorkbook.Replace(good, part, [changed])))).Refusal.Code.ShouldBe("malformed-xlsx");
    }

    private static string TextOf(byte[] workbook, string part)
    {
        using var archive = new ZipArchive(new MemoryStream(workbook));
        using var text = new StreamReader(archive.GetEntry(part)!.Open());
        return text.ReadToEnd();
    }

    [Fact]
    public async Task a_row_far_below_the_others_is_read_as_they_are()
    {
        object?[] first = Row("Иванова Анна", new DateOnly(2025, 5, 9)), last = Row("Ким", new DateOnly(2025, 5, 10));
        (await ReadAsync(Save("", ["visible"], [Header, first, .. Enumerable.Repeat<object?[]>([""], 20_000), last])))
            .ShouldBe(["Иванова Анна 2025-05-09T10:00 240", "Ким 2025-05-10T10:00 240"]);
    }

    [Fact]
    public async Task under_another_header_nothing_is_read_by_the_first()
    {
        object?[] first = Row("Иванова Анна", new DateOnly(2025, 5, 9));
        (await ReadAsync(Save("", ["visible"], [Header, first, Header, first]))).Count.ShouldBe(2);

        var refused = await Should.ThrowAsync<RefusedException>(
            () => ReadAsync(Save("", ["visible"], [Header, first, ["ФИО", "Дата", "Часы", "Начало"], ["Ким", new DateOnly(2025, 5, 10), 4, 10]])));
        refused.Refusal.Code.ShouldBe("several-headers");
        refused.Refusal.Message.ShouldContain("Line 3");
    }

    [Fact]
    public async Task rows_on_another_sheet_are_told_however_far_below_they_begin()
    {
        object?[][] may = [Header, Row("Иванова Анна", new DateOnly(2025, 5, 9))];
        var refused = await Should.ThrowAsync<RefusedException>(
            () => ReadAsync(Save("", ["visible", "visible"], may, [.. Enumerable.Repeat<object?[]>(["Проект"], 40), .. may])));
        refused.Refusal.Code.ShouldBe("several-sheets");
        (await Should.ThrowAsync<RefusedException>(
            () => ReadAsync(Save("", ["visible", "visible"], may, [["1 взвод", .. Header], ["", .. may[1]]])))).Refusal.Code.ShouldBe("several-sheets");
    }

    // Thousands of millions of rows are told in a file of 2 kB.
    [Theory]
    [InlineData("""<row r="1048576"><c r="A1048576" s="0"/></row>""", null)]
    [InlineData("""<row r="1048577"/>""", "document-too-large")]
    [InlineData("""<row r="2000000000"/>""", "document-too-large")]
    [InlineData("""<row r="2000000000"><c r="A2000000000" s="0"/></row>""", "document-too-large")]
    [InlineData("""<row r="1048576"><c r="AX1048576" s="0"/></row>""", "document-too-large")]
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
        await using var rows = ReadSheet.Open(new MemoryStream(WithSecond("""<row r="1048576"/>""")), SheetFormat.Xlsx, null, gone.Token).Rows
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        (await rows.MoveNextAsync()).ShouldBeTrue();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await rows.MoveNextAsync());

        // Nor sheets that would be passed over.
        Should.Throw<OperationCanceledException>(() => ReadSheet.Open(new MemoryStream(Save("", ["hidden"], [Header])), SheetFormat.Xlsx, null, gone.Token));
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
            var cells = Enumerable.Range(1, 4).Select(style =>
                $"""<row r="{style + 1}"><c r="A{style + 1}" t="inlineStr"><is><t>Ким</t></is></c>{string.Concat("BCD".Select(column => $"""<c r="{column}{style + 1}" s="{style}"><v>{number:R}</v></c>"""))}</row>""");
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
