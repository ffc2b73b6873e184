using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using UglyToad.PdfPig;
using UglyToad.PdfPig.Tokens;
using UglyToad.PdfPig.Writer;

namespace VolunteerBook.Documents.Pdf;

/// <summary>
/// An incremental update (ISO 32000-2, 7.5.6): objects, a cross-reference section and a trailer behind a PDF whose own bytes stay as they are. For a PDF with a
/// classic cross-reference table, such as <see cref="PdfFile"/> writes.
/// </summary>
internal sealed partial class PdfUpdate : PdfObjects
{
    private readonly string _trailer;
    private readonly long _previous;

    /// <summary>Begins an update.</summary>
    /// <exception cref="FormatException">The PDF has no classic trailer.</exception>
    public PdfUpdate(byte[] pdf) : base(pdf)
    {
        // Latin-1 keeps a character a byte.
        var end = Encoding.Latin1.GetString(pdf, Math.Max(0, pdf.Length - 2048), Math.Min(2048, pdf.Length));
        var found = Trailer().Match(end);
        if (!found.Success)
        {
            throw new FormatException("The PDF has no classic trailer.");
        }

        _trailer = found.Groups["kept"].Value;
        Next = long.Parse(found.Groups["size"].Value, CultureInfo.InvariantCulture);
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

    /// <summary>A dictionary's entries, as they go between its brackets, without those that are to be written anew.</summary>
    public static string Entries(DictionaryToken dictionary, params string[] without)
    {
        using var text = new MemoryStream();
        var kept = without.Aggregate(dictionary, (rest, name) => rest.Without(name));
        TokenWriter.Instance.WriteToken(kept, text);
        var written = Encoding.Latin1.GetString(text.ToArray()).Trim();
        return written[2..^2].Trim();
    }

    /// <summary>The whole file.</summary>
    public byte[] Build()
    {
        // A subsection for each object is the plain way (7.5.4); there are few.
        var start = Table(Offsets.Select(one => (one.Key, (IReadOnlyList<long>)[one.Value])));
        return End($"/Size {Next} {_trailer} /Prev {_previous}", start);
    }

    [GeneratedRegex(@"trailer\s*<<\s*/Size (?<size>\d+) (?<kept>.*)>>\s*startxref\s+(?<start>\d+)\s+%%EOF\s*$", RegexOptions.Singleline)]
    private static partial Regex Trailer();

    [GeneratedRegex(@"/Root (\d+) 0 R")]
    private static partial Regex RootReference();
}
