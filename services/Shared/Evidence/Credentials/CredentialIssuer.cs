using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Credentials;

/// <summary>Who issues credentials: a <c>did:web</c> (W3C did:web method) of the portal's own address.</summary>
/// <param name="Address">The portal's address, https, with a path or without.</param>
/// <param name="Name">The portal's name.</param>
public sealed record CredentialIssuer(Uri Address, string Name)
{
    /// <summary>The identifier: <c>did:web:book.example</c>, with a port as %3A and a path's segments after colons.</summary>
    public string Did => "did:web:" + string.Join(':', [
        Address.IsDefaultPort ? Address.Host : $"{Address.Host}%3A{Address.Port}", .. Address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>The name of a key in signatures: the DID URL of its RFC 7638 thumbprint.</summary>
    public string KeyId(PublicJwk key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return $"{Did}#{key.Kid()}";
    }

    /// <summary>The issuer as a Profile (Open Badges 3.0, B.1.17).</summary>
    public JsonObject Profile() => new() { ["id"] = Did, ["type"] = new JsonArray("Profile"), ["name"] = Name, ["url"] = Address.ToString() };

    /// <summary>The JWK Set (RFC 7517, 5) of the issuer's keys, those of the past among them: <c>/.well-known/jwks.json</c>.</summary>
    public JsonObject Jwks(IEnumerable<PublicJwk> keys) => new() { ["keys"] = new JsonArray([.. keys.Select(Jwk)]) };

    /// <summary>
    /// The DID document (W3C DID Core 1.0) with the keys as assertion methods: <c>/.well-known/did.json</c>, or <c>did.json</c> under the path.
    /// </summary>
    public JsonObject DidDocument(IEnumerable<PublicJwk> keys)
    {
        var all = keys.ToList();
        return new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"),
            ["id"] = Did,
            ["verificationMethod"] = new JsonArray([.. all.Select(key => new JsonObject
            {
                ["id"] = KeyId(key),
                ["type"] = "JsonWebKey2020",
                ["controller"] = Did,
                ["publicKeyJwk"] = Jwk(key),
            })]),
            ["assertionMethod"] = new JsonArray([.. all.Select(key => JsonValue.Create(KeyId(key)))]),
        };
    }

    private JsonObject Jwk(PublicJwk key)
    {
        var jwk = key.ToJson();
        jwk["kid"] = KeyId(key);
        jwk["use"] = "sig";
        jwk["alg"] = CompactJws.Algorithm;
        return jwk;
    }
}
