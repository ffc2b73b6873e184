namespace VolunteerBook.Gateway;

/// <summary>What browsers are told about every answer. A service that knows its page better sets its own content policy, which is kept.</summary>
public static class SecurityHeaders
{
    const string ForData = "default-src 'none'; frame-ancestors 'none'";
    const string Features = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
        + "midi=(), payment=(), usb=()";
    const string OneYear = "max-age=31536000; includeSubDomains";

    sealed record State(HttpContext Http, string ForPages, bool Production);

    public static void UseSecurityHeaders(this WebApplication app)
    {
        // Signing out posts a form that ends at the authority, which may be elsewhere.
        var authority = Uri.TryCreate(app.Configuration["Authentication:Authority"], UriKind.Absolute, out var uri)
            ? " " + uri.GetLeftPart(UriPartial.Authority)
            : "";
        var forPages = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + $"object-src 'none'; base-uri 'self'; form-action 'self'{authority}; frame-ancestors 'none'";
        var production = app.Environment.IsProduction();

        app.Use((http, next) =>
        {
            http.Response.OnStarting(Set, new State(http, forPages, production));
            return next(http);
        });
    }

    static Task Set(object state)
    {
        var (http, forPages, production) = (State)state;
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "strict-origin";
        headers["Permissions-Policy"] = Features;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = http.Response.ContentType is { } type && type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase)
                ? forPages
                : ForData;
        }

        if (production && http.Request.IsHttps) headers.StrictTransportSecurity = OneYear;
        headers.Remove("Server");
        headers.Remove("X-Powered-By");
        return Task.CompletedTask;
    }
}
