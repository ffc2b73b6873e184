using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Credentials;

/// <summary>
/// Signs credentials of the W3C data model 2.0 as VC-JWT in the form of Open Badges 3.0 (8.2.4): ES256, the credential as the payload with the registered claims
/// beside it, and in the header the key's name, the key, and its certificates (RFC 7515, 4.1.6), so that who trusts the root needs no network.
/// </summary>
public static class VerifiableCredential
{
    /// <summary>The first context of every credential.</summary>
    public const string Context = "https://www.w3.org/ns/credentials/v2";

    /// <summary>Media type of a VC-JWT.</summary>
    public const string MediaType = "application/vc+jwt";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs.</summary>
    /// <param name="credential">The credential, with <c>id</c>, <c>issuer</c>, <c>validFrom</c> and <c>credentialSubject</c>.</param>
    /// <param name="issuer">Whose key it is.</param>
    /// <param name="key">The issuer's key, on P-256.</param>
    /// <returns>Compact JWS.</returns>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The key is not on P-256.</exception>
    public static string Sign(JsonObject credential, CredentialIssuer issuer, CertifiedKey key)
    {
        ArgumentNullException.ThrowIfNull(credential);
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentNullException.ThrowIfNull(key);
        var payload = (JsonObject)credential.DeepClone();
        foreach (var (name, value) in Claims(credential))
        {
            payload[name] = value?.DeepClone();
        }

        using var own = Es256Key.Of(key);
        return own.Sign(JsonSerializer.SerializeToUtf8Bytes(payload, Plain), new JsonObject
        {
            ["kid"] = issuer.KeyId(own.Public),
            ["typ"] = "JWT",
            ["jwk"] = own.Public.ToJson(),
            ["x5c"] = new JsonArray([Convert.ToBase64String(key.Certificate.RawData), .. key.Issuers.Select(one => (JsonNode)Convert.ToBase64String(one.RawData))]),
        });
    }

    /// <summary>The registered claims (RFC 7519) that a credential implies: iss, jti, nbf, sub where the subject has an id, exp where it ends.</summary>
    public static JsonObject Claims(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var claims = new JsonObject
        {
            ["iss"] = credential["issuer"] is JsonObject profile ? profile["id"]?.DeepClone() : credential["issuer"]?.DeepClone(),
            ["jti"] = credential["id"]?.DeepClone(),
            ["nbf"] = Seconds(credential, "validFrom"),
        };
        if (credential["credentialSubject"]?["id"] is { } subject)
        {
            claims["sub"] = subject.DeepClone();
        }

        if (credential["validUntil"] is not null)
        {
            claims["exp"] = Seconds(credential, "validUntil");
        }

        return claims;
    }

    /// <summary>A moment as credentials write it: RFC 3339, UTC, whole seconds.</summary>
    internal static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static JsonValue Seconds(JsonObject credential, string name) =>
        JsonValue.Create(DateTimeOffset.Parse(credential[name]!.GetValue<string>(), CultureInfo.InvariantCulture).ToUnixTimeSeconds());
}
