namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Nobody evidences their own hours, by whatever way: signature, list, sheet, inquiry, attendance, settlement, or a deputy. Whoever may evidence for an
/// organisation asks here whose hours they are.
/// </summary>
public static class OwnHours
{
    /// <summary>Whether these hours are the person's own to evidence, so that somebody else has to.</summary>
    /// <param name="volunteer">Whose hours.</param>
    /// <param name="by">Who would evidence them.</param>
    /// <param name="inThePlaceOf">In whose place, where by nobody's appointment but as a deputy; empty for a coordinator.</param>
    public static bool Are(Guid volunteer, Guid by, IReadOnlyCollection<Guid> inThePlaceOf) =>
        by == volunteer || (inThePlaceOf.Count > 0 && inThePlaceOf.All(coordinator => coordinator == volunteer));

    /// <summary>The refusal.</summary>
    public static Refusal Refused { get; } = Refusal.Conflict(
        "own-hours", "Nobody may vouch for their own hours, and neither may their deputy; another coordinator must do it.");
}
