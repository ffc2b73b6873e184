using System.Text;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Documents.Checks;

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
                findings.Add(new Finding(
                    false, "file",
                    "It is not a PDF, VC-JWT, compact JWS or CMS signature in canonical form: with nothing before or after it, no line breaks, "
                        + "and no critical header that is unknown here."));
                break;
        }

        return new CheckReport(kind, findings);
    }

    private static void DetachedCms(ReadOnlyMemory<byte> cms, byte[]? content, CheckTrust trust, DateTimeOffset now, List<Finding> findings)
    {
        if (content is null)
        {
            findings.Add(new Finding(false, "content", "The signature is detached: hand in what it signs as well."));
            return;
        }

        CmsCheck.Signature(cms.ToArray(), content, default, trust, now, $"all {content.Length} bytes of the content", findings);
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
