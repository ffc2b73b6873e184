using Microsoft.AspNetCore.Http.Features;

namespace VolunteerBook.Gateway;

/// <summary>
/// How large a request may be: <c>Gateway:MaxRequestBytes</c>, 2 MB by default, and <c>Gateway:MaxSheetBytes</c>, 64 MB, for an organisation's attendance document.
/// </summary>
public static class RequestLimits
{
    const long Default = 2 * 1024 * 1024;

    const long DefaultOfSheets = 64 * 1024 * 1024;

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
        var ofSheets = app.Configuration.GetValue("Gateway:MaxSheetBytes", DefaultOfSheets);
        app.Use((http, next) =>
        {
            var limit = http.Request.Path.Equals("/api/v1/sheets", StringComparison.OrdinalIgnoreCase) ? ofSheets : general;
            if (http.Request.ContentLength > limit)
            {
                return http.WriteAsync(Answers.TooLarge);
            }

            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            {
                feature.MaxRequestBodySize = limit;
            }

            return next(http);
        });
    }
}
