namespace VolunteerBook.Contracts.Verification;

/// <summary>An organisation has not decided on a case within its limit.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that waits.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="LimitDays">The limit in days.</param>
/// <param name="At">When this was found, UTC.</param>
public sealed record CaseEscalatedV1(Guid CaseId, Guid EntryId, int Revision, Guid OrganisationId, int LimitDays, DateTimeOffset At);
