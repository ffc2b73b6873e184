using System.Globalization;
using System.Text;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>The characters of one of the fonts that documents are written in.</summary>
/// <param name="Name">The font's PostScript name.</param>
/// <param name="Ranges">First and last code points, in their order.</param>
internal sealed record WritingFace(string Name, IReadOnlyList<(int First, int Last)> Ranges)
{
    /// <summary>In the order in which they are asked.</summary>
    public static IReadOnlyList<WritingFace> All { get; } = [.. Read()];

    /// <summary>Whether the font has the character.</summary>
    public bool Has(Rune rune)
    {
        var (from, to) = (0, Ranges.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = Ranges[middle].Last < rune.Value ? (middle + 1, to) : (from, middle);
        }

        return from < Ranges.Count && Ranges[from].First <= rune.Value;
    }

    /// <summary>The list as it stands in the file: a font's name, and below it, indented, its characters' code points, hexadecimal.</summary>
    private static IEnumerable<WritingFace> Read()
    {
        using var list = new StreamReader(typeof(WritingFace).Assembly.GetManifestResourceStream("written-characters.txt")!);
        WritingFace? face = null;
        var ranges = new List<(int, int)>();
        while (list.ReadLine() is { } line)
        {
            if (line.StartsWith(' '))
            {
                ranges.AddRange(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(range => range.Split('-')).Select(ends => (Code(ends[0]), Code(ends[^1]))));
                continue;
            }

            if (face is not null)
            {
                yield return face;
            }

            face = new WritingFace(line, ranges = []);
        }

        yield return face!;
    }

    private static int Code(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
