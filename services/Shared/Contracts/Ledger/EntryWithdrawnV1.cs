namespace VolunteerBook.Contracts.Ledger;

/// <summary>A volunteer took a submitted entry back; nobody need decide it.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission that is taken back.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="OrganisationId">The organisation that was asked.</param>
/// <param name="At">When, UTC.</param>
public sealed record EntryWithdrawnV1(Guid EntryId, int Revision, Guid VolunteerId, Guid OrganisationId, DateTimeOffset At);
