namespace VolunteerBook.Identity;

/// <summary>A link in a mail about an account, while it is good for something. What it holds is not kept, only its SHA-256.</summary>
public sealed class AccountLink
{
    public byte[] Hash { get; init; } = [];
    public Guid AccountId { get; init; }
    public LinkPurpose Purpose { get; init; }

    /// <summary>The address that the mail went to, and that the link confirms.</summary>
    public string Address { get; init; } = "";

    /// <summary>It is good until then.</summary>
    public DateTimeOffset Until { get; init; }
}

/// <summary>What a link is good for.</summary>
public enum LinkPurpose
{
    /// <summary>Confirms that the account's owner reads mail at its address.</summary>
    ConfirmAddress,

    /// <summary>The same for the address that the account is to have from then on.</summary>
    ChangeAddress,

    /// <summary>Lets a new password be chosen.</summary>
    NewPassword,
}
