using System.Globalization;
using System.Text;

namespace VolunteerBook.Documents.Pdf;

/// <summary>
/// In which order a line that may run from right to left is set: the Unicode Bidirectional Algorithm (UAX #9, revision 49), without the explicit embeddings,
/// overrides and isolates of X1 to X8, whose characters never get here. A class is told by the blocks and general categories that DerivedBidiClass.txt follows.
/// </summary>
internal static class Bidi
{
    private enum Class { L, R, AL, EN, ES, ET, AN, CS, NSM, BN, S, WS, ON }

    // Of BidiBrackets.txt those that our fonts have.
    private const string Opening = "([{⟨⟪「『【〈《〔（［｛";
    private const string Closing = ")]}⟩⟫」』】〉》〕）］｝";

    // BD16: how many brackets may stand open.
    private const int MostOpen = 63;

    /// <summary>Whether a text begins from the right: by its first strong character (P2, P3).</summary>
    public static bool IsRightToLeft(string text) =>
        text.EnumerateRunes().Select(Of).FirstOrDefault(one => one is Class.L or Class.R or Class.AL) is Class.R or Class.AL;

    /// <summary>
    /// The level of each character of a line, by UTF-16 code units: odd runs from the right. Spaces at the line's end have the level of the line (L1).
    /// </summary>
    public static byte[] Levels(string text, bool rightToLeft)
    {
        var runes = text.EnumerateRunes().ToArray();
        var (before, line) = (runes.Select(Of).ToArray(), (byte)(rightToLeft ? 1 : 0));
        var levels = new byte[runes.Length];
        Array.Fill(levels, line);
        if (rightToLeft || before.Any(one => one is Class.R or Class.AL or Class.AN))
        {
            // 5.2: what shows nothing is as if it were not there.
            var at = Enumerable.Range(0, runes.Length).Where(i => before[i] != Class.BN).ToArray();
            var classes = at.Select(i => before[i]).ToArray();
            var embedding = rightToLeft ? Class.R : Class.L;
            Weak(classes, embedding);
            Brackets([.. at.Select(i => runes[i])], [.. at.Select(i => before[i])], classes, embedding);
            Neutral(classes, embedding);
            for (var i = 0; i < at.Length; i++)
            {
                // I1, I2
                levels[at[i]] = (byte)(line + (classes[i], rightToLeft) switch
                {
                    (Class.R, false) or (Class.L or Class.EN or Class.AN, true) => 1,
                    (Class.EN or Class.AN, false) => 2,
                    _ => 0,
                });
            }

            for (var i = 1; i < runes.Length; i++)
            {
                levels[i] = before[i] == Class.BN ? levels[i - 1] : levels[i];
            }

            // L1
            for (var i = runes.Length - 1; i >= 0 && before[i] is Class.WS or Class.S or Class.BN; i--)
            {
                levels[i] = line;
            }
        }

        return [.. runes.SelectMany((rune, i) => Enumerable.Repeat(levels[i], rune.Utf16SequenceLength))];
    }

    /// <summary>L2: reverses what stands between others of a lower level, from the highest level down to the lowest odd one.</summary>
    public static void Reorder<T>(List<T> runs, Func<T, byte> level)
    {
        for (var high = runs.Select(level).DefaultIfEmpty().Max(); high > 0; high--)
        {
            for (var start = 0; start < runs.Count; start++)
            {
                var end = start;
                while (end < runs.Count && level(runs[end]) >= high)
                {
                    end++;
                }

                if (end > start)
                {
                    runs.Reverse(start, end - start);
                    start = end;
                }
            }
        }
    }

    // W1 to W7.
    private static void Weak(Class[] classes, Class embedding)
    {
        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = classes[i] == Class.NSM ? i == 0 ? embedding : classes[i - 1] : classes[i];
        }

        for (var (i, strong) = (0, embedding); i < classes.Length; i++)
        {
            strong = classes[i] is Class.L or Class.R or Class.AL ? classes[i] : strong;
            classes[i] = classes[i] == Class.EN && strong == Class.AL ? Class.AN : classes[i];
        }

        for (var i = 0; i < classes.Length; i++)
        {
            classes[i] = classes[i] == Class.AL ? Class.R : classes[i];
        }

        for (var i = 1; i < classes.Length - 1; i++)
        {
            classes[i] = (classes[i - 1], classes[i], classes[i + 1]) switch
            {
                (Class.EN, Class.ES or Class.CS, Class.EN) => Class.EN,
                (Class.AN, Class.CS, Class.AN) => Class.AN,
                _ => classes[i],
            };
        }

        for (var i = 0; i < classes.Length; i++)
        {
            var end = i;
            while (end < classes.Length && classes[end] == Class.ET)
            {
                end++;
            }

            if (end > i)
            {
                var number = (i > 0 && classes[i - 1] == Class.EN) || (end < classes.Length && classes[end] == Class.EN);
                Array.Fill(classes, number ? Class.EN : Class.ON, i, end - i);
                i = end - 1;
            }
            else if (classes[i] is Class.ES or Class.CS)
            {
                classes[i] = Class.ON;
            }
        }

        for (var (i, strong) = (0, embedding); i < classes.Length; i++)
        {
            strong = classes[i] is Class.L or Class.R ? classes[i] : strong;
            classes[i] = classes[i] == Class.EN && strong == Class.L ? Class.L : classes[i];
        }
    }

    // N0: a pair of brackets goes with what it holds.
    private static void Brackets(Rune[] runes, Class[] before, Class[] classes, Class embedding)
    {
        var open = new List<(int Kind, int At)>();
        var pairs = new List<(int From, int To)>();
        for (var i = 0; i < runes.Length && open.Count <= MostOpen; i++)
        {
            if (classes[i] != Class.ON || !runes[i].IsBmp)
            {
                continue;
            }

            if (Opening.IndexOf((char)runes[i].Value, StringComparison.Ordinal) is >= 0 and var opens)
            {
                open.Add((opens, i));
            }
            else if (Closing.IndexOf((char)runes[i].Value, StringComparison.Ordinal) is >= 0 and var closes
                && open.FindLastIndex(one => one.Kind == closes) is >= 0 and var match)
            {
                pairs.Add((open[match].At, i));
                open.RemoveRange(match, open.Count - match);
            }
        }

        if (open.Count > MostOpen)
        {
            return;
        }

        foreach (var (from, to) in pairs.Order())
        {
            var within = Enumerable.Range(from + 1, to - from - 1).Select(i => Strong(classes[i])).OfType<Class>().ToHashSet();
            if (within.Count == 0)
            {
                continue;
            }

            var opposite = Enumerable.Range(0, from).Reverse().Select(i => Strong(classes[i])).FirstOrDefault(one => one is not null) ?? embedding;
            classes[from] = classes[to] = within.Contains(embedding) ? embedding : opposite;
            foreach (var bracket in new[] { from, to })
            {
                for (var mark = bracket + 1; mark < classes.Length && before[mark] == Class.NSM; mark++)
                {
                    classes[mark] = classes[bracket];
                }
            }
        }
    }

    // N1, N2.
    private static void Neutral(Class[] classes, Class embedding)
    {
        for (var i = 0; i < classes.Length; i++)
        {
            var end = i;
            while (end < classes.Length && Strong(classes[end]) is null)
            {
                end++;
            }

            if (end > i)
            {
                var (left, right) = (i == 0 ? embedding : Strong(classes[i - 1]), end == classes.Length ? embedding : Strong(classes[end]));
                Array.Fill(classes, left == right ? left!.Value : embedding, i, end - i);
                i = end;
            }
        }
    }

    private static Class? Strong(Class one) => one switch { Class.L => Class.L, Class.R or Class.EN or Class.AN => Class.R, _ => null };

    private static Class Of(Rune rune) => (rune.Value, Rune.GetUnicodeCategory(rune)) switch
    {
        (0x200E, _) => Class.L,
        (0x200F, _) => Class.R,
        (0x061C, _) => Class.AL,
        (_, UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark) => Class.NSM,
        ('+' or '-' or 0x207A or 0x207B or 0x208A or 0x208B or 0x2212 or 0xFB29 or 0xFE62 or 0xFE63 or 0xFF0B or 0xFF0D, _) => Class.ES,
        (',' or '.' or '/' or ':' or 0xA0 or 0x60C or 0x202F or 0x2044 or 0xFE50 or 0xFE52 or 0xFE55 or 0xFF0C or 0xFF0E or 0xFF0F or 0xFF1A, _) => Class.CS,
        (0xFDFC, _) => Class.AL,
        ( >= 0x55A and <= 0x589 or >= 0x964 and <= 0x10FB, UnicodeCategory.OtherPunctuation) => Class.L,
        ('#' or '%' or 0xB0 or 0xB1 or 0x609 or 0x60A or 0x66A or >= 0x2030 and <= 0x2034 or 0x2213 or 0x212E or 0xFE5F or 0xFE6A or 0xFF03 or 0xFF05, _)
        or (_, UnicodeCategory.CurrencySymbol) => Class.ET,
        ( >= '0' and <= '9' or 0xB2 or 0xB3 or 0xB9 or >= 0x6F0
            and <= 0x6F9 or 0x2070 or >= 0x2074 and <= 0x2079 or >= 0x2080 and <= 0x2089 or >= 0x2488 and <= 0x249B or >= 0xFF10 and <= 0xFF19, _) => Class.EN,
        ( >= 0x600 and <= 0x605 or >= 0x660 and <= 0x669 or 0x66B or 0x66C or 0x6DD or 0x890 or 0x891 or 0x8E2, _) => Class.AN,
        (0x606 or 0x607 or 0x60E or 0x60F or 0x6DE or 0x6E9 or 0xFD3E or 0xFD3F or 0xFDFD or >= 0x7F6 and <= 0x7F9, _) => Class.ON,
        ( >= 0x600 and <= 0x7BF or >= 0x860 and <= 0x8FF or >= 0xFB50 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFE, _) => Class.AL,
        ( >= 0x590 and <= 0x8FF or >= 0xFB1D and <= 0xFB4F or >= 0x10800 and <= 0x10FFF, _) => Class.R,
        (_, UnicodeCategory.Format or UnicodeCategory.Control) => Class.BN,
        (_, UnicodeCategory.SpaceSeparator) => Class.WS,
        (_, <= UnicodeCategory.OtherLetter or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) => Class.L,
        _ => Class.ON,
    };
}
