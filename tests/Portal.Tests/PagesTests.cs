using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>What pages say when data are old, empty, single, many, or somebody's second try.</summary>
public sealed partial class PagesTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private readonly Guid person = Guid.NewGuid();

    [Theory]
    [InlineData("2026-10", "2026-10", 1)]
    [InlineData("2024-01", "2026-10", 34)]
    [InlineData("2001-05", "2026-10", 26)]
    [InlineData("1950-01", "2026-10", 77)]
    public async Task an_old_month_leaves_the_chart_as_wide_as_the_page(string first, string last, int columns)
    {
        portal.Answer("statistics", Given.Statistics(first == last ? [Given.Month(first)] : [Given.Month(first), Given.Month(last)]));

        var (status, html) = await portal.GetAsync("/statistics");

        status.ShouldBe(200);
        int.Parse(ChartWidth().Match(html).Groups[1].Value, CultureInfo.InvariantCulture).ShouldBeLessThan(1000);
        Column().Count(html).ShouldBe(columns);
        // The table has the months that there are, and none of the empty ones between.
        MonthRow().Matches(html).Select(row => row.Groups[1].Value.Trim()).ShouldBe(first == last ? [Month(last)] : [Month(last), Month(first)]);
    }

    [Fact]
    public async Task figures_name_what_they_count_in_the_right_form()
    {
        portal.Answer("statistics", Given.Statistics(Given.Month("2026-10")));

        Figures((await portal.GetAsync("/")).Html).ShouldBe(["5 часов помощи", "21 волонтёр", "1 организация", "52 региона"]);
        Figures((await portal.GetAsync("/statistics")).Html).ShouldBe(["5 ч Подтверждено времени", "52 записи", "21 волонтёр", "1 организация"]);
    }

    [Fact]
    public async Task the_book_says_how_many_entries_its_list_has()
    {
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("proposals", Array.Empty<object>());
        portal.Answer("book", new
        {
            items = Enumerable.Range(0, 16).Select(i => Given.Entry(Guid.NewGuid(), i < 14 ? "draft" : "withdrawn")),
            totals = new
            {
                minutes = 840,
                entries = 14,
                overlapMinutes = 0,
                points = 0,
                grades = Given.Grades(),
                byStatus = new[] { Given.Total("draft", 14), Given.Total("withdrawn", 2) },
                byOrganisation = Array.Empty<object>(),
                byTaskType = Array.Empty<object>(),
                byYear = Array.Empty<object>(),
            },
            overlaps = Array.Empty<object>(),
        });

        Figures((await portal.GetAsync("/book", person)).Html)[^1].ShouldBe("16 записей в книжке");
    }

    [Theory]
    [InlineData(400, "unknown-value", 400, "Запрос не принят")]
    [InlineData(400, "malformed-cursor", 400, "Запрос не принят")]
    [InlineData(404, "not-found", 404, "Такой страницы нет")]
    [InlineData(403, "not-allowed", 403, "Эта страница вам недоступна")]
    [InlineData(409, "conflict", 409, "Сейчас это сделать нельзя")]
    [InlineData(410, "inquiry-answered", 410, "Этого больше нет")]
    [InlineData(422, "unreadable", 422, "Запрос не принят")]
    [InlineData(429, "too-many-requests", 429, "Слишком много запросов")]
    [InlineData(500, "internal-error", 503, "Сервис временно недоступен")]
    [InlineData(503, "unavailable", 503, "Сервис временно недоступен")]
    public async Task a_refusal_of_the_api_is_a_page_of_the_same_meaning(int api, string code, int status, string title)
    {
        portal.Refuse("vacancies", api, code);

        var page = await portal.GetAsync("/vacancies?after=x");

        page.Status.ShouldBe(status);
        page.Html.ShouldContain($"<h1>{title}</h1>");
    }

    [Theory]
    [InlineData("/coordination/{0}/queue", "organisations/mine")]
    [InlineData("/coordination/{0}/queue", "cases")]
    [InlineData("/coordination/vacancies/{0}", "organisations/mine")]
    [InlineData("/coordination/sheets/{0}/people", "organisations/{0}/people-lists/{0}")]
    [InlineData("/book", "book")]
    public async Task a_reader_who_leaves_while_the_page_waits_for_the_gateway_is_no_fault(string page, string waitsFor)
    {
        var id = Guid.NewGuid();
        portal.Answer("organisations/mine", new[] { new { id, name = "Тёплый дом", ogrn = "1027700132195", region = "RU-MOW", status = "approved" } });
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer($"vacancies/{id}", Given.Vacancy(id, Given.Shift()));
        portal.Answer(
            $"sheets/{id}",
            new { id, organisationId = id, name = "Май", status = "received", rows = 1, unresolved = 1, peopleId = id, receivedAt = "2026-05-10T10:00:00Z" });
        portal.Answer($"sheets/{id}/people", new { items = new[] { new { person = 1, rows = 1, line = 2 } } });
        var asked = portal.Hold(string.Format(CultureInfo.InvariantCulture, waitsFor, id));
        using var leaving = new CancellationTokenSource();

        var reading = portal.GetAsync(string.Format(CultureInfo.InvariantCulture, page, id), person, leaving: leaving.Token);
        await Task.WhenAny(asked, reading);
        asked.IsCompletedSuccessfully.ShouldBeTrue();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(reading);

        (await portal.FaultsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_page_that_is_refused_says_which_part_of_its_address_and_why()
    {
        portal.Refuse(
            "vacancies", 400, "bad-request", new { region = new[] { "The region is an ISO 3166-2 code." } }, new { region = new[] { "unknown-region" } });

        (await portal.GetAsync("/vacancies?region=XX")).Html.ShouldContain("Выберите регион из списка");
    }

    [Fact]
    public async Task a_document_that_cannot_be_written_says_for_which_characters_and_where_they_stand()
    {
        var entry = Guid.NewGuid();
        portal.Answer($"entries/{entry}/certificate", new
        {
            type = "https://volunteerbook.example/problems/characters-not-written",
            status = 409,
            errors = new { project = new[] { "Documents cannot print these characters: 🌳 U+1F333." } },
            characters = "🌳",
            texts = new[] { "Сад 🌳", "Роща 🌳" },
        }, 409);

        var (status, html) = await portal.GetAsync($"/book/{entry}/certificate?language=ru", person);

        status.ShouldBe(409);
        WebUtility.HtmlDecode(html).ShouldContain("нельзя напечатать знаки: 🌳 («Сад 🌳», «Роща 🌳»).");
    }

    [Fact]
    public async Task enter_in_the_search_for_an_organisation_searches()
    {
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("organisations", Given.Page());

        var (_, html) = await portal.GetAsync("/book/new", person);

        // The first button of a form is the one that Enter presses.
        FirstButton().Match(html[html.IndexOf("orgSearch", StringComparison.Ordinal)..]).Groups[1].Value.ShouldBe("search");
        FirstButton().Match(html[html.IndexOf("class=\"sheet\"", StringComparison.Ordinal)..]).Groups[1].Value.ShouldBe("search");
    }

    [Fact]
    public async Task enter_does_what_a_form_is_for_though_a_small_button_stands_before_it()
    {
        var organisation = Guid.NewGuid();
        portal.Answer(
            "organisations/mine", new[] { new { id = organisation, name = Given.Long, ogrn = "1027700132195", region = "RU-MOW", status = "approved" } });

        var (_, html) = await portal.GetAsync($"/coordination/{organisation}/vacancies/new", person);

        html.ShouldContain("value=\"add-shift\"");
        FirstButton().Match(html[html.IndexOf("class=\"sheet\"", StringComparison.Ordinal)..]).Groups[1].Value.ShouldBe("publish");
    }

    [Theory]
    [InlineData("draft", "Отправить организации", "Исправить")]
    [InlineData("returned", "Исправить", "Отправить организации")]
    public async Task the_big_button_of_an_entry_is_what_is_to_be_done_next(string status, string big, string small)
    {
        var id = Guid.NewGuid();
        portal.Answer($"entries/{id}", Given.Entry(id, status));
        portal.Answer($"entries/{id}/history", Array.Empty<object>());
        portal.Answer("book/as-of", new { items = Array.Empty<object>(), overlaps = Array.Empty<object>(), totals = (object?)null });

        var (_, html) = await portal.GetAsync($"/book/{id}", person);

        var actions = Buttons(html[html.IndexOf("class=\"doing\"", StringComparison.Ordinal)..]);
        actions[0].ShouldBe((big, true));
        actions[1].ShouldBe((small, false));
    }

    [Fact]
    public async Task who_has_applied_sees_the_application_and_a_form_for_the_other_shifts_only()
    {
        Guid vacancy = Guid.NewGuid(), applied = Guid.NewGuid(), withdrawn = Guid.NewGuid(), free = Guid.NewGuid();
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer($"vacancies/{vacancy}", Given.Vacancy(vacancy, Given.Shift(applied), Given.Shift(withdrawn), Given.Shift(free)));
        portal.Answer("applications", Given.Page(Given.Application(vacancy, "accepted", applied), Given.Application(vacancy, "withdrawn", withdrawn)));

        var (_, html) = await portal.GetAsync($"/vacancies/{vacancy}", person);

        html.ShouldContain("Заявка принята");
        html.ShouldNotContain($"shift-{applied}");
        html.ShouldContain($"shift-{withdrawn}");
        html.ShouldContain($"shift-{free}");
        portal.Asked["applications"].ShouldContain($"vacancyId={vacancy}");

        portal.Answer("applications", Given.Page(Given.Application(vacancy, "declined", applied, withdrawn, free)));
        (await portal.GetAsync($"/vacancies/{vacancy}", person)).Html.ShouldNotContain("<form method=\"post\" class=\"sheet\"");
    }

    [Theory]
    [InlineData("/book/new")]
    [InlineData("/vacancies/{0}")]
    public async Task without_a_name_one_is_asked_for_it_first_and_comes_back(string path)
    {
        var vacancy = Guid.NewGuid();
        portal.Refuse("volunteers/me", 404, "not-found");
        portal.Answer("organisations", Given.Page());
        portal.Answer("applications", Given.Page());
        portal.Answer($"vacancies/{vacancy}", Given.Vacancy(vacancy, Given.Shift()));
        path = string.Format(CultureInfo.InvariantCulture, path, vacancy);

        var (_, html) = await portal.GetAsync(path, Guid.NewGuid());

        html.ShouldContain($"href=\"/registration?returnUrl={Uri.EscapeDataString(path)}\"");
        html.ShouldNotContain("class=\"sheet\"");
    }

    [Fact]
    [Trait("Feature", "N9")]
    public async Task a_deputy_is_found_by_name_or_address_and_chosen_and_no_code_is_typed()
    {
        Guid organisation = Guid.NewGuid(), one = Guid.NewGuid(), namesake = Guid.NewGuid();
        var page = $"/coordination/{organisation}/deputies";
        portal.Answer(
            "organisations/mine", new[] { new { id = organisation, name = "Тёплый дом", ogrn = "1027700132195", region = "RU-MOW", status = "approved" } });
        portal.Answer("delegations", Array.Empty<object>());
        portal.Answer("volunteers/names", Array.Empty<object>());
        portal.Answer($"organisations/{organisation}/people-lists/{person}", new[]
        {
            new
            {
                number = 1,
                name = "Смирнова Анна",
                candidates = new[]
                {
                    new { volunteerId = one, displayName = "Смирнова Анна Игоревна", agreesInAll = true },
                    new { volunteerId = namesake, displayName = "Смирнова Анна Игоревна", agreesInAll = true },
                },
            },
        });

        var (_, html) = await portal.PostAsync(
            page, page, person, ("do", "find"), ("who", "Смирнова Анна"), ("until", "2027-01-10T10:00"), ("reason", "Отпуск"));

        portal.Sent[$"organisations/{organisation}/people-lists/{person}"].ShouldBe(
            """{"people":[{"name":"\u0421\u043C\u0438\u0440\u043D\u043E\u0432\u0430 \u0410\u043D\u043D\u0430","email":null}]}""");
        // Of two with one name each is told apart by the end of their code.
        WebUtility.HtmlDecode(html).ShouldContain($"Смирнова Анна Игоревна (код …{one.ToString()[^6..]})");
        html.ShouldContain($"value=\"{namesake}\"");
        html.ShouldContain("value=\"2027-01-10T10:00\"");

        (await portal.PostAsync(page, page, person, ("do", "delegate"), ("who", "Смирнова Анна"), ("until", "2027-01-10T10:00"))).Html
            .ShouldContain("Выберите, кому поручить");
        portal.Sent.ShouldNotContainKey("delegations");
        await portal.PostAsync(page, page, person, ("do", "delegate"), ("who", "Смирнова Анна"), ("person", $"{one}"), ("until", "2027-01-10T10:00"));
        portal.Sent["delegations"].ShouldContain($"\"personId\":\"{one}\"");

        await portal.PostAsync(page, page, person, ("do", "find"), ("who", "anna@example.org"));
        portal.Sent[$"organisations/{organisation}/people-lists/{person}"].ShouldContain("\"email\":\"anna@example.org\"");
    }

    [Fact]
    public async Task who_has_a_name_that_documents_cannot_say_reads_so_where_it_is_entered()
    {
        const string says = "В документах не напечатать";
        portal.Answer(
            "volunteers/me",
            new { id = person, name = new { family = "김", given = "민준" }, region = "RU-MOW", registeredAt = "2026-01-01T00:00:00Z", notWritten = "김 민 준" });
        var (status, html) = await portal.GetAsync("/profile", person);
        status.ShouldBe(200);
        WebUtility.HtmlDecode(html).ShouldContain(says);
        WebUtility.HtmlDecode(html).ShouldContain("김 민 준");

        portal.Answer("volunteers/me", Given.Profile(person));
        WebUtility.HtmlDecode((await portal.GetAsync("/profile", person)).Html).ShouldNotContain(says);
    }

    [Fact]
    public async Task people_are_called_by_name_and_role_as_far_as_the_reader_may_know_and_never_by_id()
    {
        Guid organisation = Guid.NewGuid(), named = Guid.NewGuid(), nameless = Guid.NewGuid(), id = Guid.NewGuid();
        portal.Answer(
            "organisations/mine", new[] { new { id = organisation, name = Given.Long, ogrn = "1027700132195", region = "RU-MOW", status = "approved" } });
        portal.Answer($"organisations/{organisation}/coordinators", new object[]
        {
            new { personId = named, name = "Коллегина Ева", from = "2026-01-01T00:00:00Z" }, new { personId = nameless, from = "2026-01-01T00:00:00Z" },
        });
        portal.Answer(
            $"organisations/{organisation}/invitations",
            new[] { new { id = Guid.NewGuid(), version = 1, email = "petrova@example.org", until = "2027-01-01T00:00:00Z" } });
        portal.Answer("people/me", new { name = (object?)null, hasBook = false });
        portal.Answer("volunteers/names", new[] { new { id = named, displayName = "Коллегина Ева" } });
        portal.Answer("delegations", new[]
        {
            new
            {
                id = Guid.NewGuid(),
                version = 1,
                organisationId = organisation,
                organisation = "Тёплый дом",
                by = named,
                personId = nameless,
                from = "2026-01-01T00:00:00Z",
                until = "2027-01-01T00:00:00Z",
            },
        });
        portal.Answer($"applications/{id}", Given.Application(Guid.NewGuid(), "accepted", Guid.NewGuid()));
        portal.Answer($"applications/{id}/history", new object[]
        {
            new { version = 1, type = "application_submitted", at = "2026-05-09T00:00:00Z", by = nameless, byKind = "person" },
            new { version = 2, type = "application_accepted", at = "2026-05-09T00:00:00Z", by = named, byKind = "person" },
        });

        Guid byNamed = Guid.NewGuid(), byNameless = Guid.NewGuid();
        foreach (var (decided, by) in new[] { (byNamed, named), (byNameless, nameless) })
        {
            portal.Answer($"cases/{decided}", Given.Case(decided, organisation, status: "confirmed", decision: new { by, at = "2026-05-10T00:00:00Z" }));
            portal.Answer($"cases/{decided}/history", Array.Empty<object>());
            portal.Answer($"cases/{decided}/inquiries", Array.Empty<object>());
            portal.Answer("cases/submissions", Array.Empty<object>());
        }

        foreach (var (path, says) in new (string, string[])[]
        {
            ($"/coordination/cases/{byNamed}", ["Координатор организации: Коллегина Ева"]),
            ($"/coordination/cases/{byNameless}", [">Координатор организации<"]),
            ($"/coordination/{organisation}/coordinators", ["Коллегина Ева", "Имя не указано", "Как вас зовут", "petrova@example.org"]),
            ($"/coordination/{organisation}/deputies", ["Коллегина Ева", "Имя не указано"]),
            ($"/applications/{id}", ["Координатор организации: Коллегина Ева", ">Волонтёр<"]),
        })
        {
            var (status, html) = await portal.GetAsync(path, person);
            status.ShouldBe(200, path);
            foreach (var text in says)
            {
                html.ShouldContain(text);
            }

            // In a hidden input an id is nobody's to read.
            Hidden().Replace(html, "").ShouldNotContain(named.ToString());
            Hidden().Replace(html, "").ShouldNotContain(nameless.ToString());
        }
    }

    [Fact]
    public async Task an_invitation_asks_for_a_name_where_there_is_none()
    {
        portal.Answer("people/me", new { name = (object?)null, hasBook = false });
        portal.Answer("invitations/abc", new { organisationId = Guid.NewGuid(), organisation = Given.Long, until = "2027-01-01T00:00:00Z" });

        var (_, html) = await portal.GetAsync("/invitation/abc", person);

        html.ShouldContain(Given.Long);
        html.ShouldContain("name=\"name.family\"");
        var gone = await portal.GetAsync("/invitation/abd", person);
        (gone.Status, gone.Html.Contains("уже использована", StringComparison.Ordinal)).ShouldBe((404, true));
    }

    [Fact]
    public async Task vacancies_are_ordered_by_date_when_asked_and_found_by_all_their_words()
    {
        portal.Answer("vacancies", Given.Page(Given.Vacancy(Guid.NewGuid(), Given.Shift())));

        (await portal.GetAsync("/vacancies?sort=start&q=перчатки")).Html.ShouldContain("<option value=\"start\" selected");

        portal.Asked["vacancies"].ShouldContain("sort=start");
    }

    [Fact]
    public async Task the_language_that_was_chosen_where_one_signs_in_is_the_portals_too()
    {
        portal.Answer("vacancies", Given.Page());

        // The cookie as the pages of Identity set it.
        (await portal.GetAsync("/vacancies", cookie: ".AspNetCore.Culture=c%3Den%7Cuic%3Den")).Html.ShouldContain("<html lang=\"en\">");
    }

    // The check goes through; what it finds is told as it is, and a credential that is over was not changed by anybody.
    [Theory]
    [InlineData("signature", "Файл не прошёл проверку", "Файл изменён после подписания, неполон")]
    [InlineData("certificate", "Файл не прошёл проверку", "Сертификат выпущен не нами")]
    [InlineData("time-stamp", "Файл не прошёл проверку", "Отметка времени относится не к этой подписи")]
    [InlineData("attachment", "Файл не прошёл проверку", "Данных внутри файла нет")]
    [InlineData("time", "Свидетельство сейчас не действует", "Срок действия ещё не начался или уже истёк.")]
    [InlineData("shape", "Файл подписан, но в нём не всё сходится", "Свидетельство составлено не по стандарту.")]
    [InlineData("issuer", "Файл подписан, но в нём не всё сходится", "Подписано не тем ключом")]
    [InlineData("claims", "Файл подписан, но в нём не всё сходится", "Сведения расходятся с самим свидетельством.")]
    [InlineData("totals", "Файл подписан, но в нём не всё сходится", "Итоги не сходятся с записями.")]
    [InlineData("organisation", "Файл подписан, но в нём не всё сходится", "Подпись организации не подходит")]
    [InlineData("log", "Файл подписан, но в нём не всё сходится", "Не доказано, что подпись есть в журнале")]
    [InlineData("key", "Это отдельная подпись, а не документ", "Чьим ключом подписано, здесь неизвестно.")]
    [InlineData("content", "Это отдельная подпись, а не документ", "Того, что подписано, в файле нет.")]
    public async Task what_a_check_found_is_said_as_it_is(string about, string verdict, string said)
    {
        portal.Answer("checks/VB-2026-7QX4M-K2DT9", new
        {
            valid = false,
            file = new
            {
                kind = "credential",
                ok = false,
                findings = new[] { new { stands = true, about = "claims", text = "fine" }, new { stands = false, about, text = "amiss" } },
            },
            issued = (object?)null,
        });
        var (status, html) = await portal.GetAsync("/check/VB-2026-7QX4M-K2DT9");
        var text = WebUtility.HtmlDecode(html);
        status.ShouldBe(200);
        text.ShouldContain($"<h2 id=\"verdict\">{verdict}</h2>");
        text.ShouldContain($"<p class=\"hint\">{said}");
        text.ShouldNotContain($"<strong>{about}</strong> <span");
        text.Contains("изменён после подписания или подписан не нами", StringComparison.Ordinal).ShouldBe(verdict == "Файл не прошёл проверку");
    }

    // Of 20 MiB, as the API takes them.
    [Theory]
    [InlineData(10, 200, "Файл не прошёл проверку")]
    [InlineData(21, 422, "Файл больше 20 МБ")]
    public async Task a_long_file_is_checked_and_a_longer_one_is_told_its_bound(int megabytes, int expected, string said)
    {
        portal.Answer("checks", new
        {
            valid = false,
            file = new { kind = "pdf", ok = false, findings = new[] { new { stands = false, about = "signature", text = "amiss" } } },
            issued = (object?)null,
        });
        var (status, html) = await portal.PostFileAsync("/check", Guid.NewGuid(), "file", new byte[megabytes * 1024 * 1024]);
        status.ShouldBe(expected);
        WebUtility.HtmlDecode(html).ShouldContain(said);
    }

    private static string Month(string month) =>
        DateTime.ParseExact(month, "yyyy-MM", CultureInfo.InvariantCulture).ToString("MMMM yyyy", CultureInfo.GetCultureInfo("ru"));

    private static string[] Figures(string html) =>
        [.. Figure().Matches(html).Select(figure => WebUtility.HtmlDecode($"{figure.Groups[2].Value} {figure.Groups[1].Value}").Replace('\u00a0', ' '))];

    private static (string Text, bool Big)[] Buttons(string html) =>
        [.. Pressed().Matches(html).Select(button => (button.Groups[2].Value, !button.Groups[1].Value.Contains("secondary", StringComparison.Ordinal)))];

    [GeneratedRegex("""<svg viewBox="[^"]*" width="(\d+)" """)]
    private static partial Regex ChartWidth();

    [GeneratedRegex("""<rect class="column" """)]
    private static partial Regex Column();

    [GeneratedRegex("""<th scope="row"[^>]*>\s*(\w+ \d{4})""")]
    private static partial Regex MonthRow();

    [GeneratedRegex("""<dt>([^<]*)</dt><dd>([^<]*)</dd>""")]
    private static partial Regex Figure();

    [GeneratedRegex("""<input type="hidden"[^>]*>""")]
    private static partial Regex Hidden();

    [GeneratedRegex("""<button[^>]*value="(\w+)""")]
    private static partial Regex FirstButton();

    [GeneratedRegex("""<(?:button|a class="button)([^>]*)>([^<]*)</""")]
    private static partial Regex Pressed();
}
