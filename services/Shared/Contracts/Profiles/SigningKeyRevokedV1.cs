namespace VolunteerBook.Contracts.Profiles;

/// <summary>From this instant on no new signature by this key counts. It can't be registered again.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">The key, as in <see cref="SigningKeyRegisteredV1.Kid"/>.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When, UTC.</param>
public sealed record SigningKeyRevokedV1(Guid OrganisationId, string Kid, long Version, DateTimeOffset At);
