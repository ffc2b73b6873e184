using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Ledger;

/// <summary>An entry now counts as confirmed by its organisation.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission that was confirmed; a later one takes the place of an earlier one.</param>
/// <param name="CaseId">The case in Verification that holds the signature.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What was confirmed.</param>
/// <param name="At">When the entry changed, UTC.</param>
/// <param name="Grade">How well it is evidenced; null stands for signed.</param>
/// <param name="Points">Points that the organisation gave.</param>
/// <param name="ClaimedMinutes">What was submitted, minutes, where it is more than was confirmed; null where it is not, or of before this was told.</param>
public sealed record EntryConfirmedV1(
    Guid EntryId,
    int Revision,
    Guid CaseId,
    Guid VolunteerId,
    EntryFacts Facts,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceGrade? Grade = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Points = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ClaimedMinutes = null);
