namespace VolunteerBook.Portal;

/// <summary>What the browser may do with the pages: own files only, no inline script or style, no frames.</summary>
public static class SecurityHeaders
{
    /// <summary>Sets the headers on every answer; pages are never stored by caches, as they may show a person's book.</summary>
    public static void UseSecurityHeaders(this WebApplication app)
    {
        // Signing in and out leads from a form to the authority: it has to be allowed as a form's target.
        var authority = new Uri(app.Configuration["Authentication:Authority"]!).GetLeftPart(UriPartial.Authority);
        var policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
            + $"form-action 'self' {authority}; base-uri 'none'; frame-ancestors 'none'";

        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                // Never a path: some are links that are worth something to whoever reads them.
                headers["Referrer-Policy"] = "strict-origin";
                // What search engines find is a public page; a document behind a link is not, whoever has published the link.
                if (context.GetEndpoint()?.Metadata.GetMetadata<PublicAttribute>() is not { Listed: true }) headers["X-Robots-Tag"] = "noindex";
                if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) is true) headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
