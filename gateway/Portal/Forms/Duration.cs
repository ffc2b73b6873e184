using System.Globalization;
using System.Text.RegularExpressions;

namespace VolunteerBook.Portal.Forms;

/// <summary>How long something lasted, as people write it.</summary>
public static partial class Duration
{
    /// <summary>
    /// Whole minutes of «4», «4,5», «4:30», «4 ч 30 мин», «4.5 h» or «45 мин»; null of anything else, and of part of a minute. A number by itself is hours.
    /// </summary>
    public static int? Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Form().Match(text.Trim()) is not { Success: true } match) return null;

        decimal hours = 0;
        if (match.Groups["hours"] is { Success: true } written)
        {
            if (!decimal.TryParse(written.Value.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out hours)) return null;
        }

        var minutes = (hours * 60) + (match.Groups["minutes"] is { Success: true } more ? int.Parse(more.Value, CultureInfo.InvariantCulture) : 0);
        return minutes == decimal.Truncate(minutes) ? (int)minutes : null;
    }

    /// <summary>As <see cref="Read"/> reads it: «4» or «4:30».</summary>
    public static string Written(int minutes) =>
        (minutes / 60).ToString(CultureInfo.InvariantCulture)
        + (minutes % 60 == 0 ? "" : ":" + (minutes % 60).ToString("00", CultureInfo.InvariantCulture));

    [GeneratedRegex(
        """
        ^(?:
            (?<hours>[0-9]{1,2}):(?<minutes>[0-5][0-9])
            | (?<hours>[0-9]{1,2}([.,][0-9]{1,2})?) \s* (?:ч|час|часа|часов|h|hrs?|hours?)?\.?
            | (?:(?<hours>[0-9]{1,2}) \s* (?:ч|час|часа|часов|h|hrs?|hours?)\.? \s*)? (?<minutes>[0-9]{1,3}) \s* (?:м|мин|минут[аы]?|m|min|minutes?)\.?
        )$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
