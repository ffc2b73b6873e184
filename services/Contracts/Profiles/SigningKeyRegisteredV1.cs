namespace VolunteerBook.Contracts.Profiles;

/// <summary>An organisation may sign with this key: the public half of a P-256 pair (RFC 7518 section 6.2).</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">RFC 7638 SHA-256 thumbprint of the key, base64url.</param>
/// <param name="X">x coordinate, 32 bytes, base64url.</param>
/// <param name="Y">y coordinate, 32 bytes, base64url.</param>
/// <param name="ValidFrom">First instant at which a signature by it counts, UTC.</param>
/// <param name="ValidUntil">First instant at which it no longer counts, UTC; null while it has no end.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When this was recorded, UTC.</param>
public sealed record SigningKeyRegisteredV1(
    Guid OrganisationId, string Kid, string X, string Y, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, long Version, DateTimeOffset At);
