using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Pkix;
using Org.BouncyCastle.X509;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// Whether certificates lead to a root that is trusted (RFC 5280, 6). What was revoked cannot be known without the network; an archive asks for that when it
/// takes a document in.
/// </summary>
public static class CertificatePath
{
    private const int Longest = 8;

    /// <summary>The subjects from the signer up to the root, in RFC 4514 form, the name first; null where no path leads there, or where a certificate lies beside it unused.</summary>
    /// <param name="signer">The certificate at the beginning.</param>
    /// <param name="embedded">All certificates that came along; the signer's is among them.</param>
    /// <param name="roots">The certificates that are trusted; others see to it that they are.</param>
    /// <param name="at">The moment at which every certificate on the path must have been valid.</param>
    public static IReadOnlyList<string>? Find(X509Certificate signer, IReadOnlyList<X509Certificate> embedded, IReadOnlyList<X509Certificate> roots, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(embedded);
        ArgumentNullException.ThrowIfNull(roots);
        // A root that came along is no link of the path; it must be one that is trusted, byte by byte.
        var links = embedded.Where(one => !roots.Any(root => Same(root, one))).ToList();
        var path = new List<X509Certificate> { signer };
        while (roots.FirstOrDefault(root => Issued(root, path[^1])) is null)
        {
            if (path.Count == Longest || links.FirstOrDefault(one => !path.Contains(one) && Issued(one, path[^1])) is not { } next)
            {
                return null;
            }

            path.Add(next);
        }

        var anchor = roots.First(root => Issued(root, path[^1]));
        return links.All(path.Contains) && links.Count == links.Distinct().Count() && IsValid(path, anchor, at)
            ? [.. path.Append(anchor).Select(one => one.SubjectDN.ToString(reverse: true, X509Name.RFC2253Symbols))]
            : null;
    }

    /// <summary>
    /// Whether the certificate may sign documents: its key usage has digital signature or non-repudiation (RFC 5280, 4.2.1.3), and its purposes, where it is bound to
    /// any, have document signing (RFC 9336), e-mail protection, or any purpose (4.2.1.12). A time-stamping certificate may not.
    /// </summary>
    public static bool MaySign(X509Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return certificate.GetKeyUsage() is { } usage && (usage[0] || usage[1])
            && (certificate.GetExtendedKeyUsage() is not { } purposes || purposes.Any(purpose => purpose.Id is "1.3.6.1.5.5.7.3.36" or "1.3.6.1.5.5.7.3.4" or "2.5.29.37.0"));
    }

    private static bool IsValid(List<X509Certificate> path, X509Certificate anchor, DateTimeOffset at)
    {
        try
        {
            new PkixCertPathValidator().Validate(new PkixCertPath(path), new PkixParameters(new HashSet<TrustAnchor> { new(anchor, null) })
            {
                IsRevocationEnabled = false,
                Date = at.UtcDateTime,
            });
            return anchor.IsValid(at.UtcDateTime) && anchor.GetBasicConstraints() >= 0;
        }
        catch (Exception refused) when (CmsSignature.IsUnreadable(refused))
        {
            return false;
        }
    }

    private static bool Issued(X509Certificate issuer, X509Certificate certificate)
    {
        try
        {
            return issuer.SubjectDN.Equivalent(certificate.IssuerDN, inOrder: true) && certificate.IsSignatureValid(issuer.GetPublicKey());
        }
        catch (Exception unreadable) when (CmsSignature.IsUnreadable(unreadable))
        {
            return false;
        }
    }

    private static bool Same(X509Certificate one, X509Certificate other) => one.GetEncoded().AsSpan().SequenceEqual(other.GetEncoded());
}
