using System.Text.Json.Serialization;

namespace VolunteerBook.Ledger.Exchange.Forms;

/// <summary>
/// For universities: volunteering as an individual achievement at admission (Russian Education Ministry's rules of admission let a university give points for
/// it). Hours, who confirmed, when, points.
/// </summary>
/// <param name="Form">Identifier of the form.</param>
/// <param name="VolunteerId">The applicant's book.</param>
/// <param name="IssuedAt">When it was made, UTC.</param>
/// <param name="Achievement">Kind of the achievement: always <c>volunteering</c>.</param>
/// <param name="Hours">Whole confirmed hours, rounded down.</param>
/// <param name="Minutes">The minutes that these are made of, each counted once.</param>
/// <param name="SignedMinutes">What of the minutes was confirmed under an electronic signature.</param>
/// <param name="Points">Points that organisations gave; the university's own are its own.</param>
/// <param name="From">Day of the first work, or the bound of the scope; null where neither is known.</param>
/// <param name="To">Day of the last work, or the bound of the scope.</param>
/// <param name="Organisations">Who confirmed; null where the grant gives totals only.</param>
public sealed record EducationForm(
    string Form, Guid VolunteerId, DateTimeOffset IssuedAt, string Achievement, long Hours,
    long Minutes, long SignedMinutes, long Points, DateOnly? From, DateOnly? To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<OrganisationWork>? Organisations)
{
    /// <summary>The mapping.</summary>
    public static Form Mapping { get; } = new("education", 1, NeedsEntries: false, Of);

    /// <summary>Fills the form.</summary>
    public static EducationForm Of(BookRecord record)
    {
        var worked = record.Entries is { Count: > 0 } entries ? entries : null;
        return new(
            Mapping.Id, record.VolunteerId, record.At, "volunteering", record.Totals.Minutes / 60,
            record.Totals.Minutes, record.Totals.Grades.Signed, record.Totals.Points,
            worked?.Min(entry => entry.From) ?? record.Scope.From, worked?.Max(entry => entry.To) ?? record.Scope.To,
            record.Entries is null ? null : OrganisationWork.Of(record.Entries));
    }
}
