using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Signs a service's own calls to another service: an access token by client credentials of the configured authority, renewed before it ends
/// (<c>Authentication:ClientId</c>, <c>Authentication:ClientSecret</c>).
/// </summary>
public sealed class ServiceToken(IConfiguration configuration, IHttpClientFactory clients, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private (string Value, DateTimeOffset Until) token;

    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (clock.GetUtcNow() < token.Until)
            {
                return token.Value;
            }

            var settings = configuration.GetSection("Authentication");
            var client = clients.CreateClient(nameof(ServiceToken));
            var authority = new Uri(settings["Authority"]?.TrimEnd('/') + "/");
            var discovery = await client.GetFromJsonAsync<Discovery>(new Uri(authority, ".well-known/openid-configuration"), cancellationToken);
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = settings["ClientId"] ?? "services",
                ["client_secret"] = settings["ClientSecret"] ?? "",
                ["scope"] = "integration",
            });
            using var response = await client.PostAsync(discovery!.TokenEndpoint, form, cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken);
            token = (answer!.AccessToken, clock.GetUtcNow().AddSeconds(answer.ExpiresIn - 60));
            return token.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private sealed record Discovery([property: JsonPropertyName("token_endpoint")] Uri TokenEndpoint);

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
