using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace VolunteerBook.Design;

/// <summary>
/// How all our pages look: a style sheet made of css/, two fonts and the mark. They lie below /look/{version}, where the version is a hash over all of
/// them: a browser keeps them for good and asks again when one has changed. Portal and Identity have the same; behind the gateway the portal's are shown.
/// </summary>
public static partial class Look
{
    /// <summary>The mark, in the colours of what it stands on.</summary>
    public const string Mark =
        """<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path d="M5 5h20a2 2 0 0 1 2 2v20H8a3 3 0 0 1-3-3z"/>"""
        + """<path class="line" d="M5 24a3 3 0 0 1 3-3h19"/><circle cx="17" cy="13" r="4.5"/></svg>""";

    // What a layer says holds against all that the layers before it say, however precisely they say it.
    static readonly string[] Layers = ["tokens", "fonts", "base", "components", "print"];

    static readonly Dictionary<string, (byte[] Bytes, string Type)> Files = new()
    {
        ["site.css"] = (Encoding.UTF8.GetBytes(string.Concat(Css())), "text/css; charset=utf-8"),
        ["golos-text-cyrillic.woff2"] = (Read("golos-text-cyrillic.woff2"), "font/woff2"),
        ["golos-text-latin.woff2"] = (Read("golos-text-latin.woff2"), "font/woff2"),
        ["OFL.txt"] = (Read("OFL.txt"), "text/plain; charset=utf-8"),
        ["icon.svg"] = (Read("icon.svg"), "image/svg+xml"),
        // Made from the mark by IconsTests.
        ["icon-192.png"] = (Read("icon-192.png"), "image/png"),
        ["icon-512.png"] = (Read("icon-512.png"), "image/png"),
        ["icon-maskable-512.png"] = (Read("icon-maskable-512.png"), "image/png"),
        ["apple-touch-icon.png"] = (Read("apple-touch-icon.png"), "image/png"),
        ["og-ru.png"] = (Read("og-ru.png"), "image/png"),
        ["og-en.png"] = (Read("og-en.png"), "image/png"),
    };

    // In the order of the themes.
    static readonly string[] Surfaces =
        [.. LightAndDark().Match(Encoding.UTF8.GetString(Read("css/tokens.css"))).Groups.Values.Skip(1).Select(colour => colour.Value)];

    static readonly string Version =
        Convert.ToHexStringLower(SHA256.HashData([.. Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Bytes)]))[..12];

    /// <summary>The address of the style sheet.</summary>
    public static string StyleSheet => File("site.css");

    /// <summary>The address of the mark as an icon.</summary>
    public static string Icon => File("icon.svg");

    /// <summary>The address of one of the files.</summary>
    public static string File(string name) => $"/look/{Version}/{name}";

    /// <summary>
    /// The colour of what stands at the top of every page, which a browser may take for its own frame: #rgb or #rrggbb, as the style sheet has it.
    /// </summary>
    public static string Surface(string theme) => Surfaces[Array.IndexOf(Theme.All, theme)];

    /// <summary>Pages and what they look like travel compressed.</summary>
    public static void AddLook(this WebApplicationBuilder builder) =>
        // Lengths tell a stranger nothing (BREACH): another site's requests bear no session (SameSite=Lax), and the token against forgery is written
        // differently each time.
        builder.Services.AddResponseCompression(options => options.EnableForHttps = true);

    /// <summary>Compresses what follows, and answers for the look.</summary>
    public static void UseLook(this WebApplication app)
    {
        app.UseResponseCompression();
        app.MapLook();
    }

    /// <summary>
    /// GET /look/{version}/{file}. Another version's address, from a page that a service wrote just before it was brought up to date, is answered with
    /// what is there now, and not kept.
    /// </summary>
    public static void MapLook(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/look/{version}/{file}", (string version, string file, HttpContext http) =>
        {
            if (!Files.TryGetValue(file, out var found)) return Results.NotFound();
            http.Response.Headers.CacheControl = version == Version ? "public, max-age=31536000, immutable" : "no-cache";
            return Results.Bytes(found.Bytes, found.Type);
        }).AllowAnonymous().ExcludeFromDescription();

    static IEnumerable<string> Css()
    {
        var names = Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.StartsWith("css/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        yield return $"@layer {string.Join(", ", Layers)};\n";
        foreach (var layer in Layers)
        {
            foreach (var name in names.Where(name => name.Split('/', '\\', '.')[1] == layer))
                yield return $"@layer {layer} {{\n{Encoding.UTF8.GetString(Read(name))}}}\n";
        }
    }

    [GeneratedRegex(@"--surface: light-dark\((#\w+), (#\w+)\)")]
    private static partial Regex LightAndDark();

    static byte[] Read(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
