namespace VolunteerBook.Contracts.Profiles;

/// <summary>The suspension of an organisation was lifted: it may act as before.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationReinstatedV1(Guid OrganisationId, long Version, DateTimeOffset At);
