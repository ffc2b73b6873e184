using Microsoft.AspNetCore.Antiforgery;

namespace VolunteerBook.Portal.Store;

/// <summary>Registration.</summary>
public static class KeptFormsSetup
{
    /// <summary>
    /// A form whose antiforgery token no longer holds, as after signing in again in another tab, is shown once more for sending.
    /// From another site it is refused.
    /// </summary>
    public static void UseKeptForms(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
        {
            await next(context);
            return;
        }

        // Only where the token is known to be wrong may the form still be read: it is kept to be looked at, and not acted on.
        context.Features.Set<IAntiforgeryValidationFeature>(null);
        if (context.Request.Headers["Sec-Fetch-Site"] == "same-origin" && context.Request.HasFormContentType)
        {
            context.Response.Redirect(await context.RequestServices.GetRequiredService<KeptForms>().Keep(context.Request));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    });
}
