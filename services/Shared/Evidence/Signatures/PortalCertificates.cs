using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// Certificates of a portal that certifies itself: for development and for trying. In production the portal's keys are certified by an authority that others
/// already trust, and are loaded by <see cref="CertifiedKey"/>. All on P-256, which NSS (pdfsig), OpenSSL and .NET verify alike.
/// </summary>
/// <param name="Root">The self-signed root, with its key; valid for 20 years. Its certificate is what others install to trust.</param>
/// <param name="Documents">Signs documents; valid for 3 years.</param>
/// <param name="TimeStamps">Signs time-stamps (RFC 3161), and nothing else; valid for 10 years.</param>
/// <param name="Credentials">Signs credentials (VC-JWT), on P-256 always; valid for 3 years.</param>
public sealed record PortalCertificates(X509Certificate2 Root, CertifiedKey Documents, CertifiedKey TimeStamps, CertifiedKey Credentials)
{
    private const string DocumentSigning = "1.3.6.1.5.5.7.3.36";
    private const string EmailProtection = "1.3.6.1.5.5.7.3.4";
    private const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    /// <summary>Makes them all, valid from an hour before now.</summary>
    /// <param name="organisation">Whose portal it is: O in every subject (X.520), at most 64 characters.</param>
    /// <param name="now">The moment, of which whole seconds count.</param>
    public static PortalCertificates Issue(string organisation, DateTimeOffset now)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddHours(-1);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(organisation, "VolunteerBook Root", rootKey);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return Under(request.CreateSelfSigned(from, from.AddYears(20)), organisation, now);
    }

    /// <summary>Makes new keys that a root which was made before certifies, valid from an hour before now and not longer than the root.</summary>
    /// <param name="root">The root, with its key.</param>
    /// <param name="organisation">As in <see cref="Issue"/>.</param>
    /// <param name="now">The moment, of which whole seconds count.</param>
    public static PortalCertificates Under(X509Certificate2 root, string organisation, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(root);
        var from = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddHours(-1);
        from = from < root.NotBefore ? root.NotBefore : from;

        // Email protection beside document signing (RFC 9336): the older tools, OpenSSL and NSS among them, know no other purpose for a signature over a file.
        return new PortalCertificates(root,
            Certified(
                root, organisation, "VolunteerBook Documents", X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.NonRepudiation,
                [DocumentSigning, EmailProtection], false, from, 3),
            Certified(root, organisation, "VolunteerBook Time-Stamps", X509KeyUsageFlags.DigitalSignature, [TimeStamping], true, from, 10),
            Certified(root, organisation, "VolunteerBook Credentials", X509KeyUsageFlags.DigitalSignature, [DocumentSigning], false, from, 3));
    }

    private static CertifiedKey Certified(
        X509Certificate2 root, string organisation, string name, X509KeyUsageFlags usage,
        string[] purposes, bool purposesCritical, DateTimeOffset from, int years)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(organisation, name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        var oids = new OidCollection();
        foreach (var purpose in purposes)
        {
            oids.Add(new Oid(purpose));
        }

        // RFC 3161, 2.3: of a time-stamping certificate the purpose is critical.
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, purposesCritical));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            root, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var serial = RandomNumberGenerator.GetBytes(16);
        // A positive number without leading zeros (RFC 5280, 4.1.2.2).
        serial[0] = (byte)(serial[0] & 0x7F | 0x40);
        using var certificate = request.Create(root, from, from.AddYears(years) < root.NotAfter ? from.AddYears(years) : root.NotAfter, serial);
        return new CertifiedKey(certificate.CopyWithPrivateKey(key), []);
    }

    private static CertificateRequest Request(string organisation, string name, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        // Added last, written first: country, organisation, name.
        subject.AddCommonName(name);
        subject.AddOrganizationName(organisation);
        subject.AddCountryOrRegion("RU");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
