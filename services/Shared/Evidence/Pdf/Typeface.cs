using System.Buffers;
using System.Globalization;
using System.Text;
using HarfBuzzSharp;
using Buffer = HarfBuzzSharp.Buffer;

namespace VolunteerBook.Evidence.Pdf;

/// <summary>A glyph where it stands. Lengths in thousandths of the size.</summary>
/// <param name="Number">Its number in its font; 0 where the font has none for the text.</param>
/// <param name="Advance">How far on the next begins.</param>
/// <param name="X">How far to the right of its place it is drawn.</param>
/// <param name="Y">How far above.</param>
internal readonly record struct Glyph(uint Number, double Advance, double X, double Y);

/// <summary>The glyphs, from left to right, that together show a piece of text which is not divided further: a letter with its marks, a ligature.</summary>
/// <param name="Font">The font that they are of.</param>
/// <param name="Text">What they show.</param>
/// <param name="RightToLeft">Whether the text runs from the right.</param>
/// <param name="Thick">Whether they are drawn thicker than the font has them: it stands in for a bold face.</param>
/// <param name="Glyphs">The glyphs.</param>
internal sealed record Cluster(FontFile Font, string Text, bool RightToLeft, bool Thick, IReadOnlyList<Glyph> Glyphs)
{
    /// <summary>Width in thousandths of the size.</summary>
    public double Width { get; } = Glyphs.Sum(glyph => glyph.Advance);
}

/// <summary>
/// A face, and the fonts that stand in for it where it lacks a letter. Text is set as its script is written: each line in the order of UAX #9, each run of a font shaped by HarfBuzz, so that letters are
/// joined, ligatures made and marks put where they belong.
/// </summary>
internal sealed class Typeface(string name, bool bold)
{
    private const double Unit = 1000;

    // No name in any of our scripts has more on one letter; a pile of them would cover what stands in the lines above and below.
    private const int MostMarks = 4;

    // Of the size, the widest that is not broken between lines. It fits in the narrowest column; a chain of signs that goes on would cover what stands in the next.
    private const double MostWidth = 8;

    /// <summary>What Russian and English are written with: of it nothing is missing or reaches out, and to set it costs more than all else that a text is checked for.</summary>
    internal const string Plain =
        " !\"#%&'()*+,-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz«»–—№" +
        "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя";

    private static readonly SearchValues<char> Plainly = SearchValues.Create(Plain);

    private readonly IReadOnlyList<FontFile> _fonts = FontFile.OfFace(name);
    private readonly Dictionary<string, IReadOnlyList<Cluster>> _set = new(StringComparer.Ordinal);

    /// <summary>The regular face.</summary>
    public static Typeface Regular() => new("PTSans-Regular", bold: false);

    /// <summary>The bold face, which has the same letters. Other scripts have one weight, and are drawn thicker.</summary>
    public static Typeface Bold() => new("PTSans-Bold", bold: true);

    /// <summary>The characters of a text that no font of ours writes, each once; and what would reach out of its line or its column: too many marks on one letter, too long a chain that is one letter.</summary>
    public static IReadOnlyList<Rune> Missing(string text) => text.AsSpan().ContainsAnyExcept(Plainly) ? MissingOnceSet(text) : [];

    /// <summary>The same, of a text that is set to find out.</summary>
    internal static IReadOnlyList<Rune> MissingOnceSet(string text)
    {
        var face = Regular();
        var shown = Shown(text);
        return
        [
            .. face.Set(shown).Where(cluster => cluster.Glyphs.Any(glyph => glyph.Number == 0)).SelectMany(cluster => cluster.Text.EnumerateRunes().Where(rune => !cluster.Font.Has(rune) || !IsText(rune)))
                .Concat(shown.EnumerateRunes().Where(rune => !IsText(rune))).Concat(Piled(shown)).Concat(Endless(shown, face)).Distinct(),
        ];
    }

    private static IEnumerable<Rune> Piled(string shown)
    {
        var marks = 0;
        foreach (var rune in shown.EnumerateRunes().Where(rune => !IsIgnorable(rune)))
        {
            marks = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MostMarks)
            {
                yield return rune;
            }
        }
    }

    private static IEnumerable<Rune> Endless(string shown, Typeface face)
    {
        for (var elements = StringInfo.GetTextElementEnumerator(shown); elements.MoveNext();)
        {
            var element = elements.GetTextElement();
            // No letter of ours is so wide by itself.
            if (element.Length > 4 && face.Width(element, 1) > MostWidth)
            {
                foreach (var rune in element.EnumerateRunes())
                {
                    yield return rune;
                }
            }
        }
    }

    /// <summary>
    /// The text as it is shown: composed (NFC), on one line, and without what shows nothing itself but orders what is around it. The joiners and non-joiners between letters stay, and so do the marks that
    /// only say which way a text runs.
    /// </summary>
    public static string Shown(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            shown.Append(Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Format when rune.Value is not (0x200C or 0x200D or 0x200E or 0x200F or 0x061C) => "",
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => " ",
                // No text holds it, and what normalises throws on it.
                _ when rune.Value == 0xFFFE => "\ufffd",
                _ => rune.ToString(),
            });
        }

        return shown.ToString().Normalize();
    }

    /// <summary>Width of a shown text in points.</summary>
    public double Width(string shown, double size) => Set(shown).Sum(cluster => cluster.Width) * size / Unit;

    /// <summary>A shown text from left to right, as one line.</summary>
    public IReadOnlyList<Cluster> Set(string shown)
    {
        if (_set.TryGetValue(shown, out var known))
        {
            return known;
        }

        var levels = Bidi.Levels(shown, Bidi.IsRightToLeft(shown));
        var runs = new List<(FontFile Font, byte Level, int Start, int End)>();
        var (word, ofWord) = (0, default(FontFile));
        for (var start = 0; start < shown.Length;)
        {
            if (start >= word)
            {
                word = EndOfWord(shown, start);
                ofWord = Whole(shown[start..word]);
            }

            var end = start + StringInfo.GetNextTextElementLength(shown.AsSpan(start));
            var font = ofWord ?? FontOf(shown[start..end]);
            if (runs is [.., var last] && last.Font == font && last.Level == levels[start])
            {
                runs[^1] = last with { End = end };
            }
            else
            {
                runs.Add((font, levels[start], start, end));
            }

            start = end;
        }

        Bidi.Reorder(runs, run => run.Level);
        return _set[shown] = [.. runs.SelectMany(run => Shape(run.Font, shown[run.Start..run.End], rightToLeft: run.Level % 2 == 1))];
    }

    // What belongs together comes from one font: a word, where one has all of it; a mark is placed by the font of its letter.
    private FontFile FontOf(string element) => Whole(element) ?? _fonts.FirstOrDefault(font => font.Has(Rune.GetRuneAt(element, 0))) ?? _fonts[0];

    private FontFile? Whole(string text)
    {
        var runes = text.EnumerateRunes().Where(rune => !IsIgnorable(rune)).ToList();
        return _fonts.FirstOrDefault(font => runes.TrueForAll(font.Has));
    }

    // With the spaces before it: up to the next.
    private static int EndOfWord(string text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        while (end < text.Length && !char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }

    private List<Cluster> Shape(FontFile font, string run, bool rightToLeft)
    {
        using var buffer = new Buffer();
        buffer.AddUtf16(run);
        buffer.Direction = rightToLeft ? Direction.RightToLeft : Direction.LeftToRight;
        buffer.Language = Undetermined;
        buffer.Flags = BufferFlags.RemoveDefaultIgnorables;
        buffer.GuessSegmentProperties();
        font.Font.Shape(buffer);

        var (infos, places) = (buffer.GlyphInfos, buffer.GlyphPositions);
        var starts = infos.Select(info => (int)info.Cluster).Distinct().Order().ToList();
        var scale = Unit / font.UnitsPerEm;
        var clusters = new List<Cluster>();
        for (var i = 0; i < infos.Length;)
        {
            var start = (int)infos[i].Cluster;
            var glyphs = new List<Glyph>();
            for (; i < infos.Length && infos[i].Cluster == start; i++)
            {
                glyphs.Add(new Glyph(infos[i].Codepoint, places[i].XAdvance * scale, places[i].XOffset * scale, places[i].YOffset * scale));
            }

            var next = starts.BinarySearch(start) + 1;
            clusters.Add(new Cluster(font, run[start..(next < starts.Count ? starts[next] : run.Length)], rightToLeft, bold && font != _fonts[0], glyphs));
        }

        return clusters;
    }

    // The language that the machine is set to must not change a document.
    private static readonly Language Undetermined = new("und");

    private static bool IsIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x034F;

    private static bool IsText(Rune rune) =>
        rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
