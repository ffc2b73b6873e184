using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace VolunteerBook.Evidence.Pdf;

/// <summary>
/// An incremental update (ISO 32000-2, 7.5.6): objects, a cross-reference section and a trailer behind a PDF whose own bytes stay as they are. For a PDF with a
/// classic cross-reference table, such as <see cref="PdfDocumentBuilder"/> writes.
/// </summary>
internal sealed partial class PdfUpdate
{
    private readonly List<byte> _bytes = [];
    private readonly SortedDictionary<long, long> _offsets = [];
    private readonly string _trailer;
    private readonly long _previous;
    private long _next;

    /// <summary>Begins an update.</summary>
    /// <exception cref="FormatException">The PDF has no classic trailer.</exception>
    public PdfUpdate(byte[] pdf)
    {
        _bytes.AddRange(pdf);
        // Latin-1 keeps a character a byte.
        var end = Encoding.Latin1.GetString(pdf, Math.Max(0, pdf.Length - 2048), Math.Min(2048, pdf.Length));
        var found = Trailer().Match(end);
        if (!found.Success)
        {
            throw new FormatException("The PDF has no classic trailer.");
        }

        _trailer = found.Groups["kept"].Value;
        _next = long.Parse(found.Groups["size"].Value, CultureInfo.InvariantCulture);
        _previous = long.Parse(found.Groups["start"].Value, CultureInfo.InvariantCulture);

        using var document = PdfDocument.Open(pdf);
        Root = long.Parse(RootReference().Match(_trailer).Groups[1].Value, CultureInfo.InvariantCulture);
        Catalog = document.Structure.Catalog.CatalogDictionary;
        FirstPageDictionary = Catalog;
        for (var (node, name) = (FirstPageDictionary, NameToken.Pages); node.TryGet(name, out var below); (node, name) = (FirstPageDictionary, NameToken.Kids))
        {
            var reference = (IndirectReferenceToken)(below is ArrayToken kids ? kids.Data[0] : below);
            FirstPage = reference.Data.ObjectNumber;
            FirstPageDictionary = (DictionaryToken)document.Structure.GetObject(reference.Data).Data;
        }
    }

    /// <summary>The catalog's object number.</summary>
    public long Root { get; }

    /// <summary>The catalog as it is.</summary>
    public DictionaryToken Catalog { get; }

    /// <summary>The first page's object number.</summary>
    public long FirstPage { get; }

    /// <summary>The first page as it is.</summary>
    public DictionaryToken FirstPageDictionary { get; }

    /// <summary>A number for a new object.</summary>
    public long Number() => _next++;

    /// <summary>Writes a new object, or an old one anew. Where its bytes begin in the finished file.</summary>
    public long Write(long number, string content) => Write(number, Encoding.Latin1.GetBytes(content));

    /// <inheritdoc cref="Write(long, string)"/>
    public long Write(long number, byte[] content)
    {
        Text("\n");
        _offsets[number] = _bytes.Count;
        Text($"{number} 0 obj\n");
        var at = _bytes.Count;
        _bytes.AddRange(content);
        Text("\nendobj\n");
        return at;
    }

    /// <summary>Writes a stream object as it is, without compressing it.</summary>
    public void WriteStream(long number, string entries, byte[] content) =>
        Write(number, [.. Encoding.Latin1.GetBytes($"<< {entries} /Length {content.Length} >>\nstream\n"), .. content, .. "\nendstream"u8]);

    /// <summary>A dictionary's entries, as they go between its brackets, without those that are to be written anew.</summary>
    public static string Entries(DictionaryToken dictionary, params string[] without)
    {
        using var text = new MemoryStream();
        var kept = without.Aggregate(dictionary, (rest, name) => rest.Without(name));
        TokenWriter.Instance.WriteToken(kept, text);
        var written = Encoding.Latin1.GetString(text.ToArray()).Trim();
        return written[2..^2].Trim();
    }

    /// <summary>A text string (ISO 32000-2, 7.9.2.2): UTF-16, big-endian, in hexadecimal.</summary>
    public static string TextString(string text) => "<FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text)) + ">";

    /// <summary>A date (ISO 32000-2, 7.9.4), to the second and with its distance from UTC.</summary>
    public static string Date(DateTimeOffset moment) =>
        string.Create(CultureInfo.InvariantCulture, $"(D:{moment:yyyyMMddHHmmss}{(moment.Offset < TimeSpan.Zero ? '-' : '+')}{moment.Offset:hh}'{moment.Offset:mm}')");

    /// <summary>The whole file.</summary>
    public byte[] Build()
    {
        Text("\n");
        var start = _bytes.Count;
        Text("xref\n");
        foreach (var (number, offset) in _offsets)
        {
            // A subsection for each object is the plain way (7.5.4); there are few. An entry is 20 bytes.
            Text($"{number} 1\n{offset:D10} 00000 n \n");
        }

        Text($"trailer\n<</Size {_next} {_trailer} /Prev {_previous}>>\nstartxref\n{start}\n%%EOF\n");
        return [.. _bytes];
    }

    private void Text(FormattableString text) => _bytes.AddRange(Encoding.Latin1.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    private void Text(string text) => _bytes.AddRange(Encoding.Latin1.GetBytes(text));

    [GeneratedRegex(@"trailer\s*<<\s*/Size (?<size>\d+) (?<kept>.*)>>\s*startxref\s+(?<start>\d+)\s+%%EOF\s*$", RegexOptions.Singleline)]
    private static partial Regex Trailer();

    [GeneratedRegex(@"/Root (\d+) 0 R")]
    private static partial Regex RootReference();
}
