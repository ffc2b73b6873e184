using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Portal.Api;

/// <summary>Offered shifts as plain ones, for showing.</summary>
public static class OfferedShifts
{
    /// <summary>The shifts without what is special to them.</summary>
    public static IReadOnlyList<Shift> Plain(this IEnumerable<OfferedShift> shifts) =>
        [.. shifts.Select(shift => new Shift(shift.Start, shift.Zone, shift.Minutes, shift.Later))];

    /// <summary>The shifts without what is special to them.</summary>
    public static IReadOnlyList<Shift> Plain(this IEnumerable<AppliedShift> shifts) =>
        [.. shifts.Select(shift => new Shift(shift.Start, shift.Zone, shift.Minutes, shift.Later))];
}
