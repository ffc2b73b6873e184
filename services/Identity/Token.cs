using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

// POST /connect/token: OpenIddict has authenticated the client and checked code, verifier or refresh token before this is reached.
public static class Token
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/connect/token", (Delegate)Handle).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    static Task<IResult> Handle(HttpContext http) => http.OpenIdRequest() switch
    {
        var request when request.IsAuthorizationCodeGrantType() || request.IsRefreshTokenGrantType() => ForPerson(http),
        var request when request.IsClientCredentialsGrantType() => ForMachine(http, request),
        { GrantType: DemoAccounts.Grant } request => ForDemo(http, request),
        _ => Task.FromResult(Server.Refuse(Errors.UnsupportedGrantType, "This grant type is not supported.")),
    };

    static async Task<IResult> ForPerson(HttpContext http)
    {
        var granted = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        var account = await http.RequestServices.GetRequiredService<UserManager<Account>>().FindByIdAsync(granted.GetClaim(Claims.Subject)!);
        var session = Sessions.Of(granted);
        if (account is null || !await MaySignIn(http, account)
            || !await http.RequestServices.GetRequiredService<Sessions>().StandsAsync(session, account.Id.ToString()))
        {
            return Server.Refuse(Errors.InvalidGrant, "The grant is no longer valid; the person must sign in again.");
        }

        // Read anew, so that a role given or taken since is in the next token.
        DateTimeOffset? signedInAt = granted.GetClaim(Claims.AuthenticationTime) is { } at
            ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(at, CultureInfo.InvariantCulture))
            : null;
        return SignIn(Principals.Person(account, granted.GetScopes(), session, signedInAt));
    }

    static async Task<IResult> ForMachine(HttpContext http, OpenIddictRequest request)
    {
        var clients = http.RequestServices.GetRequiredService<IOpenIddictApplicationManager>();
        var client = await clients.FindByClientIdAsync(request.ClientId!)
            ?? throw new InvalidOperationException("The client was removed while its request was being answered.");
        var asked = request.GetScopes();
        var scopes = asked.Length > 0
            ? asked
            : (await clients.GetPermissionsAsync(client))
                .Where(p => p.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal)).Select(p => p[Permissions.Prefixes.Scope.Length..]);
        return SignIn(Principals.Machine(request.ClientId!, await clients.GetDisplayNameAsync(client), scopes));
    }

    static async Task<IResult> ForDemo(HttpContext http, OpenIddictRequest request)
    {
        var account = request.Username is { } userName ? await http.RequestServices.GetRequiredService<UserManager<Account>>().FindByNameAsync(userName) : null;
        return account is { IsDemo: true } && await MaySignIn(http, account)
            ? SignIn(Principals.Person(account, ["book"]))
            : Server.Refuse(Errors.InvalidGrant, "No demo account has this user name.");
    }

    static Task<bool> MaySignIn(HttpContext http, Account account) => http.RequestServices.GetRequiredService<SignInManager<Account>>().CanSignInAsync(account);

    static IResult SignIn(ClaimsPrincipal principal) => Results.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
}
