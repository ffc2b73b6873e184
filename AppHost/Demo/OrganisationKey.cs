using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VolunteerBook.Demo;

/// <summary>A public P-256 key as a JSON Web Key (RFC 7517, RFC 7518 section 6.2).</summary>
/// <param name="Kty"><c>EC</c>.</param>
/// <param name="Crv"><c>P-256</c>.</param>
/// <param name="X">x coordinate, 32 bytes, base64url.</param>
/// <param name="Y">y coordinate, 32 bytes, base64url.</param>
public sealed record PublicJwk(string Kty, string Crv, string X, string Y)
{
    /// <summary>The key's name in signatures: its SHA-256 thumbprint (RFC 7638), base64url.</summary>
    public string Kid() => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(
        $$"""{"crv":"{{Crv}}","kty":"{{Kty}}","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>
    /// Whether this key made the signature, over exactly these bytes: a compact JWS (RFC 7515) whose header says ES256 and this key, whose payload is the
    /// statement, and whose signature verifies.
    /// </summary>
    public bool Verifies(string jws, ReadOnlySpan<byte> statement)
    {
        ArgumentNullException.ThrowIfNull(jws);
        if (jws.Split('.') is not [var header, var payload, var signature])
        {
            return false;
        }

        using var said = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
        if (said.RootElement.GetProperty("alg").GetString() != "ES256" || said.RootElement.GetProperty("kid").GetString() != Kid()
            || !statement.SequenceEqual(Base64Url.DecodeFromChars(payload)))
        {
            return false;
        }

        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        });
        return key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256);
    }
}

/// <summary>A signing key of an organisation, as the organisation's own system holds it. It lives in memory only.</summary>
public sealed class OrganisationKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes a new key.</summary>
    public OrganisationKey()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        Public = new PublicJwk("EC", "P-256", Base64Url.EncodeToString(point.X!), Base64Url.EncodeToString(point.Y!));
        Kid = Public.Kid();
    }

    /// <summary>The half that is registered with the organisation.</summary>
    public PublicJwk Public { get; }

    /// <summary>The key's name: its RFC 7638 thumbprint.</summary>
    public string Kid { get; }

    /// <summary>Signs a statement's canonical bytes: a compact JWS with header <c>{"alg":"ES256","kid":…}</c>.</summary>
    public string Sign(ReadOnlySpan<byte> statement) => Sign(statement, $$"""{"alg":"ES256","kid":"{{Kid}}"}""");

    /// <summary>Signs under another header than the right one, to show that it is refused.</summary>
    public string Sign(ReadOnlySpan<byte> statement, string header)
    {
        var signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(statement);
        // The signature's form in JWS is r and s side by side (RFC 7518, section 3.4), which is what SignData gives.
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>The private half as PKCS #8 in base64, for a program that signs by itself.</summary>
    public string Pkcs8() => Convert.ToBase64String(_key.ExportPkcs8PrivateKey());

    /// <summary>Forgets the private half.</summary>
    public void Dispose() => _key.Dispose();
}
