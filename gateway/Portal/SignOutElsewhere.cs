using System.Text.Json;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;
using VolunteerBook.Portal.Store;

namespace VolunteerBook.Portal;

/// <summary>
/// <c>POST /signout-backchannel</c> (OpenID Connect Back-Channel Logout 1.0): the authority says that a session has been ended there, by its owner on another
/// device for instance, and the portal's sessions that began in it end at once.
/// </summary>
public static class SignOutElsewhere
{
    /// <summary>The address to register at the authority.</summary>
    public const string Path = "/signout-backchannel";

    const string Event = "http://schemas.openid.net/event/backchannel-logout";
    const int LongestToken = 16 * 1024;

    /// <summary>Maps it. The token is what proves that the authority speaks.</summary>
    public static void MapSignOutElsewhere(this IEndpointRouteBuilder routes) => routes.MapPost(Path, Handle).AllowAnonymous().DisableAntiforgery();

    static async Task<IResult> Handle(HttpRequest request, IOptionsMonitor<OpenIdConnectOptions> options, TicketStore sessions, CancellationToken ct)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        if (request is not { ContentLength: <= LongestToken } || await FormAsync(request, ct) is not { } form) return TypedResults.BadRequest();

        var oidc = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var authority = await oidc.ConfigurationManager!.GetConfigurationAsync(ct);
        var read = await new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(form["logout_token"], new TokenValidationParameters
        {
            ValidIssuer = authority.Issuer,
            ValidAudience = oidc.ClientId,
            IssuerSigningKeys = authority.SigningKeys,
            ClockSkew = TimeSpan.FromMinutes(1),
        });
        // An ID token has a nonce and no such event: it must not do for this.
        if (read is not { IsValid: true, SecurityToken: JsonWebToken token } || token.TryGetPayloadValue<string>("nonce", out _)
            || !token.TryGetPayloadValue<JsonElement>("events", out var events)
            || events.ValueKind is not JsonValueKind.Object || !events.TryGetProperty(Event, out _))
        {
            return TypedResults.BadRequest();
        }

        await sessions.EndAsync(token.TryGetPayloadValue<string>("sid", out var sid) ? sid : null, token.Subject is { Length: > 0 } subject ? subject : null);
        return TypedResults.Ok();
    }

    // As 2.5 of the specification has it, and nothing else that is called a form; null where it cannot be read.
    static async Task<IFormCollection?> FormAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType == "application/x-www-form-urlencoded"
                ? await request.ReadFormAsync(ct)
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
