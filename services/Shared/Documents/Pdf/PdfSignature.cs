using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Documents.Pdf;

/// <summary>A file inside a PDF (ISO 32000-2, 7.11.4), associated with the whole document as the data it was made from (14.13, relationship Data).</summary>
/// <param name="Name">File name in ASCII letters, digits, dots and dashes.</param>
/// <param name="MediaType">Media type, <c>application/json</c>.</param>
/// <param name="Description">What it is, for the reader.</param>
/// <param name="Bytes">The content.</param>
public sealed record PdfAttachment(string Name, string MediaType, string Description, byte[] Bytes);

/// <summary>What the signature dictionary says beside the signature (ISO 32000-2, 12.8.1); nobody else vouches for it.</summary>
/// <param name="Name">Who signs.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, by the signer's own clock.</param>
/// <param name="Language">The document's language, BCP 47.</param>
public sealed record PdfSigning(string Name, string Reason, DateTimeOffset At, string Language);

/// <summary>
/// A PAdES signature (ETSI EN 319 142-1; ISO 32000-2, 12.8): a detached CAdES signature over the whole file but its own hexadecimal digits.
/// </summary>
/// <param name="Before">The bytes that are signed before the digits.</param>
/// <param name="After">The bytes that are signed after the digits.</param>
/// <param name="Cms">The signature, DER.</param>
public sealed partial record PdfSignature(ReadOnlyMemory<byte> Before, ReadOnlyMemory<byte> After, byte[] Cms)
{
    // Room for the signature, two certificates and a time-stamp with three more. In bytes.
    private const int Room = 12 * 1024;
    private const string Unknown = "0000000000";
    private static readonly byte[] Mark = "/ByteRange ["u8.ToArray();

    /// <summary>Puts the attachment into the PDF, and signs.</summary>
    /// <param name="pdf">What <see cref="PdfFile"/> built.</param>
    /// <param name="attachment">The file that goes in.</param>
    /// <param name="signing">What the signature dictionary says.</param>
    /// <param name="key">Who signs.</param>
    /// <param name="authority">Who says when; none for no time-stamp.</param>
    /// <param name="ct">Ends waiting for the authority.</param>
    /// <exception cref="TimeStampException">The authority gave no time-stamp.</exception>
    /// <exception cref="InvalidOperationException">The signature needs more room than there is: too many certificates.</exception>
    public static async Task<byte[]> Sign(
        byte[] pdf, PdfAttachment attachment, PdfSigning signing, CertifiedKey key, ITimeStampAuthority? authority = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        ArgumentNullException.ThrowIfNull(signing);
        var update = new PdfUpdate(pdf);
        var file = update.Number();
        var specification = update.Number();
        var signature = update.Number();
        var field = update.Number();

        // MD5 is what ISO 32000-2, 7.11.4.2 has for CheckSum; it is optional, and left out. A slash in a name is #2F (7.3.5).
        update.WriteStream(file,
            $"/Type /EmbeddedFile /Subtype /{attachment.MediaType.Replace("/", "#2F", StringComparison.Ordinal)} /Params << /Size {attachment.Bytes.Length} "
                + $"/ModDate {PdfObjects.Date(signing.At)} >>",
            attachment.Bytes);
        update.Write(specification,
            $"<< /Type /Filespec /F ({attachment.Name}) /UF ({attachment.Name}) /Desc {PdfObjects.TextString(attachment.Description)} /AFRelationship /Data "
                + $"/EF << /F {file} 0 R /UF {file} 0 R >> >>");

        // The field and its widget in one (12.7.4.3, 12.5.6.19); it shows nothing: print (4) and locked (128).
        update.Write(field,
            $"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /V {signature} 0 R /F 132 /Rect [0 0 0 0] /P {update.FirstPage} 0 R >>");
        update.Write(update.FirstPage, $"<< {PdfUpdate.Entries(update.FirstPageDictionary, "Annots")} /Annots [{Annotations(update)}{field} 0 R] >>");
        // SigFlags 3: there is a signature, and the file must only ever grow (12.7.3).
        update.Write(update.Root,
            $"<< {PdfUpdate.Entries(update.Catalog, "AcroForm", "Names", "AF", "Lang")} /Lang ({signing.Language}) /AF [{specification} 0 R]"
            + $" /Names << /EmbeddedFiles << /Names [({attachment.Name}) {specification} 0 R] >> >> /AcroForm << /Fields [{field} 0 R] /SigFlags 3 >> >>");

        var range = $"{Encoding.ASCII.GetString(Mark)}0 {Unknown} {Unknown} {Unknown}]";
        var head =
            $"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M {PdfObjects.Date(signing.At)} /Name {PdfObjects.TextString(signing.Name)}"
                + $" /Reason {PdfObjects.TextString(signing.Reason)} ";
        const string Contents = " /Contents ";
        var at = (int)update.Write(signature, $"{head}{range}{Contents}<{new string('0', 2 * Room)}> >>");
        var whole = update.Build();

        var open = at + head.Length + range.Length + Contents.Length;
        var close = open + (2 * Room) + 2;
        var known = RangeText(open, close, whole.Length);
        // The spaces keep every byte where it is.
        Encoding.ASCII.GetBytes((known + "]").PadRight(range.Length)).CopyTo(whole, at + head.Length);

        var cms = await CadesSignature.Sign([.. whole.AsSpan(0, open), .. whole.AsSpan(close)], key, authority, ct);
        if (cms.Length > Room)
        {
            throw new InvalidOperationException($"The signature needs {cms.Length} bytes, and there is room for {Room}.");
        }

        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(cms)).CopyTo(whole, open + 1);
        return whole;
    }

    /// <summary>
    /// Finds the signature of a file that has one, and over the whole of it; null otherwise. Held to one form: the two ranges meet the digits' brackets and the
    /// file's two ends exactly, the digits are in lower case, and what the signature leaves of their room is zero.
    /// </summary>
    public static PdfSignature? Read(ReadOnlyMemory<byte> file)
    {
        var pdf = file.Span;
        var at = pdf.IndexOf(Mark);
        if (at < 0 || pdf[(at + 1)..].IndexOf(Mark) >= 0)
        {
            return null;
        }

        var text = Encoding.Latin1.GetString(pdf[at..Math.Min(at + 100, pdf.Length)]);
        var range = Range().Match(text);
        if (!range.Success || !int.TryParse(range.Groups["open"].Value, CultureInfo.InvariantCulture, out var open)
            || !int.TryParse(range.Groups["close"].Value, CultureInfo.InvariantCulture, out var close))
        {
            return null;
        }

        if (open <= at || close <= open + 2 || close - open - 2 > 2 * DerBounds.MostBytes || close >= pdf.Length
            || !text.StartsWith(RangeText(open, close, pdf.Length) + "]", StringComparison.Ordinal)
            || !pdf[..open].EndsWith("/Contents "u8) || pdf[open] != '<' || pdf[close - 1] != '>')
        {
            return null;
        }

        var digits = Encoding.Latin1.GetString(pdf[(open + 1)..(close - 1)]);
        if (digits.Length % 2 != 0 || !digits.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var room = Convert.FromHexString(digits);
        return LengthOf(room) is { } length && length <= room.Length && !room.AsSpan(length).ContainsAnyExcept((byte)0)
            ? new PdfSignature(file[..open], file[close..], room[..length])
            : null;
    }

    private static string RangeText(int open, int close, int length) =>
        string.Create(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(Mark)}0 {open} {close} {length - close}");

    private static string Annotations(PdfUpdate update) =>
        update.FirstPageDictionary.TryGet<UglyToad.PdfPig.Tokens.ArrayToken>(UglyToad.PdfPig.Tokens.NameToken.Annots, out var had)
            ? string.Concat(had.Data.OfType<UglyToad.PdfPig.Tokens.IndirectReferenceToken>().Select(one => $"{one.Data.ObjectNumber} {one.Data.Generation} R "))
            : "";

    // The length of the DER sequence at the beginning, tag and length included (X.690, 8.1.3); null where there is none.
    private static int? LengthOf(ReadOnlySpan<byte> room)
    {
        if (room.Length < 4 || room[0] != 0x30)
        {
            return null;
        }

        return room[1] switch
        {
            < 0x80 => 2 + room[1],
            0x81 => 3 + room[2],
            0x82 => 4 + ((room[2] << 8) | room[3]),
            _ => null,
        };
    }

    [GeneratedRegex(@"^/ByteRange \[0 (?<open>[1-9]\d{0,9}) (?<close>[1-9]\d{0,9}) [1-9]\d{0,9}\] *")]
    private static partial Regex Range();
}
