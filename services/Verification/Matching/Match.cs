using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Verification.Matching;

/// <summary>What the organisation's signed attendance sheets say to a case, from nothing to all.</summary>
public enum MatchKind
{
    /// <summary>No sheet knows of it.</summary>
    Unknown,

    /// <summary>A sheet says that the volunteer was not there, or sheets contradict each other.</summary>
    Contradicted,

    /// <summary>Sheets know of part of it, or of something at that time that differs or evidences other work.</summary>
    Near,

    /// <summary>Each shift has a row of its own within the organisation's tolerance.</summary>
    Exact,
}

/// <summary>Why a row at the time of a shift does not evidence it, whatever it says.</summary>
public enum RowDoubt
{
    /// <summary>It evidences another shift, or another entry that was submitted earlier.</summary>
    Taken,

    /// <summary>Another row of the organisation's says otherwise.</summary>
    Contested,

    /// <summary>The volunteer signed it, or their deputy.</summary>
    OwnSignature,
}

/// <summary>What the sheets say to a shift.</summary>
/// <param name="Shift">The shift.</param>
/// <param name="Kind">Whether a row evidences it.</param>
/// <param name="SheetId">The sheet of the row that says most; null where none knows of it.</param>
/// <param name="Row">That row.</param>
/// <param name="Differences">In what the shift differs from it.</param>
/// <param name="Doubt">Why the row does not evidence it beside that; null where it is only for the differences, or does.</param>
public sealed record ShiftMatch(
    Shift Shift, MatchKind Kind, Guid? SheetId, AttendanceRow? Row, IReadOnlyList<RowDifference> Differences, RowDoubt? Doubt = null);

/// <summary>What the sheets say to a case (F11).</summary>
/// <param name="Kind">The least of its shifts; contradicted where any shift is.</param>
/// <param name="Shifts">By shift.</param>
public sealed record Match(MatchKind Kind, IReadOnlyList<ShiftMatch> Shifts)
{
    public static Match Of(IReadOnlyList<ShiftMatch> shifts) => new(
        shifts.Any(shift => shift.Kind == MatchKind.Contradicted) ? MatchKind.Contradicted
            : shifts.All(shift => shift.Kind == MatchKind.Exact) ? MatchKind.Exact
            : shifts.All(shift => shift.Kind == MatchKind.Unknown) ? MatchKind.Unknown
            : MatchKind.Near,
        shifts);
}
