using System.Buffers.Text;
using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.X509;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// A certificate (RFC 5280) by whose key organisations sign under ГОСТ Р 34.10-2012, as far as it says things by itself: who issued it is not looked into.
/// </summary>
public sealed class GostCertificate
{
    private static readonly DerObjectIdentifier[] OfAPerson = [X509Name.Surname, X509Name.GivenName, new("1.2.643.100.3")];

    // Everything is read at once: what cannot be is no certificate.
    private GostCertificate(KnownCertificate certificate)
    {
        X509 = certificate;
        Base64 = Convert.ToBase64String(certificate.GetEncoded());
        Kid = KidOf(certificate);
        Subject = NameOf(certificate.SubjectDN);
        Issuer = NameOf(certificate.IssuerDN);
        NotBefore = new(certificate.NotBefore.ToUniversalTime());
        NotAfter = new(certificate.NotAfter.ToUniversalTime());
        MaySign = CertificatePath.MaySign(certificate);
        NamesPerson = certificate.SubjectDN.GetOidList().Any(OfAPerson.Contains);
        IsGost = VerifyingKey.GostSetOf(certificate.CertificateStructure.SubjectPublicKeyInfo.Algorithm) is not null && certificate.GetPublicKey() is not null;
    }

    /// <summary>As BouncyCastle reads it.</summary>
    public X509Certificate X509 { get; }

    /// <summary>The certificate, DER, in base64.</summary>
    public string Base64 { get; }

    /// <summary>Its name in our records: SHA-256 over the DER, base64url.</summary>
    public string Kid { get; }

    /// <summary>Whom it names, in RFC 4514 form.</summary>
    public string Subject { get; }

    /// <summary>Who issued it, likewise.</summary>
    public string Issuer { get; }

    /// <summary>First instant of its validity, UTC.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Last instant of its validity, UTC.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Whether it may sign documents, see <see cref="CertificatePath.MaySign"/>.</summary>
    public bool MaySign { get; }

    /// <summary>Whether it names a person: a surname, a given name, or СНИЛС.</summary>
    public bool NamesPerson { get; }

    /// <summary>Whether its key is one of ГОСТ Р 34.10-2012 with 256 bit, of a parameter set that signs (<see cref="VerifyingKey.GostSetOf"/>).</summary>
    public bool IsGost { get; }

    /// <summary>Reads; null where the text is no single certificate in base64 DER or PEM (RFC 7468).</summary>
    public static GostCertificate? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var der = !PemEncoding.TryFind(text, out var pem) ? Convert.FromBase64String(text)
                : text[pem.Label] == "CERTIFICATE" && string.IsNullOrWhiteSpace(text[..pem.Location.Start.Value])
                    && string.IsNullOrWhiteSpace(text[pem.Location.End.Value..])
                    ? Convert.FromBase64String(text[pem.Base64Data])
                    : [];
            return KnownCertificate.Read(der) is { } certificate ? new GostCertificate(certificate) : null;
        }
        catch (Exception nonsense) when (CmsSignature.IsUnreadable(nonsense))
        {
            return null;
        }
    }

    /// <summary>The name of any certificate in our records.</summary>
    public static string KidOf(X509Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Base64Url.EncodeToString(SHA256.HashData(certificate.GetEncoded()));
    }

    /// <summary>A distinguished name in RFC 4514 form.</summary>
    public static string NameOf(X509Name name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToString(reverse: true, X509Name.RFC2253Symbols);
    }
}
