using System.Text.Json.Serialization;

namespace VolunteerBook.Contracts.Ledger;

/// <summary>An entry was rejected by its organisation, or returned for changes: its hours no longer wait for a decision.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission that was decided.</param>
/// <param name="CaseId">The case in Verification that holds the reason.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Returned">True where changes are asked for, false where it was rejected for good.</param>
/// <param name="At">When the entry changed, UTC.</param>
/// <param name="OrganisationId">The organisation that decided; null in messages of before this was told.</param>
/// <param name="Minutes">What was decided on, minutes; likewise.</param>
public sealed record EntryDeclinedV1(
    Guid EntryId, int Revision, Guid CaseId, Guid VolunteerId, bool Returned, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minutes = null);
