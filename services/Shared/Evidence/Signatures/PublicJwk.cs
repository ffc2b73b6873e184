using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Checks;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>A public P-256 key as a JSON Web Key: <c>kty</c> EC, <c>crv</c> P-256 (RFC 7517; RFC 7518, 6.2).</summary>
/// <param name="X">x coordinate, 32 bytes, base64url.</param>
/// <param name="Y">y coordinate, 32 bytes, base64url.</param>
public sealed record PublicJwk(string X, string Y)
{
    // Everything before the coordinates: id-ecPublicKey, secp256r1, and the mark of a point that is not compressed.
    private static readonly byte[] PointHead = Convert.FromHexString("3059301306072A8648CE3D020106082A8648CE3D03010703420004");

    /// <summary>The key of a P-256 key pair or public key.</summary>
    public static PublicJwk Of(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new PublicJwk(Base64Url.EncodeToString(point.X!), Base64Url.EncodeToString(point.Y!));
    }

    /// <summary>
    /// The key in a JSON document; null where it is none: another type or curve, a coordinate that is not 32 bytes in canonical base64url, a private half, or a
    /// key that is for something else (<see cref="UnfitBy"/>).
    /// </summary>
    public static PublicJwk? Read(JsonNode? json) =>
        json is JsonObject members && Text(json, "kty") == "EC" && Text(json, "crv") == "P-256" && !members.ContainsKey("d") && IsFit(json)
        && Text(json, "x") is { } x && Text(json, "y") is { } y
        && CanonicalBase64Url.Decode(x) is { Length: 32 } && CanonicalBase64Url.Decode(y) is { Length: 32 }
            ? new PublicJwk(x, y)
            : null;

    /// <summary>
    /// The member by which a JWK says that ES256 signatures are not to be verified under it; null where none does: <c>use</c> is <c>sig</c>; <c>key_ops</c>
    /// have <c>verify</c>, none twice, and none of another use (RFC 7517, 4.2 and 4.3); <c>alg</c> is <c>ES256</c> (4.4). Each may be left out.
    /// </summary>
    public static string? UnfitBy(string? use, IReadOnlyList<string?>? operations, string? algorithm) =>
        use is not (null or "sig") ? "use"
        : operations is not null && (!operations.Contains("verify") || operations.Distinct().Count() < operations.Count
            || operations.Any(operation => operation is not ("verify" or "sign"))) ? "key_ops"
        : algorithm is not (null or CompactJws.Algorithm) ? "alg"
        : null;

    /// <summary>The key's name in signatures: its SHA-256 thumbprint (RFC 7638), base64url.</summary>
    public string Kid() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>The four members that make the key, and no others.</summary>
    public JsonObject ToJson() => new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = X, ["y"] = Y };

    /// <summary>The key as certificates hold it: SubjectPublicKeyInfo, DER (RFC 5480, 2).</summary>
    public byte[] ToSubjectPublicKeyInfo() => [.. PointHead, .. Base64Url.DecodeFromChars(X), .. Base64Url.DecodeFromChars(Y)];

    /// <summary>
    /// Whether the key made the signature (r and s side by side, 64 bytes: RFC 7518, 3.4) over the bytes. A point that is not on the curve made none.
    /// </summary>
    public bool Verifies(ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (CanonicalBase64Url.Decode(X) is not { Length: 32 } x || CanonicalBase64Url.Decode(Y) is not { Length: 32 } y)
        {
            return false;
        }

        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
            CheckCost.Verified(1);
            return key.VerifyData(content, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // A member that is not of its type says nothing that could be kept to.
    private static bool IsFit(JsonNode json)
    {
        var operations = (json["key_ops"] as JsonArray)
            ?.Select(operation => operation is JsonValue value && value.TryGetValue<string>(out var text) ? text : null).ToList();
        return (json["key_ops"] is null || operations is not null)
            && (json["use"] is null || Text(json, "use") is not null) && (json["alg"] is null || Text(json, "alg") is not null)
            && UnfitBy(Text(json, "use"), operations, Text(json, "alg")) is null;
    }

    private static string? Text(JsonNode json, string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
