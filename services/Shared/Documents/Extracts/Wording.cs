using System.Globalization;
using System.Resources;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Documents.Extracts;

/// <summary>What documents say, in Russian or in English; see Resources/DocumentTexts.resx and DocumentTexts.en.resx.</summary>
internal sealed class Wording
{
    private static readonly ResourceManager Texts = new("VolunteerBook.Documents.Resources.DocumentTexts", typeof(Wording).Assembly);

    private readonly CultureInfo _culture;

    /// <exception cref="ArgumentException">Another language than <c>ru</c> and <c>en</c>.</exception>
    public Wording(string language) => _culture = language switch
    {
        "ru" => CultureInfo.GetCultureInfo("ru-RU"),
        "en" => CultureInfo.GetCultureInfo("en-GB"),
        _ => throw new ArgumentException($"Documents are in ru or en, not in {language}.", nameof(language)),
    };

    public string this[string name] => Texts.GetString(name, _culture) ?? throw new MissingManifestResourceException(name);

    public string this[string name, params object[] values] => string.Format(_culture, this[name], values);

    /// <summary>BCP 47.</summary>
    public string Language => _culture.Name;

    public string Number(IFormattable number) => number.ToString("#,0.###", _culture);

    public string Day(DateOnly day) => day.ToString(this["date"], _culture);

    public string ShortDay(DateOnly day) => day.ToString(this["date.short"], _culture);

    /// <summary>Day, time and zone: «22 ноября 2026 г., 14:05 (Europe/Moscow, UTC+03:00)».</summary>
    public string Moment(DateTimeOffset moment, string zone)
    {
        var there = TimeZoneInfo.ConvertTime(moment, WallClock.ZoneOf(zone));
        return this["moment", Day(DateOnly.FromDateTime(there.DateTime)), there.ToString("HH:mm", CultureInfo.InvariantCulture), zone, Distance(there.Offset)];
    }

    /// <summary>Hours and minutes, held together by no-break spaces.</summary>
    public string Duration(long minutes) => (minutes < 60 ? this["minutes", minutes]
        : minutes % 60 == 0 ? this["hours", Number(minutes / 60)]
        : this["hours-minutes", Number(minutes / 60), minutes % 60]).Replace(' ', '\u00a0');

    /// <summary>Day and hours of a shift by its own clock; an end on another day bears its day.</summary>
    public string Shift(Shift shift)
    {
        ArgumentNullException.ThrowIfNull(shift);
        // By the clock of the place: a shift over a change of the clocks ends an hour earlier or later than the sum would have it.
        var end = shift.EndsAt().DateTime;
        var sameDay = end.Date == shift.Start.Date || end == shift.Start.Date.AddDays(1);
        return $"{ShortDay(DateOnly.FromDateTime(shift.Start))}, {shift.Start:HH\\:mm}–{(sameDay ? "" : ShortDay(DateOnly.FromDateTime(end)) + ", ")}"
            + $"{end:HH\\:mm}{(shift.Later ? $" ({Distance(shift.StartsAt().Offset)})" : "")}";
    }

    private static string Distance(TimeSpan offset) => "UTC" + (offset < TimeSpan.Zero ? "−" : "+") + offset.ToString("hh\\:mm", CultureInfo.InvariantCulture);
}
