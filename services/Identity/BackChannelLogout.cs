using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>
/// Tells the clients that were given a code in a session that it has been ended (OpenID Connect Back-Channel Logout 1.0), so that what they keep of it ends at
/// once, and not with the next token. A client that does not answer learns it then.
/// </summary>
public sealed partial class BackChannelLogout(
    IHttpClientFactory http, IConfiguration configuration, IOptionsMonitor<OpenIddictServerOptions> server, TimeProvider clock, ILogger<BackChannelLogout> log)
{
    const string Event = "http://schemas.openid.net/event/backchannel-logout";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3), Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Tells all of them side by side; what fails is logged.</summary>
    public Task TellAsync(Session session)
    {
        var clients = Clients.Configured(configuration);
        return Task.WhenAll(session.Clients.Select(async id =>
        {
            if (clients.GetValueOrDefault(id)?.BackChannelLogoutUri is not { } address) return;
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                using var body = new FormUrlEncodedContent([new("logout_token", Token(id, session))]);
                using var answer = await http.CreateClient(nameof(BackChannelLogout)).PostAsync(new Uri(address), body, patience.Token);
                answer.EnsureSuccessStatusCode();
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException
                || failure.GetType().Namespace?.StartsWith("Polly", StringComparison.Ordinal) is true)
            {
                NotTold(id, failure.Message);
            }
        }));
    }

    string Token(string client, Session session)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "logout+jwt",
            Issuer = server.CurrentValue.Issuer!.AbsoluteUri,
            Audience = client,
            IssuedAt = now,
            Expires = now + Lifetime,
            SigningCredentials = server.CurrentValue.SigningCredentials[0],
            Claims = new Dictionary<string, object>
            {
                [Claims.Subject] = session.AccountId.ToString(),
                [Sessions.Name] = session.Id.ToString(),
                [Claims.JwtId] = Guid.CreateVersion7().ToString(),
                ["events"] = new Dictionary<string, object> { [Event] = new Dictionary<string, object>() },
            },
        });
    }

    [LoggerMessage(LogLevel.Warning, "Client {Client} could not be told that a session has ended: {Error}")]
    partial void NotTold(string client, string error);
}
