using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Ledger;

/// <summary>What an entry says was done: the part that an organisation confirms. Holds no personal data.</summary>
/// <param name="OrganisationId">The receiving organisation.</param>
/// <param name="Project">Name of the project or event, at most 200 characters.</param>
/// <param name="TaskType">ICNP/TSO code, see <see cref="TaskTypes"/>.</param>
/// <param name="Region">ISO 3166-2 code of where it was done, see <see cref="Regions"/>.</param>
/// <param name="Shifts">One shift or more.</param>
/// <param name="Level">The volunteer's responsibility.</param>
/// <param name="Place">Where in the region, e.g. a town and a venue, at most 200 characters; null where it is not said.</param>
/// <param name="Volume">How much was done; null where it is not counted.</param>
public sealed record EntryFacts(
    Guid OrganisationId,
    string Project,
    string TaskType,
    string Region,
    IReadOnlyList<Shift> Shifts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ResponsibilityLevel Level = ResponsibilityLevel.Participant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Place = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Volume? Volume = null)
{
    /// <summary>Sum over the shifts, minutes.</summary>
    public int Minutes() => Shifts.Sum(shift => shift.Minutes);

    /// <inheritdoc/>
    public bool Equals(EntryFacts? other) =>
        other is not null && OrganisationId == other.OrganisationId && Project == other.Project && TaskType == other.TaskType
        && Region == other.Region && Shifts.SequenceEqual(other.Shifts) && Level == other.Level && Place == other.Place && Volume == other.Volume;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OrganisationId, Project, TaskType, Region, Shifts.Count, Level, Place, Volume);
}
