using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>A P-256 key pair that signs compact JWS (RFC 7515) with ES256 (RFC 7518, 3.4).</summary>
public sealed class Es256Key : IDisposable
{
    private readonly ECDsa _key;

    private Es256Key(ECDsa key)
    {
        _key = key;
        Public = PublicJwk.Of(key);
    }

    /// <summary>The half that others check with.</summary>
    public PublicJwk Public { get; }

    /// <summary>The key's name: its RFC 7638 thumbprint.</summary>
    public string Kid => Public.Kid();

    /// <summary>A new key.</summary>
    public static Es256Key Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key in a PEM: <c>PRIVATE KEY</c> (PKCS #8) or <c>EC PRIVATE KEY</c> (RFC 5915).</summary>
    /// <exception cref="CryptographicException">It is on another curve than P-256.</exception>
    /// <exception cref="ArgumentException">There is no key in it.</exception>
    public static Es256Key FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch
        {
            key.Dispose();
            throw;
        }

        if (key.ExportParameters(false).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            key.Dispose();
            throw new CryptographicException("The key is not on P-256.");
        }

        return new Es256Key(key);
    }

    /// <summary>The key of a certificate.</summary>
    /// <exception cref="CryptographicException">It is not on P-256.</exception>
    public static Es256Key Of(CertifiedKey certified)
    {
        ArgumentNullException.ThrowIfNull(certified);
        return FromPem(certified.KeyPem());
    }

    /// <summary>The private half, PKCS #8 in PEM.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>Signs under the header <c>{"alg":"ES256","kid":…}</c>.</summary>
    public string Sign(ReadOnlySpan<byte> payload) => Sign(payload, []);

    /// <summary>Signs under a header with <c>alg</c>, then <c>kid</c> (the thumbprint, unless the members name another), then the members.</summary>
    public string Sign(ReadOnlySpan<byte> payload, JsonObject members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var header = new JsonObject { ["alg"] = CompactJws.Algorithm, ["kid"] = Kid };
        foreach (var (name, value) in members)
        {
            header[name] = value?.DeepClone();
        }

        var signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Base64Url.EncodeToString(payload);
        return signed + "." + Base64Url.EncodeToString(_key.SignData(
            Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>Forgets the private half.</summary>
    public void Dispose() => _key.Dispose();
}
