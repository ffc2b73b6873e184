using Microsoft.AspNetCore.Http;

namespace VolunteerBook.Design;

/// <summary>Light or dark, where the person has chosen one; otherwise the pages follow the person's system.</summary>
public static class Theme
{
    /// <summary>The choices; the portal's foot offers them.</summary>
    public static readonly string[] All = ["light", "dark"];

    const string Cookie = "theme";

    /// <summary>The person's choice, or null.</summary>
    public static string? Of(HttpContext http) => Array.Find(All, theme => theme == http.Request.Cookies[Cookie]);

    /// <summary>Keeps a choice for a year; null follows the system again.</summary>
    public static void Choose(HttpContext http, string? theme)
    {
        if (theme is null) http.Response.Cookies.Delete(Cookie);
        else
        {
            http.Response.Cookies.Append(
                Cookie, theme,
                new() { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true, Secure = http.Request.IsHttps });
        }
    }
}
