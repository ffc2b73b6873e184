using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Tsp;
using Org.BouncyCastle.Tsp;
using Org.BouncyCastle.X509;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>What a time-stamp says, once it has been found to stand.</summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Authority">The subjects from the authority up to the root.</param>
public sealed record TimeStamp(DateTimeOffset At, IReadOnlyList<string> Authority);

/// <summary>Checks time-stamp tokens (RFC 3161).</summary>
public static class TimeStampToken
{
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";

    /// <summary>
    /// What the token says; null where it does not stand, is over something else, or was not made by an authority that a root certifies for time-stamping.
    /// </summary>
    /// <param name="der">The token.</param>
    /// <param name="content">What it must be over, with SHA-256.</param>
    /// <param name="roots">The certificates that are trusted.</param>
    public static TimeStamp? Check(byte[] der, ReadOnlySpan<byte> content, IReadOnlyList<X509Certificate> roots)
    {
        try
        {
            if (CmsSignature.Read(der) is not { Signer: { } authority, Encapsulated: { } inside } token
                || token.ContentType != PkcsObjectIdentifiers.IdCTTstInfo.Id
                || token.TimeStampToken is not null || CertificatePath.Of(authority, token.Certificates, roots) is not { } path || token.Verify() is not null)
            {
                return null;
            }

            TspUtil.ValidateCertificate(authority);
            var info = TstInfo.GetInstance(Asn1Object.FromByteArray(inside));
            var at = new DateTimeOffset(info.GenTime.ToDateTime().ToUniversalTime());
            return info.MessageImprint.HashAlgorithm.Algorithm.Id == Sha256
                && info.MessageImprint.GetHashedMessage().AsSpan().SequenceEqual(SHA256.HashData(content))
                && CertificatePath.WasValid(path, at)
                    ? new TimeStamp(at, CertificatePath.Names(path))
                    : null;
        }
        catch (Exception nonsense) when (nonsense is TspException || CmsSignature.IsUnreadable(nonsense))
        {
            return null;
        }
    }
}
