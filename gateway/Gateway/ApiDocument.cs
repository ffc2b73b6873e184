using System.Net.Mime;
using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace VolunteerBook.Gateway;

/// <summary>One OpenAPI document for the whole API at /openapi/v1.json, and a page to read and try it at /docs.</summary>
public static class ApiDocument
{
    static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];

    public static void AddApiDocument(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ServiceDocuments>();

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapMethods("/openapi/v1.json", Read, async (ServiceDocuments documents, CancellationToken cancellation) =>
            Results.Bytes(await documents.MergedAsync(cancellation), MediaTypeNames.Application.Json));
        app.MapScalarApiReference("/docs", (options, http) =>
        {
            // Scalar puts its styles into the page and starts itself by a script in the page; both come from its package.
            var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            http.Response.Headers.ContentSecurityPolicy =
                $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
                + "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";
            options.WithTitle("VolunteerBook API").WithNonce(nonce).WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools();
        }).WithMetadata(new HttpMethodMetadata(Read));
    }
}
