using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Pkix;
using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// Whether certificates lead to a root that is trusted (RFC 5280, 6). What was revoked cannot be known without the network; an archive asks for that when it
/// takes a document in.
/// </summary>
public static class CertificatePath
{
    // Both the certificates of a path and those that come along. Ours have two, those of Russian authorities four.
    internal const int Longest = 8;

    /// <summary>
    /// The subjects from the signer up to the root, in RFC 4514 form, the name first; null where no path leads there, or
    /// where a certificate lies beside it unused.
    /// </summary>
    /// <param name="signer">The certificate at the beginning.</param>
    /// <param name="embedded">All certificates that came along; the signer's is among them.</param>
    /// <param name="roots">The certificates that are trusted; others see to it that they are.</param>
    /// <param name="at">The moment at which every certificate on the path must have been valid.</param>
    public static IReadOnlyList<string>? Find(
        X509Certificate signer, IReadOnlyList<X509Certificate> embedded, IReadOnlyList<X509Certificate> roots, DateTimeOffset at) =>
        Of(signer, embedded, roots) is { } path && WasValid(path, at) ? Names(path) : null;

    /// <summary>
    /// The certificates from the signer up to a root, with every signature verified, at whatever time; null as above. Nothing is verified but under the key of
    /// a root, or of a certificate that was found to be certified: what comes along does not choose how much that costs.
    /// </summary>
    internal static IReadOnlyList<X509Certificate>? Of(X509Certificate signer, IReadOnlyList<X509Certificate> embedded, IReadOnlyList<X509Certificate> roots)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(embedded);
        ArgumentNullException.ThrowIfNull(roots);
        if (embedded.Count > Longest)
        {
            return null;
        }

        // A root that came along is no link of the path; it must be one that is trusted, byte by byte.
        var links = embedded.Where(one => !roots.Any(root => Same(root, one))).ToList();
        var issuers = new Dictionary<X509Certificate, X509Certificate>(ReferenceEqualityComparer.Instance);
        var certified = new Queue<X509Certificate>(roots.Select(Bounded));
        while (certified.TryDequeue(out var issuer))
        {
            foreach (var link in links.Where(link => !issuers.ContainsKey(link) && Issued(issuer, link)))
            {
                issuers.Add(link, issuer);
                certified.Enqueue(link);
            }
        }

        var path = new List<X509Certificate> { signer };
        while (issuers.TryGetValue(path[^1], out var next))
        {
            path.Add(next);
        }

        return path.Count > 1 && links.TrueForAll(path.Contains) && links.Count == links.Distinct().Count() ? path : null;
    }

    /// <summary>Whether every certificate of a path was valid at the moment, and might certify the one before it.</summary>
    internal static bool WasValid(IReadOnlyList<X509Certificate> path, DateTimeOffset at) => FaultAt(path, at) is null;

    /// <summary>Why not, in a sentence; null where it was.</summary>
    internal static string? FaultAt(IReadOnlyList<X509Certificate> path, DateTimeOffset at) =>
        path.FirstOrDefault(one => !one.IsValid(at.UtcDateTime)) is { } over ? $"{NameOf(over)} was not valid at {VerifiableCredential.Moment(at)}."
        : Leads(path, at) ? null
        : $"{NameOf(path[0])} leads to a trusted root only through a certificate that may not certify it or has an unknown critical extension.";

    private static bool Leads(IReadOnlyList<X509Certificate> path, DateTimeOffset at)
    {
        try
        {
            var anchor = path[^1];
            CheckCost.Verified(path.Count - 1);
            new PkixCertPathValidator().Validate(
                new PkixCertPath([.. path.SkipLast(1).Select(Bounded)]), new PkixParameters(new HashSet<TrustAnchor> { new(anchor, null) })
                {
                    IsRevocationEnabled = false,
                    Date = at.UtcDateTime,
                });
            return anchor.GetBasicConstraints() >= 0;
        }
        catch (Exception refused) when (CmsSignature.IsUnreadable(refused))
        {
            return false;
        }
    }

    /// <summary>A path's subjects in RFC 4514 form.</summary>
    internal static IReadOnlyList<string> Names(IReadOnlyList<X509Certificate> path) => [.. path.Select(NameOf)];

    private static string NameOf(X509Certificate certificate) => certificate.SubjectDN.ToString(reverse: true, X509Name.RFC2253Symbols);

    /// <summary>
    /// Whether the certificate may sign documents: its key usage has digital signature or non-repudiation (RFC 5280, 4.2.1.3), and its purposes, where it is
    /// bound to any, have document signing (RFC 9336), e-mail protection, or any purpose (4.2.1.12). A time-stamping certificate may not.
    /// </summary>
    public static bool MaySign(X509Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return certificate.GetKeyUsage() is { } usage && (usage[0] || usage[1])
                && (certificate.GetExtendedKeyUsage() is not { } purposes
                    || purposes.Any(purpose => purpose.Id is "1.3.6.1.5.5.7.3.36" or "1.3.6.1.5.5.7.3.4" or "2.5.29.37.0"));
        }
        catch (Exception unreadable) when (CmsSignature.IsUnreadable(unreadable))
        {
            return false;
        }
    }

    private static bool Issued(X509Certificate issuer, X509Certificate certificate)
    {
        try
        {
            if (!issuer.SubjectDN.Equivalent(certificate.IssuerDN, inOrder: true))
            {
                return false;
            }

            var key = issuer.GetPublicKey();
            CheckCost.Verified(1);
            return certificate.IsSignatureValid(key);
        }
        catch (Exception unreadable) when (CmsSignature.IsUnreadable(unreadable))
        {
            return false;
        }
    }

    // Who reads certificates of their own hands in the parser's.
    private static X509Certificate Bounded(X509Certificate certificate) =>
        certificate as KnownCertificate ?? KnownCertificate.Of(certificate.CertificateStructure);

    private static bool Same(X509Certificate one, X509Certificate other) => one.GetEncoded().AsSpan().SequenceEqual(other.GetEncoded());
}
