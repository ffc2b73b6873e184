namespace VolunteerBook.Gateway;

/// <summary>
/// Which other sites' pages may call (<c>Gateway:CrossOrigin:Origins</c>): none by default. They send a token, never the portal's cookies.
/// </summary>
public static class CrossOrigin
{
    static readonly string[] Open = ["/api", "/openapi", "/.well-known", "/connect/token", "/connect/userinfo"];
    static readonly string[] Readable = ["ETag", "Location", "Retry-After", Correlation.Header];

    public static void AddCrossOrigin(this WebApplicationBuilder builder) => builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy =>
        policy.WithOrigins(Origins(builder.Configuration))
            .AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Readable).SetPreflightMaxAge(TimeSpan.FromHours(1))));

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (Origins(app.Configuration).Length == 0) return;

        app.UseWhen(http => Array.Exists(Open, prefix => http.Request.Path.StartsWithSegments(prefix)), open => open.UseCors());
    }

    static string[] Origins(IConfiguration configuration) => configuration.GetSection("Gateway:CrossOrigin:Origins").Get<string[]>() ?? [];
}
