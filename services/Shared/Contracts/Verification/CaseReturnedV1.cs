namespace VolunteerBook.Contracts.Verification;

/// <summary>The organisation asks the volunteer to change the entry and submit it again. What to change stays in Verification: it is free text.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that was returned.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseReturnedV1(Guid CaseId, Guid EntryId, int Revision, Guid OrganisationId, DateTimeOffset At);
