using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>Pages with long, old and many things in a real browser, at the width of a desk and of a small phone.</summary>
public sealed class LayoutTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly Guid Person = Guid.NewGuid();
    private static readonly Guid Vacancy = Guid.NewGuid();
    private static readonly Guid Organisation = Guid.NewGuid();

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task a_name_of_290_letters_hides_no_figure_of_the_service_levels(int width)
    {
        World();
        var page = await OpenAsync(width);
        await page.GotoAsync("/service-levels");

        foreach (var cell in await page.Locator("tbody td").AllAsync())
        {
            var box = (await cell.BoundingBoxAsync())!;
            (box.X + box.Width).ShouldBeLessThanOrEqualTo(width);
            (await cell.InnerTextAsync()).ShouldNotBeEmpty();
        }

        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();
    }

    [Fact]
    public async Task whose_figures_one_looks_at_stays_in_sight_however_far_to_the_right_they_stand()
    {
        var page = await OpenAsync(700);
        await page.GotoAsync("/design");
        var name = page.Locator("#table-figures tbody th").First;
        var before = (await name.BoundingBoxAsync())!;
        (await page.EvaluateAsync<int>("() => { const room = document.querySelector('#table-figures'); room.scrollLeft = 9999; return room.scrollLeft; }"))
            .ShouldBeGreaterThan(100);
        (await name.BoundingBoxAsync())!.X.ShouldBe(before.X, 1);
        // What goes by below is not seen through it.
        (await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('#table-figures tbody th')).backgroundColor"))
            .ShouldNotBe("rgba(0, 0, 0, 0)");
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task a_table_is_sorted_by_its_heading_on_a_phone_too(int width)
    {
        World();
        var page = await OpenAsync(width);
        await page.GotoAsync("/service-levels");
        await page.Locator("th[aria-sort=ascending]:visible").WaitForAsync();
        await page.ClickAsync("thead a >> visible=true");
        await page.ArriveAsync("**sort=share#*");
        portal.Asked["service-levels"].ShouldContain("sort=share");
        (await page.Locator("th[aria-sort=descending]:visible").InnerTextAsync()).ShouldContain("↓");
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();

        await page.GotoAsync("/statistics?from=2020-01");
        await page.ClickAsync("#table-by-region thead a:has-text('Регион')");
        await page.ArriveAsync("**by-region=key#*");
        page.Url.ShouldContain("from=2020-01");
        var names = await page.Locator("#table-by-region tbody th").AllInnerTextsAsync();
        names.ShouldBe(names.Order(StringComparer.Create(System.Globalization.CultureInfo.GetCultureInfo("ru"), ignoreCase: true)));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task no_figure_of_the_statistics_is_out_of_sight(int width)
    {
        World();
        var page = await OpenAsync(width);
        await page.GotoAsync("/statistics");
        await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(one => one.open = true)");

        var hidden = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.scroll:has(table)')].filter(one => one.scrollWidth > "
            + "one.clientWidth).map(one => one.innerText.slice(0, 60))");
        hidden.ShouldBeEmpty();
        await page.ShouldBeAccessibleAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task whom_a_sheet_names_fits_however_long_the_words_are(int width)
    {
        World();
        var sheet = Guid.NewGuid();
        var word = new string('Ы', 200);
        portal.Answer($"sheets/{sheet}", new
        {
            id = sheet,
            organisationId = Organisation,
            name = word,
            status = "received",
            rows = 1,
            unresolved = 2,
            peopleId = sheet,
            receivedAt = "2026-05-10T10:00:00Z",
        });
        portal.Answer($"sheets/{sheet}/people", new { items = new[] { new { person = 1, rows = 1, line = 2 }, new { person = 2, rows = 1, line = 3 } } });
        portal.Answer("volunteers/names", Array.Empty<object>());
        portal.Answer($"organisations/{Organisation}/people-lists/{sheet}", new object[]
        {
            new { number = 1, name = word, candidates = new[] { new { volunteerId = Guid.NewGuid(), displayName = word, agreesInAll = true } } },
            new { number = 2, email = word + "@example.org", candidates = Array.Empty<object>() },
        });
        var page = await OpenAsync(width);

        (await page.GotoAsync($"/coordination/sheets/{sheet}/people"))!.Status.ShouldBe(200);
        await page.ShouldNotScrollSidewaysAsync();
        foreach (var text in await page.Locator("legend, .crumbs a:visible, .choices label").AllAsync())
        {
            var box = (await text.BoundingBoxAsync())!;
            (box.X + box.Width).ShouldBeLessThanOrEqualTo(width);
        }

        await page.ShouldBeAccessibleAsync();
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task long_and_many_things_fit(int width)
    {
        World();
        var page = await OpenAsync(width);
        foreach (var path in new[]
        {
            "/",
            "/statistics",
            "/vacancies",
            $"/vacancies/{Vacancy}",
            "/book/new",
            "/applications",
            $"/organisations/{Organisation}",
            "/profile",
        })
        {
            (await page.GotoAsync(path))!.Status.ShouldBe(200, path);
            await page.ShouldNotScrollSidewaysAsync();
            await page.ShouldBeAccessibleAsync();
            await ShotAsync(page, path, width);
        }
    }

    [Theory]
    [InlineData(1920, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task the_head_is_one_row_on_every_screen_and_its_menu_opens_and_closes_without_a_script(int width, ColorScheme scheme)
    {
        World();
        foreach (var person in new[] { (Guid?)null, Person })
        {
            var page = await browser.OpenAsync(portal.Address, width, script: false, scheme: scheme);
            if (person is { } id)
            {
                // Whoever has most to go to.
                await page.Context.AddCookiesAsync(
                    [
                        new Cookie { Name = "person", Value = id.ToString(), Url = portal.Address.ToString() },
                        new Cookie { Name = "role", Value = Roles.Administrator, Url = portal.Address.ToString() },
                    ]);
            }

            await page.GotoAsync("/");
            (await page.Locator(".site-head").BoundingBoxAsync())!.Height.ShouldBeLessThanOrEqualTo(58);
            await page.ShouldNotScrollSidewaysAsync();
            await ShotAsync(page, $"/home-{scheme}-{(person is null ? "visitor" : "volunteer")}", width);
            var menu = page.Locator("#menu");
            (await menu.IsVisibleAsync()).ShouldBeFalse();
            if (person is null && width >= 1152)
            {
                (await page.Locator(".places a").CountAsync()).ShouldBe(await page.Locator(".places a:visible").CountAsync());
                continue;
            }

            await page.Locator(".menu-opens").FocusAsync();
            await page.Keyboard.PressAsync("Enter");
            (await menu.IsVisibleAsync()).ShouldBeTrue();
            await page.Keyboard.PressAsync("Tab");
            (await page.Locator("#menu a:focus, #menu button:focus").CountAsync()).ShouldBe(1);
            await ShotAsync(page, $"/menu-{scheme}-{(person is null ? "visitor" : "volunteer")}", width);
            await page.Keyboard.PressAsync("Escape");
            (await menu.IsVisibleAsync()).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task what_has_the_focus_is_not_hidden_behind_the_bar_at_the_foot()
    {
        World();
        var page = await OpenAsync(320);
        await page.GotoAsync("/book/new");
        var bar = (await page.Locator(".site-bar").BoundingBoxAsync())!;
        for (var stop = 0; stop < 40; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            var (inBar, bottom) = (
                await page.EvaluateAsync<bool>("() => document.activeElement.closest('.site-bar') !== null"),
                await page.EvaluateAsync<float>("() => document.activeElement.getBoundingClientRect().bottom"));
            if (!inBar)
            {
                bottom.ShouldBeLessThanOrEqualTo(bar.Y, await page.EvaluateAsync<string>("() => document.activeElement.outerHTML.slice(0, 100)"));
            }
        }
    }

    [Fact]
    public async Task what_is_pressed_on_a_small_phone_is_large_enough_for_a_finger()
    {
        World();
        var page = await OpenAsync(320);
        foreach (var path in new[]
        {
            "/",
            "/statistics",
            "/vacancies",
            $"/vacancies/{Vacancy}",
            "/book/new",
            "/applications",
            "/service-levels",
            $"/organisations/{Organisation}",
            "/profile",
            "/no-such-page",
        })
        {
            await page.GotoAsync(path);
            await page.EvaluateAsync("() => document.getElementById('menu').showPopover()");
            // WCAG 2.2, 2.5.8: 24 by 24 CSS pixels, except within a sentence; what stands by itself in rows is 44 high.
            var small = await page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden]):not([type=checkbox])')]
                    .filter(one => one.checkVisibility() && !one.matches('.skip, .enter, .heard') &&
                        !one.closest('p:not(.actions), dd, td, .hint, h1, h2, h3, .mistakes'))
                    .map(one => [one, one.getBoundingClientRect(), one.matches('footer a, nav a, .who > *, .menu *, .actions > *, .crumbs a') ? 43.5 : 24])
                    .filter(([, box, least]) => box.height < least || box.width < 24)
                    .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)
                """);
            small.ShouldBeEmpty(path);
        }
    }

    private async Task<IPage> OpenAsync(int width)
    {
        var page = await browser.OpenAsync(portal.Address, width);
        await page.Context.AddCookiesAsync([new Cookie { Name = "person", Value = Person.ToString(), Url = portal.Address.ToString() }]);
        return page;
    }

    // Where SHOTS names a folder, a picture of each page is kept there to be looked at.
    private static async Task ShotAsync(IPage page, string path, int width)
    {
        if (Environment.GetEnvironmentVariable("SHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(
                new PageScreenshotOptions { FullPage = true, Path = Path.Combine(folder, $"{path.Trim('/').Replace('/', '_')}-{width}.png") });
        }
    }

    private void World()
    {
        portal.Answer(
            "statistics",
            Given.Statistics(Given.Month("2001-05", 6000), Given.Month("2024-03", 21_630), Given.Month("2025-12"), Given.Month("2026-10", 60_000_000)));
        portal.Answer("organisations", Given.Page([.. Enumerable.Range(0, 50)
            .Select(_ => (object)new { id = Guid.NewGuid(), name = Given.Long, ogrn = "1027700132195", region = "RU-MOW", status = "approved" })]));
        portal.Answer(
            $"organisations/{Organisation}", new { id = Organisation, name = Given.Long, ogrn = "1027700132195", region = "RU-MOW", status = "approved" });
        portal.Answer("service-levels", Given.Page(
            Level(Guid.NewGuid(), "Тёплый дом", 1, 0.5, 4.5),
            Level(Organisation, Given.Long, 123_456, 1, 1234.5),
            Level(Guid.NewGuid(), "Новая", 0, null, null)));
        portal.Answer($"service-levels/{Organisation}", Level(Organisation, Given.Long, 123_456, 1, 1234.5));
        portal.Answer("vacancies", Given.Page([.. Enumerable.Range(0, 20).Select(_ => Given.Vacancy(Guid.NewGuid(), Given.Shift(), Given.Shift()))]));
        portal.Answer($"vacancies/{Vacancy}", Given.Vacancy(Vacancy, [.. Enumerable.Range(0, 100).Select(_ => Given.Shift())]));
        portal.Answer(
            "applications", Given.Page(Given.Application(Vacancy, "accepted", Guid.NewGuid()), Given.Application(Vacancy, "declined", Guid.NewGuid())));
        portal.Answer("volunteers/me", Given.Profile(Person));
    }

    private static object Level(Guid id, string name, int many, double? share, double? days) => new
    {
        organisationId = id,
        name,
        limitDays = 14,
        open = many,
        escalated = many,
        oldestOpenDays = days,
        medianOpenDays = days,
        decided = many,
        inTimeShare = share,
        medianDecisionDays = days,
    };
}
