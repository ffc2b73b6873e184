namespace VolunteerBook.Contracts.Profiles;

/// <summary>Until it is reinstated an organisation confirms nothing new and seeks nobody. What it confirmed before stands.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationSuspendedV1(Guid OrganisationId, long Version, DateTimeOffset At);
