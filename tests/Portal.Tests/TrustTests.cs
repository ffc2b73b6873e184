using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EndToEnd.Tests;
using Cookie = Microsoft.Playwright.Cookie;

namespace VolunteerBook.Portal.Tests;

/// <summary>What a site says of itself: who runs it, by which rules, with which data, and how it is right now.</summary>
public sealed partial class TrustTests : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly string[] Pages = ["/about", "/help", "/privacy", "/consent", "/terms", "/accessibility", "/contacts", "/developers", "/status"];
    private static readonly string[] Questions =
        [".well-known/openid-configuration", "vocabulary", "service-levels", "vacancies", "organisations", "statistics"];

    // Of the text of each version as it stands in ConsentText.razor. Another text is another version, in ConsentTexts and here.
    private static readonly Dictionary<string, string> Agreed = new() { ["2026-12-01"] = "d2ca742589afbff9" };

    private readonly PortalHost portal;
    private readonly PortalBrowser browser;
    private readonly Guid person = Guid.NewGuid();

    public TrustTests(PortalHost portal, PortalBrowser browser)
    {
        (this.portal, this.browser) = (portal, browser);
        portal.Forget();
        portal.Services.GetRequiredService<IMemoryCache>().Remove(LookAtSite.Client);
        foreach (var question in Questions) portal.Answer(question, Given.Page());
    }

    [Theory]
    [InlineData(320, "ru-RU", ColorScheme.Dark)]
    [InlineData(768, "en-GB", ColorScheme.Light)]
    [InlineData(1280, "ru-RU", ColorScheme.Light)]
    [InlineData(1280, "en-GB", ColorScheme.Dark)]
    [InlineData(1920, "ru-RU", ColorScheme.Light)]
    public async Task every_page_fits_and_is_accessible(int width, string language, ColorScheme scheme)
    {
        var page = await browser.OpenAsync(portal.Address, width, language: language, scheme: scheme);
        foreach (var path in Pages)
        {
            (await page.GotoAsync(path))!.Status.ShouldBe(200, path);
            await page.ShouldNotScrollSidewaysAsync();
            await page.ShouldBeAccessibleAsync();
            if (Environment.GetEnvironmentVariable("SHOTS") is { Length: > 0 } folder)
            {
                var file = Path.Combine(folder, $"{path[1..]}-{language}-{scheme}-{width}.png");
                await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = file });
            }
        }
    }

    [Fact]
    public async Task the_foot_of_every_page_leads_to_all_of_them()
    {
        var (_, html) = await portal.GetAsync("/check");
        foreach (var page in Pages) html[html.IndexOf("<footer", StringComparison.Ordinal)..].ShouldContain($"href=\"{page}\"");
    }

    // A lawyer finds them by one component, and whoever runs a site in production does not show them marked.
    [Fact]
    public async Task what_a_lawyer_has_to_look_at_says_so_in_development_alone()
    {
        foreach (var page in new[] { "/privacy", "/consent", "/terms" }) (await portal.GetAsync(page)).Html.ShouldContain("data-legal");
        (await portal.GetAsync("/about")).Html.ShouldNotContain("data-legal");

        var environment = portal.Services.GetRequiredService<IHostEnvironment>();
        var before = environment.EnvironmentName;
        environment.EnvironmentName = Environments.Production;
        try
        {
            foreach (var page in new[] { "/privacy", "/consent", "/terms" }) (await portal.GetAsync(page)).Html.ShouldNotContain("data-legal");
        }
        finally
        {
            environment.EnvironmentName = before;
        }
    }

    [Fact]
    public async Task contacts_are_those_of_the_configuration_and_nothing_is_made_up()
    {
        (await portal.GetAsync("/contacts")).Html.ShouldContain("Контакты не указаны");
        var settings = portal.Services.GetRequiredService<Microsoft.Extensions.Configuration.IConfiguration>();
        settings["Portal:Contacts:Name"] = "АНО «Книжка <1>»";
        settings["Portal:Contacts:Phone"] = "8 (800) 555-00-00";
        try
        {
            var html = (await portal.GetAsync("/privacy")).Html;
            html.ShouldContain("АНО «Книжка &lt;1&gt;»");
            html.ShouldContain("href=\"tel:88005550000\"");
            html.ShouldNotContain("mailto:");
        }
        finally
        {
            settings["Portal:Contacts:Name"] = settings["Portal:Contacts:Phone"] = null;
        }
    }

    [Fact]
    public void a_text_of_consent_never_changes_under_its_version()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VolunteerBook.sln"))) folder = folder.Parent;
        var text = Blanks().Replace(File.ReadAllText(Path.Combine(folder.FullName, "gateway", "Portal", "Parts", "ConsentText.razor")), " ");
        Agreed[ConsentTexts.Current].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16]);
        Agreed.Keys.ShouldBe(ConsentTexts.Versions, ignoreOrder: true);
    }

    [Fact]
    public async Task nobody_registers_without_a_consent_and_what_was_typed_stays()
    {
        (string, string)[] fields = [("name.family", "Смирнова"), ("name.given", "Анна"), ("birthDate", "1999-01-31"), ("region", "RU-MOW")];
        portal.Answer("POST volunteers", new { id = person }, 201);
        portal.Sent.TryRemove("volunteers", out _);

        var (status, html) = await portal.PostAsync("/registration", "/registration", person, fields);
        status.ShouldBe(422);
        html.ShouldContain("href=\"#consent\"");
        html.ShouldContain("value=\"Смирнова\"");
        portal.Sent.ShouldNotContainKey("volunteers");

        (await portal.LeadsToAsync("/registration", person, [.. fields, ("consent", ConsentTexts.Current)])).ShouldBe("/book");
        using var sent = JsonDocument.Parse(portal.Sent["volunteers"]);
        sent.RootElement.GetProperty("consent").GetString().ShouldBe(ConsentTexts.Current);
        sent.RootElement.GetProperty("name").GetProperty("family").GetString().ShouldBe("Смирнова");
    }

    [Fact]
    public async Task a_consent_that_is_missing_is_said_beside_its_box_on_a_small_phone()
    {
        var page = await browser.OpenAsync(portal.Address, 320, language: "en-GB");
        await page.Context.AddCookiesAsync([new Cookie { Name = "person", Value = person.ToString(), Url = portal.Address.ToString() }]);
        await page.GotoAsync("/registration");
        await page.ClickAsync("main .actions button");
        await page.Locator("#consent-wrong").WaitForAsync();
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();
        if (Environment.GetEnvironmentVariable("SHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { FullPage = true, Path = Path.Combine(folder, "registration.png") });
        }
    }

    [Theory]
    [InlineData(null, "раньше, чем мы стали спрашивать")]
    [InlineData("2020-01-01", "изменился")]
    [InlineData(ConsentTexts.Current, null)]
    public async Task who_has_a_book_and_has_not_agreed_to_this_text_is_asked_and_goes_on(string? agreed, string? said)
    {
        portal.Answer("people/me", new { name = (object?)null, hasBook = true, consent = agreed });
        foreach (var page in new[] { "/", "/profile" })
        {
            portal.Answer("volunteers/me", Profile(agreed));
            var (status, html) = await portal.GetAsync(page, person);
            status.ShouldBe(200);
            if (said is null) html.ShouldNotContain("Прочитать и ответить");
            else html.ShouldContain(said);
        }

        portal.Answer("people/me", new { name = (object?)null, hasBook = false });
        (await portal.GetAsync("/", person)).Html.ShouldNotContain("Прочитать и ответить");
    }

    [Fact]
    public async Task a_consent_is_given_with_its_version_and_shown_with_its_time()
    {
        (await portal.GetAsync("/consent")).Html.ShouldNotContain("name=\"version\"");
        portal.Answer("volunteers/me", Profile(null));
        (await portal.GetAsync("/consent", person)).Html.ShouldContain("name=\"version\"");
        portal.Answer("POST volunteers/me/consents", new { });
        (await portal.LeadsToAsync("/en/consent", person, ("version", ConsentTexts.Current), ("etag", "\"1\""))).ShouldBe("/en/consent");
        portal.Sent["volunteers/me/consents"].ShouldBe($"{{\"version\":\"{ConsentTexts.Current}\"}}");

        portal.Refuse("POST volunteers/me/consents", 400, "consent-unknown", new { version = new[] { "x" } }, new { version = new[] { "consent-unknown" } });
        var (status, html) = await portal.PostAsync("/consent", "/consent", person, ("version", "2020-01-01"));
        status.ShouldBe(422);
        html.ShouldContain("Такой редакции согласия нет");

        portal.Answer("volunteers/me", Profile(ConsentTexts.Current));
        html = WebUtility.HtmlDecode((await portal.GetAsync("/consent", person)).Html);
        html.ShouldContain("Вы согласились с редакцией от 1 декабря 2026:");
        html.ShouldContain("datetime=\"2026-12-02T10:00:00Z\"");
        html.ShouldNotContain("name=\"version\"");
    }

    [Fact]
    public async Task while_profiles_is_away_the_text_of_the_consent_is_there()
    {
        portal.Refuse("volunteers/me", 503, "service-away");
        var (status, html) = await portal.GetAsync("/consent", person);
        status.ShouldBe(200);
        html.ShouldContain("152-ФЗ");
    }

    [Fact]
    public async Task the_status_says_what_works()
    {
        var (status, html) = await portal.GetAsync("/status");
        status.ShouldBe(200);
        html.ShouldContain("Всё работает.");
        Part().Count(html).ShouldBe(Questions.Length);
        foreach (var word in new[] { "RabbitMQ", "PostgreSQL", "ledger", "profiles" }) html.ShouldNotContain(word);
    }

    [Theory]
    [InlineData("vacancies", 503, "Вакансии и заявки")]
    [InlineData("vocabulary", 500, "Книжка, выписки и проверка документов")]
    [InlineData(".well-known/openid-configuration", 404, "Вход")]
    public async Task a_part_that_is_away_is_named_by_what_people_do_with_it(string question, int answer, string part)
    {
        portal.Refuse(question, answer, "any");
        var (status, html) = await portal.GetAsync("/status");
        status.ShouldBe(200);
        html.ShouldContain("Часть сервиса сейчас недоступна");
        Part().Matches(html).Where(match => match.Groups[2].Value.Contains("Недоступно", StringComparison.Ordinal)).Select(match => match.Groups[1].Value)
            .ShouldBe([part]);
    }

    [Fact]
    public async Task the_status_does_not_fail_when_all_else_does()
    {
        foreach (var question in Questions) portal.Refuse(question, 503, "service-away");
        var (status, html) = await portal.GetAsync("/en/status");
        status.ShouldBe(200);
        html.ShouldContain("The service is not available at the moment.");
    }

    [Fact]
    public async Task many_who_look_ask_each_service_once()
    {
        var asked = 0;
        portal.Answer("vacancies", _ =>
        {
            Interlocked.Increment(ref asked);
            return Given.Page();
        });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => portal.GetAsync("/status")));
        asked.ShouldBe(1);
    }

    private object Profile(string? agreed) => new
    {
        id = person,
        name = new { family = "Смирнова", given = "Анна" },
        region = "RU-MOW",
        registeredAt = "2026-01-01T00:00:00Z",
        consent = agreed is null ? null : new { version = agreed, at = "2026-12-02T10:00:00Z" },
    };

    [GeneratedRegex("<div><dt>([^<]*)</dt><dd><span class=\"status [^\"]*\">([^<]*)<")]
    private static partial Regex Part();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
