namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>What a webhook's message tells; its <c>type</c>.</summary>
public static class MessageTypes
{
    /// <summary>An entry in the grant's scope was confirmed.</summary>
    public const string EntryConfirmed = "entry.confirmed";

    /// <summary>A confirmation took the place of an earlier one.</summary>
    public const string EntryAmended = "entry.amended";

    /// <summary>A confirmation was taken back, or what was amended is no longer in the grant's scope.</summary>
    public const string EntryRevoked = "entry.revoked";

    /// <summary>A volunteer gave the agency a grant.</summary>
    public const string GrantGiven = "grant.given";

    /// <summary>A volunteer took a grant back. The last message about it.</summary>
    public const string GrantWithdrawn = "grant.withdrawn";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [EntryConfirmed, EntryAmended, EntryRevoked, GrantGiven, GrantWithdrawn];
}
