using System.Text.Json.Serialization;

namespace VolunteerBook.Contracts.Ledger;

/// <summary>The organisation took its confirmation back: the entry's hours and points no longer count.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission whose confirmation was taken back.</param>
/// <param name="CaseId">The case in Verification that holds the reason.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the entry changed, UTC.</param>
/// <param name="OrganisationId">The organisation that decided; null in messages of before this was told.</param>
/// <param name="Minutes">What was decided on, minutes; likewise.</param>
public sealed record EntryRevokedV1(
    Guid EntryId, int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minutes = null);
