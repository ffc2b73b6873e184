using Microsoft.AspNetCore.Diagnostics;
using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal;

/// <summary>Every error ends on a page of ours: absent, not allowed, a service away, a fault.</summary>
public static class ErrorPages
{
    /// <summary>Pages/Error.razor shows them all.</summary>
    public static void UseErrorPages(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            StatusCodeSelector = Status,
            CreateScopeForErrors = true,
            // A refusal by the API is an answer, not a fault of the portal.
            SuppressDiagnosticsCallback = context => context.Exception is ApiFailure,
        });
        app.UseStatusCodePagesWithReExecute("/error/{0}", createScopeForStatusCodePages: true);
    }

    /// <summary>The status that the browser gets for a failure.</summary>
    public static int Status(Exception? failure) => failure switch
    {
        ApiFailure { Problem.Status: 400 or 404 } => StatusCodes.Status404NotFound,
        ApiFailure { Problem.Status: 401 } => StatusCodes.Status401Unauthorized,
        ApiFailure { Problem.Status: 403 } => StatusCodes.Status403Forbidden,
        ApiFailure { Problem.Status: 429 } => StatusCodes.Status429TooManyRequests,
        ApiFailure => StatusCodes.Status503ServiceUnavailable,
        BadHttpRequestException bad => bad.StatusCode,
        // The authority's own address could not be read: nobody can sign in for now.
        InvalidOperationException { InnerException: IOException or HttpRequestException } => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };
}
