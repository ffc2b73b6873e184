using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Where the work of an entry lies, as far as its first start and its last end tell.</summary>
public enum Place
{
    /// <summary>Nothing of it in the period.</summary>
    Outside,

    /// <summary>All of it in the period, and in one year.</summary>
    Within,

    /// <summary>Near a border: its shifts decide.</summary>
    Near,
}

/// <summary>
/// An entry as the book searches it and adds it up: what the totals need to know of one that lies apart from others and from the borders of periods. Read from
/// the columns beside the <see cref="EntryView"/>s, see <see cref="BookLines"/>.
/// </summary>
public readonly record struct BookLine(
    Guid Id, EntryStatus Status, EvidenceGrade Grade, Guid OrganisationId, string TaskType,
    int Year, int Minutes, int Points, DateTimeOffset FirstStart, DateTimeOffset LastEnd)
{
    // By no clock on Earth a local time is farther from UTC than this.
    private const int MostHoursFromUtc = 14;

    /// <summary>Whether its hours count.</summary>
    public bool Counts => Status is not (EntryStatus.Withdrawn or EntryStatus.Rejected or EntryStatus.Revoked);

    public static BookLine Of(EntryView entry) => new(
        entry.Id, entry.Status, entry.Grade, entry.OrganisationId, entry.TaskType, entry.Year, entry.Minutes, entry.Points, entry.FirstStart, entry.LastEnd);

    /// <summary>Where it lies.</summary>
    public Place PlaceIn(Period period)
    {
        var (first, last) =
            (DateOnly.FromDateTime(FirstStart.UtcDateTime.AddHours(-MostHoursFromUtc)), DateOnly.FromDateTime(LastEnd.UtcDateTime.AddHours(MostHoursFromUtc)));
        return last < period.From || first > period.To ? Place.Outside
            : !(first < period.From) && !(last > period.To) && first.Year == last.Year ? Place.Within
            : Place.Near;
    }

    /// <summary>
    /// The entries whose shifts have to be looked at: those near a border, and those that may overlap another one. One that spans weeks meets those
    /// in between, though their shifts may not.
    /// </summary>
    public static IReadOnlyList<Guid> ToLookAt(IReadOnlyCollection<BookLine> lines, Period period)
    {
        var found = lines.Where(line => line.PlaceIn(period) == Place.Near).Select(line => line.Id).ToHashSet();
        (Guid Id, DateTimeOffset End) reaching = (default, DateTimeOffset.MinValue);
        foreach (var line in lines.Where(line => line.Counts && line.PlaceIn(period) != Place.Outside).OrderBy(line => line.FirstStart))
        {
            // Starts are counted by the minute in which they lie, so ends within a minute of a start meet it.
            if (line.FirstStart < reaching.End.AddMinutes(1))
            {
                found.Add(line.Id);
                found.Add(reaching.Id);
            }

            reaching = line.LastEnd > reaching.End ? (line.Id, line.LastEnd) : reaching;
        }

        return [.. found];
    }
}
