using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Says which media types an operation takes.</summary>
internal static class MediaTypes
{
    /// <summary>
    /// Of an answer that refuses a body for its media type: the header <c>Accept</c> names those that are taken (RFC 9110, section 15.5.16), and the problem
    /// says so where it says nothing else. Routing has left out what does not take the body: which operation was meant is looked up once more.
    /// </summary>
    public static void Tell(HttpContext http, ProblemDetails problem)
    {
        var taken = http.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(http.Request.Method) == true
                && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(http.Request.Path, []))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes ?? [])
            .Distinct().ToList();
        if (http.Request.Headers.ContentEncoding.Count > 0)
        {
            http.Response.Headers.AcceptEncoding = "identity";
        }

        if (taken.Count > 0)
        {
            http.Response.Headers.Accept = string.Join(", ", taken);
            // A refusal of ours has its own words.
            problem.Detail ??= problem.Extensions.ContainsKey("errors") ? null : $"The body must be sent as {string.Join(" or ", taken)}.";
        }
    }
}
