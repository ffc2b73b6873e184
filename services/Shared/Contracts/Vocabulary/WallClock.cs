using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>
/// Reads the clock on the wall of a zone. One rule, whether the clock moved for summer time or by decree: of a time that it shows twice the earlier is meant
/// where nothing else is said, and a time over which it was put forward does not exist.
/// </summary>
public static class WallClock
{
    // The system finds them under one lock, which every shift of every request would take.
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Zones = new(StringComparer.Ordinal);

    /// <summary>When a clock shows a time.</summary>
    /// <param name="Earlier">
    /// The instant; the first where there are two. Of a time that does not exist: when it would have been, had the clock not moved.
    /// </param>
    /// <param name="Later">The second instant where there are two, else the same as <paramref name="Earlier"/>.</param>
    /// <param name="Exists">Whether the clock shows this time at all.</param>
    public readonly record struct Reading(DateTimeOffset Earlier, DateTimeOffset Later, bool Exists)
    {
        /// <summary>Whether the clock shows this time twice.</summary>
        public bool Twice => Earlier != Later;
    }

    /// <summary>When the clock of the zone shows this local time of the years 1 to 9998.</summary>
    public static Reading Read(DateTime local, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);

        // Not zone.IsAmbiguousTime and IsInvalidTime: they know neither of changes by decree nor of summer time that is called standard, as in
        // Ireland. No clock moves twice within two days.
        var plain = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        var near = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        var (before, after) = (zone.GetUtcOffset(near.AddDays(-1)), zone.GetUtcOffset(near.AddDays(1)));
        var (early, late) = (new DateTimeOffset(plain, before), new DateTimeOffset(plain, after));
        if (before == after)
        {
            return new Reading(early, early, true);
        }

        var (byEarly, byLate) = (zone.GetUtcOffset(early.UtcDateTime) == before, zone.GetUtcOffset(late.UtcDateTime) == after);
        return byLate ? new Reading(byEarly ? early : late, late, true) : new Reading(early, early, byEarly);
    }

    /// <summary>
    /// The zone of a shift that is kept. Its name may be older than the rule for names (<see cref="Shift.BrokenRules()"/>): spelt otherwise than here, such as
    /// <c>europe/moscow</c>, it means the same.
    /// </summary>
    /// <exception cref="TimeZoneNotFoundException">There is no such zone.</exception>
    public static TimeZoneInfo ZoneOf(string name) =>
        TryZone(name, out var zone) ? zone
        : TimeZoneInfo.GetSystemTimeZones().FirstOrDefault(other => string.Equals(other.Id, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new TimeZoneNotFoundException($"{name} is not a time zone.");

    /// <summary>The zone of a name, as the system knows it.</summary>
    internal static bool TryZone(string name, [NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        if (Zones.TryGetValue(name, out zone))
        {
            return true;
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
        {
            return false;
        }

        // Not under every spelling that somebody tries.
        if (zone.Id == name)
        {
            Zones[name] = zone;
        }

        return true;
    }

    /// <summary>
    /// When a day begins, in minutes from 1970-01-01T00:00Z: when the clock first shows it. Days before 1900 have always begun, those after 2300 never do.
    /// </summary>
    public static long StartOf(DateOnly day, TimeZoneInfo zone) => day.Year switch
    {
        < 1900 => long.MinValue,
        > 2300 => long.MaxValue,
        _ => MinuteOf(Read(day.ToDateTime(TimeOnly.MinValue), zone).Earlier),
    };

    /// <summary>The day to which a minute belongs: the latest that has begun.</summary>
    /// <param name="minute">Minutes from 1970-01-01T00:00Z.</param>
    public static DateOnly DayOf(long minute, TimeZoneInfo zone)
    {
        var shown = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddMinutes(minute), zone).DateTime);
        // Where a clock is put back over midnight, it shows the day before once more.
        return StartOf(shown.AddDays(1), zone) <= minute ? shown.AddDays(1) : shown;
    }

    /// <summary>The minute in which an instant lies, from 1970-01-01T00:00Z.</summary>
    public static long MinuteOf(DateTimeOffset instant) => (long)Math.Floor((instant.UtcTicks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerMinute);
}
