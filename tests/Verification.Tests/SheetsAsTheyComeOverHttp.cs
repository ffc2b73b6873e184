using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Verification.Tests;

/// <summary>Attendance sheets as people make them in a spreadsheet, and one document read in two ways.</summary>
[Trait("Feature", "F11")]
public sealed class SheetsAsTheyComeOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private const string Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private static readonly Guid Anna = new("019a0000-0000-7000-8000-00000000000a");

    private static async Task<HttpResponseMessage> SendAsync(
        AnOrganisation organisation, byte[] document, string type = "text/csv", string query = "&zone=Europe/Moscow")
    {
        var content = new ByteArrayContent(document);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await organisation.Client.PostAsync(new Uri($"/api/v1/sheets?organisationId={organisation.Id}{query}", UriKind.Relative), content);
    }

    private static async Task<JsonElement> TakenInAsync(
        AnOrganisation organisation, byte[] document, string type = "text/csv", string query = "&zone=Europe/Moscow")
    {
        var answer = await SendAsync(organisation, document, type, query);
        await answer.ShouldBeAsync(HttpStatusCode.Created);
        return await answer.JsonAsync();
    }

    private static async Task<List<JsonElement>> RowsAsync(AnOrganisation organisation, JsonElement receipt, string part = "rows") =>
        [.. (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{receipt.GetProperty("id").GetGuid()}/{part}")).GetProperty("items").EnumerateArray()];

    private static (int Line, string Start, int Minutes) Said(JsonElement row) =>
        (row.GetProperty("line").GetInt32(), row.GetProperty("start").GetString()!, row.GetProperty("minutes").GetInt32());

    [Fact]
    public async Task a_file_as_excel_saves_it_in_russian_is_read_as_it_is_meant()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        // Lines above the header, columns of nobody's interest, empty columns and rows, a total: all in windows-1251, with Excel's own first line.
        var document = CodePagesEncodingProvider.Instance.GetEncoding(1251)!.GetBytes(
            $""""
            sep=;
            Ведомость учёта часов за май;;;;;;;;
            ;;;;;;;;
            № п/п;Код волонтёра;Дата смены;Начало;Конец;Кол-во часов;Мероприятие;Подпись;
            1;{Anna};09.05.2025;10:00;14:30;4,5;"Забота ""рядом""";;
            ;;;;;;;;
            2;{Anna};10.05.2025;9.00;;4:30;Забота рядом;;
            3;{Anna};11.05.2025;22:00;02:00;;Забота рядом;;
            4;{Anna};12.05.2025;10:00;;4 ч 30 мин;Забота рядом;;
            Итого;;;;;18;;;
            """".ReplaceLineEndings("\r\n"));

        var receipt = await TakenInAsync(organisation, document);
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("faulty").GetInt32()).ShouldBe((4, 0));
        receipt.GetProperty("unread").EnumerateArray().Select(column => column.GetString()).ShouldBe(["Подпись"]);
        var rows = await RowsAsync(organisation, receipt);
        rows.Select(Said)
            .ShouldBe([(5, "2025-05-09T10:00:00", 270), (7, "2025-05-10T09:00:00", 270), (8, "2025-05-11T22:00:00", 240), (9, "2025-05-12T10:00:00", 270)]);
        rows[0].GetProperty("project").GetString().ShouldBe("Забота \"рядом\"");
    }

    [Fact]
    public async Task a_file_says_itself_what_stands_between_its_columns_and_empty_ones_at_the_end_may_be_there_or_not()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var receipt = await TakenInAsync(organisation, Encoding.UTF8.GetBytes(
            $"""
            sep=^
            Код волонтёра^Дата^Начало^Часы^Проект^Подпись
            {Anna}^09.05.2025^10:00^4^Забота; рядом
            {Anna}^10.05.2025^10:00^4^Забота; рядом^^^^

            """));
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("faulty").GetInt32())
            .ShouldBe((2, 0), string.Join("\n", await RowsAsync(organisation, receipt, "faults")));
        (await RowsAsync(organisation, receipt)).Select(Said).ShouldBe([(3, "2025-05-09T10:00:00", 240), (4, "2025-05-10T10:00:00", 240)]);
    }

    [Fact]
    public async Task a_workbook_says_the_same_as_a_text()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var document = AWorkbook.Save(
            [["Ведомость"], ["Это титульный лист"]],
            [
                ["Отдел добрых дел"],
                [],
                ["Волонтёр", "Дата", "Время начала", "Часы", "Минуты", null, "Явка"],
                [Anna.ToString(), new DateOnly(2025, 5, 9), new TimeOnly(10, 0), 4.5, null, "заметка сбоку", "да"],
                [Anna.ToString(), "10.05.2025", "9:30", new TimeOnly(4, 30), null, null, "+"],
                [Anna.ToString(), new DateOnly(2025, 5, 11), new TimeOnly(10, 0), new TimeSpan(4, 30, 0), null, null, "был"],
                [Anna.ToString(), new DateOnly(2025, 5, 12), new TimeOnly(10, 0), 4, 30, null, "неявка"],
                [],
                [Anna.ToString(), new DateTime(2025, 5, 13, 10, 0, 0, DateTimeKind.Unspecified), null, "4,5", null, null, "1"],
            ]);
        var receipt = await TakenInAsync(organisation, document, Workbook);
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("faulty").GetInt32())
            .ShouldBe((5, 0), string.Join("\n", await RowsAsync(organisation, receipt, "faults")));
        var rows = await RowsAsync(organisation, receipt);
        rows.Select(Said).ShouldBe(
            [(4, "2025-05-09T10:00:00", 270), (
                5, "2025-05-10T09:30:00", 270), (6, "2025-05-11T10:00:00", 270), (7, "2025-05-12T10:00:00", 270), (9, "2025-05-13T10:00:00", 270)]);
        rows.Select(row => row.GetProperty("attended").GetBoolean()).ShouldBe([true, true, true, false, true]);
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{receipt.GetProperty("id").GetGuid()}")).GetProperty("format").GetString().ShouldBe("xlsx");
    }

    // Who left it blank has not said that somebody was there.
    [Theory]
    [InlineData("\u00A0")]
    [InlineData("\u200B")]
    public async Task a_cell_in_which_nothing_is_seen_says_nothing_of_who_was_there(string blank)
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var csv = $"Волонтёр;Дата;Начало;Часы;Явка;Проект\n{Anna};09.05.2025;10:00;4;{blank};{blank}\n{Anna};10.05.2025;10:00;4;да;{blank}\n";
        var receipt = await TakenInAsync(organisation, Encoding.UTF8.GetBytes(csv), "text/csv");
        var fault = (await RowsAsync(organisation, receipt, "faults")).ShouldHaveSingleItem();
        fault.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem().GetProperty("field").GetString().ShouldBe("attended");
        (await RowsAsync(organisation, receipt)).ShouldHaveSingleItem().TryGetProperty("project", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task a_cell_of_a_million_blanks_is_read_once()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var row = new { volunteer_id = Anna, start = "2025-05-09T10:00", zone = "Europe/Moscow", minutes = 60, project = $"a{new string(' ', 1_000_000)}b\nc" };
        var receipt = await TakenInAsync(organisation, JsonSerializer.SerializeToUtf8Bytes(new[] { row }), "application/json");
        var fault = (await RowsAsync(organisation, receipt, "faults")).ShouldHaveSingleItem().GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        (fault.GetProperty("field").GetString(), fault.GetProperty("code").GetString()).ShouldBe(("project", "text-too-long"));
    }

    [Fact]
    public async Task a_project_that_no_document_can_print_is_told_before_the_sheet_is_signed()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var csv = $"Волонтёр;Дата;Начало;Часы;Проект\n{Anna};09.05.2025;10:00;4;😀 праздник\n";
        var receipt = await TakenInAsync(organisation, Encoding.UTF8.GetBytes(csv), "text/csv");
        var fault = (await RowsAsync(organisation, receipt, "faults")).ShouldHaveSingleItem().GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        (fault.GetProperty("field").GetString(), fault.GetProperty("code").GetString()).ShouldBe(("project", "characters-not-written"));
    }

    [Fact]
    public async Task a_cell_of_several_lines_says_one()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var receipt = await TakenInAsync(organisation, AWorkbook.Save(
            [
                ["Волонтёр", "Дата", "Начало", "Часы", "Проект"],
                [Anna.ToString(), new DateOnly(2025, 5, 9), new TimeOnly(10, 0), 4, "Забота \r\n рядом"],
            ]), Workbook);
        (await RowsAsync(organisation, receipt)).ShouldHaveSingleItem().GetProperty("project").GetString().ShouldBe("Забота рядом");
    }

    [Fact]
    public async Task what_is_no_workbook_or_too_large_a_one_is_refused_and_takes_no_time()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var good = AWorkbook.Save([["ФИО", "Дата", "Начало", "Часы"], ["Иванова Анна", new DateOnly(2025, 5, 9), new TimeOnly(10, 0), 4]]);
        foreach (var (document, code) in new[]
        {
            (Encoding.UTF8.GetBytes("PK no archive"), "malformed-xlsx"),
            (good[..^200], "malformed-xlsx"),
            (Bomb(), "document-too-large"),
            (AWorkbook.Save([["Это", "не", "ведомость"]]), "column-missing"),
            (AWorkbook.Save([[]]), "document-empty"),
        })
        {
            await (await SendAsync(organisation, document, Workbook)).ProblemAsync(HttpStatusCode.BadRequest, code);
        }

        // A workbook that says to be as wide and long as can be, and is not.
        var wide = await TakenInAsync(
            organisation,
            AWorkbook.Save("A1:XFD1048576", [["ФИО", "Дата", "Начало", "Часы"], ["Иванова Анна", new DateOnly(2025, 5, 9), new TimeOnly(10, 0), 4]]), Workbook);
        wide.GetProperty("rows").GetInt32().ShouldBe(1);
    }

    private static byte[] Bomb()
    {
        using var bytes = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(bytes, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("xl/sharedStrings.xml", System.IO.Compression.CompressionLevel.Fastest).Open();
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 65; i++)
            {
                entry.Write(zeros);
            }
        }

        return bytes.ToArray();
    }

    [Fact]
    public async Task faults_of_all_rows_are_told_at_once_by_row_and_by_the_documents_own_column()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var receipt = await TakenInAsync(organisation, Encoding.UTF8.GetBytes(
            $"""
            ФИО;Дата;Начало;Окончание;Часы
            Иванова Анна;32.05.2025;25:00;14:00;4
            {Anna};09.05.2025;10:00;12:00;4
            ;09.05.2025;10:00;;много
            Петров Пётр;09.05.2025;10:00;;4;лишнее
            """));
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("faulty").GetInt32()).ShouldBe((0, 4));
        var faults = (await RowsAsync(organisation, receipt, "faults"))
            .SelectMany(row => row.GetProperty("faults").EnumerateArray().Select(fault => (
                row.GetProperty("line").GetInt32(), fault.GetProperty("code").GetString(),
                fault.TryGetProperty("column", out var column) ? column.GetString() : null)));
        faults.ShouldBe(
            [(2, "not-a-date", "Дата"), (2, "not-a-time", "Начало"), (
                3, "longer-than-its-times", "Часы"), (4, "field-missing", "ФИО"), (4, "not-a-duration", "Часы"), (5, "wrong-number-of-fields", null)],
            ignoreOrder: true);
    }

    [Fact]
    public async Task a_document_with_days_and_no_times_needs_to_be_told_when_its_shifts_begin()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var document = Encoding.UTF8.GetBytes($"Волонтёр,Дата,Часы\n{Anna},09.05.2025,4\n");
        var problem = await (await SendAsync(organisation, document)).ProblemAsync(HttpStatusCode.BadRequest, "no-time-of-day");
        problem.Errors!.Keys.ShouldBe(["start"]);
        await (await SendAsync(organisation, document, query: "&zone=Europe/Moscow&start=9")).ProblemAsync(HttpStatusCode.BadRequest, "not-a-time");
        var receipt = await TakenInAsync(organisation, document, query: "&zone=Europe/Moscow&start=09:30");
        (await RowsAsync(organisation, receipt)).Select(Said).ShouldBe([(2, "2025-05-09T09:30:00", 240)]);
    }

    [Fact]
    public async Task the_same_file_with_another_zone_is_read_anew_and_drops_the_unsigned_reading()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var document = Encoding.UTF8.GetBytes($"volunteer_id,start,minutes\n{Anna},2025-05-09T10:00,240\n");
        var wrong = await TakenInAsync(organisation, document, query: "&zone=Europe/Moscow");
        var right = await TakenInAsync(organisation, document, query: "&zone=Asia/Yekaterinburg");
        right.GetProperty("alreadyThere").GetBoolean().ShouldBeFalse();
        (await RowsAsync(organisation, right))[0].GetProperty("zone").GetString().ShouldBe("Asia/Yekaterinburg");
        var sheet = await organisation.Client.GetJsonAsync($"/api/v1/sheets/{wrong.GetProperty("id").GetGuid()}");
        sheet.GetProperty("status").GetString().ShouldBe("discarded");
        (await RowsAsync(organisation, wrong)).ShouldBeEmpty();

        // The same reading is the same sheet, whatever else is said of it.
        var again = await SendAsync(organisation, document, query: "&zone=Asia/Yekaterinburg&name=Другое имя");
        await again.ShouldBeAsync(HttpStatusCode.OK);
        (await again.JsonAsync()).GetProperty("id").GetGuid().ShouldBe(right.GetProperty("id").GetGuid());

        // Back to the first reading: it may come again. What is signed stays.
        var back = await TakenInAsync(organisation, document, query: "&zone=Europe/Moscow");
        back.GetProperty("id").GetGuid().ShouldBe(wrong.GetProperty("id").GetGuid());
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{back.GetProperty("id").GetGuid()}/statement", UriKind.Relative), TestContext.Current.CancellationToken);
        var version = (await organisation.Client.GetResponseAsync($"/api/v1/sheets/{back.GetProperty("id").GetGuid()}")).Headers.ETag!.Tag.Trim('"');
        await (await organisation.Client.PostJsonAsync(
            $"/api/v1/sheets/{back.GetProperty("id").GetGuid()}/signature",
            new { signature = organisation.Sign(statement) },
            int.Parse(version, System.Globalization.CultureInfo.InvariantCulture))).ShouldBeAsync(HttpStatusCode.NoContent);
        await TakenInAsync(organisation, document, query: "&zone=Asia/Yekaterinburg");
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{back.GetProperty("id").GetGuid()}")).GetProperty("status").GetString().ShouldBe("signed");
    }

    [Fact]
    public async Task people_named_otherwise_than_by_their_code_are_said_before_the_sheet_is_signed_and_their_names_stay_at_profiles()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var (ivanova, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var receipt = await TakenInAsync(organisation, Encoding.UTF8.GetBytes(
            $"""
            ФИО;E-mail;Дата;Начало;Часы
            Тайнова Секрета;;09.05.2025;10:00;4
            тайнова  секрета;;10.05.2025;10:00;4
            Незнакомцева Ада;ada@secret.example;10.05.2025;10:00;2
            {Anna};;11.05.2025;10:00;4
            Посторонняя Ева;;11.05.2025;10:00;4
            """));
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("unresolved").GetInt32()).ShouldBe((5, 3));
        var id = receipt.GetProperty("id").GetGuid();
        var sheet = await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}");
        var list = host.PeopleLists[(organisation.Id, sheet.GetProperty("peopleId").GetGuid())];
        list.GetProperty("people").EnumerateArray().Select(person => person.GetProperty("name").GetString())
            .ShouldBe(["Тайнова Секрета", "Незнакомцева Ада", "Посторонняя Ева"], StringComparer.OrdinalIgnoreCase);

        (await RowsAsync(organisation, receipt))[0].GetProperty("person").GetInt32().ShouldBe(1);
        await (await organisation.Client.GetResponseAsync($"/api/v1/sheets/{id}/statement")).ProblemAsync(HttpStatusCode.Conflict, "people-unresolved");
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new { signature = "a.b.c" }, 1))
            .ProblemAsync(HttpStatusCode.Conflict, "people-unresolved");
        var path = $"/api/v1/sheets/{id}/people";
        (await organisation.Client.GetJsonAsync(path + "?limit=2&unresolved=true")).ToString().ShouldBe(
            """{"items":[{"person":1,"line":2,"rows":2,"volunteerId":null},{"person":2,"line":4,"rows":1,"volunteerId":null}],"next":2}""");
        foreach (var (people, code) in new (object, string)[]
        {
            (new[] { new { person = 4, volunteerId = (Guid?)ivanova } }, "unknown-person"),
            (new[] { new { person = 1, volunteerId = (Guid?)Guid.Empty } }, "nil-id"),
            (Array.Empty<object>(), "people-out-of-range"),
            (new[] { new { person = 1, volunteerId = (Guid?)ivanova }, new { person = 1, volunteerId = (Guid?)other } }, "people-out-of-range"),
        })
        {
            await (await organisation.Client.PostJsonAsync(path, new { people }, 1)).ProblemAsync(HttpStatusCode.BadRequest, code);
        }

        // One by mistake, then all, and the mistake is mended.
        await (await organisation.Client.PostJsonAsync(path, new { people = new object[] { new { person = 1, volunteerId = other } } }, 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await organisation.Client.PostJsonAsync(path, new
        {
            people = new object[]
            {
                new { person = 1, volunteerId = ivanova },
                new { person = 2, volunteerId = other },
                new { person = 3, volunteerId = (Guid?)null },
            },
        }, 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        sheet = await organisation.Client.GetJsonAsync($"/api/v1/sheets/{id}");
        (sheet.GetProperty("unresolved").GetInt32(), sheet.GetProperty("rows").GetInt32(), sheet.GetProperty("faulty").GetInt32()).ShouldBe((0, 4, 1));
        (await RowsAsync(organisation, receipt)).Select(row => row.GetProperty("volunteerId").GetGuid()).ShouldBe([ivanova, ivanova, other, Anna]);
        (await RowsAsync(organisation, receipt, "faults")).ShouldHaveSingleItem().GetProperty("faults")[0].GetProperty("code").GetString().ShouldBe("left-out");

        // What is signed is the tree over the rows as they are now.
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{id}/statement", UriKind.Relative), TestContext.Current.CancellationToken);
        var tree = new Evidence.Transparency.TreeEdge();
        foreach (var row in await RowsAsync(organisation, receipt))
        {
            tree.Append(Evidence.Transparency.MerkleTree.Leaf(Encoding.UTF8.GetBytes(row.GetRawText())));
        }

        JsonDocument.Parse(statement).RootElement.GetProperty("root").GetString().ShouldBe(Convert.ToHexStringLower(tree.Root));
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{id}/signature", new { signature = organisation.Sign(statement) }, 3))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await organisation.Client.PostJsonAsync(path, new { people = new object[] { new { person = 1, volunteerId = other } } }, 4))
            .ProblemAsync(HttpStatusCode.Conflict, "sheet-not-open");

        // No name and no address in anything that is stored here.
        foreach (var table in new[] { "mt_events", "mt_doc_sheet", "sheet_rows", "idempotent_requests" })
        {
            await using var database = NpgsqlDataSource.Create(host.Database);
            await using var command = database.CreateCommand($"select count(*) from {table} one where one::text ilike '%секрета%' or one::text ilike "
                + "'%secret.example%' or one::text ilike '%незнакомцева%'");
            ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task many_rows_that_name_a_thousand_people_are_taken_in_and_said_at_once()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var text = new StringBuilder("ФИО;Дата;Начало;Часы\n");
        for (var i = 0; i < 10_000; i++)
        {
            text.Append("Волонтёрова Нина ").Append(Roman(i % 1000)).Append(";09.05.2025;10:00;4,5\n");
        }

        var receipt = await TakenInAsync(organisation, Encoding.UTF8.GetBytes(text.ToString()));
        (receipt.GetProperty("rows").GetInt32(), receipt.GetProperty("unresolved").GetInt32()).ShouldBe((10_000, 1000));
        var people = Enumerable.Range(1, 1000).Select(person => new { person, volunteerId = Guid.CreateVersion7() });
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{receipt.GetProperty("id").GetGuid()}/people", new { people }, 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        var sheet = await organisation.Client.GetJsonAsync($"/api/v1/sheets/{receipt.GetProperty("id").GetGuid()}");
        (sheet.GetProperty("rows").GetInt32(), sheet.GetProperty("unresolved").GetInt32()).ShouldBe((10_000, 0));

        static string Roman(int number) =>
            string.Concat(number.ToString("000", System.Globalization.CultureInfo.InvariantCulture).Select(digit => (char)('а' + digit - '0')));
    }
}
