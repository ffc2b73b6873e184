using VolunteerBook.Documents.Pdf;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Documents.Extracts;

/// <summary>Makes the file that a stranger can check: the pages, the same facts as attached JSON, and the portal's signature over both.</summary>
public static class SignedExtract
{
    /// <summary>Media type of the file.</summary>
    public const string MediaType = "application/pdf";

    /// <summary>An extract; of <see cref="ExtractScopeKind.Event"/>, a certificate of hours on one page.</summary>
    /// <param name="document">What it says.</param>
    /// <param name="key">The portal's key for documents.</param>
    /// <param name="authority">Who says when it was signed; none for no time-stamp.</param>
    /// <param name="ct">Ends waiting for the authority.</param>
    /// <exception cref="ArgumentException">The language is neither <c>ru</c> nor <c>en</c>, or a certificate has no entry.</exception>
    /// <exception cref="TimeZoneNotFoundException">A zone is none of IANA's.</exception>
    /// <exception cref="TimeStampException">The authority gave no time-stamp.</exception>
    public static Task<byte[]> Make(ExtractDocument document, CertifiedKey key, ITimeStampAuthority? authority = null, CancellationToken ct = default)
    {
        var say = new Wording(document.Language);
        var certificate = document.Scope.Kind == ExtractScopeKind.Event;
        return PdfSignature.Sign(
            certificate ? HoursCertificatePdf.Pages(document) : ExtractPdf.Pages(document),
            new PdfAttachment(ExtractJson.FileName, "application/json", say["attachment"], ExtractJson.Write(document)),
            new PdfSigning(document.Issuer, say[certificate ? "sign.reason-certificate" : "sign.reason-extract"], document.IssuedAt, say.Language),
            key, authority, ct);
    }
}
