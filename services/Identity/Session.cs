namespace VolunteerBook.Identity;

/// <summary>One sign-in in one browser. The cookie and every code and token that was given out in it name it, and end with it.</summary>
public sealed class Session
{
    public const int LongestBrowser = 300;

    public Guid Id { get; init; }
    public Guid AccountId { get; init; }
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When its cookie or one of its tokens was last used, to the minute.</summary>
    public DateTimeOffset UsedAt { get; set; }

    /// <summary>What the browser says it is, at most <see cref="LongestBrowser"/> characters.</summary>
    public string Browser { get; init; } = "";

    /// <summary>Ids of the clients that were given a code in it.</summary>
    public List<string> Clients { get; set; } = [];
}
