using System.Text;
using System.Text.Json.Nodes;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>Why a compact JWS does not stand.</summary>
public enum JwsFault
{
    /// <summary>Another algorithm than ES256, <c>none</c> among them.</summary>
    AlgorithmNotAllowed,

    /// <summary>Other bytes were signed than those that were expected.</summary>
    PayloadDiffers,

    /// <summary>The signature does not belong to header and payload under this key, or is not written in its one spelling.</summary>
    SignatureInvalid,
}

/// <summary>
/// A compact JWS (RFC 7515) as it was handed in: exactly three parts, a header that is a JSON object without doubled members and without extensions that
/// must be understood. Nothing is verified by reading it.
/// </summary>
public sealed record CompactJws
{
    /// <summary>The one algorithm that we sign with and accept: ECDSA on P-256 with SHA-256 (RFC 7518, 3.4).</summary>
    public const string Algorithm = "ES256";

    private readonly string _signed;
    private readonly string _signature;

    private CompactJws(JsonObject header, byte[] payload, string signed, string signature) =>
        (Header, Payload, _signed, _signature) = (header, payload, signed, signature);

    /// <summary>The JOSE header.</summary>
    public JsonObject Header { get; }

    /// <summary>What the signature is over.</summary>
    public byte[] Payload { get; }

    /// <summary>The header's <c>alg</c>; null where it has none.</summary>
    public string? Alg => Member("alg");

    /// <summary>The header's <c>kid</c>; null where it has none.</summary>
    public string? Kid => Member("kid");

    /// <summary>Reads; null where the text is no compact JWS that we understand. The header's and the payload's base64url must be canonical.</summary>
    public static CompactJws? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('.') is [var header, var payload, var signature]
            && CanonicalBase64Url.Decode(header) is { } json && HeaderOf(json) is { } read && CanonicalBase64Url.Decode(payload) is { } bytes
                ? new CompactJws(read, bytes, $"{header}.{payload}", signature)
                : null;
    }

    /// <summary>What is wrong with the signature under this key; null where it stands.</summary>
    public JwsFault? Verify(PublicJwk key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Alg != Algorithm ? JwsFault.AlgorithmNotAllowed
            : CanonicalBase64Url.Decode(_signature) is not { Length: 64 } signature || !key.Verifies(Encoding.ASCII.GetBytes(_signed), signature)
                ? JwsFault.SignatureInvalid
            : null;
    }

    /// <summary>What is wrong with the signature under this key and over these bytes; null where it stands.</summary>
    public JwsFault? Verify(PublicJwk key, ReadOnlySpan<byte> payload) =>
        Alg != Algorithm ? JwsFault.AlgorithmNotAllowed
        : !payload.SequenceEqual(Payload) ? JwsFault.PayloadDiffers
        : Verify(key);

    // An extension that must be understood, or an unencoded payload, is nothing that we understand (RFC 7515, 4.1.11; RFC 7797).
    private static JsonObject? HeaderOf(byte[] json) =>
        StrictJson.Read(json, maxDepth: 4) is { } header && !header.ContainsKey("crit") && !header.ContainsKey("b64") ? header : null;

    private string? Member(string name) => Header[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
