using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.Testing;

namespace VolunteerBook.Portal.Tests;

/// <summary>What search engines, messengers and telephones learn of the site, and what they do not.</summary>
public sealed partial class DiscoveryTests : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly XNamespace Sitemaps = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private static readonly Guid Vacancy = Guid.NewGuid(), Organisation = Guid.NewGuid();
    private readonly PortalHost portal;
    private readonly PortalBrowser browser;
    private readonly Guid person = Guid.NewGuid();

    public DiscoveryTests(PortalHost portal, PortalBrowser browser)
    {
        (this.portal, this.browser) = (portal, browser);
        portal.Forget();
        portal.Answer("statistics", Given.Statistics(Given.Month("2026-10")));
        portal.Answer("organisations", Given.Page(OneOrganisation()));
        portal.Answer($"organisations/{Organisation}", OneOrganisation());
        portal.Answer("service-levels", Given.Page());
        portal.Answer("vacancies", Given.Page(Given.Vacancy(Vacancy, Given.Shift())));
        portal.Answer($"vacancies/{Vacancy}", OneVacancy("Перчатки дадим."));
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("applications", Given.Page());
    }

    [Fact]
    public async Task each_public_page_has_a_title_and_words_of_its_own_in_both_languages()
    {
        List<string> titles = [], words = [];
        foreach (var row in AddressTests.Public())
        {
            var page = row.Data.StartsWith("/vacancies/", StringComparison.Ordinal) ? $"/vacancies/{Vacancy}"
                : row.Data.StartsWith("/organisations/", StringComparison.Ordinal) ? $"/organisations/{Organisation}" : row.Data;
            foreach (var address in new[] { page, "/en" + page })
            {
                var (status, html) = await portal.GetAsync(address);
                status.ShouldBe(200, address);
                titles.Add(WebUtility.HtmlDecode(Title().Match(html).Groups[1].Value));
                words.Add(Meta(html, "description"));
                Meta(html, "description").Length.ShouldBeInRange(40, 200, address);
                titles[^1].ShouldStartWith(Meta(html, "og:title"));
                Meta(html, "og:description").ShouldBe(Meta(html, "description"));
                Meta(html, "og:url").ShouldBe(new Uri(portal.Address, address).ToString());
                Meta(html, "og:locale").ShouldBe(address == page ? "ru_RU" : "en_GB");
                using var image = await portal.AnswerAsync(new Uri(Meta(html, "og:image")).AbsolutePath);
                image.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
                using var answer = await portal.AnswerAsync(address);
                answer.Headers.Contains("X-Robots-Tag").ShouldBeFalse(address);
            }
        }

        titles.ShouldBeUnique();
        words.ShouldBeUnique();
    }

    // A link that is a secret, a document's number, somebody's own pages, an error: none of them is listed, and none says what it is about to who sends it on.
    [Theory]
    [InlineData("/applications")]
    [InlineData("/profile")]
    [InlineData("/shared/AAAABBBBCCCCDDDD")]
    [InlineData("/shared/AAAABBBBCCCCDDDD/file")]
    [InlineData("/inquiries/AAAABBBBCCCCDDDD")]
    [InlineData("/check/VB-2026-7QX4M-K2DT9")]
    [InlineData("/en/check/VB-2026-7QX4M-K2DT9")]
    [InlineData("/nothing")]
    [InlineData("/error/500")]
    public async Task what_is_not_for_everybody_is_not_listed(string address)
    {
        using var answer = await portal.AnswerAsync(address, person: person);
        answer.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex"]);
        var (_, html) = await portal.GetAsync(address, person);
        html.ShouldNotContain("property=\"og:");
        html.ShouldNotContain("rel=\"canonical\"");
    }

    [Theory]
    [InlineData(null, "#fff (prefers-color-scheme: light), #181e2b (prefers-color-scheme: dark)")]
    [InlineData("theme=dark", "#181e2b ")]
    [InlineData("theme=light", "#fff ")]
    public async Task a_browsers_frame_takes_the_colour_of_the_head(string? cookie, string colours)
    {
        var (_, html) = await portal.GetAsync("/", cookie: cookie);
        string.Join(", ", ThemeColour().Matches(html).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")).ShouldBe(colours);
    }

    [Fact]
    public async Task a_long_text_is_cut_at_a_word()
    {
        portal.Answer($"vacancies/{Vacancy}", OneVacancy(string.Join("\n", Enumerable.Repeat("Перчатки «дадим».", 100))));
        var words = Meta((await portal.GetAsync($"/vacancies/{Vacancy}")).Html, "description");
        words.ShouldStartWith("Чистый берег. Москва, 8 мая 2027");
        words.ShouldEndWith("…");
        words.Length.ShouldBeLessThanOrEqualTo(200);
        words.Split(' ')[^1].ShouldBeOneOf("Перчатки…", "«дадим».…");
    }

    [Theory]
    [InlineData("", "ru", "Электронная книжка волонтёра")]
    [InlineData("/en", "en", "Volunteer’s electronic book")]
    public async Task the_manifest_says_how_the_site_is_put_on_a_telephone(string prefix, string language, string name)
    {
        var (_, html) = await portal.GetAsync(prefix + "/");
        var link = ManifestLink().Match(html).Groups[1].Value;
        link.ShouldBe(prefix + "/manifest.webmanifest");
        using var answer = await portal.AnswerAsync(link);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/manifest+json");
        using var manifest = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        manifest.RootElement.GetProperty("name").GetString().ShouldBe(name);
        manifest.RootElement.GetProperty("lang").GetString().ShouldBe(language);
        manifest.RootElement.GetProperty("start_url").GetString().ShouldBe(prefix + "/");
        foreach (var icon in manifest.RootElement.GetProperty("icons").EnumerateArray())
        {
            using var picture = await portal.AnswerAsync(icon.GetProperty("src").GetString()!);
            picture.StatusCode.ShouldBe(HttpStatusCode.OK);
            picture.Content.Headers.ContentType!.MediaType.ShouldBe(icon.GetProperty("type").GetString());
        }
    }

    [Fact]
    public async Task chromium_finds_no_fault_in_the_manifest_and_may_read_it()
    {
        var page = await browser.OpenAsync(portal.Address, 320);
        List<string> complaints = [];
        page.Console += (_, message) => complaints.Add(message.Text);
        var chromium = await page.Context.NewCDPSessionAsync(page);
        await page.GotoAsync("/");
        var manifest = (await chromium.SendAsync("Page.getAppManifest"))!.Value;
        manifest.GetProperty("url").GetString().ShouldBe(new Uri(portal.Address, "/manifest.webmanifest").ToString());
        manifest.GetProperty("data").GetString()!.ShouldContain("maskable");
        manifest.GetProperty("errors").EnumerateArray().Select(error => error.ToString()).ShouldBeEmpty();
        // Page.getInstallabilityErrors would say more; without a window Chromium answers it with nothing, whatever is at fault.
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task robots_are_told_where_the_map_is_and_what_is_not_for_them()
    {
        using var answer = await portal.AnswerAsync("/robots.txt");
        var text = await answer.Content.ReadAsStringAsync();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        text.ShouldContain($"\nSitemap: {new Uri(portal.Address, "/sitemap.xml")}\n");
        text.ShouldContain("\nDisallow: /api/\n");
        text.ShouldContain("\nDisallow: /en/sign-in\n");
        // Whoever may not read a page does not learn either that it must not be listed.
        text.ShouldNotContain("/shared");
    }

    [Fact]
    public async Task the_map_has_every_public_page_in_both_languages_and_each_of_them_is_there()
    {
        var map = await MapAsync();
        var addresses = map.Root!.Elements(Sitemaps + "url").Select(url => url.Element(Sitemaps + "loc")!.Value).ToList();
        addresses.ShouldBeUnique();
        addresses.Count(address => address.StartsWith(new Uri(portal.Address, "/en/").ToString(), StringComparison.Ordinal)).ShouldBe(addresses.Count / 2);
        addresses.ShouldContain(new Uri(portal.Address, $"/en/vacancies/{Vacancy}").ToString());
        addresses.ShouldContain(new Uri(portal.Address, $"/organisations/{Organisation}").ToString());
        foreach (var address in addresses)
        {
            var (status, html) = await portal.GetAsync(new Uri(address).AbsolutePath);
            status.ShouldBe(200, address);
            html.ShouldContain($"<link rel=\"canonical\" href=\"{address}\"");
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000, 1)]
    [InlineData(60_000, 3)]
    public async Task a_map_of_any_size_is_read_in_parts_of_at_most_50_000_addresses(int many, int parts)
    {
        portal.Answer("vacancies", Many(many));
        var map = NewMap();
        var read = await map.Parts(TestContext.Current.CancellationToken);
        read.Count.ShouldBe(parts);
        read.ShouldAllBe(part => part.Count * 2 <= 50_000);
        read.SelectMany(part => part).Count(path => path.StartsWith("/vacancies/", StringComparison.Ordinal)).ShouldBe(many);
    }

    [Fact]
    public async Task a_list_without_an_end_is_not_read_to_its_end()
    {
        var asked = 0;
        portal.Answer("vacancies", _ =>
        {
            asked++;
            return new { items = Array.Empty<object>(), next = "again" };
        });
        var map = NewMap();
        (await map.Parts(TestContext.Current.CancellationToken)).Count.ShouldBe(1);
        asked.ShouldBe(SiteMap.MostOfAKind / SiteMap.AtOnce);
    }

    [Fact]
    public async Task many_who_ask_at_once_cause_one_reading_and_a_service_that_is_away_takes_nothing_from_the_map()
    {
        var asked = 0;
        portal.Answer("vacancies", _ =>
        {
            Interlocked.Increment(ref asked);
            return Given.Page(new { id = Vacancy });
        });
        var clock = new Clock();
        var map = NewMap(clock);
        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => map.Parts(TestContext.Current.CancellationToken)));
        all.ShouldAllBe(parts => parts[0].Contains($"/vacancies/{Vacancy}"));
        asked.ShouldBe(1);

        portal.Forget();
        portal.Refuse("vacancies", 503, "service-away");
        clock.Now += TimeSpan.FromHours(1);
        (await map.Parts(TestContext.Current.CancellationToken))[0].ShouldContain($"/vacancies/{Vacancy}");
        await map.Renewed();
        (await map.Parts(TestContext.Current.CancellationToken))[0].ShouldContain($"/vacancies/{Vacancy}");
        var first = NewMap(clock);
        (await first.Parts(TestContext.Current.CancellationToken))[0].ShouldContain("/check");
    }

    [Fact]
    public async Task who_leaves_takes_nothing_from_the_others_and_what_was_known_is_served_meanwhile()
    {
        var clock = new Clock();
        var map = NewMap(clock);
        var asked = portal.Hold("vacancies");
        using (var leaving = new CancellationTokenSource())
        {
            var first = map.Parts(leaving.Token);
            await asked.WaitAsync(Eventually.Soon, TestContext.Current.CancellationToken);
            await leaving.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(first);
        }

        // What the first had asked for goes on; the API is asked a second time by itself where it gives no answer.
        (await map.Parts(TestContext.Current.CancellationToken))[0].ShouldContain("/check");
        await map.Renewed();
        clock.Now += TimeSpan.FromHours(1);
        asked = portal.Hold("vacancies");
        (await map.Parts(TestContext.Current.CancellationToken))[0].ShouldContain("/check");
        await asked.WaitAsync(Eventually.Soon, TestContext.Current.CancellationToken);
        (await map.Parts(TestContext.Current.CancellationToken))[0].ShouldContain("/check");
        await map.Renewed();
    }

    private SiteMap NewMap(TimeProvider? clock = null) => new(
        portal.Services.GetRequiredService<IServiceScopeFactory>(), clock ?? TimeProvider.System, NullLogger<SiteMap>.Instance);

    private async Task<XDocument> MapAsync()
    {
        using var answer = await portal.AnswerAsync("/sitemap.xml");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/xml");
        return XDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static Func<Microsoft.AspNetCore.Http.IQueryCollection, object> Many(int many) => query =>
    {
        var from = int.TryParse(query["after"], CultureInfo.InvariantCulture, out var at) ? at : 0;
        var size = int.Parse(query["limit"]!, CultureInfo.InvariantCulture);
        var next = from + size;
        return new
        {
            items = Enumerable.Range(from, Math.Max(0, Math.Min(size, many - from))).Select(_ => new { id = Guid.NewGuid() }),
            next = next < many ? next.ToString(CultureInfo.InvariantCulture) : null,
        };
    };

    private static object OneVacancy(string description) => new
    {
        id = Vacancy,
        organisationId = Organisation,
        organisationName = "Чистый берег",
        title = "Уборка",
        description,
        taskType = "E12",
        region = "RU-MOW",
        shifts = new[] { Given.Shift() },
        status = "open",
    };

    private static object OneOrganisation() => new { id = Organisation, name = "Чистый берег", ogrn = "1027700132195", region = "RU-MOW", status = "approved" };

    private static string Meta(string html, string name) => WebUtility.HtmlDecode(
        Regex.Match(html, $"<meta (?:name|property)=\"{Regex.Escape(name)}\" content=\"([^\"]*)\"").Groups[1].Value);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 9, 10, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    [GeneratedRegex("<title>([^<]*)</title>")]
    private static partial Regex Title();

    [GeneratedRegex("<meta name=\"theme-color\" content=\"([^\"]*)\"(?: media=\"([^\"]*)\")?")]
    private static partial Regex ThemeColour();

    [GeneratedRegex("<link rel=\"manifest\" href=\"([^\"]*)\"")]
    private static partial Regex ManifestLink();
}
