using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Every error is a problem detail (RFC 9457) with a stable <c>type</c>, the trace's id, and for bad input the field.</summary>
public static class Problems
{
    internal static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Type = problem.Type is { } type && type.StartsWith(Refusal.TypePrefix, StringComparison.Ordinal)
                ? type
                : Refusal.TypePrefix + CodeOf(problem.Status ?? context.HttpContext.Response.StatusCode);
            if (problem.Status == StatusCodes.Status415UnsupportedMediaType)
            {
                MediaTypes.Tell(context.HttpContext, problem);
            }

            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        });
        // Comes after ASP.NET Core's own, and after those who show a page.
        services.AddSingleton<IProblemDetailsWriter, WhateverWasAccepted>();
        services.AddExceptionHandler<RefusalOfException>();
        // Outside development a value that cannot be bound would be a bare 400 that names nothing.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    private static string CodeOf(int status) => status switch
    {
        400 => "bad-request",
        401 => "not-signed-in",
        403 => "not-allowed",
        404 => "not-found",
        405 => "method-not-allowed",
        409 => "conflict",
        412 => "stale-version",
        413 => "too-large",
        415 => "unsupported-media-type",
        428 => "version-required",
        429 => "too-many-requests",
        503 => "unavailable",
        _ => "internal-error",
    };
}
