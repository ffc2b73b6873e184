using System.Globalization;
using System.Text.RegularExpressions;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Reporting.Hours;

/// <summary>A month of the calendar, in no zone: the one that the clock on the wall showed.</summary>
/// <param name="Number">Year and month as one number that sorts: 202605 is May 2026.</param>
public readonly partial record struct Month(int Number)
{
    public static Month Of(DateTime local) => new((local.Year * 100) + local.Month);

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
/// <param name="Month">The month in which the shifts began by their own clocks, in whole: a shift over midnight is not split.</param>
/// <param name="Previous">The entry's month before this one; null in its first. With it entries can be added up over any months without counting one twice.</param>
/// <param name="Minutes">How many, each once: what shifts of the entry share belongs to the one that began first.</param>
/// <param name="Spans">Which: minutes of UTC counted from 1970-01-01T00:00Z, written as PostgreSQL writes a multirange.</param>
public sealed record MonthOfWork(Month Month, Month? Previous, int Minutes, string Spans)
{
    /// <summary>The shifts by month, earliest month first.</summary>
    public static IReadOnlyList<MonthOfWork> Of(IEnumerable<Shift> shifts)
    {
        var months = new List<MonthOfWork>();
        foreach (var month in Once(shifts).GroupBy(span => span.Month).OrderBy(month => month.Key.Number))
        {
            months.Add(new MonthOfWork(
                month.Key, months.Count == 0 ? null : months[^1].Month,
                (int)month.Sum(span => span.To - span.From), $"{{{string.Join(',', month.Select(span => $"[{span.From},{span.To})"))}}}"));
        }

        return months;
    }

    private static IEnumerable<(Month Month, long From, long To)> Once(IEnumerable<Shift> shifts)
    {
        var reached = long.MinValue;
        foreach (var (month, (from, to)) in shifts.Select(shift => (Month.Of(shift.Start), shift.UtcMinutes())).OrderBy(shift => shift.Item2.From))
        {
            yield return (month, Math.Clamp(reached, from, to), to);
            reached = Math.Max(reached, to);
        }
    }
}
