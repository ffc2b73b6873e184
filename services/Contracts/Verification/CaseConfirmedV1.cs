namespace VolunteerBook.Contracts.Verification;

/// <summary>The organisation signed the statement of a case.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that was confirmed.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">The key that signed: RFC 7638 thumbprint, SHA-256, base64url.</param>
/// <param name="At">When the signature was accepted, UTC.</param>
public sealed record CaseConfirmedV1(Guid CaseId, Guid EntryId, int Revision, Guid OrganisationId, string Kid, DateTimeOffset At);
