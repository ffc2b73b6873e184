using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Verification.Matching;

/// <summary>What the organisation's signed attendance documents say to a case, from nothing to all.</summary>
public enum MatchKind
{
    /// <summary>No document knows of it.</summary>
    Unknown,

    /// <summary>A document says that the volunteer was not there.</summary>
    Contradicted,

    /// <summary>Documents know of part of it, or of something at that time that differs.</summary>
    Near,

    /// <summary>Each shift has its row within the organisation's tolerance.</summary>
    Exact,
}

/// <summary>A row of a signed document, and where it is from.</summary>
/// <param name="SheetId">The document.</param>
/// <param name="RowsId">Under which the document's rows lie.</param>
/// <param name="Within">The tolerance, minutes: of the document where it confirms by itself, else the organisation's.</param>
/// <param name="Row">The row.</param>
public sealed record KnownRow(Guid SheetId, Guid RowsId, int Within, AttendanceRow Row);

/// <summary>What the documents say to a shift.</summary>
/// <param name="Shift">The shift.</param>
/// <param name="Kind">Whether a row evidences it.</param>
/// <param name="SheetId">The document of the row that says most; null where none knows of it.</param>
/// <param name="Row">That row.</param>
/// <param name="Differences">In what the shift differs from it.</param>
public sealed record ShiftMatch(Shift Shift, MatchKind Kind, Guid? SheetId, AttendanceRow? Row, IReadOnlyList<RowDifference> Differences);

/// <summary>What the documents say to a case (F11).</summary>
/// <param name="Kind">The least of its shifts; contradicted where any shift is.</param>
/// <param name="Shifts">By shift.</param>
public sealed record Match(MatchKind Kind, IReadOnlyList<ShiftMatch> Shifts)
{
    /// <summary>Compares. Pure.</summary>
    /// <param name="facts">What the case says.</param>
    /// <param name="rows">Rows of the organisation's signed documents about this volunteer; those at other times are passed over.</param>
    public static Match Of(EntryFacts facts, IReadOnlyList<KnownRow> rows)
    {
        var shifts = facts.Shifts.Select(shift => Of(facts, shift, rows)).ToList();
        var kind = shifts.Exists(shift => shift.Kind == MatchKind.Contradicted) ? MatchKind.Contradicted
            : shifts.TrueForAll(shift => shift.Kind == MatchKind.Exact) ? MatchKind.Exact
            : shifts.TrueForAll(shift => shift.Kind == MatchKind.Unknown) ? MatchKind.Unknown
            : MatchKind.Near;
        return new Match(kind, shifts);
    }

    // Of the rows at the time of the shift the one that differs least; an absence counts only where no row says that the volunteer was there.
    private static ShiftMatch Of(EntryFacts facts, Shift shift, IReadOnlyList<KnownRow> rows)
    {
        var (from, to) = shift.UtcMinutes();
        var best = rows
            .Where(known => known.Row.Shift.UtcMinutes() is var row && row.From < to && row.To > from)
            .Select(known => (Known: known, Differences: known.Row.Differences(shift, facts.Project, facts.TaskType, facts.Region, facts.Level, known.Within).ToList()))
            .OrderByDescending(found => found.Known.Row.Attended).ThenBy(found => found.Differences.Count).ThenBy(found => found.Known.SheetId).ThenBy(found => found.Known.Row.Line)
            .FirstOrDefault();
        if (best.Known is not { } nearest)
        {
            return new ShiftMatch(shift, MatchKind.Unknown, null, null, []);
        }

        var kind = !nearest.Row.Attended ? MatchKind.Contradicted : best.Differences.Count == 0 ? MatchKind.Exact : MatchKind.Near;
        return new ShiftMatch(shift, kind, nearest.SheetId, nearest.Row, best.Differences);
    }
}
