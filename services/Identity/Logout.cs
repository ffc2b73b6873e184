using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

// GET or POST /connect/logout: ends the session with its cookie and its tokens, and sends the browser back to a registered address of the client.
public static class Logout
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/connect/logout", [HttpMethods.Get, HttpMethods.Post], Handle).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    static async Task<IResult> Handle(HttpContext http, UserManager<Account> accounts, Sessions sessions)
    {
        if (http.ErrorPage() is { } error) return error;

        // Only a client that can show the person's own token may end the session at once: any page could send a browser here.
        var hint = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        await sessions.EndAsync(Sessions.Of(hint), hint?.GetClaim(Claims.Subject));

        var session = await http.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        if (session.Succeeded)
        {
            if (hint?.GetClaim(Claims.Subject) is not { } subject || subject != accounts.GetUserId(session.Principal))
            {
                var parameters = http.Request.HasFormContentType ? http.Request.Form.AsEnumerable() : http.Request.Query;
                return Results.Redirect(
                    "/account/sign-out" + QueryString.Create("returnUrl", http.Request.PathBase + http.Request.Path + QueryString.Create(parameters)));
            }

            await sessions.EndAsync(Sessions.Of(session.Properties), subject);
            await http.SignOutAsync(IdentityConstants.ApplicationScheme);
        }

        return Results.SignOut(new() { RedirectUri = "/" }, [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
