using System.Text;
using Org.BouncyCastle.X509;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Checks;

/// <summary>Checks what the portal and the organisations issue, from the file and the trusted keys alone: no network, no clock, no disk.</summary>
public static class Check
{
    /// <summary>The most bytes of a PDF.</summary>
    public const int MostPdfBytes = 20 * 1024 * 1024;

    /// <summary>The most bytes of anything else: a credential about a hundred shifts with 4,000 letters of description has 23 KiB.</summary>
    public const int MostTextBytes = 256 * 1024;

    /// <summary>Whether a file begins like a PDF.</summary>
    public static bool IsPdf(ReadOnlySpan<byte> head) => head.StartsWith("%PDF-"u8);

    /// <summary>Checks a file.</summary>
    /// <param name="file">A PDF extract or certificate, a VC-JWT, a compact JWS, or a detached CMS signature (DER).</param>
    /// <param name="trust">Whom to trust.</param>
    /// <param name="now">The moment at which certificates must be valid where no time-stamp tells another.</param>
    /// <param name="content">Of a detached CMS signature: what it is over.</param>
    public static CheckReport Offline(ReadOnlyMemory<byte> file, CheckTrust trust, DateTimeOffset now, byte[]? content = null)
    {
        ArgumentNullException.ThrowIfNull(trust);
        var findings = new List<Finding>();
        var kind = KindOf(file.Span, out var jws);
        switch (kind)
        {
            case CheckedKind.Pdf:
                ExtractCheck.Pdf(file, trust, now, findings);
                break;
            case CheckedKind.Credential:
                CredentialCheck.Credential(jws!, trust, now, findings);
                break;
            case CheckedKind.Jws:
                CredentialCheck.Statement(jws!, trust, findings);
                break;
            case CheckedKind.Cms:
                DetachedCms(file, content, trust, now, findings);
                break;
            default:
                findings.Add(new Finding(false, "file", "It is no PDF, no VC-JWT, no compact JWS and no CMS signature in their one form: nothing before or after, no line breaks, no header that must be understood and is not."));
                break;
        }

        return new CheckReport(kind, findings);
    }

    /// <summary>
    /// Checks a CMS signature over content, its time-stamp and its certificates. Whether all stand; the findings say more. Who signed is looked at first: for a signer whom no trusted root certifies
    /// nothing else is.
    /// </summary>
    internal static bool Signature(byte[] cms, ReadOnlySpan<byte> content, ReadOnlySpan<byte> rest, CheckTrust trust, DateTimeOffset now, string covers, List<Finding> findings)
    {
        if (CmsSignature.Read(cms) is not { } signature)
        {
            findings.Add(new Finding(false, "signature", "It is not a CMS signature in its one form."));
            return false;
        }

        IReadOnlyList<X509Certificate>? path = null;
        if (signature.Signer is { } signer && (!CertificatePath.MaySign(signer) || (path = CertificatePath.Of(signer, signature.Certificates, trust.Roots)) is null))
        {
            findings.Add(new Finding(false, "certificate", $"{signer.SubjectDN} does not lead to a trusted root, or may not sign: the signature was not looked at."));
            return false;
        }

        if (signature.Verify(content, rest) is { } fault)
        {
            findings.Add(new Finding(false, "signature", fault switch
            {
                CmsFault.AlgorithmNotAllowed => "It is made with an algorithm that is not allowed.",
                CmsFault.SignersCertificate => "It does not hold the certificate that it names.",
                CmsFault.ContentDiffers => "Something else was signed: the file was changed.",
                CmsFault.SignatureInvalid => "It is not valid under the signer's key.",
                _ => "It is not a detached signature in its one form.",
            }));
            return false;
        }

        findings.Add(new Finding(true, "signature", $"valid, {(signature.IsGost ? "ГОСТ Р 34.10-2012" : "CAdES")}, covers {covers}"));
        return Stamp(signature, trust, out var stamp, findings) && Path(path!, stamp?.At ?? now, findings);
    }

    private static bool Stamp(CmsSignature signature, CheckTrust trust, out TimeStamp? stamp, List<Finding> findings)
    {
        stamp = null;
        if (signature.TimeStampToken is not { } token)
        {
            findings.Add(new Finding(null, "time-stamp", "none: when it was signed is the signer's word"));
            return true;
        }

        stamp = TimeStampToken.Check(token, signature.Value, [.. trust.Roots, .. trust.TimeStampRoots ?? []]);
        findings.Add(stamp is null
            ? new Finding(false, "time-stamp", "It does not stand, is over something else, or no trusted root certifies its authority.")
            : new Finding(true, "time-stamp", $"{VerifiableCredential.Moment(stamp.At)} by {string.Join(" <- ", stamp.Authority)}"));
        return stamp is not null;
    }

    private static bool Path(IReadOnlyList<X509Certificate> path, DateTimeOffset at, List<Finding> findings)
    {
        var fault = CertificatePath.FaultAt(path, at);
        findings.Add(new Finding(fault is null, "certificate", fault ?? string.Join(" <- ", CertificatePath.Names(path))));
        return fault is null;
    }

    private static void DetachedCms(ReadOnlyMemory<byte> cms, byte[]? content, CheckTrust trust, DateTimeOffset now, List<Finding> findings)
    {
        if (content is null)
        {
            findings.Add(new Finding(false, "content", "The signature is detached: what it is over must be handed in with it."));
            return;
        }

        Signature(cms.ToArray(), content, default, trust, now, $"all {content.Length} bytes of the content", findings);
    }

    private static CheckedKind KindOf(ReadOnlySpan<byte> file, out CompactJws? jws)
    {
        jws = null;
        if (file.Length <= MostPdfBytes && IsPdf(file))
        {
            return CheckedKind.Pdf;
        }

        if (file.Length > 0 && file[0] == 0x30)
        {
            return CheckedKind.Cms;
        }

        if (file.Length > MostTextBytes)
        {
            return CheckedKind.Unknown;
        }

        // Editors end a text file with a line feed, those of Windows with a carriage return before it.
        var text = Encoding.Latin1.GetString(file);
        jws = CompactJws.Read(text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text);
        return jws is null ? CheckedKind.Unknown : CredentialCheck.CredentialIn(jws) is not null ? CheckedKind.Credential : CheckedKind.Jws;
    }
}
