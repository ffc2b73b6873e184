using System.Globalization;
using System.Security;
using System.Text;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Portal;

/// <summary>What machines ask a site for: what they may read, what there is to read, and how it is put on a telephone's first screen.</summary>
public static class SiteFiles
{
    /// <summary>Its address; in English below <see cref="Here.English"/>.</summary>
    public const string Manifest = "/manifest.webmanifest";

    const string Sitemaps = "http://www.sitemaps.org/schemas/sitemap/0.9";

    // Nothing is to be found behind these. Pages for some are not among them: whoever may not read an address may still list it; noindex is what forbids that.
    static readonly string[] NotToRead = ["/api/", "/account/", "/connect/", "/language/", "/theme/", "/sign-in", "/sign-out", "/search"];

    /// <summary>/robots.txt, /sitemap.xml with its parts, and /manifest.webmanifest.</summary>
    public static void MapSiteFiles(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/robots.txt", (Here here) => Results.Text(
            "User-agent: *\n" + string.Concat(NotToRead.Select(path => $"Disallow: {path}\nDisallow: {Here.English}{path}\n"))
            + $"\nSitemap: {here.Absolute("/sitemap.xml")}\n")).AllowAnonymous();
        routes.MapGet("/sitemap.xml", async (SiteMap map, Here here, CancellationToken ct) =>
            await map.Parts(ct) switch
            {
                [var only] => UrlSet(only, here),
                var parts => Xml("sitemapindex", Sitemaps, Enumerable.Range(1, parts.Count)
                    .Select(part => $"<sitemap>{Element("loc", here.Absolute($"/sitemap-{part}.xml"))}</sitemap>")),
            }).AllowAnonymous();
        routes.MapGet("/sitemap-{part:int}.xml", async (int part, SiteMap map, Here here, CancellationToken ct) =>
            await map.Parts(ct) is { Count: > 1 } parts && part >= 1 && part <= parts.Count
                ? UrlSet(parts[part - 1], here)
                : Results.NotFound()).AllowAnonymous();
        routes.MapGet(Manifest, (Here here, IStringLocalizer<Texts> t) => Results.Json(
            new
            {
                id = "/",
                start_url = here.To("/"),
                scope = "/",
                name = t["site.name"].Value,
                short_name = t["site.short-name"].Value,
                description = t["described.home"].Value,
                lang = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName,
                display = "standalone",
                theme_color = Look.Surface(Theme.All[0]),
                background_color = Look.Surface(Theme.All[0]),
                icons = new[]
                {
                    Icon("icon.svg", "any", "any"), Icon("icon-192.png", "192x192", "any"), Icon("icon-512.png", "512x512", "any"),
                    Icon("icon-maskable-512.png", "512x512", "maskable"),
                },
            },
            contentType: "application/manifest+json")).AllowAnonymous();
    }

    static object Icon(string file, string sizes, string purpose) =>
        new { src = Look.File(file), sizes, type = file.EndsWith(".svg", StringComparison.Ordinal) ? "image/svg+xml" : "image/png", purpose };

    static IResult UrlSet(IReadOnlyList<string> pages, Here here) => Xml(
        "urlset", Sitemaps + "\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml",
        pages.SelectMany(page =>
        {
            var links = string.Concat(new[] { ("ru", ""), ("en", Here.English), ("x-default", "") }.Select(link =>
                $"<xhtml:link rel=\"alternate\" hreflang=\"{link.Item1}\" href=\"{SecurityElement.Escape(here.Absolute(link.Item2 + page))}\"/>"));
            return new[] { "", Here.English }.Select(prefix => $"<url>{Element("loc", here.Absolute(prefix + page))}{links}</url>");
        }));

    static IResult Xml(string root, string ns, IEnumerable<string> lines) => Results.Stream(
        async body =>
        {
            await using var writer = new StreamWriter(body, new UTF8Encoding(false), 32 * 1024);
            await writer.WriteLineAsync($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{ns}\">");
            foreach (var line in lines) await writer.WriteLineAsync(line);
            await writer.WriteLineAsync($"</{root}>");
        },
        "application/xml; charset=utf-8");

    static string Element(string name, string text) => $"<{name}>{SecurityElement.Escape(text)}</{name}>";
}
