namespace VolunteerBook.Contracts.Ledger;

/// <summary>A volunteer asks the organisation to confirm an entry.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">Which submission of the entry this is, from 1; decisions name it.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What is to be confirmed.</param>
/// <param name="At">When it was submitted, UTC.</param>
public sealed record EntrySubmittedV1(Guid EntryId, int Revision, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At);
