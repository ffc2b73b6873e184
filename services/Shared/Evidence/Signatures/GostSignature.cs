using Org.BouncyCastle.X509;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// A qualified signature of an organisation as Russian tools make it: detached CMS with ГОСТ Р 34.10-2012 (256 bit) over ГОСТ Р 34.11-2012
/// (RFC 7091, RFC 6986; their CMS form is RFC 9215 and Р 1323565.1.025-2019).
/// </summary>
public static class GostSignature
{
    /// <summary>What is wrong with the signature; null where it stands.</summary>
    /// <param name="cms">ContentInfo with SignedData, DER, with the signer’s certificate in it.</param>
    /// <param name="statement">What was signed, byte by byte.</param>
    /// <param name="signer">The certificate that must have signed; whose it is and whether it is valid is for others to know.</param>
    public static CmsFault? Verify(byte[] cms, ReadOnlySpan<byte> statement, X509Certificate signer) =>
        CmsSignature.Read(cms) is { } read ? Verify(read, statement, signer) : CmsFault.Malformed;

    /// <inheritdoc cref="Verify(byte[], ReadOnlySpan{byte}, X509Certificate)"/>
    public static CmsFault? Verify(CmsSignature cms, ReadOnlySpan<byte> statement, X509Certificate signer)
    {
        ArgumentNullException.ThrowIfNull(cms);
        ArgumentNullException.ThrowIfNull(signer);
        return !cms.IsGost ? CmsFault.AlgorithmNotAllowed
            : cms.Signer is not { } named || !named.GetEncoded().AsSpan().SequenceEqual(signer.GetEncoded()) || !CertificatePath.MaySign(signer)
                ? CmsFault.SignersCertificate
            : cms.Verify(statement);
    }
}
