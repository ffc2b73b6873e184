namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A public P-256 key that an organisation signed with (RFC 7518, 6.2).</summary>
/// <param name="X">x coordinate, base64url.</param>
/// <param name="Y">y coordinate, base64url.</param>
public sealed record SigningJwk(string X, string Y);
