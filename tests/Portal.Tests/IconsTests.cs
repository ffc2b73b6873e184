using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>
/// The pictures in services/Shared/Design/icons are made from icon.svg here: with <c>MAKE_ICONS=1</c> they are written, otherwise they must show what icon.svg
/// shows.
/// </summary>
public sealed partial class IconsTests(PortalBrowser browser) : IClassFixture<PortalBrowser>
{
    private static readonly string Design = Path.Combine(Root(), "services", "Shared", "Design");
    private static readonly string Svg = File.ReadAllText(Path.Combine(Design, "icon.svg")).Trim();

    /// <summary>File, width, height, most KiB, and how it shows the mark.</summary>
    public static TheoryData<string, int, int, int, string> Pictures() => new()
    {
        { "icon-192.png", 192, 192, 50, "whole" },
        { "icon-512.png", 512, 512, 50, "whole" },
        // A circle of four fifths of the width is seen on every telephone (W3C, Web Application Manifest, «maskable»); the mark is within it.
        { "icon-maskable-512.png", 512, 512, 50, "filled" },
        { "apple-touch-icon.png", 180, 180, 50, "filled" },
        { "og-ru.png", 1200, 630, 200, "ru" },
        { "og-en.png", 1200, 630, 200, "en" },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task a_picture_shows_the_mark_as_it_is_now_and_is_small(string name, int width, int height, int kilobytes, string kind)
    {
        var page = await browser.OpenAsync(new Uri("http://127.0.0.1:9"));
        await page.SetViewportSizeAsync(width, height);
        await page.SetContentAsync(Html(kind));
        await page.EvaluateAsync("() => document.fonts.ready");
        var drawn = await page.ScreenshotAsync(new PageScreenshotOptions { OmitBackground = true });
        var file = Path.Combine(Design, "icons", name);
        if (Environment.GetEnvironmentVariable("MAKE_ICONS") == "1") await File.WriteAllBytesAsync(file, drawn, TestContext.Current.CancellationToken);

        var kept = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        kept.Length.ShouldBeLessThan(kilobytes * 1024);
        // Browsers draw edges each in their own way: so the mean difference of all colours counts, in 255ths.
        (await page.EvaluateAsync<double[]>(Compare, new[] { Convert.ToBase64String(drawn), Convert.ToBase64String(kept) }))
            .ShouldSatisfyAllConditions(
                seen => seen[0].ShouldBe(width),
                seen => seen[1].ShouldBe(height),
                seen => seen[2].ShouldBeLessThan(0.5));
    }

    private static string Html(string kind)
    {
        var fill = Fill().Match(Svg).Groups[1].Value;
        var mark = Svg.Replace("<svg ", "<svg width=\"100%\" height=\"100%\" ", StringComparison.Ordinal);
        var square = mark.Replace("rx=\"7\"", "rx=\"0\"", StringComparison.Ordinal);
        square.ShouldNotBe(mark);
        var style = "html,body{margin:0;height:100%;overflow:hidden}";
        if (kind == "whole") return $"<style>{style}</style>{mark}";
        if (kind == "filled") return $"<style>{style}body{{background:{fill}}}</style>{square}";
        var fonts = string.Concat(new[] { "cyrillic", "latin" }.Select(letters =>
            $"@font-face{{font-family:'{letters}';font-weight:400 900;src:url(data:font/woff2;base64,"
            + $"{Convert.ToBase64String(File.ReadAllBytes(Path.Combine(Design, "fonts", $"golos-text-{letters}.woff2")))})}}"));
        return string.Create(CultureInfo.InvariantCulture, $$"""
            <style>{{style}}{{fonts}}
            body{background:#f4f6fa;font-family:cyrillic,latin;color:#1a2130}
            main{display:grid;grid-template-columns:300px 1fr;gap:64px;align-items:center;height:100%;padding:0 80px;box-sizing:border-box}
            main{border-bottom:24px solid {{fill}}}
            svg{width:300px;height:300px}
            h1{font-size:76px;line-height:1.1;margin:0 0 24px;letter-spacing:-1px}
            p{font-size:34px;line-height:1.35;margin:0;color:#535d70}
            </style>
            <main>{{Svg}}<div><h1>{{Text(kind, "site.name")}}</h1><p>{{Text(kind, "home.title")}}</p></div></main>
            """);
    }

    private static string Text(string language, string key) => Regex.Match(
        File.ReadAllText(Path.Combine(Root(), "gateway", "Portal", "Resources", language == "ru" ? "Texts.resx" : "Texts.en.resx")),
        $"name=\"{Regex.Escape(key)}\"[^>]*><value>([^<]*)<").Groups[1].Value;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VolunteerBook.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    private const string Compare =
        """
        async pictures => {
            const [drawn, kept] = await Promise.all(pictures.map(async bytes => {
                const image = new Image();
                image.src = 'data:image/png;base64,' + bytes;
                await image.decode();
                const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
                canvas.drawImage(image, 0, 0);
                return canvas.getImageData(0, 0, image.width, image.height);
            }));
            const sum = drawn.data.reduce((sum, value, at) => sum + Math.abs(value - (kept.data[at] ?? 0)), 0);
            return [kept.width, kept.height, sum / drawn.data.length];
        }
        """;

    [GeneratedRegex("<rect[^>]* fill=\"(#\\w+)\"")]
    private static partial Regex Fill();
}
