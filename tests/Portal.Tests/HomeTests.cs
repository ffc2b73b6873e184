using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Portal.Tests;

/// <summary>What the home page offers to a visitor, and to each of those who have signed in.</summary>
public sealed partial class HomeTests : IClassFixture<PortalHost>
{
    private readonly PortalHost portal;
    private readonly Guid person = Guid.NewGuid();
    private readonly Guid organisation = Guid.NewGuid();

    public HomeTests(PortalHost portal)
    {
        this.portal = portal;
        portal.Forget();
    }

    [Fact]
    public async Task a_visitor_finds_three_places_to_help_and_a_search()
    {
        portal.Answer("vacancies", Given.Page([.. Enumerable.Range(0, 5).Select(_ => Given.Vacancy(Guid.NewGuid(), Given.Shift()))]));

        var (status, html) = await portal.GetAsync("/");

        status.ShouldBe(200);
        VacancyLink().Count(html).ShouldBe(3);
        html.ShouldContain("action=\"/vacancies\"");
        html.ShouldContain("href=\"/check\"");
        portal.Asked["vacancies"].ShouldContain("sort=start");
    }

    [Fact]
    public async Task a_visitor_sees_the_page_while_every_service_is_away()
    {
        foreach (var path in new[] { "vacancies", "statistics" }) portal.Refuse(path, 503, "service-away");

        var (status, html) = await portal.GetAsync("/");

        status.ShouldBe(200);
        VacancyLink().Count(html).ShouldBe(0);
        html.ShouldContain("Ваши часы помощи");
    }

    [Fact]
    public async Task somebody_without_a_book_is_asked_to_open_one_first()
    {
        portal.Answer("people/me", new { name = (object?)null, hasBook = false });
        portal.Answer("book", Book());

        var html = await TodayAsync();

        Todo(html).ShouldBe(["Завести книжку: указать имя и дату рождения → /registration"]);
    }

    [Fact]
    public async Task a_volunteer_sees_what_waits_for_them_their_next_shift_and_their_year()
    {
        var year = DateTime.UtcNow.Year.ToString(CultureInfo.InvariantCulture);
        portal.Answer("people/me", new { name = new { family = "Смирнова", given = "Анна" }, hasBook = true });
        portal.Answer("book", Book(
            [Given.Total("returned", 2), Given.Total("draft", 1), Given.Total("confirmed", 10)], [new { key = year, minutes = 90, entries = 3 }],
            Given.Entry(Guid.NewGuid(), "withdrawn"), Given.Entry(person, "confirmed")));
        var next = DateTime.UtcNow.Date.AddDays(30).AddHours(10);
        portal.Answer("applications", Given.Page(
            Given.Application(Guid.NewGuid(), "declined", Guid.NewGuid()), Application(next.AddDays(1)), Application(next), Application(next.AddDays(-60))));

        var html = await TodayAsync();

        html.ShouldContain("Здравствуйте, Анна!");
        Todo(html).ShouldBe(["2 записи вернули на исправление → /book?status=returned", "1 черновик не отправлен на подтверждение → /book?status=draft"]);
        html.ShouldContain($"href=\"/book/new?like={person}\"");
        html.ShouldContain("Ближайшая смена");
        html.ShouldContain(next.ToString("d MMMM yyyy, HH:mm", CultureInfo.GetCultureInfo("ru")));
        html.ShouldContain($"<dt>Записано за {year} год</dt><dd>1 ч 30 мин</dd>");
    }

    [Fact]
    public async Task a_coordinator_sees_each_queue_the_late_ones_first_and_an_administrator_what_waits_for_a_decision()
    {
        var other = Guid.NewGuid();
        portal.Answer("people/me", new { name = (object?)null, hasBook = true });
        portal.Answer("organisations/mine", new[]
        {
            new { id = organisation, name = "Чистый берег", ogrn = "1027700132195", region = "RU-MOW", status = "approved" },
            new { id = other, name = "Новая", ogrn = "1027700132195", region = "RU-MOW", status = "pending" },
        });
        portal.Answer("cases", new { items = Array.Empty<object>(), open = 7, overdue = 2 });
        portal.Answer("organisations", Given.Page(new { id = other, name = "Новая", ogrn = "1027700132195", region = "RU-MOW", status = "pending" }));

        var html = await TodayAsync("administrator");

        Todo(html).ShouldBe(
            [$"Чистый берег: 7 записей ждут решения → /coordination/{organisation}/queue", "Организации ждут допуска: 1 → /administration"]);
        html.ShouldContain("Просрочено: 2");
    }

    [Fact]
    public async Task somebody_of_whom_nothing_is_known_while_services_are_away_sees_a_page()
    {
        foreach (var path in new[] { "people/me", "book", "applications", "organisations/mine", "proposals", "delegations" })
        {
            portal.Refuse(path, 503, "service-away");
        }


        var html = await TodayAsync();

        html.ShouldContain("Моя страница");
        html.ShouldContain("Часть сведений сейчас недоступна");
        html.ShouldNotContain("ничего не ждут");
    }

    [Theory]
    [InlineData("00:00", 0)]
    [InlineData("23:59", 1)]
    public async Task the_same_work_as_last_time_is_a_form_filled_with_the_latest_day_on_which_it_is_over(string time, int back)
    {
        var entry = Guid.NewGuid();
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("organisations", Given.Page());
        portal.Answer($"entries/{entry}", new
        {
            id = entry,
            organisationId = organisation,
            project = "Уборка берега",
            taskType = "E12",
            region = "RU-MOW",
            description = "Собирали мусор",
            shifts = new[] { new { start = $"2026-05-08T{time}:00", zone = "Europe/Moscow", minutes = 1 } },
            status = "confirmed",
            grade = "signed",
            volume = new { amount = 40, unit = "tree" },
        });

        var before = InMoscow();
        var (status, html) = await portal.GetAsync($"/book/new?like={entry}", person);
        var after = InMoscow();

        status.ShouldBe(200);
        Value(html, "project").ShouldBe("Уборка берега");
        Value(html, "shifts[0].date").ShouldBeOneOf(Day(before), Day(after));
        Value(html, "shifts[0].time").ShouldBe(time);
        Value(html, "shifts[0].hours").ShouldBe("0:01");
        Value(html, "volume.amount").ShouldBe("");
        html.ShouldContain("Собирали мусор");

        static DateTimeOffset InMoscow() => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(DateTimeOffset.UtcNow, "Europe/Moscow");

        // A minute by which clocks differ is forgiven: in the last one of a day the shift that it ends with is over.
        string Day(DateTimeOffset now) =>
            now.AddDays(now.TimeOfDay >= new TimeSpan(23, 59, 0) ? 0 : -back).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task an_entry_that_is_not_ones_own_fills_nothing()
    {
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("organisations", Given.Page());

        var (status, html) = await portal.GetAsync($"/book/new?like={Guid.NewGuid()}", person);

        status.ShouldBe(200);
        Value(html, "project").ShouldBe("");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("dark", "dark")]
    [InlineData("light", "light")]
    [InlineData("\"><script>", null)]
    public async Task the_chosen_look_is_that_of_every_page(string? chosen, string? shown)
    {
        var (_, html) = await portal.GetAsync("/", cookie: chosen is null ? null : $"theme={Uri.EscapeDataString(chosen)}");

        (DataTheme().Match(html) is { Success: true } match ? match.Groups[1].Value : null).ShouldBe(shown);
    }

    [Theory]
    [InlineData("/theme/dark?returnUrl=/check", "/check", "theme=dark; ")]
    [InlineData("/theme/system?returnUrl=/check", "/check", "theme=; expires=")]
    [InlineData("/theme/pink?returnUrl=/check", "/check", null)]
    [InlineData("/theme/dark?returnUrl=https://elsewhere.example", "/", "theme=dark; ")]
    public async Task a_look_is_chosen_by_a_link_that_leads_back(string link, string back, string? cookie)
    {
        using var response = await portal.AnswerAsync(link);

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.ShouldBe(back);
        response.Headers.TryGetValues("Set-Cookie", out var set).ShouldBe(cookie is not null);
        string.Concat(set ?? []).ShouldStartWith(cookie ?? "");
    }

    [Fact]
    public async Task the_style_sheet_and_the_fonts_are_kept_for_good_under_the_address_of_their_version_alone()
    {
        var address = StyleSheet().Match((await portal.GetAsync("/")).Html).Groups[1].Value;
        foreach (var file in new[] { "site.css", "golos-text-cyrillic.woff2", "icon.svg" })
        {
            using var now = await portal.AnswerAsync(address.Replace("site.css", file, StringComparison.Ordinal));
            now.StatusCode.ShouldBe(HttpStatusCode.OK);
            now.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
            using var before = await portal.AnswerAsync("/look/000000000000/" + file);
            before.StatusCode.ShouldBe(HttpStatusCode.OK);
            before.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        }

        using var absent = await portal.AnswerAsync("/look/000000000000/other.css");
        absent.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/look/0/site.css")]
    public async Task what_is_text_travels_compressed(string path)
    {
        using var response = await portal.AnswerAsync(path, "br");

        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
    }

    private async Task<string> TodayAsync(string? role = null)
    {
        var (status, html) = await portal.GetAsync("/", person, role: role);
        status.ShouldBe(200);
        return WebUtility.HtmlDecode(html).Replace('\u00a0', ' ');
    }

    private static object Application(DateTime start) => new
    {
        id = Guid.NewGuid(),
        version = 1,
        vacancyId = Guid.NewGuid(),
        vacancyTitle = "Сад у реки",
        organisationId = Guid.NewGuid(),
        volunteerId = Guid.NewGuid(),
        shifts = new[]
        {
            new { id = Guid.NewGuid(), start = start.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture), zone = "Europe/Moscow", minutes = 240 },
        },
        status = "accepted",
    };

    private static object Book(object[]? byStatus = null, object[]? byYear = null, params object[] items) => new
    {
        items,
        totals = new
        {
            minutes = 0,
            entries = 0,
            overlapMinutes = 0,
            points = 0,
            grades = Given.Grades(),
            byStatus = byStatus ?? [],
            byOrganisation = Array.Empty<object>(),
            byTaskType = Array.Empty<object>(),
            byYear = byYear ?? [],
        },
        overlaps = Array.Empty<object>(),
    };

    private static List<string> Todo(string html) =>
        [.. TodoLine().Matches(html.Split("id=\"next\"")[1].Split("</section>")[0]).Select(match => $"{match.Groups[2].Value} → {match.Groups[1].Value}")];

    private static string Value(string html, string name)
    {
        var input = Regex.Match(html, $"<input [^>]*name=\"{Regex.Escape(name)}\"[^>]*>");
        input.Success.ShouldBeTrue(name);
        return WebUtility.HtmlDecode(Regex.Match(input.Value, " value=\"([^\"]*)\"").Groups[1].Value);
    }

    [GeneratedRegex("<h3><a href=\"/vacancies/")]
    private static partial Regex VacancyLink();

    [GeneratedRegex("<li>\\s*<a href=\"([^\"]*)\">([^<]*)</a>")]
    private static partial Regex TodoLine();

    [GeneratedRegex("<html [^>]*data-theme=\"([^\"]*)\"")]
    private static partial Regex DataTheme();

    [GeneratedRegex("stylesheet\" href=\"([^\"]*)\"")]
    private static partial Regex StyleSheet();
}
