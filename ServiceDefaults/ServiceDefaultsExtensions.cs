using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace VolunteerBook.ServiceDefaults;

/// <summary>What every process of VolunteerBook has in common: telemetry, health, sign-in, problem details, OpenAPI, resilient HTTP clients.</summary>
public static class ServiceDefaultsExtensions
{
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.AddTelemetry();
        builder.AddSignIn();
        builder.Services.AddHealthChecks();
        builder.Services.AddProblems();
        builder.Services.AddTransient<IStartupFilter, FormsInUtf8>();
        builder.Services.AddOpenApiDocument();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // To each service apart: one that is away must not break the way to the others.
            http.AddStandardResilienceHandler(options => options.Retry.DisableForUnsafeHttpMethods()).SelectPipelineByAuthority();
            http.AddServiceDiscovery();
        });
        builder.Services.ConfigureHttpJsonOptions(options => JsonInput.Configure(options.SerializerOptions));
        builder.Services.AddSingleton<TimeProvider, WholeMicroseconds>();
        // A shift of 1 MB of text must reach the rule that names its field; the gateway's limit is the one that protects.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 8 * 1024 * 1024;
            // What is sent faster than it is read waits with its sender.
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
        });
        return builder;
    }

    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHead();
        app.Use(Private);
        app.UseReceivedForms();
        app.Use(AddressInput.CheckAsync);
        app.UseAuthentication();
        app.Use(Absent);
        app.UseAuthorization();
        app.Use(NoBody.CheckAsync);
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        return app;
    }

    /// <summary>
    /// HEAD is answered as GET is, without the body (RFC 9110, section 9.3.2): it is routed as GET, and the server, which knows what was asked,
    /// leaves the body out. Routing begins here.
    /// </summary>
    public static void UseHead(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (HttpMethods.IsHead(http.Request.Method))
            {
                http.Request.Method = HttpMethods.Get;
            }

            return next(http);
        });
        app.UseRouting();
    }

    // What is not there, or not for this method or media type, is so for everybody: else nobody would be asked to sign in for it.
    private static Task Absent(HttpContext http, RequestDelegate next)
    {
        switch (http.GetEndpoint())
        {
            case RouteEndpoint:
                return next(http);
            case { RequestDelegate: { } refusal }:
                return refusal(http);
            default:
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }

    // What is said to somebody in particular is kept by no cache; what is open to all says itself how long it holds.
    private static Task Private(HttpContext http, RequestDelegate next)
    {
        http.Response.OnStarting(static state =>
        {
            var http = (HttpContext)state;
            if (http.Response.Headers.CacheControl.Count == 0
                && (http.Request.Headers.Authorization.Count > 0 || http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null))
            {
                http.Response.Headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        }, http);
        return next(http);
    }
}
