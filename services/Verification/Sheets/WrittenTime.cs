using System.Globalization;
using System.Text.RegularExpressions;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>A unit of a length of time that is written as a bare number.</summary>
public enum TimeUnit
{
    Minutes,
    Hours,
}

/// <summary>Reads what people write for a day, a time of day or a length of time. What could be meant in two ways (09/05/2026) is not read.</summary>
// Digits are those of ASCII: \d is any script's, and no number is read from those.
public static partial class WrittenTime
{
    private static readonly string[] DayForms = ["yyyy-MM-dd", "d.M.yyyy", "d.M.yy"];

    private static readonly string[] Months = ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];

    /// <summary>A day: <c>2026-05-09</c>, <c>09.05.2026</c>, <c>9.5.26</c>, <c>9 мая 2026 г.</c>, of the years that are taken anywhere.</summary>
    public static DateOnly? Day(string text) => ReadDay(text) is { } day && day >= Written.FirstDay && day <= Written.LastDay ? day : null;

    private static DateOnly? ReadDay(string text)
    {
        if (DateTime.TryParseExact(text, DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            // Two digits mean this century, whatever the runtime's window is.
            return DateOnly.FromDateTime(day.Year < 2000 && !text.Contains(day.Year.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                ? day.AddYears(100)
                : day);
        }

        return DayInWords().Match(text) is { Success: true } words
            && DateOnly.TryParseExact(
                $"{words.Groups[1].Value}.{Array.IndexOf(Months, words.Groups[2].Value.ToLowerInvariant()) + 1}.{words.Groups[3].Value}", "d.M.yyyy",
                CultureInfo.InvariantCulture, DateTimeStyles.None, out var said)
            ? said : null;
    }

    /// <summary>A time of day, up to 24:00: <c>10:00</c>, <c>9.30</c>, <c>10-00</c>, <c>10</c>.</summary>
    public static TimeSpan? Time(string text) =>
        TimeOfDay().Match(text) is { Success: true } time ? Time(time.Groups[1], time.Groups[2], time.Groups[3]) : null;

    /// <summary>A day with a time of day, without an offset: <c>2026-05-09T10:00</c>, <c>09.05.2026 10:00</c>.</summary>
    public static DateTime? Moment(string text) =>
        DayAndTime().Match(text) is { Success: true } both && Day(both.Groups[1].Value) is { } day && Time(both.Groups[2].Value) is { } time
            ? day.ToDateTime(TimeOnly.MinValue) + time : null;

    /// <summary>From when to when: <c>10:00–14:00</c>, <c>с 10 до 14:30</c>.</summary>
    public static (TimeSpan From, TimeSpan To)? Period(string text) =>
        FromTo().Match(text) is { Success: true } both
        && Time(both.Groups[1], both.Groups[2], null) is { } from
        && Time(both.Groups[3], both.Groups[4], null) is { } to
            ? (from, to) : null;

    /// <summary>
    /// A length of time in whole minutes: <c>4:30</c>, <c>4 ч 30 мин</c>, <c>30 мин</c>, and in the unit given <c>4,5</c>; hours are rounded to the minute.
    /// </summary>
    public static int? Length(string text, TimeUnit? bare)
    {
        if (HoursAndMinutes().Match(text) is { Success: true } clock)
        {
            return (Number(clock.Groups[1].Value) * 60) + Number(clock.Groups[2].Value) is { } all ? Whole(all) : null;
        }

        if (WithUnits().Match(text) is { Success: true } said && (said.Groups[1].Success || said.Groups[2].Success))
        {
            return (said.Groups[1].Success ? Number(said.Groups[1].Value) * 60 : 0) + (said.Groups[2].Success ? Number(said.Groups[2].Value) : 0) is { } all
                ? Whole(all)
                : null;
        }

        return bare is { } unit && Bare().IsMatch(text) && Number(text) is { } number ? Whole(unit == TimeUnit.Hours ? number * 60 : number) : null;
    }

    private static int? Whole(decimal minutes) => minutes <= 100_000 ? (int)Math.Round(minutes, MidpointRounding.AwayFromZero) : null;

    private static decimal? Number(string text) =>
        decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static TimeSpan? Time(Group hours, Group minutes, Group? seconds)
    {
        var time = new TimeSpan(Part(hours), Part(minutes), Part(seconds));
        return Part(minutes) < 60 && Part(seconds) < 60 && time <= TimeSpan.FromDays(1) ? time : null;

        static int Part(Group? group) => group?.Success == true ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    [GeneratedRegex(
        @"^([0-9]{1,2})\s+(янв|фев|мар|апр|ма(?=[йя])|июн|июл|авг|сен|окт|ноя|дек)\p{L}*\.?\s+([0-9]{4})(?:\s*г\.?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DayInWords();

    [GeneratedRegex(@"^([0-9]{1,2})(?:[:.-]([0-9]{2})(?::([0-9]{2}))?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"^(.+?)(?:T|,?\s+(?:в\s+)?)([0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?)$", RegexOptions.CultureInvariant)]
    private static partial Regex DayAndTime();

    [GeneratedRegex(
        @"^(?:с\s+)?([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(?:[-–—]|до|по)\s*([0-9]{1,2})(?:[:.]([0-9]{2}))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FromTo();

    [GeneratedRegex(@"^([0-9]{1,3}):([0-5][0-9])(?::[0-5][0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex HoursAndMinutes();

    [GeneratedRegex(
        @"^(?:([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(?:ч|час|часа|часов|h|hr|hrs|hour|hours)\.?)?\s*(?:([0-9]{1,6})\s*(?:м|мин|минут|минута|минуты|m|min|minute|"
            + @"minutes)\.?)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WithUnits();

    [GeneratedRegex(@"^[0-9]{1,9}(?:[.,][0-9]{1,9})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
