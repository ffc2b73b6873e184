using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>A private key with its X.509 certificate (RFC 5280), and the certificates between it and the root, which others hold.</summary>
/// <param name="Certificate">The certificate, with its private key: P-256 or RSA.</param>
/// <param name="Issuers">Intermediate certificates, nearest first; the root is not among them.</param>
public sealed record CertifiedKey(X509Certificate2 Certificate, IReadOnlyList<X509Certificate2> Issuers)
{
    /// <summary>
    /// From PEM: the certificate first, then intermediates (RFC 7468); the key in PKCS #8, unencrypted. Self-signed certificates are left out of the issuers.
    /// </summary>
    /// <exception cref="CryptographicException">There is no certificate, or the key is not its own.</exception>
    public static CertifiedKey FromPem(string certificates, string key)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificates);
        if (all.Count == 0)
        {
            throw new CryptographicException("There is no certificate in the PEM.");
        }

        using var first = all[0];
        return new CertifiedKey(X509Certificate2.CreateFromPem(first.ExportCertificatePem(), key), IssuersAmong(all.Skip(1)));
    }

    /// <summary>From a PKCS #12 file (RFC 7292): the one certificate with a key, and its intermediates.</summary>
    /// <exception cref="CryptographicException">It cannot be read with this password, or holds no certificate with a key.</exception>
    public static CertifiedKey FromPkcs12(ReadOnlySpan<byte> file, string? password)
    {
        var all = X509CertificateLoader.LoadPkcs12Collection(file, password, X509KeyStorageFlags.Exportable);
        return all.FirstOrDefault(one => one.HasPrivateKey) is { } own
            ? new CertifiedKey(own, IssuersAmong(all.Where(one => !one.HasPrivateKey)))
            : throw new CryptographicException("There is no certificate with a private key in the PKCS #12 file.");
    }

    /// <summary>The certificate and its issuers, PEM.</summary>
    public string CertificatesPem() =>
        string.Join('\n', [Certificate.ExportCertificatePem(), .. Issuers.Select(issuer => issuer.ExportCertificatePem())]) + "\n";

    /// <summary>The private key, PKCS #8 in PEM.</summary>
    public string KeyPem()
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)Certificate.GetECDsaPrivateKey() ?? Certificate.GetRSAPrivateKey();
        return key!.ExportPkcs8PrivateKeyPem();
    }

    private static List<X509Certificate2> IssuersAmong(IEnumerable<X509Certificate2> certificates) =>
        [.. certificates.Where(one => !one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData))];
}
