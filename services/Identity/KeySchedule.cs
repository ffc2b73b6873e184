namespace VolunteerBook.Identity;

/// <summary>How long a key is used and how long it stays valid afterwards (<c>Identity:Keys</c>).</summary>
public sealed class KeySchedule
{
    /// <summary>New tokens are made with a key for this long.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>A new key is published for this long before it is used.</summary>
    public TimeSpan Notice { get; set; } = TimeSpan.FromDays(2);

    /// <summary>A key is still accepted for this long after another has taken its place: longer than any token lives.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}
