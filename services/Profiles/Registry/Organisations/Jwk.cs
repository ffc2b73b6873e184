using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// A public key as RFC 7517 and RFC 7518 section 6.2 write it. Only P-256 is taken. Members that are not known are ignored, as RFC 7517 (section 4) asks.
/// </summary>
/// <param name="Kty"><c>EC</c></param>
/// <param name="Crv"><c>P-256</c></param>
/// <param name="X">x coordinate, 32 bytes, base64url without padding.</param>
/// <param name="Y">y coordinate, likewise.</param>
/// <param name="D">The private half: here only so that it can be refused. Never stored, logged or answered.</param>
/// <param name="Use"><c>sig</c>, or left out.</param>
/// <param name="KeyOps">With <c>verify</c> among them, or left out.</param>
/// <param name="Alg"><c>ES256</c>, or left out.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record Jwk(
    string Kty, string Crv, string X, string Y, string? D = null, string? Use = null,
    [property: JsonPropertyName("key_ops")] IReadOnlyList<string>? KeyOps = null, string? Alg = null)
{
    // NIST SP 800-186, section 3.2.1.3: y² = x³ − 3x + b modulo p. The cofactor is 1, so every point on the curve is a public key.
    private static readonly BigInteger P = Hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    /// <summary>Without the private half, should there be one: this is what logs would show.</summary>
    public override string ToString() => $"{Kty} {Crv} {X} {Y}";

    /// <summary>RFC 7638: SHA-256 over the required members in the order of their names, base64url.</summary>
    public string Thumbprint() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $$"""{"crv":"{{Crv}}","kty":"{{Kty}}","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>Every rule that the key breaks, or null where it is a public key on P-256.</summary>
    internal Refusal? Check(string field)
    {
        if (D is not null)
        {
            return Refusal.Invalid("private-key", $"{field}.d", "Send only the public half, and replace this key: its private half has been disclosed.");
        }

        if (Kty != "EC")
        {
            return Refusal.Invalid("key-type", $"{field}.kty", "kty must be EC.");
        }

        if (Crv != "P-256")
        {
            return Refusal.Invalid("key-curve", $"{field}.crv", "crv must be P-256.");
        }

        if (Evidence.Signatures.PublicJwk.UnfitBy(Use, KeyOps, Alg) is { } member)
        {
            return Refusal.Invalid(
                "key-use", $"{field}.{member}",
                "The key must be for signatures with ES256: use must be sig, key_ops must have verify and nothing of another use, alg must be ES256; "
                    + "each may be left out.");
        }

        var (x, y) = (Coordinate(X), Coordinate(Y));
        return Refusal.All(
        [
            x is null ? Refusal.Invalid("key-coordinate", $"{field}.x", "x must be 32 bytes in base64url without padding.") : null,
            y is null ? Refusal.Invalid("key-coordinate", $"{field}.y", "y must be 32 bytes in base64url without padding.") : null,
        ]) ?? (IsOnCurve(x!.Value, y!.Value) ? null : Refusal.Invalid("key-not-on-curve", field, "x and y must be a point on the curve P-256."));
    }

    // Encoded again it must be the same text: two spellings of a key would have two thumbprints.
    private static BigInteger? Coordinate(string text)
    {
        Span<byte> bytes = stackalloc byte[32];
        return text.Length == 43 && Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length)
            && length == 32 && Base64Url.EncodeToString(bytes) == text
                ? new BigInteger(bytes, isUnsigned: true, isBigEndian: true)
                : null;
    }

    private static bool IsOnCurve(BigInteger x, BigInteger y) =>
        x < P && y < P && BigInteger.Remainder((y * y) - (x * x * x) + (3 * x) - B, P).IsZero;

    private static BigInteger Hex(string digits) => new(Convert.FromHexString(digits), isUnsigned: true, isBigEndian: true);
}
