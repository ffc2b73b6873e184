using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>A page with a form. What is wrong is said above the form (_Layout.cshtml) and at the field.</summary>
public abstract class FormPage : PageModel
{
    /// <summary>Texts by the fields they belong to; by the empty name what belongs to none.</summary>
    public Dictionary<string, string> Mistakes { get; } = [];

    /// <summary>Where somebody goes who signed in and came from nowhere: to the portal, which takes up what was just begun here.</summary>
    public const string ToPortal = "/sign-in";

    /// <summary>The field with what is wrong with it.</summary>
    public Field With(Field field) => field with { Mistake = Mistakes.GetValueOrDefault(field.Name) };

    /// <summary>The page again: a demo account is everybody's, and nobody takes it from the others.</summary>
    protected PageResult RefusedOfDemo() => Refused(
        "", HttpContext.RequestServices.GetRequiredService<IStringLocalizer<Texts>>()["DemoUnchanged"], StatusCodes.Status403Forbidden);

    /// <summary>To where somebody wanted who has signed in.</summary>
    protected LocalRedirectResult Onwards(string? returnUrl) => LocalRedirect(Written.LocalAddress(returnUrl) ?? ToPortal);

    /// <summary>The page again, with what is wrong.</summary>
    protected PageResult Refused(string field, string text, int status = StatusCodes.Status400BadRequest)
    {
        Mistakes[field] = text;
        Response.StatusCode = status;
        if (status == StatusCodes.Status429TooManyRequests) Response.Headers.RetryAfter = "60";
        return Page();
    }
}
