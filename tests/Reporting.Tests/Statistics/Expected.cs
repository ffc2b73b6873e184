using VolunteerBook.Contracts.Ledger;
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
            (from entry in Standing(words)
             where entry.End == FactStatus.Confirmed
                && (filter.Region ?? entry.Facts.Region) == entry.Facts.Region
                && (filter.TaskType ?? entry.Facts.TaskType) == entry.Facts.TaskType
                && (filter.OrganisationId ?? entry.Facts.OrganisationId) == entry.Facts.OrganisationId
             from shift in entry.Facts.Shifts
             let month = shift.Start.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)
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
        var waiting = Standing(own).Where(entry => entry.End == FactStatus.Submitted).Sum(entry => entry.Facts.Minutes());
        return new MyStatistics(confirmed.Minutes, waiting, confirmed.Entries, confirmed.ByMonth, confirmed.ByTaskType, confirmed.ByOrganisation, confirmed.ByRegion);
    }

    private static IEnumerable<(Guid Id, Guid Volunteer, EntryFacts Facts, FactStatus End)> Standing(IEnumerable<object> words) =>
        from word in words.Select(Read)
        group word by word.Entry into said
        let last = said.MaxBy(word => (word.Revision, word.End))
        where last.Facts is not null
        select (last.Entry, last.Volunteer, last.Facts!, last.End);

    private static (Guid Entry, int Revision, Guid Volunteer, EntryFacts? Facts, FactStatus End) Read(object word) => word switch
    {
        EntrySubmittedV1 e => (e.EntryId, e.Revision, e.VolunteerId, e.Facts, FactStatus.Submitted),
        EntryDeclinedV1 e => (e.EntryId, e.Revision, e.VolunteerId, null, FactStatus.Declined),
        EntryWithdrawnV1 e => (e.EntryId, e.Revision, e.VolunteerId, null, FactStatus.Withdrawn),
        EntryRevokedV1 e => (e.EntryId, e.Revision, e.VolunteerId, null, FactStatus.Revoked),
        EntryConfirmedV1 e => (e.EntryId, e.Revision, e.VolunteerId, e.Facts, FactStatus.Confirmed),
        _ => throw new ArgumentOutOfRangeException(nameof(word)),
    };
}
