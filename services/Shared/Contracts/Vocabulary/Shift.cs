using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A piece of work in time: when it began by the clock on the wall, in which zone, and how long it took.</summary>
/// <param name="Start">Local date and time without an offset, e.g. <c>2026-05-09T10:00:00</c>.</param>
/// <param name="Zone">IANA time zone, e.g. <c>Europe/Moscow</c>.</param>
/// <param name="Minutes">Length in whole minutes, 1 to 1440.</param>
/// <param name="Later">Of a start that the clock shows twice, because it was put back: whether the later one is meant. Left out, the earlier is.</param>
public sealed partial record Shift(
    DateTime Start, string Zone, int Minutes, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Later = false)
{
    /// <summary>The longest shift: a day.</summary>
    public const int MostMinutes = 24 * 60;

    private static readonly TimeSpan ForgivenClock = TimeSpan.FromMinutes(1);

    /// <summary>The start as an instant. Only for a shift that breaks no rule.</summary>
    public DateTimeOffset StartsAt() => WallClock.Read(Start, WallClock.ZoneOf(Zone)) is var shown && Later ? shown.Later : shown.Earlier;

    /// <summary>The end as an instant, by the clock of the zone. Only for a shift that breaks no rule.</summary>
    public DateTimeOffset EndsAt() => TimeZoneInfo.ConvertTime(StartsAt().AddMinutes(Minutes), WallClock.ZoneOf(Zone));

    /// <summary>
    /// The minutes of the shift, counted from 1970-01-01T00:00Z: from the one in which it began on, the end not included. Two shifts overlap in the minutes
    /// that both have, whatever their zones. Only for a shift that breaks no rule.
    /// </summary>
    public (long From, long To) UtcMinutes() => WallClock.MinuteOf(StartsAt()) is var from ? (from, from + Minutes) : default;

    /// <summary>
    /// Whether the work is over: none is recorded or confirmed before. A clock that is a minute ahead of ours is
    /// forgiven. Only for a shift that breaks no rule.
    /// </summary>
    public bool IsOver(DateTimeOffset now) => EndsAt() <= now + ForgivenClock;

    /// <summary>The rules that this shift breaks as work that was done: those of any shift, and that it is over (<see cref="IsOver"/>).</summary>
    public IEnumerable<(string Member, string Code, string Rule)> BrokenRules(DateTimeOffset now)
    {
        var broken = BrokenRules().ToList();
        return broken.Count > 0 || IsOver(now) ? broken
            : StartsAt() > now + ForgivenClock ? [("start", "start-in-the-future", "Work can be recorded only once it is over; this shift has not begun.")]
            : [("minutes", "end-in-the-future", "Work can be recorded only once it is over.")];
    }

    /// <summary>The rules that this shift breaks: which member, the rule's stable code, the rule.</summary>
    public IEnumerable<(string Member, string Code, string Rule)> BrokenRules()
    {
        if (Minutes is < 1 or > MostMinutes)
        {
            yield return ("minutes", "minutes-out-of-range", "A shift must last from 1 to 1440 minutes.");
        }

        // A name that is spelt otherwise is found once the right one was, and not when the process starts again.
        if (!WallClock.TryZone(Zone, out var zone) || !zone.HasIanaId || zone.Id != Zone || !NameOfZone().IsMatch(Zone))
        {
            yield return ("zone", "unknown-zone", "The zone must be an IANA time zone such as Europe/Moscow.");
        }
        else if (Start.Kind != DateTimeKind.Unspecified)
        {
            yield return ("start", "start-not-local", "The start must be a local time without an offset; the zone says where.");
        }
        else if (Start.Year is < 1950 or > 2199)
        {
            yield return ("start", "start-out-of-range", "The start must lie between 1950 and 2199.");
        }
        else if (WallClock.Read(Start, zone) is var shown && !shown.Exists)
        {
            yield return ("start", "start-does-not-exist", "This start does not exist: the clock skips this hour in this zone.");
        }
        else if (Later && !shown.Twice)
        {
            yield return ("later", "start-not-twice", "The clock shows this time only once in this zone, so there is no later one.");
        }
    }

    // Every part of a zone's name begins with a capital letter; localtime, posix/… and right/… are files of the system. Factory is what IANA's database calls
    // the zone of a clock that nobody has set.
    [GeneratedRegex(@"^(?!Factory\z)[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameOfZone();
}
