using System.Globalization;
using System.Text;

namespace VolunteerBook.Documents.Pdf;

/// <summary>
/// A font in a PDF, with the glyphs that the file shows and no others: a composite font (ISO 32000-2, 9.7) whose codes are ours. A glyph that shows different
/// texts in different places, as the last form of two Arabic letters may, has a code for each, so that the text can always be had back (9.10.3).
/// </summary>
internal sealed class EmbeddedFont(FontFile file, int number)
{
    private readonly Dictionary<(uint Glyph, string Text, bool Blank), int> _codes = [];
    private readonly Dictionary<uint, double> _widths = [];

    /// <summary>What the pages call it.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"F{number}");

    /// <summary>The code of a glyph that shows a text; the empty text for one whose neighbour says it.</summary>
    /// <exception cref="InvalidOperationException">There is no such glyph: the text had to be refused before, see <see cref="Typeface.Missing"/>.</exception>
    public int Code(uint glyph, string text)
    {
        if (glyph == 0)
        {
            throw new InvalidOperationException($"None of our fonts can print {string.Join(' ', text.EnumerateRunes().Select(rune => $"U+{rune.Value:X4}"))}.");
        }

        return Code((glyph, text, false));
    }

    /// <summary>The code of a blank of no width that says a text.</summary>
    public int Blank(string text) => Code((file.Font.TryGetNominalGlyph(' ', out var space) ? space : 0, text, true));

    /// <summary>How far the glyph by itself moves on, in thousandths of the size.</summary>
    public double Width(uint glyph)
    {
        if (!_widths.TryGetValue(glyph, out var width))
        {
            _widths[glyph] = width = file.Font.GetHorizontalGlyphAdvance(glyph) * 1000.0 / file.UnitsPerEm;
        }

        return width;
    }

    private int Code((uint, string, bool) one)
    {
        if (!_codes.TryGetValue(one, out var code))
        {
            // 0 is for what is missing.
            _codes[one] = code = _codes.Count + 1;
        }

        return code;
    }

    /// <summary>Writes the font; its number.</summary>
    public long WriteTo(PdfObjects into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var (font, descendant, descriptor, program, glyphs, text) = (into.Number(), into.Number(), into.Number(), into.Number(), into.Number(), into.Number());
        var codes = _codes.OrderBy(one => one.Value).ToList();
        // Six letters before a name say that the font is a part of it, and which part in this file (9.9.2).
        var name = $"VBOOK{(char)('A' + number)}+{file.Name}";
        into.Write(
            font, $"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] /ToUnicode {text} 0 R >>");
        into.Write(descendant, string.Create(CultureInfo.InvariantCulture,
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                + $"/FontDescriptor {descriptor} 0 R /DW 0")
            + $" /W [1 [{string.Join(' ', codes.Select(one => (one.Key.Blank ? 0 : Width(one.Key.Glyph)).ToString("0.##", CultureInfo.InvariantCulture)))}]] "
            + $"/CIDToGIDMap {glyphs} 0 R >>");
        var box = string.Join(' ', file.Box.Select(Thousandths));
        // Flags 4: letters beyond the standard Latin ones (9.8.2). How thick the stems are matters only where the font is not embedded.
        into.Write(descriptor,
            $"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /Ascent {Thousandths(file.Ascender)} "
                + $"/Descent {Thousandths(file.Descender)} /CapHeight {Thousandths(file.Ascender)} /StemV 80 /FontFile2 {program} 0 R >>");
        var subset = file.Subset(codes.Select(one => one.Key.Glyph));
        into.WriteStream(program, $"/Length1 {subset.Length}", subset);
        into.WriteStream(glyphs, "", [0, 0, .. codes.SelectMany(one => new[] { (byte)(one.Key.Glyph >> 8), (byte)one.Key.Glyph })]);
        into.WriteStream(
            text, "", Encoding.ASCII.GetBytes(ToUnicode([.. codes.Where(one => one.Key.Text.Length > 0).Select(one => (one.Value, one.Key.Text))])));
        return font;
    }

    private string Thousandths(int units) => (units * 1000 / file.UnitsPerEm).ToString(CultureInfo.InvariantCulture);

    // 9.10.3; at most a hundred in a block.
    private static string ToUnicode(List<(int Code, string Text)> codes)
    {
        var map = new StringBuilder("""
            /CIDInit /ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <0000> <FFFF>
            endcodespacerange

            """.ReplaceLineEndings("\n"));
        foreach (var block in codes.Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (code, text) in block)
            {
                map.Append(CultureInfo.InvariantCulture, $"<{code:X4}> <{PdfObjects.Utf16(text)}>\n");
            }

            map.Append("endbfchar\n");
        }

        return map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString();
    }
}
