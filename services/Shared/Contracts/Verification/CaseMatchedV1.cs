namespace VolunteerBook.Contracts.Verification;

/// <summary>A case was found in a signed attendance sheet of its organisation, which nobody has confirmed it by yet.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that was found.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseMatchedV1(Guid CaseId, Guid EntryId, int Revision, Guid OrganisationId, DateTimeOffset At);
