using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>Why a signature does not confirm; written in kebab-case on records and in problems.</summary>
public enum SignatureFault
{
    /// <summary>Not a compact JWS, or its header is not what RFC 7515 asks for.</summary>
    Malformed,

    /// <summary>Another algorithm than ES256, <c>none</c> among them.</summary>
    AlgorithmNotAllowed,

    /// <summary>The organisation has no such key: another organisation's, or nobody's.</summary>
    UnknownKey,

    /// <summary>The organisation revoked the key.</summary>
    KeyRevoked,

    /// <summary>The key is not valid yet, or no longer.</summary>
    KeyOutsideValidity,

    /// <summary>Something else was signed than what is to be confirmed.</summary>
    StatementDiffers,

    /// <summary>The signature does not belong to the header and the statement under this key.</summary>
    SignatureInvalid,
}

/// <summary>
/// Checks a compact JWS (RFC 7515) with ES256 (RFC 7518, 3.4) over a statement: the algorithm, the key and whose it is, its validity now, the statement byte by byte,
/// and the signature. Pure.
/// </summary>
public static class SignatureCheck
{
    /// <summary>The key that signed, or why it does not confirm.</summary>
    public static (string? Kid, SignatureFault? Fault) Check(string jws, byte[] statement, IReadOnlyList<SigningKey> keys, DateTimeOffset now)
    {
        if (jws.Split('.') is not [var header, var payload, var signature] || ReadHeader(header) is not { } read)
        {
            return (null, SignatureFault.Malformed);
        }

        var (algorithm, kid) = read;
        if (algorithm != "ES256")
        {
            return (kid, SignatureFault.AlgorithmNotAllowed);
        }

        if (keys.FirstOrDefault(known => known.Kid == kid) is not { } key)
        {
            return (kid, SignatureFault.UnknownKey);
        }

        return (kid, FaultOf(key, header, payload, signature, statement, now));
    }

    private static SignatureFault? FaultOf(SigningKey key, string header, string payload, string signature, byte[] statement, DateTimeOffset now) =>
        key.RevokedAt is not null ? SignatureFault.KeyRevoked
        : now < key.ValidFrom || now >= key.ValidUntil ? SignatureFault.KeyOutsideValidity
        : payload != Base64Url.EncodeToString(statement) ? SignatureFault.StatementDiffers
        : !IsValid(key, $"{header}.{payload}", signature) ? SignatureFault.SignatureInvalid
        : null;

    private static (string? Algorithm, string? Kid)? ReadHeader(string header)
    {
        if (!Base64Url.IsValid(header))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(header), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            var root = json.RootElement;
            // An extension that must be understood, or an unencoded payload, is nothing that we understand (RFC 7515, 4.1.11).
            return root.ValueKind != JsonValueKind.Object || root.TryGetProperty("crit", out _) || root.TryGetProperty("b64", out _)
                ? null
                : (Text(root, "alg"), Text(root, "kid"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsValid(SigningKey key, string signed, string signature)
    {
        // 64 bytes in canonical base64url: a second spelling of the same signature is not the same signature.
        if (!Base64Url.IsValid(signature, out var length) || length != 64)
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(signature);
        if (Base64Url.EncodeToString(bytes) != signature)
        {
            return false;
        }

        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key.X), Y = Base64Url.DecodeFromChars(key.Y) },
        });
        return ecdsa.VerifyData(Encoding.ASCII.GetBytes(signed), bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
