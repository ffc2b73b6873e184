using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Statistics;

namespace VolunteerBook.Reporting.Tests.Statistics;

/// <summary>The figures as anyone would count them by hand from all that was said: slowly, and without the code under test.</summary>
internal static class Expected
{
    public static OpenStatistics Open(IEnumerable<object> words, StatisticsFilter filter, IReadOnlyDictionary<Guid, string> names, long registered)
    {
        var first = filter.From?.ToString() ?? "0000-00";
        var last = filter.To?.ToString() ?? "9999-99";
        var work =
            (from entry in Counting(words)
             where entry.End == FactStatus.Confirmed
                && (filter.Region ?? entry.Facts.Region) == entry.Facts.Region
                && (filter.TaskType ?? entry.Facts.TaskType) == entry.Facts.TaskType
                && (filter.OrganisationId ?? entry.Facts.OrganisationId) == entry.Facts.OrganisationId
             from shift in entry.Shifts
             let month = shift.Month
             where string.CompareOrdinal(month, first) >= 0 && string.CompareOrdinal(month, last) <= 0
             select (entry.Id, entry.Volunteer, entry.Facts, Month: month, shift.Minutes)).ToList();

        List<Line> Lines(Func<(Guid Id, Guid Volunteer, EntryFacts Facts, string Month, int Minutes), string> key) =>
            [.. work.GroupBy(key).Select(group => new Line(group.Key, group.Sum(shift => shift.Minutes), group.DistinctBy(shift => shift.Id).Count()))
                .OrderByDescending(line => line.Minutes).ThenBy(line => line.Key, StringComparer.Ordinal)];

        return new OpenStatistics(
            work.Sum(shift => shift.Minutes),
            work.DistinctBy(shift => shift.Id).Count(),
            work.DistinctBy(shift => shift.Volunteer).Count(),
            work.DistinctBy(shift => shift.Facts.OrganisationId).Count(),
            registered,
            Lines(shift => shift.Facts.Region),
            [.. Lines(shift => shift.Month).OrderBy(line => line.Key, StringComparer.Ordinal)],
            Lines(shift => shift.Facts.TaskType),
            [.. Lines(shift => shift.Facts.OrganisationId.ToString())
                .Select(line => new OrganisationLine(Guid.Parse(line.Key), names.GetValueOrDefault(Guid.Parse(line.Key)), line.Minutes, line.Entries))]);
    }

    public static MyStatistics Own(IEnumerable<object> words, Guid volunteer, IReadOnlyDictionary<Guid, string> names)
    {
        var own = words.Where(word => Read(word).Volunteer == volunteer).ToList();
        var confirmed = Open(own, new StatisticsFilter(null, null, null, null, null), names, 0);
        var waiting = Counting(own).Where(entry => entry.End == FactStatus.Submitted).SelectMany(entry => entry.Shifts).Sum(shift => shift.Minutes);
        return new MyStatistics(
            confirmed.Minutes, waiting, confirmed.Entries, confirmed.ByMonth, confirmed.ByTaskType, confirmed.ByOrganisation, confirmed.ByRegion);
    }

    /// <summary>How many minutes are in the union of a volunteer's confirmed shifts.</summary>
    public static long Union(IEnumerable<object> words, Guid volunteer) =>
        Standing(words).Where(entry => entry.Volunteer == volunteer && entry.End == FactStatus.Confirmed)
            .SelectMany(entry => entry.Facts.Shifts).SelectMany(Minutes).Distinct().LongCount();

    /// <summary>The minutes of a shift by the clock of the zone, one by one.</summary>
    public static IEnumerable<long> Minutes(Shift shift)
    {
        var at = shift.StartsAt().UtcDateTime;
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
        return Enumerable.Range(0, shift.Minutes).Select(minute => at.AddMinutes(minute).Ticks);
    }

    private static string MonthOf(long minute, string zone) =>
        TimeZoneInfo.ConvertTimeFromUtc(new DateTime(minute, DateTimeKind.Utc), TimeZoneInfo.FindSystemTimeZoneById(zone))
            .ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// What waits or is confirmed, by the month that its own clock showed, each with the minutes that count in it: those that nothing before it has taken.
    /// </summary>
    private static IEnumerable<(Guid Id, Guid Volunteer, EntryFacts Facts, FactStatus End, List<(string Month, int Minutes)> Shifts)> Counting(
        IEnumerable<object> words)
    {
        var taken = new HashSet<(Guid, long)>();
        return
        [
            .. from entry in Standing(words)
               where entry.End is FactStatus.Submitted or FactStatus.Confirmed
               orderby entry.End descending, entry.Grade descending, entry.Facts.Shifts.Min(shift => Minutes(shift).First()), entry.Id.ToString()
               select (entry.Id, entry.Volunteer, entry.Facts, entry.End,
                   entry.Facts.Shifts.OrderBy(shift => Minutes(shift).First())
                       .SelectMany(shift => Minutes(shift).Select(minute => (Minute: minute, Month: MonthOf(minute, shift.Zone))))
                       .DistinctBy(claimed => claimed.Minute).Select(claimed => (claimed.Month, taken.Add((entry.Volunteer, claimed.Minute)) ? 1 : 0))
                       .GroupBy(claimed => claimed.Month).Select(month => (month.Key, month.Sum(claimed => claimed.Item2))).ToList()),
        ];
    }

    private static IEnumerable<(Guid Id, Guid Volunteer, EntryFacts Facts, FactStatus End, EvidenceGrade Grade)> Standing(IEnumerable<object> words) =>
        from word in words.Select(Read)
        group word by word.Entry into said
        let last = said.MaxBy(word => (word.Revision, word.End))
        where last.Facts is not null
        select (last.Entry, last.Volunteer, last.Facts!, last.End, last.Grade);

    private static (Guid Entry, int Revision, Guid Volunteer, EntryFacts? Facts, FactStatus End, EvidenceGrade Grade) Read(object word) => word switch
    {
        EntrySubmittedV1 e => (e.EntryId, e.Revision, e.VolunteerId, e.Facts, FactStatus.Submitted, default),
        EntryDeclinedV1 e => (e.EntryId, e.Revision, e.VolunteerId, null, FactStatus.Declined, default),
        EntryWithdrawnV1 e => (e.EntryId, e.Revision, e.VolunteerId, null, FactStatus.Withdrawn, default),
        EntryRevokedV1 e => (e.EntryId, e.Revision, e.VolunteerId, null, FactStatus.Revoked, default),
        EntryConfirmedV1 e => (e.EntryId, e.Revision, e.VolunteerId, e.Facts, FactStatus.Confirmed, e.Grade ?? EvidenceGrade.Signed),
        _ => throw new ArgumentOutOfRangeException(nameof(word)),
    };
}
