using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Checks;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// An X.509 certificate (RFC 5280) as a stranger hands it in. It is read within <see cref="DerBounds"/>, its extensions too, and nothing is verified under
/// its key but by <see cref="VerifyingKey"/>.
/// </summary>
public sealed class KnownCertificate : X509Certificate
{
    private KnownCertificate(X509CertificateStructure structure) : base(structure) { }

    /// <summary>Reads; null where the bytes are no certificate in DER, or exceed the bounds.</summary>
    public static KnownCertificate? Read(byte[] der)
    {
        ArgumentNullException.ThrowIfNull(der);
        CheckCost.Parsed(der.Length);
        try
        {
            return DerBounds.Hold(der) && X509CertificateStructure.GetInstance(Asn1Object.FromByteArray(der)) is var certificate
                && certificate.GetEncoded(Asn1Encodable.Der).AsSpan().SequenceEqual(der)
                ? Of(certificate)
                : null;
        }
        catch (Exception nonsense) when (CmsSignature.IsUnreadable(nonsense))
        {
            return null;
        }
    }

    /// <summary>Reads base64 (RFC 7515, 4.1.6); null where it is none, or longer than the bounds allow.</summary>
    public static KnownCertificate? ReadBase64(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var der = new byte[Math.Min(text.Length, DerBounds.MostBytes)];
        return Convert.TryFromBase64String(text, der, out var length) ? Read(der[..length]) : null;
    }

    /// <summary>The certificate inside something that was read within the bounds.</summary>
    /// <exception cref="FormatException">An extension exceeds them.</exception>
    internal static KnownCertificate Of(X509CertificateStructure certificate)
    {
        // An extension is DER inside an octet string, which is a leaf for who looks at the certificate.
        foreach (var extension in certificate.TbsCertificate.Extensions?.GetExtensionOids() ?? [])
        {
            if (!DerBounds.Hold(certificate.TbsCertificate.Extensions!.GetExtension(extension).Value.GetOctets()))
            {
                throw new FormatException($"The extension {extension.Id} is not DER within the bounds.");
            }
        }

        return new KnownCertificate(certificate);
    }

    /// <summary>The key, where one may verify under it.</summary>
    /// <exception cref="FormatException">It is of another kind than <see cref="VerifyingKey"/> reads.</exception>
    public override AsymmetricKeyParameter GetPublicKey() => VerifyingKey.Of(CertificateStructure.SubjectPublicKeyInfo);
}
