using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.Portal.Pages;

namespace VolunteerBook.Portal.Tests;

/// <summary>
/// Every page that the portal has, with nothing, one, a thousand, long and old of all that it shows: what the API may answer by its documents. A page that is
/// added is here without being named.
/// </summary>
public sealed partial class EveryPageTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    // The widest screen comes last: what a page was made for first is the small one.
    private static readonly int[] Widths = [320, 768, 1280, 1920];

    private static readonly string? Shots = Environment.GetEnvironmentVariable("SHOTS") is { Length: > 0 } folder ? folder : null;

    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal)
    {
        ["/search"] = "?q=дом",
        ["/coordination/{Id:guid}/confirmation"] = "?case=" + ApiSamples.Id(0),
    };

    /// <summary>
    /// Each page in each amount, by turns in either language and scheme. Where SHOTS names a folder, in both languages, and with pictures to be looked at.
    /// </summary>
    [Theory]
    [InlineData(Amount.Nothing)]
    [InlineData(Amount.One)]
    [InlineData(Amount.Long)]
    [InlineData(Amount.Thousand)]
    public async Task every_page_fits_at_every_width_light_dark_and_in_forced_colours_and_is_accessible(Amount amount)
    {
        portal.AnswerBy(amount);
        var windows = new[] { await OpenAsync("ru-RU"), await OpenAsync("en-GB") };
        List<string> faults = [];
        foreach (var (index, path) in Paths().Index())
        {
            foreach (var turn in Shots is null ? [0] : new[] { 0, 1 })
            {
                var english = (index + (int)amount + turn) % 2;
                await LookAsync(windows[english], amount, path, dark: ((index / 2) + (int)amount + turn) % 2 == 0, english == 1 ? "en" : "ru", faults);
            }
        }

        faults.ShouldBeEmpty(string.Join('\n', faults));
    }

    [Fact]
    public async Task every_page_is_walked_by_the_tab_key_and_always_shows_where_one_is()
    {
        portal.AnswerBy(Amount.One);
        var page = await OpenAsync("ru-RU");
        List<string> faults = [];
        foreach (var path in Paths())
        {
            await page.GotoAsync(path);
            var reachable = await page.EvaluateAsync<int>(
                """
                () => {
                    document.activeElement?.blur();
                    const radios = new Set();
                    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
                        .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0)
                        .filter(one => one.type !== "radio" || !radios.has(one.name) && radios.add(one.name)).length;
                }
                """);
            HashSet<string> reached = [];
            var last = "";
            // A date has a place for each of its parts.
            for (var stop = 0; stop < 10 * reachable; stop++)
            {
                await page.Keyboard.PressAsync("Tab");
                var stopped = await page.EvaluateAsync<string[]>(
                    """
                    () => {
                        const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
                        const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none" ||
                            one.closest("label, .file-drop")?.matches(":focus-within");
                        const within = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
                        const number = [...document.querySelectorAll("*")].indexOf(one);
                        return [one === document.body ? "" : `${number}`, marked && within || one === document.body ? "" : one.outerHTML.slice(0, 120)];
                    }
                    """);
                var (which, shown) = (stopped[0], stopped[1]);
                if (which.Length == 0)
                {
                    break;
                }

                if (shown.Length > 0)
                {
                    faults.Add($"{path}: the focus is not seen on {shown}");
                }

                if (!reached.Add(which) && which != last)
                {
                    break;
                }

                last = which;
            }

            if (reached.Count < reachable)
            {
                faults.Add($"{path}: {reached.Count} of {reachable} are reached");
            }
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task without_a_script_no_page_shows_a_button_that_does_nothing()
    {
        portal.AnswerBy(Amount.One);
        var page = await OpenAsync("ru-RU", script: false);
        List<string> faults = [];
        foreach (var path in Paths())
        {
            await page.GotoAsync(path);
            foreach (var button in await page.Locator("button:visible").AllAsync())
            {
                // Playwright asks the page itself, which runs no script of its own.
                if (await button.EvaluateAsync<bool>(
                    "one => !one.hasAttribute('popovertarget') && !one.hasAttribute('commandfor') && (one.type === 'button' || one.form === null)"))
                {
                    faults.Add($"{path}: {await button.InnerTextAsync()}");
                }
            }
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task no_page_is_over_150_KB_compressed_with_all_that_it_is_made_of()
    {
        portal.AnswerBy(Amount.Thousand);
        List<string> faults = [];
        foreach (var path in Paths())
        {
            // A window of its own keeps nothing from the page before.
            var page = await OpenAsync("ru-RU");
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
            await page.EvaluateAsync("() => document.fonts.ready.then(() => {})");
            var bytes = await page.EvaluateAsync<long>(
                """
                () => performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"))
                    .reduce((sum, one) => sum + one.transferSize, 0)
                """);
            bytes.ShouldBeGreaterThan(10_000, path);
            TestContext.Current.SendDiagnosticMessage($"{bytes / 1024.0:0} KiB {path}");
            if (bytes > 150 * 1024)
            {
                faults.Add($"{path}: {bytes / 1024} KiB");
            }

            await page.Context.CloseAsync();
        }

        faults.ShouldBeEmpty();
    }

    /// <summary>The path of every page, with ids that the API answers for.</summary>
    private static IEnumerable<string> Paths() =>
        from page in typeof(Home).Assembly.GetTypes()
        from route in page.GetCustomAttributes<RouteAttribute>()
        where route.Template != "/design"
        orderby route.Template
        select Parameter().Replace(route.Template, part => part.Groups[1].Value switch
        {
            "Number" => "VB-2026-0A1B2-C3D4E",
            "Token" => new string('t', 43),
            "Code:int" => "503",
            _ => ApiSamples.Id(0).ToString(),
        }) + Queries.GetValueOrDefault(route.Template);

    private static int Expected(string path) => path switch { "/not-found" or "/error" => 404, "/error/503" => 503, _ => 200 };

    private static async Task LookAsync(IPage page, Amount amount, string path, bool dark, string language, List<string> faults)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, ForcedColors = ForcedColors.None });
        var answer = await page.GotoAsync(path);
        if (answer!.Status != Expected(path))
        {
            faults.Add($"{path}: {answer.Status}");
            return;
        }

        if (await page.Locator("h1").CountAsync() is not 1 and var titles)
        {
            faults.Add($"{path}: {titles} titles");
        }

        // With nothing, and with more of what one of them shows, the widths between tell nothing new; pictures are taken of all.
        foreach (var width in Shots is null && amount is (Amount.Nothing or Amount.Thousand) ? [Widths[0], Widths[2]] : Widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            faults.AddRange((await page.SticksOutAsync()).Take(3).Select(one => $"{path} at {width}: {one}"));
            await ShotAsync($"{width}");
        }

        // A thousand of what there are two of are nothing new to axe.
        if (amount != Amount.Thousand)
        {
            await page.SetViewportSizeAsync(dark ? 320 : 1280, 900);
            faults.AddRange((await page.ViolationsAsync()).Select(one => $"{path}: {one}"));
        }

        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        faults.AddRange((await page.SticksOutAsync()).Take(3).Select(one => $"{path} in forced colours: {one}"));
        await ShotAsync("forced");

        async Task ShotAsync(string how)
        {
            if (Shots is { } folder)
            {
                var name = Identifier().Replace(path, "id").Trim('/').Replace('/', '_').Replace('?', '_');
                await page.ScreenshotAsync(
                    new() { FullPage = amount != Amount.Thousand, Path = Path.Combine(folder, $"{name}-{amount}-{language}-{how}.png") });
            }
        }
    }

    [GeneratedRegex(@"\{(\w+(?::\w+)?)\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Identifier();

    private async Task<IPage> OpenAsync(string language, bool script = true)
    {
        var page = await browser.OpenAsync(portal.Address, script: script, language: language);
        await page.Context.AddCookiesAsync(
            [
                new Cookie { Name = "person", Value = Guid.NewGuid().ToString(), Url = portal.Address.ToString() },
                new Cookie { Name = "role", Value = Roles.Administrator, Url = portal.Address.ToString() },
            ]);
        return page;
    }
}
