using System.Text.Json.Serialization;

namespace VolunteerBook.Contracts.Profiles;

/// <summary>
/// An organisation may sign with this key: the public half of a P-256 pair (RFC 7518 section 6.2), or one of ГОСТ Р 34.10-2012 in a certificate.
/// </summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">RFC 7638 SHA-256 thumbprint of a P-256 key, SHA-256 of a certificate; base64url.</param>
/// <param name="X">x coordinate, 32 bytes, base64url; empty where there is a certificate.</param>
/// <param name="Y">y coordinate, likewise.</param>
/// <param name="ValidFrom">First instant at which a signature by it counts, UTC.</param>
/// <param name="ValidUntil">First instant at which it no longer counts, UTC; null while it has no end.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When this was recorded, UTC.</param>
/// <param name="Certificate">The X.509 certificate, which names no person, DER in base64; null for a P-256 key.</param>
public sealed record SigningKeyRegisteredV1(
    Guid OrganisationId, string Kid, string X, string Y, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, long Version, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Certificate = null);
