using Microsoft.AspNetCore.Http.Features;

namespace VolunteerBook.Gateway;

/// <summary>
/// How large a request may be: <c>Gateway:MaxRequestBytes</c>, 2 MB by default, and <c>Gateway:MaxFileBytes</c>, 64 MB, where files are handed in: attendance
/// documents and documents to be checked, at the API and on the portal's pages. The services' own limits may be lower.
/// </summary>
public static class RequestLimits
{
    const long Default = 2 * 1024 * 1024;

    const long DefaultOfFiles = 64 * 1024 * 1024;

    // Of what is too long, so that its sender comes to hear so: a film that was chosen instead of a document.
    const long MostLetBy = 256 * 1024 * 1024;
    static readonly TimeSpan LongestLetBy = TimeSpan.FromSeconds(30);

    // What a form has beside its file.
    const long OfForm = 64 * 1024;

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var limit = builder.Configuration.GetValue("Gateway:MaxRequestBytes", Default);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = limit);
    }

    /// <summary>
    /// A body whose length is announced is refused before a byte of it is read, and what comes of it is thrown away; one that is sent in chunks when it passes
    /// the limit (<see cref="Routes"/> answers then, as the forwarding has begun).
    /// </summary>
    public static void UseRequestLimits(this WebApplication app)
    {
        var general = app.Configuration.GetValue("Gateway:MaxRequestBytes", Default);
        var ofFiles = app.Configuration.GetValue("Gateway:MaxFileBytes", DefaultOfFiles);
        app.Use(async (http, next) =>
        {
            var limit = TakesFiles(http.Request.Path) ? ofFiles : IsPageWithFile(http.Request.Path) ? ofFiles + OfForm : general;
            if (http.Request.ContentLength > limit)
            {
                // What is still being sent may not be read to its end: whoever used the connection again would lose the next
                // request with it (RFC 9112, section 9.6).
                http.Response.Headers.Connection = "close";
                Bound(http, null);
                await http.WriteAsync(Answers.TooLarge);
                await http.Response.CompleteAsync();
                await LetGoByAsync(http);
                return;
            }

            Bound(http, limit);
            await next(http);
        });
    }

    static void Bound(HttpContext http, long? bytes)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = bytes;
        }
    }

    // Whoever is cut off while sending hears of a broken connection and not of the answer (RFC 9112, section 9.6). Who asked first whether to send does not.
    static async Task LetGoByAsync(HttpContext http)
    {
        if (http.Request.Headers.Expect.Count > 0)
        {
            return;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        enough.CancelAfter(LongestLetBy);
        var buffer = new byte[64 * 1024];
        try
        {
            for (var left = MostLetBy; left > 0 && await http.Request.Body.ReadAsync(buffer, enough.Token) is > 0 and var read;)
            {
                left -= read;
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // Who has gone has nothing to hear, and who is this slow has had the time to. The server would read on where this reading was broken off, and fail.
            http.Abort();
        }
    }

    static bool TakesFiles(PathString path) => path.StartsWithSegments("/api/v1/sheets") || path.StartsWithSegments("/api/v1/checks");

    static bool IsPageWithFile(PathString path) =>
        path.StartsWithSegments("/check")
        || (path.StartsWithSegments("/coordination", out var rest) && rest.Value!.TrimEnd('/').EndsWith("/sheets", StringComparison.OrdinalIgnoreCase));
}
