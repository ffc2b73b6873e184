namespace VolunteerBook.Gateway;

/// <summary>
/// Streams of notifications last for as long as somebody looks at a page. When the gateway stops they end at once, instead of holding it up until its time
/// is over: whoever had one opens it anew, at the next instance, from the last event that they had.
/// </summary>
public static class Streams
{
    public static void UseStreams(this WebApplication app) => app.Use(async (http, next) =>
    {
        using var stopping = Is(http.Request.Path) ? app.Lifetime.ApplicationStopping.Register(http.Abort) : default;
        await next(http);
    });

    /// <summary>The API's, and the portal's in whichever language.</summary>
    public static bool Is(PathString path) =>
        path.StartsWithSegments("/api/v1/notifications/stream") || path.StartsWithSegments("/notifications/stream")
        || path.StartsWithSegments("/en/notifications/stream");
}
