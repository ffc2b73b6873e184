using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Cms;
using Org.BouncyCastle.Asn1.Ess;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Checks;
using CmsAttribute = Org.BouncyCastle.Asn1.Cms.Attribute;
using ContentInfo = Org.BouncyCastle.Asn1.Cms.ContentInfo;
using SignedData = Org.BouncyCastle.Asn1.Cms.SignedData;
using SignerInfo = Org.BouncyCastle.Asn1.Cms.SignerInfo;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>Why a CMS signature does not stand.</summary>
public enum CmsFault
{
    /// <summary>Not one SignedData with one signer in DER, or it says of itself what is not so.</summary>
    Malformed,

    /// <summary>Another algorithm than ECDSA or RSA with SHA-2, or ГОСТ Р 34.10-2012 (256 bit) with ГОСТ Р 34.11-2012.</summary>
    AlgorithmNotAllowed,

    /// <summary>The signer's certificate is not in it, or is another than the signed attributes name.</summary>
    SignersCertificate,

    /// <summary>Something else was signed.</summary>
    ContentDiffers,

    /// <summary>The signature does not belong to the signed attributes under the signer's key.</summary>
    SignatureInvalid,
}

/// <summary>
/// A CMS signature (RFC 5652) as it was handed in, held to one form so that no byte of it is free: DER throughout; one signer; no content type, version,
/// algorithm or attribute that is not implied by the rest; no revocation lists; of unsigned attributes the time-stamp over the signature only. What remains,
/// the certificates, is for <see cref="CertificatePath"/> to use up. Nothing is verified by reading it.
/// </summary>
public sealed class CmsSignature
{
    private static readonly Dictionary<string, (string Digest, string Mechanism)> Algorithms = new()
    {
        ["1.2.840.10045.4.3.2"] = (Sha256, "SHA-256withECDSA"),
        ["1.2.840.10045.4.3.3"] = (Sha384, "SHA-384withECDSA"),
        ["1.2.840.10045.4.3.4"] = (Sha512, "SHA-512withECDSA"),
        ["1.2.840.113549.1.1.11"] = (Sha256, "SHA-256withRSA"),
        ["1.2.840.113549.1.1.12"] = (Sha384, "SHA-384withRSA"),
        ["1.2.840.113549.1.1.13"] = (Sha512, "SHA-512withRSA"),
        // Р 1323565.1.025-2019: the signature's algorithm, or as older implementations write it the key's.
        [GostWithDigest] = (Streebog, GostMechanism),
        [GostKey] = (Streebog, GostMechanism),
    };

    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string Sha384 = "2.16.840.1.101.3.4.2.2";
    private const string Sha512 = "2.16.840.1.101.3.4.2.3";
    private const string Streebog = "1.2.643.7.1.1.2.2";
    private const string GostKey = "1.2.643.7.1.1.1.1";
    private const string GostWithDigest = "1.2.643.7.1.1.3.2";
    private const string GostMechanism = "GOST3411-2012-256WITHECGOST3410-2012-256";
    private const string RsaKey = "1.2.840.113549.1.1.1";

    private readonly SignerInfo _signer;
    private readonly string _contentType;

    private CmsSignature(SignedData data, SignerInfo signer)
    {
        _signer = signer;
        _contentType = data.EncapContentInfo.ContentType.Id;
        Encapsulated = (data.EncapContentInfo.Content as Asn1OctetString)?.GetOctets();
        Certificates = [.. (data.Certificates ?? DerSet.Empty).Select(one => KnownCertificate.Of(X509CertificateStructure.GetInstance(one)))];
        Signer = Certificates.FirstOrDefault(IsSigner);
        TimeStampToken = signer.UnsignedAttrs is { Count: 1 } unsigned
            ? CmsAttribute.GetInstance(unsigned[0]).AttrValues[0].ToAsn1Object().GetEncoded(Asn1Encodable.Der)
            : null;
    }

    /// <summary>The certificates in it, in their order.</summary>
    public IReadOnlyList<X509Certificate> Certificates { get; }

    /// <summary>The certificate that the signer names as his own; null where it is not in it.</summary>
    public X509Certificate? Signer { get; }

    /// <summary>What was signed, where it lies inside; null where it is detached.</summary>
    public byte[]? Encapsulated { get; }

    /// <summary>The object identifier of what was signed.</summary>
    public string ContentType => _contentType;

    /// <summary>The bytes of the signature: what a time-stamp is over (RFC 3161, appendix A).</summary>
    public byte[] Value => _signer.Signature.GetOctets();

    /// <summary>The time-stamp token over <see cref="Value"/>, DER; null where there is none.</summary>
    public byte[]? TimeStampToken { get; }

    /// <summary>Whether it is ГОСТ Р 34.10-2012 that signed.</summary>
    public bool IsGost => _signer.DigestAlgorithm.Algorithm.Id == Streebog;

    /// <summary>Reads; null where the bytes are not in the one form, or are more, or deeper, than <see cref="DerBounds"/> allow.</summary>
    public static CmsSignature? Read(byte[] der)
    {
        ArgumentNullException.ThrowIfNull(der);
        if (!DerBounds.Hold(der))
        {
            return null;
        }

        try
        {
            CheckCost.Parsed(der.Length);
            var whole = Asn1Object.FromByteArray(der);
            if (!whole.GetEncoded(Asn1Encodable.Der).AsSpan().SequenceEqual(der))
            {
                return null;
            }

            var info = ContentInfo.GetInstance(whole);
            return info.ContentType.Equals(CmsObjectIdentifiers.SignedData)
                && SignedData.GetInstance(info.Content) is var data
                && data.SignerInfos.Count == 1 && SignerInfo.GetInstance(data.SignerInfos[0]) is var signer
                && data.CRLs is null && HasImpliedForm(data, signer)
                    ? new CmsSignature(data, signer)
                    : null;
        }
        catch (Exception nonsense) when (IsUnreadable(nonsense))
        {
            return null;
        }
    }

    /// <summary>Reads base64 of it in its one spelling: no white space, unused trailing bits zero (RFC 4648, 3.5); null where it is something else.</summary>
    public static CmsSignature? ReadBase64(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > DerBounds.MostBytes / 3 * 4)
        {
            return null;
        }

        var der = new byte[text.Length];
        return Convert.TryFromBase64String(text, der, out var length) && Convert.ToBase64String(der, 0, length) == text ? Read(der[..length]) : null;
    }

    /// <summary>What is wrong with the signature over what lies inside it; null where it stands.</summary>
    public CmsFault? Verify() => Encapsulated is { } inside ? VerifyOver(inside, default) : CmsFault.Malformed;

    /// <summary>
    /// What is wrong with the detached signature over the content; null where it stands. Whose certificate it is, and whether it may sign, is asked
    /// elsewhere, and first where a stranger hands it in.
    /// </summary>
    /// <param name="content">What was signed, or its beginning.</param>
    /// <param name="rest">What follows it.</param>
    public CmsFault? Verify(ReadOnlySpan<byte> content, ReadOnlySpan<byte> rest = default) =>
        Encapsulated is null && _contentType == PkcsObjectIdentifiers.Data.Id ? VerifyOver(content, rest) : CmsFault.Malformed;

    /// <summary>Whether this is how the parser, which reads much of a structure only when it is asked for it, says that there is something else.</summary>
    internal static bool IsUnreadable(Exception thrown) =>
        thrown is IOException or ArgumentException or InvalidCastException or InvalidOperationException or FormatException
            or IndexOutOfRangeException or NullReferenceException or OverflowException or GeneralSecurityException or SecurityUtilityException;

    private CmsFault? VerifyOver(ReadOnlySpan<byte> content, ReadOnlySpan<byte> rest)
    {
        try
        {
            return FaultOver(content, rest);
        }
        catch (Exception nonsense) when (IsUnreadable(nonsense))
        {
            return CmsFault.Malformed;
        }
    }

    private CmsFault? FaultOver(ReadOnlySpan<byte> content, ReadOnlySpan<byte> rest)
    {
        if (Mechanism() is not { } mechanism)
        {
            return CmsFault.AlgorithmNotAllowed;
        }

        if (Signer is null || _signer.SignedAttrs is not { } set || !NamesSigner(set))
        {
            return CmsFault.SignersCertificate;
        }

        if (Only(set, CmsAttributes.ContentType) is not DerObjectIdentifier type || type.Id != _contentType
            || Only(set, CmsAttributes.MessageDigest) is not Asn1OctetString digest)
        {
            return CmsFault.Malformed;
        }

        var verifier = SignerUtilities.InitSigner(mechanism, forSigning: false, Signer.GetPublicKey(), null);
        // RFC 5652, 5.4: the attributes are signed as a SET OF, whatever tag they bear in the message.
        var attributes = set.GetEncoded(Asn1Encodable.Der);
        verifier.BlockUpdate(attributes, 0, attributes.Length);
        CheckCost.Verified(1);
        // The content may be long: it is looked at when somebody vouches for what it must be.
        return !verifier.VerifySignature(Value) ? CmsFault.SignatureInvalid : DigestIs(content, rest, digest.GetOctets()) ? null : CmsFault.ContentDiffers;
    }

    private bool DigestIs(ReadOnlySpan<byte> content, ReadOnlySpan<byte> rest, byte[] digest)
    {
        var own = DigestUtilities.GetDigest(_signer.DigestAlgorithm.Algorithm);
        own.BlockUpdate(content);
        own.BlockUpdate(rest);
        var computed = new byte[own.GetDigestSize()];
        own.DoFinal(computed, 0);
        return computed.AsSpan().SequenceEqual(digest);
    }

    private static bool HasImpliedForm(SignedData data, SignerInfo signer)
    {
        // RFC 5652, 5.1 and 5.3: the versions follow from the contents.
        var byKey = signer.SignerID.ID is not Org.BouncyCastle.Asn1.Cms.IssuerAndSerialNumber;
        var signersVersion = byKey ? 3 : 1;
        var isData = data.EncapContentInfo.ContentType.Equals(PkcsObjectIdentifiers.Data);
        return signer.Version.HasValue(signersVersion) && data.Version.HasValue(byKey || !isData ? 3 : 1)
            && data.DigestAlgorithms.Count == 1 && data.DigestAlgorithms[0].ToAsn1Object().Equals(signer.DigestAlgorithm.ToAsn1Object())
            && HasNoParameters(signer.DigestAlgorithm) && HasNoParameters(signer.SignatureAlgorithm)
            && (data.Certificates ?? DerSet.Empty).All(one => one.ToAsn1Object() is Asn1Sequence)
            && signer.UnsignedAttrs is null or { Count: 1 }
            && (signer.UnsignedAttrs is not { } unsigned
                || (CmsAttribute.GetInstance(unsigned[0]) is var stamp
                    && stamp.AttrType.Equals(PkcsObjectIdentifiers.IdAASignatureTimeStampToken) && stamp.AttrValues.Count == 1));
    }

    private static bool HasNoParameters(AlgorithmIdentifier algorithm) => algorithm.Parameters is null or Asn1Null;

    private string? Mechanism()
    {
        var algorithm = _signer.SignatureAlgorithm.Algorithm.Id;
        var digest = _signer.DigestAlgorithm.Algorithm.Id;
        // Many write the key's algorithm for RSA, leaving the digest to the other field (RFC 3370, 3.2).
        var named = algorithm != RsaKey ? algorithm : digest switch
        {
            Sha256 => "1.2.840.113549.1.1.11",
            Sha384 => "1.2.840.113549.1.1.12",
            Sha512 => "1.2.840.113549.1.1.13",
            _ => algorithm,
        };
        return Algorithms.TryGetValue(named, out var known) && known.Digest == digest ? known.Mechanism : null;
    }

    private bool IsSigner(X509Certificate certificate) => _signer.SignerID.ID switch
    {
        Org.BouncyCastle.Asn1.Cms.IssuerAndSerialNumber named => certificate.IssuerDN.Equivalent(named.Issuer, inOrder: true)
            && certificate.SerialNumber.Equals(named.SerialNumber.Value)
            && certificate.IssuerDN.GetEncoded(Asn1Encodable.Der).AsSpan().SequenceEqual(named.Issuer.GetEncoded(Asn1Encodable.Der)),
        _ => false,
    };

    // RFC 5035: the signed attributes say which certificate is meant, so that another on the same key cannot take its place. ГОСТ signatures often do without.
    private bool NamesSigner(Asn1Set attributes)
    {
        var certificate = Signer!.GetEncoded();
        if (Only(attributes, PkcsObjectIdentifiers.IdAASigningCertificateV2) is { } v2)
        {
            var named = SigningCertificateV2.GetInstance(v2).GetCerts()[0];
            return HasNoParameters(named.HashAlgorithm)
                && DigestUtilities.CalculateDigest(named.HashAlgorithm.Algorithm, certificate).AsSpan().SequenceEqual(named.GetCertHash());
        }

        // Older time-stamping authorities write the attribute of RFC 2634, with SHA-1.
        return Only(attributes, PkcsObjectIdentifiers.IdAASigningCertificate) is { } v1
            ? DigestUtilities.CalculateDigest("SHA-1", certificate).AsSpan().SequenceEqual(SigningCertificate.GetInstance(v1).GetCerts()[0].GetCertHash())
            : IsGost;
    }

    private static Asn1Object? Only(Asn1Set attributes, DerObjectIdentifier type)
    {
        var found = attributes.Select(CmsAttribute.GetInstance).Where(one => one.AttrType.Equals(type)).ToList();
        return found is [{ AttrValues.Count: 1 } one] ? one.AttrValues[0].ToAsn1Object() : null;
    }
}
