namespace VolunteerBook.Contracts.Ledger;

/// <summary>An entry now counts as confirmed by its organisation.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="CaseId">The case in Verification that holds the signature.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What was confirmed.</param>
/// <param name="At">When the entry changed, UTC.</param>
public sealed record EntryConfirmedV1(Guid EntryId, int Revision, Guid CaseId, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At);
