namespace VolunteerBook.Gateway;

/// <summary>How large a request may be: <c>Gateway:MaxRequestBytes</c>, 2 MB by default.</summary>
public static class RequestLimits
{
    const long Default = 2 * 1024 * 1024;

    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var limit = Limit(builder.Configuration);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = limit);
    }

    /// <summary>
    /// A body whose length is announced is refused before a byte of it is read; one that is sent in chunks when it passes the limit
    /// (<see cref="Routes"/> answers then, as the forwarding has begun).
    /// </summary>
    public static void UseRequestLimits(this WebApplication app)
    {
        var limit = Limit(app.Configuration);
        app.Use((http, next) => http.Request.ContentLength > limit ? http.WriteAsync(Answers.TooLarge) : next(http));
    }

    static long Limit(IConfiguration configuration) => configuration.GetValue("Gateway:MaxRequestBytes", Default);
}
