using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal;

/// <summary>Every error ends on a page of ours: absent, not allowed, a service away, a fault.</summary>
public static class ErrorPages
{
    /// <summary>A service answers a failure with a problem detail; a person gets a page, so that handler is taken out.</summary>
    public static void AddErrorPages(this IServiceCollection services) => services.RemoveAll<IExceptionHandler>();

    /// <summary>Ready (/health) and alive (/alive). Ready is the portal with its own database; without a service it shows its page for that.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health").AllowAnonymous();
        routes.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
    }

    /// <summary>Pages/Error.razor shows them all.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            StatusCodeSelector = Status,
            CreateScopeForErrors = true,
            // A refusal by the API is an answer, not a fault of the portal.
            SuppressDiagnosticsCallback = context => context.Exception is ApiException,
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
        app.Use((context, next) =>
        {
            // The page of an error is read, whatever was sent: a form that failed must not be taken up, or judged, again.
            if (context.Features.Get<IExceptionHandlerFeature>() is not null || context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            {
                context.Request.Method = HttpMethods.Get;
                context.Request.ContentType = null;
                context.Features.Set<IAntiforgeryValidationFeature>(null);
                context.Features.Set<IFormFeature>(null);
            }

            return next(context);
        });
    }

    /// <summary>The status that the browser gets for a failure.</summary>
    public static int Status(Exception? failure) => failure switch
    {
        // A refusal keeps its meaning; what fails or is away behind us will pass.
        ApiException { Problem.Status: >= 400 and < 500 and not 408 and var refused } => refused,
        ApiException => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException bad => bad.StatusCode,
        // The authority's own address could not be read: nobody can sign in for now.
        InvalidOperationException { InnerException: IOException or HttpRequestException } => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
