using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VolunteerBook.ServiceDefaults;

/// <summary>What a text is that others hand in, whatever it comes in: JSON, an address, a header, a form.</summary>
public static partial class Written
{
    /// <summary>
    /// The first and the last day that are taken anywhere. PostgreSQL and .NET reach further, but not every sum of a day, a zone's offset and a period does.
    /// </summary>
    public static readonly DateOnly FirstDay = new(1900, 1, 1), LastDay = new(2199, 12, 31);

    /// <summary>What <see cref="IsText"/> asks of a text, as a sentence.</summary>
    public const string TextRule = "The text must not contain control characters, noncharacters or lone surrogates.";

    /// <summary>What <see cref="TurnsDirection"/> forbids, as a sentence.</summary>
    public const string DirectionRule = "The text must not contain codes that turn the direction of writing (U+202A to U+202E, U+2066 to U+2069).";

    /// <summary>How a day is written, as a sentence.</summary>
    public const string DayRule = "A day must be written as 2026-05-09 and lie between 1900 and 2199.";

    /// <summary>How a moment is written, as a sentence.</summary>
    public const string InstantRule =
        "A moment must be written with its offset, as 2026-05-09T10:00:00Z or 2026-05-09T10:00:00+03:00, and lie between 1900 and 2199.";

    /// <summary>How a local time is written, as a sentence.</summary>
    public const string LocalRule = "A local time must be written without an offset, as 2026-05-09T10:00:00, and lie between 1900 and 2199.";

    /// <summary>What an id is, as a sentence.</summary>
    public const string IdRule = "An id must be a UUID other than the all-zero one.";

    // Only where one of these is found is it worth looking at each.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(number => (char)number).Where(c => IsControl(c) || char.IsSurrogate(c) || IsNoncharacter(c))]);

    private static readonly SearchValues<char> Directions = SearchValues.Create("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069");

    /// <summary>
    /// Whether a text holds nothing but characters: no control characters save tab and line ends, no noncharacters (U+FFFE, U+FDD0 …), no halves of surrogate
    /// pairs. PostgreSQL, Unicode's normal forms and XML each refuse some of these, and nothing that people write needs them.
    /// </summary>
    public static bool IsText(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOfAny(Suspects); at >= 0; at = text.IndexOfAny(Suspects))
        {
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])
                || (char.ConvertToUtf32(text[at], text[at + 1]) & 0xFFFE) == 0xFFFE)
            {
                return false;
            }

            text = text[(at + 2)..];
        }

        return true;
    }

    /// <summary>
    /// Whether a text has explicit codes of UAX #9: with them a line shows its letters and numbers in another order than the one that is signed. A free text
    /// may have them: telephones put them around the numbers that they copy.
    /// </summary>
    public static bool TurnsDirection(string text) => text.AsSpan().ContainsAny(Directions);

    /// <summary>
    /// How many characters of a text are seen, counted up to so many: neither blanks nor what has no picture of its own (joiners, marks of direction, soft
    /// hyphens, variation selectors); a mark is part of its letter.
    /// </summary>
    public static int SeenOf(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        var seen = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (seen == most)
            {
                break;
            }

            seen += IsSeen(rune) ? 1 : 0;
        }

        return seen;
    }

    /// <summary>What is kept of a text that may be left out: it without blanks at its ends; null where nothing of it is seen.</summary>
    public static string? Kept(string? text) => text is not null && SeenOf(text, 1) > 0 ? text.Trim() : null;

    /// <summary>A day by ISO 8601, <c>2026-05-09</c>, and in no other form.</summary>
    public static bool TryDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day >= FirstDay && day <= LastDay;

    /// <summary>
    /// A moment by ISO 8601 with its offset, <c>2026-05-09T10:00:00+03:00</c>, and in no other form; cut to microseconds (see <see cref="WholeMicroseconds"/>).
    /// </summary>
    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        if (!Instant().IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out instant)
            || !IsWithin(instant.DateTime))
        {
            instant = default;
            return false;
        }

        instant = instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond));
        return true;
    }

    /// <summary>A local time by ISO 8601, <c>2026-05-09T10:00:00</c>, without an offset, and in no other form; cut to microseconds.</summary>
    public static bool TryLocal(string text, out DateTime local)
    {
        if (!Local().IsMatch(text) || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out local) || !IsWithin(local))
        {
            local = default;
            return false;
        }

        local = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMicrosecond));
        return true;
    }

    /// <summary>
    /// An address of this site as it may stand in a header, its other letters than those of ASCII percent-encoded (RFC 3987, section 3.1); null where it is
    /// none: nobody is sent to somebody else's site.
    /// </summary>
    public static string? LocalAddress(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && IsText(address) && !address.Any(char.IsControl)
            ? OutsideAscii().Replace(address, static letters => Uri.EscapeDataString(letters.Value))
            : null;

    private static bool IsWithin(DateTime local) => DateOnly.FromDateTime(local) is var day && day >= FirstDay && day <= LastDay;

    private static bool IsControl(char c) => char.IsControl(c) && c is not ('\n' or '\r' or '\t');

    // The last are letters and signs by their category (fillers of Hangul, the blank of Braille, the null of music), and what Unicode keeps for the unseen.
    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        && rune.Value is not (0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0 or 0x1D159
            or 0x2065 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF));

    private static bool IsNoncharacter(char c) => c is (>= '\uFDD0' and <= '\uFDEF') or '\uFFFE' or '\uFFFF';

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Instant();

    [GeneratedRegex("[^!-~]+", RegexOptions.CultureInvariant)]
    private static partial Regex OutsideAscii();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Local();
}
