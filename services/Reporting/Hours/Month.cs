using System.Globalization;
using System.Text.RegularExpressions;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Reporting.Hours;

/// <summary>A month of the calendar, in no zone: the one that the clock on the wall showed.</summary>
/// <param name="Number">Year and month as one number that sorts: 202605 is May 2026.</param>
public readonly partial record struct Month(int Number)
{
    public static Month Of(DateOnly day) => new((day.Year * 100) + day.Month);

    /// <summary>Reads <c>2026-05</c>; false for anything else.</summary>
    public static bool TryParse(string text, out Month month)
    {
        var written = Written().IsMatch(text);
        month = written ? new Month(int.Parse(text.Remove(4, 1), CultureInfo.InvariantCulture)) : default;
        return written;
    }

    /// <summary>As <c>2026-05</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number / 100:0000}-{Number % 100:00}");

    [GeneratedRegex(@"\A(?!0000)[0-9]{4}-(0[1-9]|1[0-2])\z")]
    private static partial Regex Written();
}

/// <summary>The minutes of an entry in one month.</summary>
/// <param name="Month">The month that the clock of the work showed; a shift over midnight at its end is cut there.</param>
/// <param name="Previous">
/// The entry's month before this one; null in its first. With it entries can be added up over any months without counting one twice.
/// </param>
/// <param name="Minutes">How many, each once: what shifts of the entry share belongs to the one that began first.</param>
/// <param name="Spans">Which: minutes of UTC counted from 1970-01-01T00:00Z, written as PostgreSQL writes a multirange.</param>
public sealed record MonthOfWork(Month Month, Month? Previous, int Minutes, string Spans)
{
    /// <summary>The shifts by month, earliest month first. The rule is <see cref="Tally"/>'s.</summary>
    public static IReadOnlyList<MonthOfWork> Of(IReadOnlyList<Shift> shifts)
    {
        var months = new List<MonthOfWork>();
        var share = Tally.Alone(new Work(default, default, shifts))!;
        foreach (var month in share.Stretches.Where(stretch => stretch.Counts)
            .SelectMany(stretch => stretch.ByMonth()).GroupBy(part => Month.Of(part.Month)).OrderBy(month => month.Key.Number))
        {
            months.Add(new MonthOfWork(
                month.Key, months.Count == 0 ? null : months[^1].Month,
                month.Sum(part => part.Part.Minutes), $"{{{string.Join(',', month.Select(part => $"[{part.Part.From},{part.Part.To})"))}}}"));
        }

        return months;
    }
}
