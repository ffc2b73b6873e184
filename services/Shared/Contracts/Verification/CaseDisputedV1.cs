namespace VolunteerBook.Contracts.Verification;

/// <summary>The volunteer disputes what the organisation decided on a case. What is said stays in Verification: it is free text.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that was decided on.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseDisputedV1(Guid CaseId, Guid EntryId, int Revision, Guid OrganisationId, DateTimeOffset At);
