using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>The book as its owner reads it.</summary>
/// <param name="Items">A page of entries, the latest work first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Totals">Of the whole book, whatever the filters.</param>
/// <param name="Overlaps">What of the entries of this page counts elsewhere, or counts in them for others.</param>
public sealed record Book(IReadOnlyList<Entry> Items, string? Next, BookTotals Totals, IReadOnlyList<Overlap> Overlaps);

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

/// <summary>Totals of a book. Minutes that several entries claim count once (N7); withdrawn, rejected and revoked entries count in <paramref name="ByStatus"/> only.</summary>
/// <param name="Minutes">Minutes of work, each counted once.</param>
/// <param name="Entries">How many entries count.</param>
/// <param name="OverlapMinutes">What the entries claim beyond that: minutes that count in another one.</param>
/// <param name="Points">Points that organisations gave.</param>
/// <param name="Grades">The minutes by how well they are evidenced.</param>
/// <param name="ByStatus">By the entry's status, every status that occurs.</param>
/// <param name="ByOrganisation">By organisation, most work first.</param>
/// <param name="ByTaskType">By task type, most work first.</param>
/// <param name="ByYear">By the year in which the entry's work began, most work first.</param>
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
    /// <summary>The totals of these lines, given what of them overlaps.</summary>
    public static BookTotals Of(IReadOnlyCollection<BookLine> lines, IReadOnlyCollection<Overlap> overlaps)
    {
        var elsewhere = overlaps.GroupBy(overlap => overlap.EntryId).ToDictionary(entry => entry.Key, entry => entry.Sum(overlap => overlap.Minutes));
        var counted = lines.Select(line => (Line: line, Minutes: line.Minutes - elsewhere.GetValueOrDefault(line.Id))).ToList();
        var counting = counted.Where(entry => entry.Line.Counts).ToList();
        return new(
            counting.Sum(entry => (long)entry.Minutes),
            counting.Count,
            overlaps.Sum(overlap => (long)overlap.Minutes),
            counting.Sum(entry => (long)entry.Line.Points),
            Graded(counting),
            By(counted, line => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(line.Status.ToString())),
            By(counting, line => line.OrganisationId.ToString()),
            By(counting, line => line.TaskType),
            By(counting, line => line.Year.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static IReadOnlyList<Total> By(List<(BookLine Line, int Minutes)> entries, Func<BookLine, string> key) =>
    [
        .. entries.GroupBy(entry => key(entry.Line))
            .Select(group => new Total(group.Key, group.Sum(entry => (long)entry.Minutes), group.Count(), Graded(group)))
            .OrderByDescending(total => total.Minutes).ThenBy(total => total.Key, StringComparer.Ordinal),
    ];

    private static GradedMinutes Graded(IEnumerable<(BookLine Line, int Minutes)> entries) =>
        entries.Aggregate(GradedMinutes.None, (sum, entry) => sum.And(entry.Line.Grade, entry.Minutes));
}

/// <summary>What the totals need to know of an entry.</summary>
public readonly record struct BookLine(
    Guid Id, EntryStatus Status, EvidenceGrade Grade, Guid OrganisationId, string TaskType, int Year, int Minutes, int Points, DateTimeOffset FirstStart, DateTimeOffset LastEnd)
{
    /// <summary>Whether its hours count.</summary>
    public bool Counts => Status is not (EntryStatus.Withdrawn or EntryStatus.Rejected or EntryStatus.Revoked);

    public static BookLine Of(Entry entry) => new(
        entry.Id, entry.Status, entry.Grade, entry.OrganisationId, entry.TaskType, entry.Year, entry.Minutes, entry.Points, entry.FirstStart, entry.LastEnd);

    /// <summary>The counting entries that may overlap another one: only their shifts need be looked at. One that spans weeks meets those in between, though their shifts may not.</summary>
    public static IReadOnlyList<Guid> ThatMeet(IEnumerable<BookLine> lines)
    {
        var meeting = new HashSet<Guid>();
        (Guid Id, DateTimeOffset End) reaching = (default, DateTimeOffset.MinValue);
        foreach (var line in lines.Where(line => line.Counts).OrderBy(line => line.FirstStart))
        {
            // Starts are counted by the minute in which they lie, so ends within a minute of a start meet it.
            if (line.FirstStart < reaching.End.AddMinutes(1))
            {
                meeting.Add(line.Id);
                meeting.Add(reaching.Id);
            }

            reaching = line.LastEnd > reaching.End ? (line.Id, line.LastEnd) : reaching;
        }

        return [.. meeting];
    }
}
