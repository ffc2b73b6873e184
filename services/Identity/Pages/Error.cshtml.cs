using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity.Pages;

/// <summary>Something went wrong while signing in: a client's faulty request, or a fault of ours.</summary>
[IgnoreAntiforgeryToken]
public sealed class ErrorModel : PageModel
{
    // Only these are shown: what stands in an address could have been written by anyone.
    static readonly string[] Known =
    [
        Errors.InvalidRequest, Errors.InvalidClient, Errors.InvalidScope, Errors.UnauthorizedClient, Errors.UnsupportedResponseType,
        Errors.AccessDenied, Errors.LoginRequired, Errors.ServerError,
    ];

    public string? Code { get; private set; }

    /// <summary>The name of the text that explains it.</summary>
    public string Text => Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "ErrorAbsent",
        < 500 => "ErrorRequest",
        _ => "ErrorOurs",
    };

    public void OnGet(string? code)
    {
        Code = Known.Contains(code) ? code : null;
        // What was refused or failed elsewhere has its status already; an address that anyone may open has not.
        Response.StatusCode = HttpContext.Features.Get<ProblemDetails>()?.Status
            ?? (Code is null or Errors.ServerError ? StatusCodes.Status500InternalServerError : StatusCodes.Status400BadRequest);
    }
}
