using System.Globalization;
using System.Text;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace VolunteerBook.Evidence.Pdf;

/// <summary>
/// A face of a document, and what stands in for it where it lacks a letter. A simple TrueType font of a PDF has 255 codes (ISO 32000-2, 9.6.3), so that a document with more letters of a font than that
/// embeds it more than once; of each only the letters that are used go in.
/// </summary>
internal sealed class Typeface
{
    private const int Codes = 220;
    private const double Unit = 1000;

    private readonly PdfDocumentBuilder _document;
    private readonly IReadOnlyList<Letters> _fonts;
    private readonly List<PdfDocumentBuilder.AddedFont> _embedded = [];
    private readonly Dictionary<Letters, (int Last, int Used)> _filled = [];
    private readonly Dictionary<char, (int Font, double Width)?> _letters = [];

    /// <summary>A face that nothing has been embedded of yet.</summary>
    /// <param name="document">Where it is used.</param>
    /// <param name="name">The font's file name.</param>
    public Typeface(PdfDocumentBuilder document, string name) => (_document, _fonts) = (document, [Letters.Of(name), .. Letters.OfOtherScripts.Select(Letters.Of)]);

    /// <summary>The characters of a text that no font of ours writes, each once; marks that do not melt into a letter among them.</summary>
    public static IReadOnlyList<Rune> Missing(string text) =>
    [
        .. text.Normalize().EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
            UnicodeCategory.NonSpacingMark => true,
            _ => !rune.IsBmp || !Letters.OfOtherScripts.Prepend(Regular).Any(font => Letters.Of(font).Width((char)rune.Value) is not null),
        }).Distinct(),
    ];

    /// <summary>File name of the regular face.</summary>
    public const string Regular = "PTSans-Regular.ttf";

    /// <summary>File name of the bold face, which has the same letters.</summary>
    public const string Bold = "PTSans-Bold.ttf";

    /// <summary>The text as it can be shown: composed (NFC), on one line. A question mark for what no font has is for texts of our own; others' are refused before, see <see cref="Missing"/>.</summary>
    public string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.Normalize().EnumerateRunes())
        {
            shown.Append(Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.Surrogate => "",
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
                _ => rune.IsBmp && Letter((char)rune.Value) is not null ? rune.ToString() : "?",
            });
        }

        return shown.ToString();
    }

    /// <summary>Width of a shown text in points.</summary>
    public double Width(string shown, double size) => shown.Sum(letter => Letter(letter)?.Width ?? 0) * size / Unit;

    /// <summary>Draws a shown text with its baseline's left end at the point; x to the right and y upwards, in points.</summary>
    public void Draw(PdfPageBuilder page, string shown, double size, double x, double y)
    {
        for (var start = 0; start < shown.Length;)
        {
            var font = Letter(shown[start])!.Value.Font;
            var end = start + 1;
            while (end < shown.Length && Letter(shown[end])!.Value.Font == font)
            {
                end++;
            }

            var run = shown[start..end];
            page.AddText(run, size, new PdfPoint(Math.Round(x, 2), Math.Round(y, 2)), _embedded[font]);
            x += Width(run, size);
            start = end;
        }
    }

    private (int Font, double Width)? Letter(char letter)
    {
        if (_letters.TryGetValue(letter, out var known))
        {
            return known;
        }

        return _letters[letter] = _fonts.FirstOrDefault(font => font.Width(letter) is not null) is { } found ? (Place(found), found.Width(letter)!.Value) : null;
    }

    // In which embedded copy of the font the next letter has its code.
    private int Place(Letters font)
    {
        var (last, used) = _filled.GetValueOrDefault(font, (-1, Codes));
        if (used == Codes)
        {
            _embedded.Add(_document.AddTrueTypeFont(font.File));
            (last, used) = (_embedded.Count - 1, 0);
        }

        _filled[font] = (last, used + 1);
        return last;
    }
}
