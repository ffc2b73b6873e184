namespace VolunteerBook.Contracts.Ledger;

/// <summary>A volunteer took back the wish to change a confirmed entry; nobody need decide it, and what is confirmed stands.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission that is taken back.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When, UTC.</param>
public sealed record AmendmentWithdrawnV1(Guid EntryId, int Revision, Guid VolunteerId, DateTimeOffset At);
