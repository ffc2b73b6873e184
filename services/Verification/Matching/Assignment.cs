using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Verification.Matching;

/// <summary>A row of a signed sheet, and where it is from.</summary>
/// <param name="SheetId">The sheet.</param>
/// <param name="Within">The tolerance, minutes: of the sheet where it confirms by itself, else the organisation's.</param>
/// <param name="Row">The row.</param>
/// <param name="IsOwn">Whether the volunteer signed it, or their deputy: then it evidences nothing.</param>
/// <param name="IsTakenBack">Whether the organisation signed later that what was confirmed of that time does not stand.</param>
public sealed record KnownRow(Guid SheetId, int Within, AttendanceRow Row, bool IsOwn = false, bool IsTakenBack = false)
{
    /// <summary>
    /// Whether it speaks of the time of the shift: both share more of it than the tolerance forgives, or more than half of what is shorter. A tolerance as
    /// long as a shift would forgive everything.
    /// </summary>
    public bool Meets(Shift shift) => Meets(Row.Shift.UtcMinutes(), shift.UtcMinutes(), Within);

    internal static bool Meets((long From, long To) one, (long From, long To) other, int within) =>
        Math.Min(one.To, other.To) - Math.Max(one.From, other.From) is var shared
        && (shared > within || 2 * shared > Math.Min(one.To - one.From, other.To - other.From));
}

/// <summary>Work that a case says was done, while it waits for a decision or counts.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">Its entry; the amendment of an entry is a case of the same.</param>
/// <param name="Facts">What it says.</param>
/// <param name="At">When it was submitted, UTC.</param>
/// <param name="IsDecided">Whether a person has confirmed it: that goes before what comes out here.</param>
public sealed record Claim(Guid CaseId, Guid EntryId, EntryFacts Facts, DateTimeOffset At, bool IsDecided = false);

/// <summary>
/// Which row evidences which shift, over all that a volunteer says to have done for an organisation. A row belongs to the entry that was submitted first of
/// those it fits, and evidences one shift of it. The same row in several sheets is one. Rows that say different things of the same time, or of a time of
/// which the organisation has taken a confirmation back since, are contested and evidence nothing until somebody has looked. It follows from claims and rows,
/// whatever the order in which they came. Pure.
/// </summary>
public sealed class Assignment
{
    private readonly IReadOnlyList<Claim> claims;
    private readonly IReadOnlyList<Evidence> rows;
    private readonly IReadOnlyList<KnownRow> own;

    private Assignment(IReadOnlyList<Claim> claims, IReadOnlyList<Evidence> rows, IReadOnlyList<KnownRow> own) =>
        (this.claims, this.rows, this.own) = (claims, rows, own);

    /// <param name="claims">Of one volunteer and one organisation.</param>
    /// <param name="rows">Of the same.</param>
    public static Assignment Of(IEnumerable<Claim> claims, IEnumerable<KnownRow> rows)
    {
        var known = rows.ToLookup(row => row.IsOwn);
        var evidence = known[false].GroupBy(row => (row.Row.Shift.UtcMinutes(), row.Row.Attended)).Select(copies => new Evidence(
            [.. copies.OrderBy(copy => copy.SheetId).ThenBy(copy => copy.Row.Line)]))
            .OrderBy(row => row.From).ThenBy(row => row.To).ThenBy(row => row.Attended).ToList();
        for (var one = 0; one < evidence.Count; one++)
        {
            for (var other = one + 1; other < evidence.Count && evidence[other].From < evidence[one].To; other++)
            {
                if (evidence[one].Contests(evidence[other]))
                {
                    evidence[one].IsContested = evidence[other].IsContested = true;
                }
            }
        }

        var inOrder = claims.OrderByDescending(claim => claim.IsDecided)
            .ThenBy(claim => claim.At).ThenBy(claim => claim.EntryId).ThenBy(claim => claim.CaseId).ToList();
        // Of all that was claimed, a few shifts begin near a row.
        var begun = new SortedSet<(long From, int Claim, int Shift)>(
            inOrder.SelectMany((claim, place) => claim.Facts.Shifts.Select((shift, number) => (shift.UtcMinutes().From, place, number))));
        foreach (var row in evidence.Where(row => row is { IsContested: false, Attended: true }))
        {
            row.Owner = begun.GetViewBetween((row.From - row.Reach, 0, 0), (row.From + row.Reach, int.MaxValue, int.MaxValue))
                .Where(near => row.Fits(inOrder[near.Claim].Facts.Shifts[near.Shift], inOrder[near.Claim].Facts))
                .OrderBy(near => near.Claim).Select(near => (Guid?)inOrder[near.Claim].EntryId).FirstOrDefault();
        }

        return new Assignment(inOrder, evidence, [.. known[true]]);
    }

    /// <summary>Whether the case is one of the claims.</summary>
    public bool Knows(Guid caseId) => claims.Any(claim => claim.CaseId == caseId);

    /// <summary>The same rows, with one more claim.</summary>
    public Assignment And(Claim claim) => Of([.. claims, claim], [.. rows.SelectMany(row => row.Copies), .. own]);

    /// <summary>The sheets that the rows are from.</summary>
    public IEnumerable<Guid> Sheets => rows.SelectMany(row => row.Copies).Select(copy => copy.SheetId).Distinct();

    /// <summary>What the rows say to a case.</summary>
    public Match MatchOf(Guid caseId)
    {
        var claim = claims.First(known => known.CaseId == caseId);
        var assigned = Assign(claim, (row, shift) => row.Fits(shift, claim.Facts));
        return Match.Of([.. claim.Facts.Shifts.Select((shift, index) => assigned[index] is { } place
            ? new ShiftMatch(shift, MatchKind.Exact, rows[place].Nearest(shift, claim.Facts).SheetId, rows[place].Nearest(shift, claim.Facts).Row, [])
            : Unevidenced(claim, shift))]);
    }

    /// <summary>The rows, by shift, by which one sheet evidences the whole case alone and confirms it; null where it does not.</summary>
    /// <param name="caseId">The case.</param>
    /// <param name="sheet">The sheet.</param>
    public IReadOnlyList<AttendanceRow>? Alone(Guid caseId, Guid sheet)
    {
        var claim = claims.First(known => known.CaseId == caseId);
        var assigned = MatchOf(caseId).Kind == MatchKind.Exact ? Assign(claim, (row, shift) => row.Fits(shift, claim.Facts, sheet)) : [null];
        return assigned.All(place => place is not null)
            ? [.. assigned.Select(place => rows[place!.Value].Copies.First(copy => copy.SheetId == sheet).Row)]
            : null;
    }

    private IReadOnlyList<int?> Assign(Claim claim, Func<Evidence, Shift, bool> fits) => OneToOne.Assign(
    [
        .. claim.Facts.Shifts.Select(shift => (IReadOnlyList<int>)
        [
            .. Enumerable.Range(0, rows.Count)
                .Where(place => rows[place].Owner == claim.EntryId && fits(rows[place], shift)).OrderBy(place => rows[place].Distance(shift)),
        ]),
    ]);

    // Of the rows at the time of the shift the one that differs least; one that somebody has to look at goes before, then
    // one that says that the volunteer was there.
    private ShiftMatch Unevidenced(Claim claim, Shift shift)
    {
        var (from, to) = shift.UtcMinutes();
        var best = rows
            .Where(row => (row.From < to && row.To > from) || row.Fits(shift, claim.Facts))
            .Select(row => (Row: row, Says: row.Nearest(shift, claim.Facts)))
            .Select(found => (
                found.Says,
                Kind: found.Row.IsContested || (!found.Row.Attended && found.Row.Meets(from, to, found.Row.Within)) ? MatchKind.Contradicted : MatchKind.Near,
                Doubt: found.Row.IsContested ? RowDoubt.Contested
                    : found.Row.Attended && found.Row.Fits(shift, claim.Facts) ? RowDoubt.Taken
                    : (RowDoubt?)null))
            .Concat(own.Where(row => row.Row.Shift.UtcMinutes() is var at && at.From < to && at.To > from)
                .Select(row => (Says: row, Kind: MatchKind.Near, Doubt: (RowDoubt?)RowDoubt.OwnSignature)))
            .Select(found => (found.Says, found.Kind, found.Doubt, Differences: Evidence.Differences(found.Says, shift, claim.Facts)))
            .OrderByDescending(found => found.Kind == MatchKind.Contradicted)
            .ThenByDescending(found => found.Says.Row.Attended).ThenBy(found => found.Differences.Count)
            .ThenBy(found => found.Says.SheetId).ThenBy(found => found.Says.Row.Line)
            .FirstOrDefault();
        return best.Says is null
            ? new ShiftMatch(shift, MatchKind.Unknown, null, null, [])
            : new ShiftMatch(shift, best.Kind, best.Says.SheetId, best.Says.Row, best.Differences, best.Doubt);
    }

    /// <summary>What the organisation says of a time: a row, and its copies in other sheets.</summary>
    private sealed class Evidence
    {
        public Evidence(IReadOnlyList<KnownRow> copies)
        {
            Copies = copies;
            (From, To) = copies[0].Row.Shift.UtcMinutes();
            Attended = copies[0].Row.Attended;
            Within = copies.Max(copy => copy.Within);
            IsContested = Attended && (copies.All(copy => copy.IsTakenBack) || Differ(row => row.Project is { } project ? ProjectName.Key(project) : null)
                || Differ(row => row.TaskType) || Differ(row => row.Region) || Differ(row => row.Level?.ToString()));
        }

        public IReadOnlyList<KnownRow> Copies { get; }

        public long From { get; }

        public long To { get; }

        public bool Attended { get; }

        public int Within { get; }

        public bool IsContested { get; set; }

        /// <summary>How many minutes from its start a shift that it fits begins at the most: seconds are cut off on both sides.</summary>
        public int Reach => Within + 1;

        /// <summary>The entry that it evidences.</summary>
        public Guid? Owner { get; set; }

        public long Overlap(long from, long to) => Math.Min(To, to) - Math.Max(From, from);

        public bool Meets(long from, long to, int within) => KnownRow.Meets((From, To), (from, to), within);

        public bool Contests(Evidence other) => (Attended || other.Attended) && Meets(other.From, other.To, Math.Max(Within, other.Within));

        public long Distance(Shift shift) => Math.Abs(shift.UtcMinutes().From - From) + Math.Abs(shift.Minutes - (To - From));

        /// <summary>Whether it would evidence the shift: one of the copies within its tolerance, and what any of them says beside the time.</summary>
        public bool Fits(Shift shift, EntryFacts facts, Guid? sheet = null) =>
            Attended
            && Math.Abs(shift.UtcMinutes().From - From) <= Reach
            && Copies.Any(copy => !copy.IsTakenBack && (sheet is null || copy.SheetId == sheet) && Differences(copy, shift, facts).Count == 0)
            && Copies.All(copy => Differences(copy, shift, facts).All(difference => difference.Field is "start" or "minutes"));

        public KnownRow Nearest(Shift shift, EntryFacts facts) => Copies.MinBy(copy => Differences(copy, shift, facts).Count)!;

        // No tolerance makes an hour of a row of a minute: a length that is half of the row's away is another one.
        public static IReadOnlyList<RowDifference> Differences(KnownRow known, Shift shift, EntryFacts facts) =>
            [.. known.Row.Differences(
                shift, facts.Project, facts.TaskType, facts.Region, facts.Level,
                2 * Math.Abs(shift.Minutes - known.Row.Shift.Minutes) > known.Row.Shift.Minutes ? 0 : known.Within)];

        private bool Differ(Func<AttendanceRow, string?> said) =>
            Copies.Select(copy => said(copy.Row)).Where(value => value is not null).Distinct().Count() > 1;
    }
}
