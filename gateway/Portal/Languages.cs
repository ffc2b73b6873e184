using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal;

/// <summary>
/// Russian first, English second: said by the address (<see cref="Here"/>), else chosen by a link (kept in a cookie), else by Accept-Language, else Russian.
/// </summary>
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
        builder.Services.AddTransient<Here>();
        builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
        builder.Services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture(All[0]).AddSupportedCultures(All).AddSupportedUICultures(All);
            options.ApplyCurrentCultureToResponseHeaders = true;
            options.RequestCultureProviders =
            [
                new CustomRequestCultureProvider(http => Task.FromResult(http.Request.PathBase == Here.English ? new ProviderCultureResult("en") : null)),
                // The one that Identity's pages set too: a language chosen where one signs in stays chosen.
                new CookieRequestCultureProvider { Options = options },
                new AcceptLanguageHeaderRequestCultureProvider { Options = options },
            ];
        });
    }

    /// <summary>Sets the culture of each request, and takes what English addresses begin with out of the path: there is one page for both.</summary>
    public static void UseLanguages(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (!http.Request.Path.StartsWithSegments(Here.English, StringComparison.Ordinal, out var page)) return next(http);
            if (!page.HasValue)
            {
                http.Response.Redirect(Here.English + "/" + http.Request.QueryString, permanent: true, preserveMethod: true);
                return Task.CompletedTask;
            }

            (http.Request.PathBase, http.Request.Path) = (Here.English, page);
            return next(http);
        });
        app.UseRequestLocalization();
    }

    /// <summary>A page that is not public has no English address: English is kept as the person's choice, and the page's own address shows it.</summary>
    public static void UseOwnAddresses(this WebApplication app) => app.Use((http, next) =>
    {
        var request = http.Request;
        if (request.PathBase != Here.English || !HttpMethods.IsGet(request.Method) || http.GetEndpoint()?.Metadata is not { } page
            || page.GetMetadata<ComponentTypeMetadata>() is null || page.GetMetadata<PublicAttribute>() is not null
            || http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            return next(http);
        }

        Choices.Speak(http, "en");
        http.Response.Redirect(request.Path + request.QueryString);
        return Task.CompletedTask;
    });
}
