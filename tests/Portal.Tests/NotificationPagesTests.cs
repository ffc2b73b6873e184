using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.Testing;

namespace VolunteerBook.Portal.Tests;

/// <summary>The inbox, its settings, the page of the link out of a mail, and the bell in the head of every page.</summary>
public sealed partial class NotificationPagesTests : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private readonly PortalHost portal;
    private readonly PortalBrowser browser;
    private readonly Guid person = Guid.NewGuid();

    public NotificationPagesTests(PortalHost portal, PortalBrowser browser)
    {
        (this.portal, this.browser) = (portal, browser);
        portal.Forget();
    }

    private static object One(string text = "Рука помощи: подтверждено 4 ч", bool read = false, int daysAgo = 0, long position = 7) => new
    {
        id = Guid.NewGuid(),
        position,
        kind = "entryConfirmed",
        at = DateTimeOffset.UtcNow.AddDays(-daysAgo),
        text,
        link = $"/book/{Guid.NewGuid()}",
        read,
    };

    private static object Settings(string? email = "anna@example.org", bool mailIsSent = true) => new
    {
        mail = new[] { new { kind = "entryConfirmed", mail = "daily" }, new { kind = "casesLate", mail = "off" } },
        hour = 9,
        zone = "Asia/Omsk",
        language = "ru",
        email,
        mailIsSent,
    };

    [Fact]
    public async Task they_stand_by_day_with_what_is_unread_in_bold_and_lead_to_what_they_are_about()
    {
        portal.Answer("notifications", Given.Page(One(position: 9), One(read: true, daysAgo: 1), One(daysAgo: 40, position: 3)));

        var (status, html) = await portal.GetAsync("/notifications", person);

        status.ShouldBe(200);
        Headings().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).Take(2).ShouldBe(["Сегодня", "Вчера"]);
        Regex.Count(html, "<li class=\"unread\">").ShouldBe(2);
        html.ShouldContain("?to=%2Fbook%2F");
        html.ShouldContain("name=\"upTo\" value=\"9\"");
        portal.Asked["notifications"].ShouldContain("language=ru");
    }

    [Theory]
    [InlineData("/notifications", "Уведомлений пока нет")]
    [InlineData("/notifications?unread=true", "Всё прочитано")]
    public async Task where_there_is_none_a_sentence_says_so_and_nothing_is_to_be_marked(string path, string text)
    {
        portal.Answer("notifications", Given.Page());

        var (status, html) = await portal.GetAsync(path, person);

        status.ShouldBe(200);
        WebUtility.HtmlDecode(html).ShouldContain(text);
        html.ShouldNotContain("name=\"upTo\"");
    }

    [Fact]
    public async Task all_that_was_seen_is_marked_as_read_and_nothing_that_came_since()
    {
        portal.Answer("notifications", Given.Page(One(position: 9)));
        portal.Answer("POST notifications/readings", new { }, 204);

        var (status, why) = await portal.PostAsync("/notifications", "/notifications", person, ("upTo", "9"), ("do", "read"));

        status.ShouldBe(302, why);
        portal.Sent["notifications/readings"].ShouldBe("""{"upTo":9}""");
    }

    [Theory]
    [InlineData("/book/1", "/book/1")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example", "/")]
    public async Task following_one_marks_it_and_leads_to_a_page_of_this_site(string to, string leads)
    {
        var id = Guid.NewGuid();
        portal.Answer($"POST notifications/{id}/reading", new { }, 204);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(portal.Address, $"/notifications/{id}?to={Uri.EscapeDataString(to)}"));
        request.Headers.Add("Cookie", $"person={person}");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.Location!.ToString().ShouldBe(leads);
        portal.Sent.ShouldContainKey($"notifications/{id}/reading");
    }

    [Theory]
    [InlineData(0, "Уведомления", "0")]
    [InlineData(3, "Уведомления, непрочитанных: 3", "3")]
    [InlineData(1000, "Уведомления, непрочитанных: 99+", "99+")]
    public async Task the_bell_says_how_many_are_unread(int unread, string heard, string shown)
    {
        portal.Answer("notifications/unread", new { unread, upTo = 7 });

        // A page does not wait long for it.
        await Eventually.Is(async () =>
        {
            var html = WebUtility.HtmlDecode((await portal.GetAsync("/check", person)).Html);
            html.ShouldContain($"<span class=\"heard\">{heard}</span>");
            Count().Match(html).Groups[1].Value.ShouldBe(shown);
            Count().Match(html).Value.Contains(" hidden", StringComparison.Ordinal).ShouldBe(unread == 0);
        });
    }

    [Fact]
    public async Task a_page_shows_without_the_number_where_nobody_answers_for_it_and_a_visitor_has_no_bell()
    {
        portal.Refuse("notifications/unread", 503, "service-away");
        (await portal.GetAsync("/check", person)).ShouldSatisfyAllConditions(
            page => page.Status.ShouldBe(200), page => page.Html.ShouldContain("data-bell"));

        // Asked, and never answered: the page does not wait for it.
        var asked = portal.Hold("notifications/unread");
        (await portal.GetAsync("/check", person)).Status.ShouldBe(200);
        await asked.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        (await portal.GetAsync("/check")).Html.ShouldNotContain("data-bell");
        (await portal.FaultsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/notifications/unread")]
    [InlineData("/notifications/stream")]
    public async Task the_bell_of_whoever_is_no_longer_signed_in_is_told_so_and_given_no_cookie(string path)
    {
        using var answer = await portal.AnswerAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        answer.Headers.Location.ShouldBeNull();
    }

    [Fact]
    public async Task a_bell_that_is_told_so_asks_no_more()
    {
        portal.Answer("notifications/unread", new { unread = 3, upTo = 7 });
        var page = await browser.OpenAsync(portal.Address, 1280);
        var asked = new System.Collections.Concurrent.ConcurrentQueue<string>();
        page.Request += (_, request) => asked.Enqueue(new Uri(request.Url).AbsolutePath);
        await page.Clock.InstallAsync();
        await page.RouteAsync("**/notifications/{unread,stream}", route => route.FulfillAsync(new() { Status = 401 }));
        await page.Context.AddCookiesAsync([new Microsoft.Playwright.Cookie { Name = "person", Value = person.ToString(), Url = portal.Address.ToString() }]);
        await page.GotoAsync("/check");
        await Eventually.Is(() => Task.FromResult(asked.Contains("/notifications/unread") && asked.Contains("/notifications/stream")));
        var streams = asked.Count(path => path == "/notifications/stream");

        // By the page's clock; what it would ask is asked before the answer to a question of ours.
        await page.Clock.RunForAsync(300_000);
        await page.EvaluateAsync("() => fetch('/health')");

        asked.Count(path => path == "/notifications/stream").ShouldBe(streams);
    }

    [Fact]
    public async Task settings_are_shown_sent_as_a_whole_and_kept_with_what_is_wrong()
    {
        portal.Answer("notifications/settings", Settings());
        portal.Answer("PUT notifications/settings", new { }, 204);
        var (status, why) = await portal.PostAsync(
            "/notifications/settings", "/notifications/settings", person, ("mail.entryConfirmed", "off"), ("mail.casesLate", "daily"), ("hour", "21"),
            ("zone", "Asia/Omsk"), ("language", "en"), ("etag", "\"1\""), ("do", "set"));
        status.ShouldBe(302, why);
        var sent = JsonSerializer.Deserialize<JsonElement>(portal.Sent["notifications/settings"]);
        (sent.GetProperty("hour").GetInt32(), sent.GetProperty("language").GetString()).ShouldBe((21, "en"));
        sent.GetProperty("mail").EnumerateArray().Select(one => $"{one.GetProperty("kind")} {one.GetProperty("mail")}")
            .ShouldBe(["entryConfirmed off", "casesLate daily"], ignoreOrder: true);

        var (refused, html) = await portal.PostAsync(
            "/notifications/settings", "/notifications/settings", person, ("mail.entryConfirmed", "off"), ("hour", ""), ("zone", "Asia/Omsk"),
            ("language", "en"), ("do", "set"));
        refused.ShouldBe(422);
        html.ShouldContain("href=\"#hour\"");
        Regex.IsMatch(html, "<option value=\"off\" selected").ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, true, "не указана электронная почта")]
    [InlineData("anna@example.org", true, "Письма приходят на anna@example.org")]
    [InlineData("anna@example.org", false, "письма не отправляются")]
    public async Task settings_say_where_mails_go_or_why_none_do(string? email, bool sent, string text)
    {
        portal.Answer("notifications/settings", Settings(email, sent));
        WebUtility.HtmlDecode((await portal.GetAsync("/notifications/settings", person)).Html).ShouldContain(text);
    }

    [Fact]
    public async Task a_link_out_of_a_mail_asks_first_in_a_browser_and_ends_at_once_for_a_mail_program()
    {
        var token = new string('a', 75);
        portal.Answer($"notifications/unsubscriptions/{token}", new { mailed = true });
        portal.Answer($"POST notifications/unsubscriptions/{token}", new { }, 204);
        using var opened = await portal.AnswerAsync($"/unsubscribe/{token}/at-once");
        opened.Headers.Location!.ToString().ShouldBe($"/unsubscribe/{token}");
        portal.Sent.ShouldNotContainKey($"notifications/unsubscriptions/{token}");
        WebUtility.HtmlDecode((await portal.GetAsync($"/unsubscribe/{token}")).Html).ShouldContain("Больше не присылать");

        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        using var ended = await http.PostAsync(new Uri(portal.Address, $"/unsubscribe/{token}/at-once"), form, TestContext.Current.CancellationToken);
        ended.StatusCode.ShouldBe(HttpStatusCode.OK);
        portal.Sent.ShouldContainKey($"notifications/unsubscriptions/{token}");

        portal.Answer($"notifications/unsubscriptions/{token}", new { mailed = false });
        WebUtility.HtmlDecode((await portal.GetAsync($"/unsubscribe/{token}")).Html).ShouldContain("больше не приходят");
        WebUtility.HtmlDecode((await portal.GetAsync("/unsubscribe/x")).Html).ShouldContain("Ссылка неверна");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task long_and_many_ones_fit_and_are_accessible(int width, ColorScheme scheme)
    {
        portal.Answer("notifications/unread", new { unread = 1000, upTo = 7 });
        portal.Answer("notifications", new { items = Enumerable.Range(0, 50).Select(i => One(Given.Long, i % 2 == 0, i / 5)), next = "next" });
        portal.Answer("notifications/settings", Settings($"{new string('a', 60)}@{new string('b', 60)}.example"));
        portal.Answer($"notifications/unsubscriptions/{new string('a', 75)}", new { mailed = true });
        var page = await browser.OpenAsync(portal.Address, width, scheme: scheme);
        await page.Context.AddCookiesAsync([new Microsoft.Playwright.Cookie { Name = "person", Value = person.ToString(), Url = portal.Address.ToString() }]);
        foreach (var path in new[] { "/notifications", "/notifications/settings", $"/unsubscribe/{new string('a', 75)}" })
        {
            (await page.GotoAsync(path))!.Status.ShouldBe(200, path);
            (await page.Locator(".site-head").BoundingBoxAsync())!.Height.ShouldBeLessThanOrEqualTo(58);
            await page.ShouldNotScrollSidewaysAsync();
            await page.ShouldBeAccessibleAsync();
            if (Environment.GetEnvironmentVariable("SHOTS") is { Length: > 0 } folder)
            {
                await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, $"{path.Split('/')[1]}-{path.Length}-{width}.png") });
            }
        }

        portal.Answer("notifications", Given.Page());
        await page.GotoAsync("/notifications?unread=true");
        await page.ShouldBeAccessibleAsync();
    }

    [GeneratedRegex("<h2>([^<]+)</h2>")]
    private static partial Regex Headings();

    [GeneratedRegex("<span class=\"bell-count\"[^>]*>([^<]*)</span>")]
    private static partial Regex Count();
}
