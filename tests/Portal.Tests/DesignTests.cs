using System.Text.Json;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>
/// How the components look. Each part of the page <c>/design</c> is compared with a picture of it in <c>Looks</c>; run with <c>ACCEPT_LOOKS=1</c> to take new
/// ones, look at them and commit them. Pictures are compared in blocks of 8 by 8 pixels: another version of the browser smooths letters in another way.
/// </summary>
public sealed class DesignTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly string Looks = Path.Combine(LookTests.Root(), "tests", "Portal.Tests", "Looks");

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task every_component_looks_as_it_was_accepted(int width, ColorScheme scheme)
    {
        var page = await browser.OpenAsync(portal.Address, width, scheme: scheme);
        await page.GotoAsync("/design");
        await page.EvaluateAsync("() => document.fonts.ready.then(() => {})");
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();

        List<string> differ = [];
        var parts = await page.Locator("[data-shot]").AllAsync();
        parts.Count.ShouldBeGreaterThan(10);
        foreach (var part in parts)
        {
            await CompareAsync(await part.GetAttributeAsync("data-shot"), part);
        }

        foreach (var (name, opens, part) in new[]
        {
            ("confirm-open", "[data-confirm] >> nth=0", "dialog[open]"),
            ("combobox-open", "#home", "[role=listbox]:visible"),
            ("combobox-groups", "#work", "[role=listbox]:visible"),
        })
        {
            await page.ClickAsync(opens);
            await CompareAsync(name, page.Locator(part));
            await page.Keyboard.PressAsync("Escape");
        }

        differ.ShouldBeEmpty();

        async Task CompareAsync(string? what, ILocator part)
        {
            var name = $"{what}-{width}.png";
            var picture = await part.ScreenshotAsync(new LocatorScreenshotOptions { Animations = ScreenshotAnimations.Disabled });
            var accepted = Path.Combine(Looks, name);
            if (Environment.GetEnvironmentVariable("ACCEPT_LOOKS") is not null)
            {
                await File.WriteAllBytesAsync(accepted, picture);
            }
            else if (await DifferenceAsync(page, await File.ReadAllBytesAsync(accepted), picture) is { Length: > 0 } difference)
            {
                var seen = Path.Combine(Path.GetTempPath(), name);
                await File.WriteAllBytesAsync(seen, picture);
                differ.Add($"{name}: {difference}; as it is now: {seen}");
            }
        }
    }

    [Fact]
    public async Task every_letter_is_of_a_font_of_ours_and_looks_the_same_on_every_machine()
    {
        var page = await browser.OpenAsync(portal.Address);
        await page.GotoAsync("/design");
        await page.EvaluateAsync("() => document.fonts.ready.then(() => {})");
        var tools = await page.Context.NewCDPSessionAsync(page);
        await tools.SendAsync("DOM.enable");
        await tools.SendAsync("CSS.enable");
        var document = await tools.SendAsync("DOM.getDocument", new() { ["depth"] = -1, ["pierce"] = true });
        List<string> foreign = [];
        var letters = 0;
        foreach (var node in Descendants(document!.Value.GetProperty("root")))
        {
            var used = await tools.SendAsync("CSS.getPlatformFontsForNode", new() { ["nodeId"] = node.GetProperty("nodeId").GetInt32() });
            foreach (var font in used!.Value.GetProperty("fonts").EnumerateArray())
            {
                letters += font.GetProperty("glyphCount").GetInt32();
                if (!font.GetProperty("isCustomFont").GetBoolean())
                {
                    var html = await tools.SendAsync("DOM.getOuterHTML", new() { ["nodeId"] = node.GetProperty("nodeId").GetInt32() });
                    foreign.Add($"{font.GetProperty("familyName")}: {html!.Value.GetProperty("outerHTML")}");
                }
            }
        }

        foreign.ShouldBeEmpty();
        letters.ShouldBeGreaterThan(1000);

        // The elements, and those that the browser itself makes for its controls.
        static IEnumerable<JsonElement> Descendants(JsonElement node) =>
            new[] { "children", "shadowRoots" }.SelectMany(kind => node.TryGetProperty(kind, out var inner) ? inner.EnumerateArray() : default)
                .SelectMany(Descendants).Prepend(node);
    }

    [Fact]
    public async Task a_difference_that_is_seen_is_found()
    {
        var page = await browser.OpenAsync(portal.Address);
        await page.GotoAsync("/design");
        var part = page.Locator("[data-shot=states]");
        var before = await part.ScreenshotAsync();
        (await DifferenceAsync(page, before, before)).ShouldBeEmpty();

        await page.EvaluateAsync("() => { document.querySelector('[data-shot=states] .stamp').style.background = '#fc0'; }");
        (await DifferenceAsync(page, before, await part.ScreenshotAsync())).ShouldContain("blocks");
        await page.EvaluateAsync("() => { document.querySelector('[data-shot=states] p').style.marginTop = '40px'; }");
        (await DifferenceAsync(page, before, await part.ScreenshotAsync())).ShouldContain("size");
    }

    [Theory]
    [InlineData("en-GB")]
    [InlineData("ru-RU")]
    public async Task the_components_fit_at_400_per_cent_in_forced_colours_and_on_paper(string language)
    {
        // WCAG 2.2, 1.4.4 and 1.4.10: 1280 pixels at 400 % are 320.
        var page = await browser.OpenAsync(portal.Address, 320, language: language);
        await page.GotoAsync("/design");
        await page.ShouldNotScrollSidewaysAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active });
        await page.ShouldBeAccessibleAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print, ForcedColors = ForcedColors.None });
        await page.ShouldNotScrollSidewaysAsync();
    }

    // What differs, in words; empty where nothing does.
    private static async Task<string> DifferenceAsync(IPage page, byte[] accepted, byte[] seen)
    {
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async ([one, other]) => {
              const bytes = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0));
              const open = async base64 => {
                const image = await createImageBitmap(new Blob([bytes(base64)], { type: "image/png" }));
                const canvas = new OffscreenCanvas(image.width, image.height);
                const context = canvas.getContext("2d");
                context.drawImage(image, 0, 0);
                return context.getImageData(0, 0, image.width, image.height);
              };
              const [a, b] = [await open(one), await open(other)];
              const size = Math.max(Math.abs(a.width - b.width), Math.abs(a.height - b.height));
              const [width, height] = [Math.min(a.width, b.width), Math.min(a.height, b.height)];
              const mean = (image, x, y) => {
                const sum = [0, 0, 0];
                for (let row = y; row < y + 8; row++) for (let column = x; column < x + 8; column++)
                  for (let colour = 0; colour < 3; colour++) sum[colour] += image.data[4 * (row * image.width + column) + colour];
                return sum.map(all => all / 64);
              };
              let blocks = 0, all = 0;
              for (let y = 0; y + 8 <= height; y += 8) for (let x = 0; x + 8 <= width; x += 8) {
                all++;
                const [first, second] = [mean(a, x, y), mean(b, x, y)];
                if (first.some((value, colour) => Math.abs(value - second[colour]) > 24)) blocks++;
              }
              return { size, blocks, all };
            }
            """,
            new[] { Convert.ToBase64String(accepted), Convert.ToBase64String(seen) });
        var (size, blocks, all) = (found.GetProperty("size").GetInt32(), found.GetProperty("blocks").GetInt32(), found.GetProperty("all").GetInt32());
        return size > 2 ? $"the size differs by {size} pixels"
            : blocks * 2000 > all ? $"{blocks} of {all} blocks differ"
            : "";
    }
}
