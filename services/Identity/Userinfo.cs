using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

// GET or POST /connect/userinfo with a person's access token.
public static class Userinfo
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods("/connect/userinfo", [HttpMethods.Get, HttpMethods.Post], Handle).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    static async Task<IResult> Handle(HttpContext http, UserManager<Account> accounts, Sessions sessions)
    {
        var token = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        // A demonstration's token is of no session.
        if (!Guid.TryParse(token.GetClaim(Claims.Subject), out var id) || await accounts.FindByIdAsync(id.ToString()) is not { } account
            || !(account.IsDemo && Sessions.Of(token) is null) && !await sessions.StandsAsync(Sessions.Of(token), id.ToString()))
        {
            return Results.Challenge(
                new(new Dictionary<string, string?> { [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidToken }),
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }

        var about = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [Claims.Subject] = id.ToString(),
            [Claims.Name] = account.UserName,
            [Claims.PreferredUsername] = account.UserName,
            [Claims.Role] = account.Roles,
        };
        if (token.HasScope(Scopes.Email)) (about[Claims.Email], about[Claims.EmailVerified]) = (account.Email, account.EmailConfirmed);
        return Results.Json(about);
    }
}
