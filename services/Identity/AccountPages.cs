using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.WebEncoders;
using VolunteerBook.Design;

namespace VolunteerBook.Identity;

/// <summary>The pages under /account: server-rendered, Russian first and English second. Without scripts, but for passkeys.</summary>
public static class AccountPages
{
    /// <summary>The first is the one shown when the browser names no other.</summary>
    public static readonly string[] Languages = ["ru", "en"];

    /// <summary>Where the one script is that passkeys need.</summary>
    public const string Script = "/account/passkeys.js";

    static readonly object WithScript = new();

    /// <summary>The page has forms for passkeys, and may run the script.</summary>
    public static void UseScript(this HttpContext http) => http.Items[WithScript] = true;

    /// <summary>Whether it may.</summary>
    public static bool UsesScript(this HttpContext http) => http.Items.ContainsKey(WithScript);

    public static void AddAccountPages(this WebApplicationBuilder builder)
    {
        builder.AddLook();
        builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
        builder.Services.AddRazorPages(options => options.Conventions.AllowAnonymousToFolder("/"));
        // Before the one that writes JSON.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IProblemDetailsWriter, PageOfProblem>());
        builder.Services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "volunteerbook.account.form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        // Cyrillic as it is, not as entities: a third of the size, and readable.
        builder.Services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new(UnicodeRanges.All));
        builder.Services.AddRequestLocalization(options =>
        {
            options.SetDefaultCulture(Languages[0]).AddSupportedCultures(Languages).AddSupportedUICultures(Languages);
            options.ApplyCurrentCultureToResponseHeaders = true;
        });
    }

    /// <summary>Language and headers of all that people see; before whatever may refuse or fail, because that is seen too.</summary>
    public static void UseAccountHeaders(this WebApplication app)
    {
        app.UseWhen(http => ShownToPeople(http) || http.Request.Path.StartsWithSegments("/look"), seen => seen.UseResponseCompression());
        app.UseWhen(ShownToPeople, people =>
        {
            people.UseRequestLocalization();
            people.Use(Headers(app.Configuration));
        });
    }

    public static void MapAccountPages(this WebApplication app)
    {
        app.MapRazorPages();
        app.MapLook();
        app.MapGet(Script, () => Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream("passkeys.js")!, "text/javascript; charset=utf-8"))
            .AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Whether a person looks at the answer.</summary>
    internal static bool ShownToPeople(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/account") || http.Request.Path.StartsWithSegments("/connect/authorize")
        || http.Request.Path.StartsWithSegments("/connect/logout");

    // Browsers hold the answer to a posted form against form-action too, also when it only sends them on: the clients' addresses
    // are therefore named beside our own. The hash is that of OpenIddict's page that posts a code; a script of ours runs where passkeys are.
    static Func<HttpContext, RequestDelegate, Task> Headers(IConfiguration configuration)
    {
        var targets = Clients.Configured(configuration).Values
            .SelectMany(client => client.RedirectUris.Concat(client.PostLogoutRedirectUris)).Select(Source).Distinct();
        var script = Convert.ToBase64String(SHA256.HashData("document.form.submit();"u8));
        string Policy(HttpContext http) =>
            $"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'sha256-{script}'{(http.UsesScript() ? " 'self'" : "")}; "
            + $"form-action 'self' {string.Join(' ', targets)}; base-uri 'none'; frame-ancestors 'none'";
        return (http, next) =>
        {
            // A failure empties the answer and what was set before; at its start nothing does any more.
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                headers.ContentSecurityPolicy = Policy(http);
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "strict-origin";
                headers.CacheControl = "no-cache, no-store";
                return Task.CompletedTask;
            });
            RememberLanguage(http);
            return next(http);
        };
    }

    // A loopback address of an installed application listens on any port.
    static string Source(string uri) => new Uri(uri) switch
    {
        { Scheme: not ("http" or "https") } own => own.Scheme + ":",
        { IsLoopback: true, IsDefaultPort: true } loopback => $"{loopback.Scheme}://{loopback.Host}:*",
        var web => web.GetLeftPart(UriPartial.Authority),
    };

    // A language chosen on a page stays chosen, here and in the portal, which reads the same cookie.
    static void RememberLanguage(HttpContext http)
    {
        if (!http.Request.Query.ContainsKey("culture")) return;

        http.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new(CultureInfo.CurrentUICulture)),
            new() { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, IsEssential = true, Secure = http.Request.IsHttps });
    }
}
