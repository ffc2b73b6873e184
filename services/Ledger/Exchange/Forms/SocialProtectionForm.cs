namespace VolunteerBook.Ledger.Exchange.Forms;

/// <summary>Confirmed work in a year.</summary>
/// <param name="Year">The year of the work, by its own clock.</param>
/// <param name="Minutes">Minutes, each counted once.</param>
/// <param name="Entries">How many confirmed entries; one over the turn of a year stands in both.</param>
public sealed record YearOfWork(int Year, long Minutes, long Entries);

/// <summary>
/// For social protection: whether the person is a volunteer with confirmed work in the period, and how many hours; sums only, whatever the grant gives.
/// </summary>
/// <param name="Form">Identifier of the form.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="IssuedAt">When it was made, UTC.</param>
/// <param name="Status"><c>volunteer</c> with confirmed work in the period, <c>none</c> without.</param>
/// <param name="From">First day of the period; null for no bound.</param>
/// <param name="To">Last day of the period; null for no bound.</param>
/// <param name="Hours">Whole hours, rounded down.</param>
/// <param name="Minutes">The minutes that these are made of, each counted once.</param>
/// <param name="Years">By year, the latest first.</param>
public sealed record SocialProtectionForm(
    string Form, Guid VolunteerId, DateTimeOffset IssuedAt, string Status, DateOnly? From,
    DateOnly? To, long Hours, long Minutes, IReadOnlyList<YearOfWork> Years)
{
    /// <summary>The mapping.</summary>
    public static Form Mapping { get; } = new("social-protection", 1, NeedsEntries: false, Of);

    /// <summary>Fills the form.</summary>
    public static SocialProtectionForm Of(BookRecord record) => new(
        Mapping.Id, record.VolunteerId, record.At, record.Totals.Minutes > 0 ? "volunteer" : "none", record.Scope.From, record.Scope.To,
        record.Totals.Minutes / 60, record.Totals.Minutes,
        [
            .. record.Totals.ByYear.Select(year => new YearOfWork(
                int.Parse(year.Key, System.Globalization.CultureInfo.InvariantCulture), year.Minutes, year.Entries))
                .OrderByDescending(year => year.Year),
        ]);
}
