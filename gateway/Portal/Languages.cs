using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Localization;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal;

/// <summary>Russian first, English second: chosen by a link (kept in a cookie), else by Accept-Language, else Russian.</summary>
public static class Languages
{
    /// <summary>The interface's languages, the first is the default.</summary>
    public static readonly string[] All = ["ru", "en"];

    /// <summary>Registers the texts and the choice of language.</summary>
    public static void AddLanguages(this WebApplicationBuilder builder)
    {
        // Russian letters as they are: encoded one by one they would make the pages several times as long.
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        builder.Services.AddTransient<Say>();
        builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
        builder.Services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture(All[0]).AddSupportedCultures(All).AddSupportedUICultures(All);
            options.RequestCultureProviders =
            [
                // The one that Identity's pages set too: a language chosen where one signs in stays chosen.
                new CookieRequestCultureProvider { Options = options },
                new AcceptLanguageHeaderRequestCultureProvider { Options = options },
            ];
        });
    }

    /// <summary>Sets the culture of each request.</summary>
    public static void UseLanguages(this WebApplication app) => app.UseRequestLocalization();
}
