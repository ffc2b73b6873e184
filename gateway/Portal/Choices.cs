using Microsoft.AspNetCore.Localization;

namespace VolunteerBook.Portal;

/// <summary>What a person chooses for all pages by a link: the language and the look. Kept for a year in cookies that Identity's pages read too.</summary>
public static class Choices
{
    /// <summary>The look that follows the person's system.</summary>
    public const string System = "system";

    /// <summary>/language/{language} and /theme/{theme}: keep the choice and go back to the page.</summary>
    public static void MapChoices(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/language/{language}", (string language, string? returnUrl, HttpContext http) =>
        {
            if (Languages.All.Contains(language)) Speak(http, language);
            return TypedResults.LocalRedirect(SignIn.Local(returnUrl ?? "/"));
        }).AllowAnonymous();
        routes.MapGet("/theme/{theme}", (string theme, string? returnUrl, HttpContext http) =>
        {
            if (theme == System || Theme.All.Contains(theme)) Theme.Choose(http, theme == System ? null : theme);
            return TypedResults.LocalRedirect(SignIn.Local(returnUrl ?? "/"));
        }).AllowAnonymous();
    }

    /// <summary>Keeps the choice of a language.</summary>
    public static void Speak(HttpContext http, string language) => http.Response.Cookies.Append(
        CookieRequestCultureProvider.DefaultCookieName,
        CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
        new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Path = "/" });
}
