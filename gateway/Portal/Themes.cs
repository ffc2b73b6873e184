using VolunteerBook.Design;

namespace VolunteerBook.Portal;

/// <summary>Light or dark by a link at the foot of every page, as the language is chosen.</summary>
public static class Themes
{
    /// <summary>What follows the person's system.</summary>
    public const string System = "system";

    /// <summary>/theme/{theme}: keeps the choice for a year and goes back to the page.</summary>
    public static void MapThemes(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/theme/{theme}", (string theme, string? returnUrl, HttpContext http) =>
        {
            if (theme == System || Theme.All.Contains(theme)) Theme.Choose(http, theme == System ? null : theme);
            return TypedResults.LocalRedirect(SignIn.Local(returnUrl ?? "/"));
        }).AllowAnonymous();
}
