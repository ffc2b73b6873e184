using System.Globalization;
using System.Text;
using HarfBuzzSharp;
using VolunteerBook.Contracts.Vocabulary;
using Buffer = HarfBuzzSharp.Buffer;

namespace VolunteerBook.Documents.Pdf;

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
/// A face, and the fonts that stand in for it where it lacks a letter. Text is set as its script is written: each line in the order of UAX #9, each run of a
/// font shaped by HarfBuzz, so that letters are joined, ligatures made and marks put where they belong.
/// </summary>
internal sealed class Typeface(string name, bool bold)
{
    private const double Unit = 1000;

    private readonly IReadOnlyList<FontFile> _fonts = FontFile.OfFace(name);
    private readonly Dictionary<string, IReadOnlyList<Cluster>> _set = new(StringComparer.Ordinal);

    /// <summary>The regular face.</summary>
    public static Typeface Regular() => new("GolosText-Regular", bold: false);

    /// <summary>The bold face, which has the same letters. Other scripts have one weight, and are drawn thicker.</summary>
    public static Typeface Bold() => new("GolosText-Bold", bold: true);

    /// <summary>
    /// The characters of a text that no font of ours writes, each once, and those that are never written (<see cref="Writing.NeverWritten"/>).
    /// </summary>
    public static IReadOnlyList<Rune> Missing(string text) => Writing.IsPlain(text) ? [] : MissingOnceSet(text);

    /// <summary>The same, of a text that is set to find out: that costs more than all else that a text is checked for.</summary>
    internal static IReadOnlyList<Rune> MissingOnceSet(string text)
    {
        var shown = Writing.Shown(text);
        return
        [
            .. Regular().Set(shown).Where(cluster => cluster.Glyphs.Any(glyph => glyph.Number == 0))
                .SelectMany(cluster => cluster.Text.EnumerateRunes().Where(rune => !cluster.Font.Has(rune) || !Writing.IsText(rune)))
                .Concat(Writing.NeverWritten(shown)).Distinct(),
        ];
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
        var runes = text.EnumerateRunes().Where(rune => !Writing.IsIgnorable(rune)).ToList();
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
}
