using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>The ETag of a stream is its version.</summary>
public static class ETag
{
    public static void Set(HttpContext http, long version) => http.Response.Headers.ETag = Of(version);

    /// <summary>The tag of a version, <c>"3"</c>.</summary>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Says in the OpenAPI document that the endpoint needs <c>If-Match</c>.</summary>
    public static RouteHandlerBuilder RequireVersion(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new RequiresVersion());
}
