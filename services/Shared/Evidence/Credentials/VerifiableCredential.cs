using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Credentials;

/// <summary>
/// Signs credentials of the W3C data model 2.0 as VC-JWT in the form of Open Badges 3.0 (8.2.4): ES256, the credential as the payload with the registered
/// claims beside it, and in the header the key's name, the key, and its certificates (RFC 7515, 4.1.6), so that who trusts the root needs no network.
/// </summary>
public static partial class VerifiableCredential
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
            ["x5c"] = new JsonArray(
                [Convert.ToBase64String(key.Certificate.RawData), .. key.Issuers.Select(one => (JsonNode)Convert.ToBase64String(one.RawData))]),
        });
    }

    /// <summary>
    /// The registered claims (RFC 7519) that a credential implies: iss, jti, nbf where it begins, sub where there is one
    /// subject and it has an id, exp where it ends.
    /// </summary>
    public static JsonObject Claims(JsonObject credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new JsonObject(new (string Name, JsonNode? Value)[]
        {
            ("iss", IssuerOf(credential)),
            ("jti", credential["id"]?.DeepClone()),
            ("nbf", Moment(credential["validFrom"])?.ToUnixTimeSeconds()),
            ("sub", (credential["credentialSubject"] as JsonObject)?["id"]?.DeepClone()),
            ("exp", Moment(credential["validUntil"])?.ToUnixTimeSeconds()),
        }.Where(claim => claim.Value is not null).Select(claim => KeyValuePair.Create(claim.Name, claim.Value)));
    }

    /// <summary>The issuer's identifier, which stands alone or in an object (VCDM 2.0, 4.7); null where there is none.</summary>
    internal static string? IssuerOf(JsonObject credential) =>
        (credential["issuer"] is JsonObject profile ? profile["id"] : credential["issuer"]) is JsonValue value && value.TryGetValue<string>(out var id)
            ? id
            : null;

    /// <summary>A moment as XML Schema writes it with its distance from UTC (VCDM 2.0, 4.9); null where it is something else.</summary>
    internal static DateTimeOffset? Moment(JsonNode? json) =>
        json is JsonValue value && value.TryGetValue<string>(out var text) && Stamp().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) ? moment : null;

    /// <summary>A moment as credentials write it: RFC 3339, UTC, whole seconds.</summary>
    internal static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex Stamp();
}
