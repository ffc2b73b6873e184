using System.Buffers;
using System.Globalization;
using System.Text;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>
/// Whether documents can say a text. They can in Latin with all its marks, Cyrillic, Greek, Georgian, Armenian, Arabic, Hebrew, Devanagari, Thai, and the
/// Chinese of GB 2312. Where they cannot, no document is issued: a box or a question mark under a signature is worse than none. Known by a list of the
/// characters of the documents' fonts, so that whoever takes such a text in can refuse it without them.
/// </summary>
public static class Writing
{
    /// <summary>What Russian and English are written with: of it nothing is missing or reaches out.</summary>
    public const string Plain =
        " !\"#%&'()*+,-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz«»–—№" +
        "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя";

    private static readonly SearchValues<char> Plainly = SearchValues.Create(Plain);

    // No name in any of our scripts has more on one letter; a pile of them would cover what stands in the lines above and below.
    private const int MostMarks = 4;

    // Of what is one letter to a reader, which is not broken between lines. It fits in the narrowest column; a chain of signs that
    // goes on would cover what stands in the next.
    private const int MostOfALetter = 7;

    /// <summary>What of a text cannot be written; null where all of it can, or there is none.</summary>
    public static Unwritten? Missing(string field, string? text) =>
        text is not null && Missing(text) is [_, ..] characters ? new(field, text, characters) : null;

    /// <summary>Whether a text needs no closer look.</summary>
    public static bool IsPlain(string text) => !text.AsSpan().ContainsAnyExcept(Plainly);

    /// <summary>The characters of a text that cannot be written, each once.</summary>
    public static IReadOnlyList<Rune> Missing(string text)
    {
        if (IsPlain(text))
        {
            return [];
        }

        var shown = Shown(text);
        return [.. Letters(shown).SelectMany(InNoFace).Concat(NeverWritten(shown)).Distinct()];
    }

    /// <summary>
    /// The text as it is shown: composed (NFC), on one line, and without what shows nothing itself but orders what is around it. The joiners and non-joiners
    /// between letters stay, and so do the marks that only say which way a text runs.
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

    /// <summary>
    /// The characters of a shown text that are not written whatever the fonts have: what is no text, too many marks on one
    /// letter, too long a chain that is one letter.
    /// </summary>
    public static IEnumerable<Rune> NeverWritten(string shown) => shown.EnumerateRunes()
        .Where(rune => !IsText(rune)).Concat(Piled(shown)).Concat(Letters(shown).Where(IsEndless).SelectMany(letter => letter.EnumerateRunes()));

    /// <summary>Whether a character only says how those around it are shown: no font must have it.</summary>
    public static bool IsIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format
        || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF) or 0x034F or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180D);

    /// <summary>Whether a character is one at all: assigned to the same for everybody, and not the sign of one that was lost.</summary>
    public static bool IsText(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);

    // What belongs together comes from one font: a mark is placed by the font of its letter.
    private static IEnumerable<Rune> InNoFace(string letter)
    {
        var runes = letter.EnumerateRunes().Where(rune => !IsIgnorable(rune)).ToList();
        if (runes.Count == 0 || WritingFace.All.Any(face => runes.TrueForAll(face.Has)))
        {
            return [];
        }

        var nearest = WritingFace.All.FirstOrDefault(face => face.Has(runes[0])) ?? WritingFace.All[0];
        return runes.Where(rune => !nearest.Has(rune));
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

    private static bool IsEndless(string letter) => letter.EnumerateRunes().Count(rune => !IsIgnorable(rune)) > MostOfALetter;

    private static IEnumerable<string> Letters(string shown)
    {
        for (var letters = StringInfo.GetTextElementEnumerator(shown); letters.MoveNext();)
        {
            yield return letters.GetTextElement();
        }
    }
}
