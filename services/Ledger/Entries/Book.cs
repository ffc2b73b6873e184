using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>The book as its owner reads it.</summary>
/// <param name="Items">A page of entries, the latest work first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Totals">Of the whole book, whatever the filters.</param>
/// <param name="Overlaps">What of the entries of this page counts elsewhere, or counts in them for others.</param>
public sealed record Book(IReadOnlyList<EntryView> Items, string? Next, BookTotals Totals, IReadOnlyList<Overlap> Overlaps);

/// <summary>Minutes by how well they are evidenced (N8).</summary>
public sealed record GradedMinutes(long SelfDeclared, long CheckedIn, long Matched, long Confirmed, long Signed)
{
    public static GradedMinutes None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>All of them.</summary>
    public long Sum() => SelfDeclared + CheckedIn + Matched + Confirmed + Signed;

    public GradedMinutes And(EvidenceGrade grade, long minutes) => grade switch
    {
        EvidenceGrade.SelfDeclared => this with { SelfDeclared = SelfDeclared + minutes },
        EvidenceGrade.CheckedIn => this with { CheckedIn = CheckedIn + minutes },
        EvidenceGrade.Matched => this with { Matched = Matched + minutes },
        EvidenceGrade.Confirmed => this with { Confirmed = Confirmed + minutes },
        _ => this with { Signed = Signed + minutes },
    };
}

/// <summary>One line of a total.</summary>
/// <param name="Key">What it is the total of: a status, an organisation's id, a task type, a year.</param>
/// <param name="Minutes">Minutes, each counted once. Of a status that does not count (withdrawn, rejected, revoked): as the entries say.</param>
/// <param name="Entries">How many entries.</param>
/// <param name="Grades">The minutes by how well they are evidenced; they come to <paramref name="Minutes"/>.</param>
public sealed record Total(string Key, long Minutes, long Entries, GradedMinutes Grades);

/// <summary>
/// Totals of a book. Minutes that several entries claim count once (N7); withdrawn, rejected and revoked entries count in <paramref name="ByStatus"/> only.
/// </summary>
/// <param name="Minutes">Minutes of work, each counted once.</param>
/// <param name="Entries">How many entries count.</param>
/// <param name="OverlapMinutes">What the entries claim beyond that: minutes that count in another one.</param>
/// <param name="Points">Points that organisations gave for these minutes.</param>
/// <param name="Grades">The minutes by how well they are evidenced.</param>
/// <param name="ByStatus">By the entry's status, every status that occurs.</param>
/// <param name="ByOrganisation">By organisation, most work first.</param>
/// <param name="ByTaskType">By task type, most work first.</param>
/// <param name="ByYear">
/// By the year of the work, by its own clock, most work first; an entry over the turn of a year has minutes in both, and stands in both lines.
/// </param>
public sealed record BookTotals(
    long Minutes,
    long Entries,
    long OverlapMinutes,
    long Points,
    GradedMinutes Grades,
    IReadOnlyList<Total> ByStatus,
    IReadOnlyList<Total> ByOrganisation,
    IReadOnlyList<Total> ByTaskType,
    IReadOnlyList<Total> ByYear)
{
    /// <summary>Adds up.</summary>
    public static BookTotals Of(IReadOnlyCollection<Counted> entries)
    {
        var counting = entries.Where(entry => entry.Line.Counts).ToList();
        return new(
            counting.Sum(entry => (long)entry.Minutes),
            counting.Count,
            counting.Sum(entry => (long)entry.Claimed - entry.Minutes),
            counting.Sum(entry => (long)entry.Points),
            Graded(counting.Select(entry => (entry.Line.Grade, (long)entry.Minutes))),
            By(entries, entry => [(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(entry.Line.Status.ToString()), entry.Minutes)]),
            By(counting, entry => [(entry.Line.OrganisationId.ToString(), entry.Minutes)]),
            By(counting, entry => [(entry.Line.TaskType, entry.Minutes)]),
            By(counting, entry => entry.ByYear.Select(year => (year.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), year.Minutes))));
    }

    private static IReadOnlyList<Total> By(IEnumerable<Counted> entries, Func<Counted, IEnumerable<(string Key, int Minutes)>> parts) =>
    [
        .. entries.SelectMany(entry => parts(entry).Select(part => (part.Key, entry.Line.Grade, Minutes: (long)part.Minutes))).GroupBy(part => part.Key)
            .Select(group => new Total(group.Key, group.Sum(part => part.Minutes), group.Count(), Graded(group.Select(part => (part.Grade, part.Minutes)))))
            .OrderByDescending(total => total.Minutes).ThenBy(total => total.Key, StringComparer.Ordinal),
    ];

    private static GradedMinutes Graded(IEnumerable<(EvidenceGrade Grade, long Minutes)> parts) =>
        parts.Aggregate(GradedMinutes.None, (sum, part) => sum.And(part.Grade, part.Minutes));
}

/// <summary>What of an entry counts in a period.</summary>
/// <param name="Line">The entry.</param>
/// <param name="Claimed">Minutes that it says, in the period.</param>
/// <param name="Minutes">What of them counts in it; of an entry whose hours do not count all that it says.</param>
/// <param name="Points">The points that count in it.</param>
/// <param name="ByYear">The minutes by year.</param>
/// <param name="Overlaps">What of them counts in other entries.</param>
public sealed record Counted(
    BookLine Line, int Claimed, int Minutes, int Points, IReadOnlyList<(int Year, int Minutes)> ByYear, IReadOnlyList<Overlap> Overlaps)
{
    /// <summary>The entries with work in a period, and what counts in each. The rule is <see cref="Tally"/>'s.</summary>
    /// <param name="lines">All entries of a book: where a minute counts, they decide together.</param>
    /// <param name="works">Those of them that have to be looked at shift by shift, see <see cref="BookLine.ToLookAt"/>; more do no harm.</param>
    /// <param name="period">The period.</param>
    public static IReadOnlyList<Counted> Of(IReadOnlyCollection<BookLine> lines, IEnumerable<Work> works, Period period)
    {
        var looked = works.ToDictionary(work => work.EntryId);
        var shares = Tally.Of(lines.Where(line => line.Counts && looked.ContainsKey(line.Id)).Select(line => looked[line.Id]), period);
        return [.. lines.Select(line => Of(line, looked.GetValueOrDefault(line.Id), shares, period)).OfType<Counted>()];
    }

    /// <summary>The same of entries that are there whole.</summary>
    /// <param name="book">All entries of the book.</param>
    public static IReadOnlyList<Counted> InPeriod(IReadOnlyCollection<EntryView> book, Period period)
    {
        List<BookLine> lines = [.. book.Select(BookLine.Of)];
        var near = BookLine.ToLookAt(lines, period).ToHashSet();
        return Of(lines, book.Where(entry => near.Contains(entry.Id)).Select(entry => entry.Work()), period);
    }

    private static Counted? Of(BookLine line, Work? work, IReadOnlyDictionary<Guid, Share> shares, Period period)
    {
        if (work is null)
        {
            return line.PlaceIn(period) == Place.Outside ? null : new Counted(line, line.Minutes, line.Minutes, line.Points, [(line.Year, line.Minutes)], []);
        }

        return (line.Counts ? shares.GetValueOrDefault(line.Id) : Tally.Alone(work, period)) is not { } share ? null : new Counted(
            line, share.Claimed, line.Counts ? share.Minutes : share.Claimed, share.Points,
            [.. share.ByYear().Select(year => (year.Year, year.Share.Minutes))], [.. share.Overlaps()]);
    }
}
