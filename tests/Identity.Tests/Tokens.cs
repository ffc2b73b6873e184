using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace VolunteerBook.Identity.Tests;

/// <summary>Reads tokens as a service does: against the published keys.</summary>
public static class Tokens
{
    public static async Task<JsonWebToken> ValidateAsync(IdentityService service, string token, string audience = "volunteerbook")
    {
        var keys = new JsonWebKeySet(await service.Http.GetStringAsync("/.well-known/jwks"));
        var result = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(token, new()
        {
            ValidIssuer = IdentityService.Issuer,
            ValidAudience = audience,
            IssuerSigningKeys = keys.GetSigningKeys(),
        });
        if (!result.IsValid) throw result.Exception;
        return (JsonWebToken)result.SecurityToken;
    }
}
