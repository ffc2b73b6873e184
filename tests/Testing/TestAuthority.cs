using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VolunteerBook.Testing;

/// <summary>
/// A small OpenID Connect authority on loopback: discovery document, keys, and a token endpoint for client credentials. Services
/// validate its tokens as they validate Identity's, which shows that they work with any authority by configuration.
/// </summary>
public sealed class TestAuthority : IAsyncDisposable
{
    private const string KeyId = "test-key";

    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private TestAuthority(WebApplication app)
    {
        _app = app;
    }

    /// <summary>The issuer, which is the address to configure as <c>Authentication:Authority</c>. It ends with a slash.</summary>
    public Uri Issuer { get; private set; } = null!;

    /// <summary>
    /// People whom Profiles does not know. It stands in for Profiles where a service asks nothing but whether the caller has a name: everybody else has one.
    /// </summary>
    public HashSet<Guid> Nameless { get; } = [];

    /// <summary>Whether Profiles answers.</summary>
    public bool KnowsNames { get; set; } = true;

    /// <summary>Starts an authority on a free port.</summary>
    public static async Task<TestAuthority> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var authority = new TestAuthority(builder.Build());
        authority.Map();
        await authority._app.StartAsync();
        authority.Issuer = new Uri(authority._app.Urls.First() + "/");
        return authority;
    }

    /// <summary>
    /// An access token of a person who uses the portal or an app (scope <c>book</c>), with roles such as <c>administrator</c> and <c>analyst</c>.
    /// </summary>
    public string PersonToken(Guid id, params string[] roles) => Sign(Person(id, roles));

    /// <summary>An access token of a machine client; its subject is the client id.</summary>
    public string MachineToken(string clientId, params string[] scopes) => Sign(Machine(clientId, scopes));

    /// <summary>A person's token that expired a minute ago more than any clock skew allows.</summary>
    public string ExpiredToken(Guid id) => Sign(Person(id, []), lifetime: TimeSpan.FromMinutes(-10));

    /// <summary>A person's token meant for another system.</summary>
    public string TokenForAnotherAudience(Guid id) => Sign(Person(id, []), audience: "another-system");

    /// <summary>A person's token whose issuer is somebody else, signed by our key.</summary>
    public string TokenOfAnotherIssuer(Guid id) => Sign(Person(id, []), issuer: "https://another.example/");

    /// <summary>A person's token that claims our key's id and is signed by another key.</summary>
    public string TokenSignedByAnotherKey(Guid id)
    {
        using var another = RSA.Create(2048);
        return Sign(Person(id, []), key: another);
    }

    /// <summary>A person's token without a signature (<c>alg</c> none).</summary>
    public string UnsignedToken(Guid id)
    {
        var claims = Complete(Person(id, []), Issuer.ToString(), "volunteerbook", TimeSpan.FromHours(1));
        return $"{Part(new Dictionary<string, object> { ["alg"] = "none", ["typ"] = "at+jwt" })}.{Part(claims)}.";
    }

    /// <summary>Any claims at all, signed; those that every token has (issuer, audience, times, id) are added.</summary>
    public string Sign(
        IReadOnlyDictionary<string, object> claims, TimeSpan? lifetime = null, string audience = "volunteerbook", string? issuer = null, RSA? key = null)
    {
        var header = Part(new Dictionary<string, object> { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = KeyId });
        var payload = Part(Complete(claims, issuer ?? Issuer.ToString(), audience, lifetime ?? TimeSpan.FromHours(1)));
        var signature = (key ?? _key).SignData(Encoding.ASCII.GetBytes($"{header}.{payload}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{payload}.{Base64Url(signature)}";
    }

    /// <summary>What Profiles answers to a caller about themself, as far as it is asked for a name.</summary>
    public IResult NameOf(HttpRequest request) =>
        !KnowsNames ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
        : Nameless.Contains(Guid.Parse(SubjectOf(request))) ? Results.NotFound()
        : Results.Json(new { name = new { family = "Иванова", given = "Анна" } });

    /// <summary>Whom the token of a request names: it is the service's to check, here only its subject is read.</summary>
    public static string SubjectOf(HttpRequest request) =>
        JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(request.Headers.Authorization.ToString().Split('.')[1])).RootElement
            .GetProperty("sub").GetString()!;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static Dictionary<string, object> Person(Guid id, string[] roles)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = id.ToString(),
            ["name"] = $"{id:N}@example.org",
            ["scope"] = "openid profile book",
            ["client_id"] = "portal",
        };
        if (roles.Length > 0)
        {
            claims["role"] = roles.Length == 1 ? roles[0] : roles;
        }

        return claims;
    }

    private static Dictionary<string, object> Machine(string clientId, string[] scopes) => new()
    {
        ["sub"] = clientId,
        ["client_id"] = clientId,
        ["scope"] = string.Join(' ', scopes),
    };

    private static Dictionary<string, object> Complete(IReadOnlyDictionary<string, object> claims, string issuer, string audience, TimeSpan lifetime)
    {
        var now = DateTimeOffset.UtcNow;
        var issued = lifetime < TimeSpan.Zero ? now + lifetime - TimeSpan.FromHours(1) : now;
        return new Dictionary<string, object>(claims)
        {
            ["iss"] = issuer,
            ["aud"] = audience,
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["nbf"] = issued.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
    }

    private void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", () => Results.Text(
            $$"""
              {
                "issuer": "{{Issuer}}",
                "jwks_uri": "{{Issuer}}.well-known/jwks",
                "token_endpoint": "{{Issuer}}connect/token",
                "authorization_endpoint": "{{Issuer}}connect/authorize",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "grant_types_supported": ["client_credentials"]
              }
              """,
            "application/json"));
        _app.MapGet("/.well-known/jwks", () =>
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            return Results.Json(new
            {
                keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId, n = Base64Url(key.Modulus!), e = Base64Url(key.Exponent!) } },
            });
        });
        _app.MapGet("/api/v1/volunteers/me", NameOf);
        _app.MapPost("/connect/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            if (form["grant_type"] != "client_credentials" || form["client_id"].ToString() is not { Length: > 0 } client)
            {
                return Results.Json(new { error = "unsupported_grant_type" }, statusCode: StatusCodes.Status400BadRequest);
            }

            return Results.Json(new Dictionary<string, object>
            {
                ["access_token"] = MachineToken(client, form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)),
                ["token_type"] = "Bearer",
                ["expires_in"] = 3600,
            });
        });
    }

    private static string Part(Dictionary<string, object> content) => Base64Url(JsonSerializer.SerializeToUtf8Bytes(content));

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
