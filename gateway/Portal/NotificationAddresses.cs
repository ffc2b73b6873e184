using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Forms;

namespace VolunteerBook.Portal;

/// <summary>Addresses of notifications that are no pages: for the bell's script, for following one, and for mail programs.</summary>
public static class NotificationAddresses
{
    /// <summary>Maps them.</summary>
    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        // A script asks, and asks again: nobody is sent to sign in, which would leave cookies each time.
        var asked = routes.MapGroup("/notifications").AllowAnonymous().AddEndpointFilter(async (context, next) =>
            context.HttpContext.User.Identity is { IsAuthenticated: true } ? await next(context) : TypedResults.Unauthorized());
        asked.MapGet("/stream", (Notifications notifications, IHostApplicationLifetime lifetime) => notifications.Stream(lifetime.ApplicationStopping));
        asked.MapGet("/unread", async (Notifications notifications) => TypedResults.Ok(await notifications.Unread()));

        var own = routes.MapGroup("/notifications").RequireAuthorization();
        // Who follows one has read it. Where that cannot be noted, they get there all the same.
        own.MapGet("/{id:guid}", async (Guid id, string? to, Notifications notifications) =>
        {
            await notifications.Read(id);
            return TypedResults.LocalRedirect(SignIn.Local(to ?? "/notifications"));
        });

        // RFC 8058: a mail program sends one POST, without cookies; whoever opens it in a browser is asked first.
        var atOnce = routes.MapGroup("/unsubscribe/{token}/at-once").AllowAnonymous();
        atOnce.MapGet("", (string token) => TypedResults.LocalRedirect($"/unsubscribe/{Uri.EscapeDataString(token)}"));
        atOnce.MapPost("", async (string token, Notifications notifications) =>
            TypedResults.StatusCode((await notifications.Unsubscribe(token, new Form())).Problem?.Status ?? StatusCodes.Status200OK)).DisableAntiforgery();
    }
}
