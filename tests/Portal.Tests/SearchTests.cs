using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.Testing;
using Cookie = Microsoft.Playwright.Cookie;

namespace VolunteerBook.Portal.Tests;

/// <summary>One search over what the person may see, and the list of organisations.</summary>
public sealed partial class SearchTests : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly Guid Vacancy = Guid.NewGuid(), Organisation = Guid.NewGuid(), Own = Guid.NewGuid();
    private readonly PortalHost portal;
    private readonly PortalBrowser browser;
    private readonly Guid person = Guid.NewGuid();

    // But for the bell: in a window that another test has left open it asks on.
    private IEnumerable<string> Asked => portal.Asked.Keys.Where(path => !path.StartsWith("notifications/", StringComparison.Ordinal));

    public SearchTests(PortalHost portal, PortalBrowser browser)
    {
        (this.portal, this.browser) = (portal, browser);
        portal.Forget();
        portal.Asked.Clear();
        portal.Answer("vacancies", Given.Page());
        portal.Answer("organisations", Given.Page());
        portal.Answer("organisations/mine", Array.Empty<object>());
        portal.Answer("book", Book());
        portal.Answer("extracts", Given.Page());
        portal.Answer("cases", new { items = Array.Empty<object>(), open = 0, overdue = 0 });
    }

    [Fact]
    public async Task a_visitor_finds_vacancies_and_organisations_and_is_asked_for_nothing_else()
    {
        portal.Answer("vacancies", Given.Page([.. Enumerable.Range(0, 20).Select(_ => Given.Vacancy(Guid.NewGuid(), Given.Shift()))]));
        portal.Answer("organisations", Given.Page(One(Organisation, "Чистый берег")));

        var html = await SearchAsync("ёлка детям");

        Groups(html).ShouldBe(["Вакансии", "Организации"]);
        VacancyLink().Count(html).ShouldBe(5);
        html.ShouldContain($"href=\"/organisations/{Organisation}\"");
        html.ShouldContain("href=\"/vacancies?q=%D1%91%D0%BB%D0%BA%D0%B0%20%D0%B4%D0%B5%D1%82%D1%8F%D0%BC\"");
        html.ShouldNotContain("Все найденные организации");
        html.ShouldContain("value=\"ёлка детям\"");
        portal.Asked["vacancies"].ShouldContain("q=%D1%91%D0%BB%D0%BA%D0%B0%20%D0%B4%D0%B5%D1%82%D1%8F%D0%BC");
        Asked.ShouldBe(["vacancies", "organisations"], ignoreOrder: true);
    }

    [Fact]
    public async Task a_volunteer_and_coordinator_finds_their_own_things_as_well()
    {
        portal.Answer("book", Book(Given.Entry(Own, "confirmed")));
        portal.Answer("extracts", Given.Page(new { id = Own, number = "VB-2026-7QX4M-K2DT9", issuedAt = "2026-06-01T09:00:00Z", scope = new { } }));
        portal.Answer("organisations/mine", new[] { One(Organisation, "Ёлки — ДЕТЯМ"), One(Guid.NewGuid(), "Другая") });

        var html = await SearchAsync("елки детям", person);

        Groups(html).ShouldBe(["Моя книжка", "Мои выписки", "Где вы координатор"]);
        html.ShouldContain($"href=\"/book/{Own}\"");
        html.ShouldContain($"href=\"/book/extracts/{Own}\"");
        html.ShouldContain($"href=\"/coordination/{Organisation}\"");
        html.ShouldNotContain("Другая");
        portal.Asked["book"].ShouldContain("q=");
    }

    [Fact]
    public async Task who_decides_finds_what_waits_in_the_queue_by_project_and_volunteer()
    {
        var volunteer = Guid.NewGuid();
        portal.Answer("organisations/mine", new[]
        {
            One(Organisation, "Чистый берег"), One(Guid.NewGuid(), "Пустая"),
            new { id = Guid.NewGuid(), name = "Новая", ogrn = "1027700132195", region = "RU-MOW", status = "pending" },
        });
        portal.Answer($"organisations/{Organisation}/people", new[] { new { id = volunteer, name = "Ёлкина Анна" } });
        portal.Answer("cases", query => query["organisationId"] == Organisation.ToString()
            ? new { items = Enumerable.Range(0, 6).Select(_ => Given.Case(Own, Organisation, volunteer: volunteer)), open = 6, overdue = 0 }
            : new { items = Array.Empty<object>(), open = 0, overdue = 0 } as object);

        var html = await SearchAsync("ёлкина", person);

        Groups(html).ShouldBe(["Ждут решения: Чистый берег"]);
        html.ShouldContain($"href=\"/coordination/{Organisation}/queue/{Own}?q=%D1%91");
        html.ShouldContain($"href=\"/coordination/{Organisation}/queue?q=%D1%91");
        CaseLink().Count(html).ShouldBe(5);
    }

    [Fact]
    public async Task an_administrator_finds_organisations_of_all_states()
    {
        portal.Answer("organisations", query => Given.Page(query["status"] == "approved"
            ? []
            : [new { id = Guid.NewGuid(), name = "Новая", ogrn = "1027700132195", region = "RU-MOW", status = query["status"].ToString() }]));

        var html = await SearchAsync("новая", person, "administrator");

        Groups(html).ShouldBe(["Организации ждут допуска", "Организации, которые не допущены"]);
        (await SearchAsync("новая", person)).ShouldContain("Ничего не нашлось");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task an_empty_query_asks_for_words_and_no_service(string query)
    {
        var html = await SearchAsync(query, person);

        Groups(html).ShouldBeEmpty();
        html.ShouldNotContain("Ничего не нашлось");
        html.ShouldContain("Ищем среди открытых вакансий");
        Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task a_query_of_two_hundred_characters_is_told_its_bound_and_kept()
    {
        var html = await SearchAsync(new string('я', 200));

        html.ShouldContain("не больше 100 знаков");
        html.ShouldContain($"value=\"{new string('я', 200)}\"");
        Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task what_is_typed_is_text()
    {
        var html = await SearchAsync("<script>&\"%_");

        html.ShouldNotContain("<script>&");
        portal.Asked["vacancies"].ShouldContain("q=%3Cscript%3E%26%22%25_");
    }

    [Theory]
    [InlineData("VB-2026-7QX4M-K2DT9")]
    [InlineData(" vb-2026-7qx4m-k2dt9 ")]
    public async Task the_number_of_a_document_leads_to_its_check(string query) =>
        (await SearchAsync(query)).ShouldContain("href=\"/check/VB-2026-7QX4M-K2DT9\"");

    [Fact]
    public async Task a_service_that_is_away_takes_nothing_from_the_others()
    {
        portal.Refuse("vacancies", 503, "service-away");
        portal.Answer("organisations", Given.Page(One(Organisation, "Чистый берег")));

        var html = await SearchAsync("берег");

        Groups(html).ShouldBe(["Вакансии", "Организации"]);
        html.ShouldContain("не получается искать");
        html.ShouldContain("Чистый берег");
    }

    [Fact]
    public async Task the_search_of_an_english_address_stays_there_and_is_not_listed()
    {
        portal.Answer("organisations", Given.Page(One(Organisation, "Чистый берег")));
        var (_, html) = await portal.GetAsync("/en/search?q=x");
        html.ShouldContain("<h1>Search</h1>");
        html.ShouldContain("action=\"/en/search\"");
        html.ShouldContain($"href=\"/en/organisations/{Organisation}\"");
        using var answer = await portal.AnswerAsync("/en/search?q=x");
        answer.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex"]);
    }

    [Theory]
    [InlineData("", "Пока ни одна организация не допущена")]
    [InlineData("?q=x", "Таких организаций нет")]
    [InlineData("?region=RU-MOW", "Таких организаций нет")]
    public async Task a_list_of_no_organisations_says_why(string query, string said) =>
        (await portal.GetAsync("/organisations" + query)).Html.ShouldContain(said);

    [Fact]
    public async Task organisations_are_listed_with_their_vacancies_and_paged()
    {
        portal.Answer("organisations", new { items = new[] { One(Organisation, "Чистый берег") }, next = "more" });
        var html = (await portal.GetAsync("/organisations?q=берег&region=RU-MOW")).Html;
        html.ShouldContain($"<a href=\"/organisations/{Organisation}\">Чистый берег</a>");
        html.ShouldContain($"href=\"/vacancies?organisationId={Organisation}\"");
        WebUtility.HtmlDecode(html).ShouldContain("after=more");
        portal.Asked["organisations"].ShouldContain("status=approved");
        portal.Asked["organisations"].ShouldContain("region=RU-MOW");
    }

    [Theory]
    [InlineData(320, ColorScheme.Light)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(1152, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(1920, ColorScheme.Light)]
    public async Task long_and_many_things_fit(int width, ColorScheme scheme)
    {
        portal.Answer("vacancies", Given.Page([.. Enumerable.Range(0, 20).Select(_ => Given.Vacancy(Guid.NewGuid(), Given.Shift()))]));
        portal.Answer("organisations", new { items = Enumerable.Range(0, 20).Select(_ => One(Guid.NewGuid(), Given.Long)), next = "more" });
        portal.Answer("book", Book([.. Enumerable.Range(0, 20).Select(_ => Given.Entry(Guid.NewGuid(), "submitted"))]));
        portal.Answer("organisations/mine", new[] { One(Organisation, Given.Long) });
        foreach (var language in new[] { "ru-RU", "en-GB" })
        {
            var page = await browser.OpenAsync(portal.Address, width, language: language, scheme: scheme);
            await page.Context.AddCookiesAsync(
            [
                new Cookie { Name = "person", Value = person.ToString(), Url = portal.Address.ToString() },
                new Cookie { Name = "role", Value = "administrator", Url = portal.Address.ToString() },
            ]);
            foreach (var path in new[] { "/search?q=щ", "/search", "/search?q=" + new string('я', 200), "/organisations" })
            {
                (await page.GotoAsync(path))!.Status.ShouldBe(200);
                await page.ShouldNotScrollSidewaysAsync();
                await page.ShouldBeAccessibleAsync();
                (await page.Locator(".find:visible, .find-opens:visible").CountAsync()).ShouldBe(1);
                if (await page.Locator(".find").IsVisibleAsync())
                {
                    (await page.Locator(".find").BoundingBoxAsync())!.Width.ShouldBeGreaterThanOrEqualTo(144);
                }

                (await page.Locator(".site-head").BoundingBoxAsync())!.Height.ShouldBeLessThanOrEqualTo(58, $"{path} {width} {language}");
                if (Environment.GetEnvironmentVariable("SHOTS") is { Length: > 0 } folder)
                {
                    var file = Path.Combine(folder, $"{path[1..Math.Min(path.Length, 10)].Replace('?', '_')}-{language}-{scheme}-{width}.png");
                    await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = file });
                }
            }
        }
    }

    [Theory]
    [InlineData(320, false)]
    [InlineData(1280, true)]
    public async Task the_head_has_a_field_where_there_is_room_and_a_link_where_there_is_none(int width, bool field)
    {
        var page = await browser.OpenAsync(portal.Address, width, script: false);
        await page.GotoAsync("/check");
        (await page.Locator(".find").IsVisibleAsync()).ShouldBe(field);
        (await page.Locator(".find-opens").IsVisibleAsync()).ShouldBe(!field);
        if (field)
        {
            await page.FillAsync(".find input", "берег");
            await page.PressAsync(".find input", "Enter");
        }
        else
        {
            await page.ClickAsync(".find-opens");
        }

        await Eventually.Is(() =>
        {
            page.Url.ShouldEndWith(field ? "/search?q=" + Uri.EscapeDataString("берег") : "/search");
            return Task.CompletedTask;
        });
    }

    private async Task<string> SearchAsync(string query, Guid? who = null, string? role = null)
    {
        var (status, html) = await portal.GetAsync("/search?q=" + Uri.EscapeDataString(query), who, role: role);
        status.ShouldBe(200);
        return html;
    }

    private static object One(Guid id, string name) => new { id, name, ogrn = "1027700132195", region = "RU-MOW", status = "approved" };

    private static object Book(params object[] items) => new
    {
        items,
        totals = new
        {
            minutes = 0,
            entries = 0,
            overlapMinutes = 0,
            points = 0,
            grades = Given.Grades(),
            byStatus = Array.Empty<object>(),
            byOrganisation = Array.Empty<object>(),
            byTaskType = Array.Empty<object>(),
            byYear = Array.Empty<object>(),
        },
        overlaps = Array.Empty<object>(),
    };

    private static List<string> Groups(string html) =>
        [.. Group().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    [GeneratedRegex("<h2 id=\"[^\"]+\">([^<]*)</h2>")]
    private static partial Regex Group();

    [GeneratedRegex("<h3><a href=\"/coordination/")]
    private static partial Regex CaseLink();

    [GeneratedRegex("<h3><a href=\"/vacancies/")]
    private static partial Regex VacancyLink();
}
