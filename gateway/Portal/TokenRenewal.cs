using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace VolunteerBook.Portal;

/// <summary>Gets a new access token with the refresh token shortly before the old one ends.</summary>
public sealed partial class TokenRenewal(
    IOptionsMonitor<OpenIdConnectOptions> options, IMemoryCache cache, TimeProvider clock, ILogger<TokenRenewal> log)
{
    static readonly TimeSpan Early = TimeSpan.FromMinutes(1);

    /// <summary>Called for every request with a session. A refused refresh token ends the session.</summary>
    public async Task Renew(CookieValidatePrincipalContext context)
    {
        var properties = context.Properties;
        if (!DateTimeOffset.TryParse(properties.GetTokenValue("expires_at"), CultureInfo.InvariantCulture, DateTimeStyles.None, out var end)
            || clock.GetUtcNow() < end - Early) return;

        if (properties.GetTokenValue("refresh_token") is not { Length: > 0 } refreshToken)
        {
            if (clock.GetUtcNow() >= end) context.RejectPrincipal();
            return;
        }

        Renewed renewed;
        try
        {
            // Requests of one session that arrive together share one renewal: a refresh token may be good for one use only.
            renewed = await cache.GetOrCreate("renewal:" + refreshToken, entry =>
            {
                entry.AbsoluteExpirationRelativeToNow = Early;
                return new Lazy<Task<Renewed>>(() => Ask(refreshToken));
            })!.Value;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
        {
            // The authority is away: the old token is used as long as it lasts, and the next request asks again.
            cache.Remove("renewal:" + refreshToken);
            LogAway(failure);
            return;
        }

        if (renewed.AccessToken is null)
        {
            context.RejectPrincipal();
            return;
        }

        properties.UpdateTokenValue("access_token", renewed.AccessToken);
        properties.UpdateTokenValue("refresh_token", renewed.RefreshToken ?? refreshToken);
        properties.UpdateTokenValue("expires_at", clock.GetUtcNow().AddSeconds(renewed.ExpiresIn).ToString("o", CultureInfo.InvariantCulture));
        context.ShouldRenew = true;
    }

    async Task<Renewed> Ask(string refreshToken)
    {
        var oidc = options.Get(OpenIdConnectDefaults.AuthenticationScheme);
        var authority = await oidc.ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
        using var body = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
            ["client_id"] = oidc.ClientId!,
            ["client_secret"] = oidc.ClientSecret ?? "",
        });
        using var response = await oidc.Backchannel.PostAsync(authority.TokenEndpoint, body);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized) return new Renewed(null, null, 0);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<Renewed>() ?? new Renewed(null, null, 0);
    }

    [LoggerMessage(LogLevel.Warning, "The authority did not answer; the access token was not renewed.")]
    partial void LogAway(Exception failure);

    sealed record Renewed(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
