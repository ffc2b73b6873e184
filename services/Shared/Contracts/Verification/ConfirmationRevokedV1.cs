namespace VolunteerBook.Contracts.Verification;

/// <summary>The organisation took a confirmation back. The reason stays in Verification: it is free text.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry whose confirmation no longer stands.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="At">When, UTC.</param>
public sealed record ConfirmationRevokedV1(Guid CaseId, Guid EntryId, int Revision, Guid OrganisationId, DateTimeOffset At);
