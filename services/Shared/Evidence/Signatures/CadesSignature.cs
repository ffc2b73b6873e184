using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// Makes detached CMS signatures (RFC 5652) of the CAdES-B-B profile (ETSI EN 319 122-1, 6): SHA-256, the signed attributes content-type, message-digest and
/// signing-certificate-v2 (RFC 5035), the chain up to but without the root. With a time-stamp over the signature they are CAdES-B-T. There is no signing-time
/// attribute: a PDF says it in its signature dictionary (ETSI EN 319 142-1, 6.3).
/// </summary>
public static class CadesSignature
{
    private const string SigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
    private const string SignatureTimeStampToken = "1.2.840.113549.1.9.16.2.14";

    /// <summary>Signs.</summary>
    /// <param name="content">What is signed; it does not go into the signature.</param>
    /// <param name="key">Who signs.</param>
    /// <param name="authority">Who says when; none for no time-stamp.</param>
    /// <param name="ct">Ends waiting for the authority.</param>
    /// <returns>ContentInfo with SignedData, DER.</returns>
    /// <exception cref="TimeStampException">The authority gave no time-stamp.</exception>
    public static async Task<byte[]> Sign(byte[] content, CertifiedKey key, ITimeStampAuthority? authority = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        var cms = new SignedCms(new ContentInfo(content), detached: true);
        var signer = new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, key.Certificate)
        {
            DigestAlgorithm = new Oid("2.16.840.1.101.3.4.2.1"),
            IncludeOption = X509IncludeOption.EndCertOnly,
        };
        foreach (var issuer in key.Issuers)
        {
            signer.Certificates.Add(issuer);
        }

        // Content-type and message-digest join by themselves as soon as there is any signed attribute.
        signer.SignedAttributes.Add(new AsnEncodedData(new Oid(SigningCertificateV2), SigningCertificate(key.Certificate)));
        cms.ComputeSignature(signer);

        if (authority is not null)
        {
            var digest = SHA256.HashData(cms.SignerInfos[0].GetSignature());
            cms.SignerInfos[0].AddUnsignedAttribute(new AsnEncodedData(new Oid(SignatureTimeStampToken), await authority.Stamp(digest, ct)));
        }

        return cms.Encode();
    }

    // RFC 5035, 3: SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }; the hash algorithm is left out, being SHA-256.
    private static byte[] SigningCertificate(X509Certificate2 certificate)
    {
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        using (der.PushSequence())
        using (der.PushSequence())
        {
            der.WriteOctetString(SHA256.HashData(certificate.RawData));
        }

        return der.Encode();
    }
}
