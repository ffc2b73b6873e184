namespace VolunteerBook.Identity;

/// <summary>A code that stands in once for one of the authenticator application. What it is, is not kept.</summary>
public sealed class RecoveryCode
{
    public Guid AccountId { get; init; }

    /// <summary>PBKDF2 of it, with the account's id as the salt.</summary>
    public byte[] Hash { get; init; } = [];
}
