using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>A key as the database holds it.</summary>
public sealed class TokenKey
{
    public Guid Id { get; init; }
    public KeyUse Use { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From here on the key is used for new tokens; before, it is only published, so that validators know it in time.</summary>
    public DateTimeOffset UsedFrom { get; init; }

    /// <summary>Encrypted under the <see cref="MasterKey"/>.</summary>
    public byte[] Protected { get; init; } = [];
}

/// <summary>What a key is for.</summary>
public enum KeyUse
{
    /// <summary>RSA 2048, RS256: every validator knows it, and it is the cheapest to verify.</summary>
    Signing,

    /// <summary>256 bits: authorization codes and refresh tokens, which only this service reads.</summary>
    Encryption,
}
