using Microsoft.AspNetCore.Diagnostics;
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
    public string Text => Code is null or Errors.ServerError ? "ErrorOurs" : "ErrorRequest";

    public void OnGet(string? code) => Show(code);

    // An error while a form was being answered ends here with the form's method.
    public void OnPost() => Show(null);

    void Show(string? code)
    {
        Code = Known.Contains(code) ? code : null;
        Response.StatusCode = HttpContext.Features.Get<IExceptionHandlerFeature>() is null && Code is not (null or Errors.ServerError)
            ? StatusCodes.Status400BadRequest
            : StatusCodes.Status500InternalServerError;
    }
}
