using Microsoft.AspNetCore.Http.Features;

namespace VolunteerBook.Gateway;

/// <summary>
/// How large a request may be: <c>Gateway:MaxRequestBytes</c>, 2 MB by default, and <c>Gateway:MaxFileBytes</c>, 64 MB, where files are handed in: attendance documents and
/// documents to be checked, at the API and on the portal's pages. The services' own limits may be lower.
/// </summary>
public static class RequestLimits
{
    const long Default = 2 * 1024 * 1024;

    const long DefaultOfFiles = 64 * 1024 * 1024;

    // What a form has beside its file.
    const long OfForm = 64 * 1024;

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var limit = builder.Configuration.GetValue("Gateway:MaxRequestBytes", Default);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = limit);
    }

    /// <summary>
    /// A body whose length is announced is refused before a byte of it is read; one that is sent in chunks when it passes the limit
    /// (<see cref="Routes"/> answers then, as the forwarding has begun).
    /// </summary>
    public static void UseRequestLimits(this WebApplication app)
    {
        var general = app.Configuration.GetValue("Gateway:MaxRequestBytes", Default);
        var ofFiles = app.Configuration.GetValue("Gateway:MaxFileBytes", DefaultOfFiles);
        app.Use((http, next) =>
        {
            var limit = TakesFiles(http.Request.Path) ? ofFiles : IsPageWithFile(http.Request.Path) ? ofFiles + OfForm : general;
            if (http.Request.ContentLength > limit)
            {
                // What is still being sent is not read to its end: whoever used the connection again would lose the next request with it (RFC 9112, section 9.6).
                http.Response.Headers.Connection = "close";
                return http.WriteAsync(Answers.TooLarge);
            }

            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            {
                feature.MaxRequestBodySize = limit;
            }

            return next(http);
        });
    }

    static bool TakesFiles(PathString path) => path.StartsWithSegments("/api/v1/sheets") || path.StartsWithSegments("/api/v1/checks");

    static bool IsPageWithFile(PathString path) =>
        path.StartsWithSegments("/check") || (path.StartsWithSegments("/coordination", out var rest) && rest.Value!.TrimEnd('/').EndsWith("/sheets", StringComparison.OrdinalIgnoreCase));
}
