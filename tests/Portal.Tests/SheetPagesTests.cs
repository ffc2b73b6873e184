using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>An attendance sheet before it is signed: its rows, what is wrong with some, and who is meant.</summary>
[Trait("Feature", "F11")]
public sealed partial class SheetPagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly Guid coordinator = Guid.NewGuid();
    private readonly Guid organisation = Guid.NewGuid();
    private readonly Guid sheet = Guid.NewGuid();
    private readonly Guid list = Guid.NewGuid();

    private static object Row(int line, Guid volunteer, int? person = null, string? project = null, bool attended = true) => person is { } number
        ? new { line, volunteerId = Guid.Empty, start = "2026-05-09T10:00:00", zone = "Europe/Moscow", minutes = 270, attended, project, person = number }
        : new { line, volunteerId = volunteer, start = "2026-05-09T10:00:00", zone = "Europe/Moscow", minutes = 270, attended, project };

    private static object Rows(IEnumerable<object> items, int? next = null) => new { items, next };

    private void Given(
        string status = "received", int unresolved = 0, object? rows = null,
        object? faults = null, int count = 1, string name = "Май", Guid? supersededBy = null)
    {
        portal.Answer(
            "organisations/mine", new[] { new { id = organisation, name = "Тёплый дом", ogrn = "1027700132195", region = "RU-MOW", status = "approved" } });
        portal.Answer($"organisations/{organisation}/keys", Array.Empty<object>());
        portal.Answer($"confirmation-rules/{organisation}", new
        {
            responseDays = 14,
            matching = new { confirmByItself = true, withinMinutes = 15 },
            points = new { perHour = 2, programmes = Array.Empty<object>() },
        });
        portal.Answer("sheets", new { items = Array.Empty<object>(), next = (string?)null });
        portal.Answer($"sheets/{sheet}", Sheet(sheet, name, status, count, unresolved, supersededBy));
        portal.Answer($"sheets/{sheet}/history", Array.Empty<object>());
        portal.Answer($"sheets/{sheet}/rows", rows ?? Rows([]));
        portal.Answer($"sheets/{sheet}/faults", faults ?? Rows([]));
        portal.Answer($"sheets/{sheet}/unclaimed", Rows([]));
        portal.Answer($"sheets/{sheet}/statement", new { form = "sheet" });
        portal.Answer("volunteers/names", Array.Empty<object>());
    }

    private object Sheet(Guid id, string name, string status, int rows, int unresolved = 0, Guid? supersededBy = null) => new
    {
        id,
        organisationId = organisation,
        name,
        format = "xlsx",
        sha256 = new string('a', 64),
        rows,
        faulty = 0,
        from = "2026-05-09",
        to = "2026-05-09",
        status,
        receivedAt = "2026-05-10T10:00:00Z",
        peopleId = list,
        unresolved,
        unread = new[] { "Подпись" },
        unreadSheets = new[] { "Справочник" },
        zone = "Europe/Moscow",
        start = "10:00:00",
        supersededBy,
    };

    private async Task<string> PageAsync(string below = "")
    {
        var (status, html) = await portal.GetAsync($"/coordination/sheets/{sheet}{below}", coordinator);
        status.ShouldBe(200);
        return WebUtility.HtmlDecode(html);
    }

    // What is seen: neither addresses nor what the forms send.
    private static string Seen(string html) => Space().Replace(Tag().Replace(Statement().Replace(html, ""), " "), " ");

    [Fact]
    public async Task a_refused_file_is_told_with_its_line_or_column_and_one_that_is_too_long_with_its_bound()
    {
        Given();
        var message = new Dictionary<string, string[]> { ["document"] = ["Line 12 is a header other than the first."] };
        portal.Answer("POST sheets", new
        {
            type = "https://volunteerbook.example/problems/several-headers",
            status = 400,
            errors = message,
            codes = new Dictionary<string, string[]> { ["document"] = ["several-headers"] },
            line = 12,
        }, 400);
        (await SendAsync(10))
            .ShouldSatisfyAllConditions(answer => answer.Status.ShouldBe(422), answer => answer.Html.ShouldContain("В строке 12 файла второй заголовок"));
        portal.Answer("POST sheets", new
        {
            type = "https://volunteerbook.example/problems/column-unclear",
            status = 400,
            errors = message,
            codes = new Dictionary<string, string[]> { ["document"] = ["column-unclear"] },
            columns = (string[])["Часы по плану"],
        }, 400);
        (await SendAsync(10)).Html.ShouldContain("Непонятно, что указано в столбце: «Часы по плану».");
        (await SendAsync((64 * 1024 * 1024) + 1))
            .ShouldSatisfyAllConditions(answer => answer.Status.ShouldBe(422), answer => answer.Html.ShouldContain("Файл больше 64 МБ"));

        async Task<(int Status, string Html)> SendAsync(int bytes)
        {
            var (status, html) = await portal.PostFileAsync($"/coordination/{organisation}/sheets", coordinator, "document", new byte[bytes]);
            return (status, WebUtility.HtmlDecode(html));
        }
    }

    [Fact]
    public async Task what_was_not_read_is_named()
    {
        Given();
        Seen(await PageAsync()).ShouldSatisfyAllConditions(
            text => text.ShouldContain("Столбцы, которые не читались «Подпись»"), text => text.ShouldContain("Листы, которые не читались «Справочник»"));
    }

    [Fact]
    public async Task rows_say_who_when_and_how_long_and_nobody_is_36_signs()
    {
        var (known, unknown) = (Guid.NewGuid(), Guid.NewGuid());
        Given(
            unresolved: 1, count: 4,
            rows: Rows([Row(2, known, project: "Забота рядом"), Row(3, unknown), Row(4, default, person: 7), Row(5, known, attended: false)]));
        portal.Answer("volunteers/names", new[] { new { id = known, displayName = "Иванова Анна" } });
        portal.Answer(
            $"organisations/{organisation}/people-lists/{list}",
            new[] { new { number = 7, name = "Петров П.", email = (string?)null, candidates = Array.Empty<object>() } });

        var html = await PageAsync();

        TableRow().Matches(html[html.IndexOf("id=\"rows\"", StringComparison.Ordinal)..]).Skip(1).Select(row => Seen(row.Value).Trim()).ShouldBe(
        [
            "Иванова Анна 9 мая 2026, 10:00 (UTC+3) 4\u00a0ч\u00a030\u00a0мин Забота рядом 2",
            $"Волонтёр 9 мая 2026, 10:00 (UTC+3) 4\u00a0ч\u00a030\u00a0мин 3",
            "Петров П. — не указано, кто это 9 мая 2026, 10:00 (UTC+3) 4\u00a0ч\u00a030\u00a0мин 4",
            "Иванова Анна 9 мая 2026, 10:00 (UTC+3) 4\u00a0ч\u00a030\u00a0мин, неявка 5",
        ]);
        Id().IsMatch(Seen(html)).ShouldBeFalse();
        html.ShouldContain($"/coordination/sheets/{sheet}/people");
        html.ShouldContain("Сначала укажите, кто люди, названные в ведомости без кода.");
        html.ShouldNotContain("data-signing");
        Seen(html).ShouldContain("Подпись");
    }

    [Fact]
    public async Task a_row_that_was_refused_shows_the_documents_own_column_and_the_reason_in_words()
    {
        Given(faults: Rows([new
        {
            line = 3,
            faults = new[]
            {
                new { field = "hours", code = "not-a-duration", rule = "Hours.", column = (string?)"Кол-во часов" },
                new { field = "row", code = "malformed-row", rule = "Row.", column = (string?)null },
            },
        }]));

        Seen(await PageAsync()).ShouldContain("3 «Кол-во часов» Нужна продолжительность, например 4,5 или 4:30 3 вся строка Кавычки в строке не закрыты");
    }

    [Fact]
    public async Task a_thousand_rows_come_fifty_at_a_time_and_a_long_name_breaks()
    {
        Given(
            count: 1000, name: Tests.Given.Long[..200],
            rows: Rows(Enumerable.Range(2, 50).Select(line => Row(line, Guid.NewGuid(), project: Tests.Given.Long[..200])), next: 51));

        var html = await PageAsync();

        html.ShouldContain("?row=51");
        TableRow().Count(html).ShouldBe(51);
        portal.Asked[$"sheets/{sheet}/rows"].ShouldEndWith("?limit=50");
        await PageAsync("?row=51");
        portal.Asked[$"sheets/{sheet}/rows"].ShouldEndWith("?after=51&limit=50");
    }

    [Fact]
    public async Task a_sheet_without_rows_is_neither_shown_as_a_table_nor_signed()
    {
        Given(count: 0);

        var html = await PageAsync();

        html.ShouldNotContain("id=\"rows\"");
        html.ShouldContain("Подписывать нечего");
    }

    [Fact]
    public async Task who_is_meant_is_chosen_among_those_who_came_and_the_only_one_with_whom_all_agrees_is_offered()
    {
        var (anna, namesake, part) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        Given(unresolved: 3);
        portal.Answer($"sheets/{sheet}/people", Rows([
            new { person = 1, line = 2, rows = 5, volunteerId = (Guid?)null },
            new { person = 2, line = 7, rows = 1, volunteerId = (Guid?)null },
            new { person = 3, line = 8, rows = 1, volunteerId = (Guid?)null }], next: 3));
        static object One(Guid volunteerId, string displayName, bool agreesInAll) => new { volunteerId, displayName, agreesInAll };
        portal.Answer($"organisations/{organisation}/people-lists/{list}", new[]
        {
            new
            {
                number = 1,
                name = (string?)"Иванова Анна",
                email = (string?)"anna@example.org",
                candidates = new[] { One(anna, "Иванова Анна Петровна", true), One(part, "Иванова Алла", false) },
            },
            new
            {
                number = 2,
                name = (string?)"Иванова Анна",
                email = (string?)null,
                candidates = new[] { One(anna, "Иванова Анна Петровна", true), One(namesake, "Иванова Анна Петровна", true) },
            },
            new { number = 3, name = (string?)null, email = (string?)"nobody@example.org", candidates = Array.Empty<object>() },
        });

        var html = await PageAsync("/people");

        Checked().Matches(html).Select(choice => (choice.Groups[1].Value, choice.Groups[2].Value)).ShouldBe([("1", anna.ToString()), ("2", ""), ("3", "")]);
        var seen = Seen(html);
        seen.ShouldContain(
            "Иванова Анна, anna@example.org 5 строк, первая — строка 2 файла Иванова Анна Петровна — всё совпадает Иванова Алла — совпадает не всё");
        seen.ShouldContain($"Иванова Анна Петровна (код …{anna.ToString()[^6..]})");
        seen.ShouldContain("nobody@example.org 1 строка, первая — строка 8 файла Среди тех, кто обращался в организацию, похожих нет.");
        Id().IsMatch(seen).ShouldBeFalse();
        html.ShouldContain("?after=3");
        portal.Asked[$"sheets/{sheet}/people"].ShouldContain("unresolved=true");
    }

    [Fact]
    public async Task who_was_in_a_document_is_asked_even_when_its_names_are_kept_no_more()
    {
        Given(unresolved: 1);
        portal.Answer($"sheets/{sheet}/people", Rows([new { person = 4, line = 2, rows = 2, volunteerId = (Guid?)null }]));

        Seen(await PageAsync("/people")).ShouldContain("Человек № 4 в файле 2 строки, первая — строка 2 файла");
    }

    [Fact]
    public async Task what_a_signature_replaces_is_part_of_what_is_signed()
    {
        var old = Guid.NewGuid();
        Given();
        portal.Answer("sheets", new { items = new[] { Sheet(old, "Май, с ошибкой", "signed", 3) }, next = (string?)null });

        (await PageAsync()).ShouldContain($"<option value=\"{old}\">Май, с ошибкой, 9 мая 2026</option>");
        var html = await PageAsync("?supersedes=" + old);

        portal.Asked[$"sheets/{sheet}/statement"].ShouldEndWith("?supersedes=" + old);
        html.ShouldContain("После подписи эта ведомость заменит «Май, с ошибкой».");

        Given("superseded", supersededBy: old);
        portal.Answer($"sheets/{old}", Sheet(old, "Май, исправленная", "signed", 3));
        Seen(await PageAsync()).ShouldContain("Эта ведомость больше ничего не подтверждает. Её заменила: Май, исправленная");
    }

    [Fact]
    public async Task a_document_that_is_to_be_read_anew_comes_with_what_it_was_read_by()
    {
        Given();
        var anew = Anew().Match(await PageAsync()).Groups[1].Value;

        var (status, html) = await portal.GetAsync(anew.Split('#')[0], coordinator);

        status.ShouldBe(200);
        html = WebUtility.HtmlDecode(html);
        html.ShouldContain("<option value=\"Europe/Moscow\" selected>");
        Input("name").Match(html).Groups[1].Value.ShouldBe("Май");
        Input("start").Match(html).Groups[1].Value.ShouldBe("10:00");
        html.ShouldContain("href=\"/templates/vedomost.xlsx\"");
    }

    private static Regex Input(string name) => new(string.Create(CultureInfo.InvariantCulture, $"name=\"{name}\"[^>]*value=\"([^\"]*)\""));

    [GeneratedRegex("<tr[^>]*>.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex TableRow();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<pre.*?</pre>", RegexOptions.Singleline)]
    private static partial Regex Statement();

    [GeneratedRegex("[ \\r\\n]+")]
    private static partial Regex Space();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}")]
    private static partial Regex Id();

    [GeneratedRegex("name=\"who-(\\d+)\" value(?:=\"([^\"]*)\")? checked")]
    private static partial Regex Checked();

    [GeneratedRegex("href=\"(/coordination/[^\"]*/sheets\\?[^\"]*)\"")]
    private static partial Regex Anew();
}
