using System.Collections.Immutable;
using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>What a token says about whom it is for.</summary>
public static class Principals
{
    /// <summary>A person's token, given out in a session (a demonstration's has none).</summary>
    public static ClaimsPrincipal Person(Account account, IEnumerable<string> scopes, Guid? session = null, DateTimeOffset? signedInAt = null)
    {
        var identity = NewIdentity();
        identity.SetClaim(Claims.Subject, account.Id.ToString())
            .SetClaim(Claims.Name, account.UserName)
            .SetClaim(Claims.PreferredUsername, account.UserName)
            .SetClaim(Claims.Email, account.Email)
            .SetClaim(Claims.EmailVerified, account.EmailConfirmed)
            .SetClaims(Claims.Role, [.. account.Roles]);
        if (session is { } id) identity.SetClaim(Sessions.Name, id.ToString());
        if (signedInAt is { } at) identity.SetClaim(Claims.AuthenticationTime, at.ToUnixTimeSeconds());
        return Finish(identity, scopes);
    }

    /// <summary>A machine's token: its subject is the client itself.</summary>
    public static ClaimsPrincipal Machine(string clientId, string? displayName, IEnumerable<string> scopes)
    {
        var identity = NewIdentity();
        identity.SetClaim(Claims.Subject, clientId).SetClaim(Claims.Name, displayName ?? clientId);
        return Finish(identity, scopes);
    }

    static ClaimsIdentity NewIdentity() => new(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);

    static ClaimsPrincipal Finish(ClaimsIdentity identity, IEnumerable<string> scopes)
    {
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes).SetResources(Server.Audience);
        principal.SetDestinations(claim => Destinations(claim, principal));
        return principal;
    }

    static ImmutableArray<string> Destinations(Claim claim, ClaimsPrincipal principal) => claim.Type switch
    {
        Claims.Name or Claims.Role => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        Claims.PreferredUsername when principal.HasScope(Scopes.Profile) => [OpenIddictConstants.Destinations.IdentityToken],
        Claims.Email or Claims.EmailVerified when principal.HasScope(Scopes.Email) => [OpenIddictConstants.Destinations.IdentityToken],
        Sessions.Name => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        Claims.AuthenticationTime => [OpenIddictConstants.Destinations.IdentityToken],
        _ => [],
    };
}
