using System.Globalization;
using System.Text;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace VolunteerBook.Evidence.Pdf;

/// <summary>
/// A font of a document, measured. A simple TrueType font of a PDF has 255 codes (ISO 32000-2, 9.6.3), so that a document with more letters than that embeds the font
/// more than once. Letters that the font lacks are shown as a question mark.
/// </summary>
internal sealed class Typeface
{
    private const int Codes = 220;
    private const double Unit = 1000;

    private readonly PdfDocumentBuilder _document;
    private readonly byte[] _font;
    private readonly PdfPageBuilder _ruler;
    private readonly List<PdfDocumentBuilder.AddedFont> _embedded = [];
    private readonly Dictionary<char, (int Font, double Width)?> _letters = [];

    /// <summary>Embeds a font of ours.</summary>
    /// <param name="document">Where it is used.</param>
    /// <param name="ruler">A page of the document; nothing is drawn on it by measuring.</param>
    /// <param name="name">The font's file name.</param>
    public Typeface(PdfDocumentBuilder document, PdfPageBuilder ruler, string name)
    {
        using var resource = typeof(Typeface).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException("There is no such font.", name);
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        (_document, _ruler, _font) = (document, ruler, bytes.ToArray());
    }

    /// <summary>The text as it can be shown: composed (NFC), on one line, with question marks for what the font lacks.</summary>
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

        var used = _letters.Values.Count(one => one is not null);
        if (used == _embedded.Count * Codes)
        {
            _embedded.Add(_document.AddTrueTypeFont(_font));
        }

        return _letters[letter] = Measure(letter) is { } width ? (used / Codes, width) : null;
    }

    private double? Measure(char letter)
    {
        try
        {
            return _ruler.MeasureText(letter.ToString(), Unit, new PdfPoint(0, 0), _embedded[^1])[0].EndBaseLine.X;
        }
        // This is how the builder says that the font lacks a letter.
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
