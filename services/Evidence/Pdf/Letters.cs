using System.Collections.Concurrent;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.TrueType;
using UglyToad.PdfPig.Fonts.TrueType.Parser;

namespace VolunteerBook.Evidence.Pdf;

/// <summary>The letters of a font file of ours, and how wide they are.</summary>
internal sealed class Letters
{
    /// <summary>What is asked for a letter that the document's own face lacks, in this order: Latin with all its marks, Greek and Cyrillic of other languages; Georgian; Armenian; Chinese.</summary>
    public static readonly string[] OfOtherScripts = ["NotoSans-Regular.ttf", "NotoSansGeorgian-Regular.ttf", "NotoSansArmenian-Regular.ttf", "NotoSansSC-Regular.ttf"];

    private const double Unit = 1000;

    private static readonly ConcurrentDictionary<string, Letters> Read = new(StringComparer.Ordinal);

    private readonly TrueTypeFont _font;

    private Letters(string name)
    {
        using var resource = typeof(Letters).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException("There is no such font.", name);
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        File = bytes.ToArray();
        _font = TrueTypeFontParser.Parse(new TrueTypeDataBytes(new MemoryInputBytes(File)));
    }

    /// <summary>The font's bytes.</summary>
    public byte[] File { get; }

    /// <summary>Of the font with this file name; read once.</summary>
    public static Letters Of(string name) => Read.GetOrAdd(name, static name => new Letters(name));

    /// <summary>Width in thousandths of the size; null where the font lacks the letter.</summary>
    public double? Width(char letter) =>
        (_font.WindowsUnicodeCMap ?? _font.MacRomanCMap)?.CharacterCodeToGlyphIndex(letter) is > 0 && _font.TryGetAdvanceWidth(letter, out var width) ? width * Unit / _font.GetUnitsPerEm() : null;
}
