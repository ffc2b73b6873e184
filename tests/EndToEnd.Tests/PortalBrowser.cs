using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>A real browser. Playwright drives it with what its package brings along.</summary>
public sealed class PortalBrowser : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.Path,
            Args = Chromium.Arguments,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        playwright?.Dispose();
    }

    /// <summary>A window of its own: its own cookies and its own keys. Addresses are relative to the gateway.</summary>
    public async Task<IPage> OpenAsync(Uri gateway, int width = 1280, bool script = true, string language = "ru-RU", ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = gateway.ToString(),
            Locale = language,
            JavaScriptEnabled = script,
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = 800 },
        });
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    /// <summary>A window in which a demo account (<c>anna</c>, <c>pavel</c>, <c>admin</c> …) has signed in.</summary>
    public async Task<IPage> OpenAsAsync(string person, Uri gateway, int width = 1280, bool script = true, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await OpenAsync(gateway, width, script, scheme: scheme);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#userName", person + "@demo.volunteerbook.example");
        await page.FillAsync("#password", DemoAccounts.Password);
        await page.PressAsync("#password", "Enter");
        await page.ArriveAsync("/");
        return page;
    }
}

/// <summary>What the tests of the portal look at.</summary>
public static partial class PortalPages
{
    /// <summary>axe finds nothing against WCAG 2 A and AA and its own best practices.</summary>
    public static async Task ShouldBeAccessibleAsync(this IPage page) => (await page.ViolationsAsync()).ShouldBeEmpty(page.Url);

    /// <summary>What axe finds against WCAG 2 A and AA and its own best practices.</summary>
    public static async Task<string[]> ViolationsAsync(this IPage page)
    {
        await page.EvaluateAsync(Axe.Script);
        // What the bar at the foot of a phone covers now, one scrolls to: axe takes it for too small to be pressed.
        await page.EvaluateAsync("() => document.querySelector('.site-bar')?.style.setProperty('position', 'static')");
        var violations = await page.EvaluateAsync<string[]>(Axe.Violations);
        await page.EvaluateAsync("() => document.querySelector('.site-bar')?.style.removeProperty('position')");
        return violations;
    }

    /// <summary>
    /// Waits for the page at this address until its foot is there; <c>**</c> stands for anything. Not for its load event, of which Playwright may hear
    /// before it is asked.
    /// </summary>
    public static async Task ArriveAsync(this IPage page, string address)
    {
        await page.WaitForURLAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        await page.Locator("footer").WaitForAsync();
    }

    /// <summary>Waits for the page that says that this has been done, a key of the texts <c>done.KEY</c>.</summary>
    public static Task WaitToBeToldAsync(this IPage page, string done) => page.Locator($".done[data-told='{done}']").WaitForAsync();

    /// <summary>Nothing sticks out to the side.</summary>
    public static async Task ShouldNotScrollSidewaysAsync(this IPage page) => (await page.SticksOutAsync()).ShouldBeEmpty(page.Url);

    /// <summary>What sticks out to the side, where anything does.</summary>
    public static Task<string[]> SticksOutAsync(this IPage page) => page.EvaluateAsync<string[]>(
        """
        () => {
          const width = document.documentElement.clientWidth;
          return document.documentElement.scrollWidth <= width ? [] : [...document.querySelectorAll("main *, header *, footer *")]
            .filter(one => (one.getBoundingClientRect().right > width + 1 || one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
                && !one.closest(".scroll")).map(one => one.outerHTML.slice(0, 120)).concat("the page");
        }
        """);

    /// <summary>
    /// Makes a key of an organisation in the page's browser. The private half stays there: a test sees only that the page lists the key as kept here.
    /// </summary>
    public static async Task CreateKeyAsync(this IPage page, string desk)
    {
        await page.GotoAsync(desk + "/keys");
        await page.FillAsync("[name=name]", "Проверка в браузере");
        await page.ClickAsync("text=Создать и зарегистрировать");
        await page.WaitToBeToldAsync("key-register");
        await page.Locator("text=Хранится в этом браузере >> visible=true").First.WaitForAsync();
        await page.ShouldBeAccessibleAsync();
    }

    /// <summary>
    /// Signs what the page shows. A key that was registered just now may be unknown to Verification for a moment; the page says so, and one signs again.
    /// </summary>
    public static Task SignAsync(this IPage page, string button, string done) => Eventually.Is(async () =>
    {
        await page.SignOnceAsync(button);
        (await page.Locator(".done[data-told]").GetAttributeAsync("data-told", new() { Timeout = 1000 })).ShouldBe(done);
    });

    /// <summary>
    /// Signs what the page shows and waits for the page that answers. The browser signs first and sends then: a click ends
    /// before that, on the page that was there.
    /// </summary>
    public static async Task SignOnceAsync(this IPage page, string button)
    {
        await page.EvaluateAsync("() => { document.documentElement.dataset.before = '' }");
        await page.Locator($"text='{button}' >> visible=true").ClickAsync();
        await page.WaitForSelectorAsync("html:not([data-before]) :is(.done, .mistakes)");
    }

    /// <summary>The number of minutes that «6 ч 30 мин» says.</summary>
    public static int Minutes(string text)
    {
        int Before(Regex unit) => unit.Match(text) is { Success: true } match
            ? int.Parse(string.Concat(match.Groups[1].Value.Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture)
            : 0;
        return (Before(HoursUnit()) * 60) + Before(MinutesUnit());
    }

    [GeneratedRegex(@"([\d\s]+)\sч")]
    private static partial Regex HoursUnit();

    [GeneratedRegex(@"(\d+)\sмин")]
    private static partial Regex MinutesUnit();
}
