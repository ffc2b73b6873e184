namespace VolunteerBook.Portal;

/// <summary>How a part of the site is.</summary>
public enum PartState
{
    /// <summary>It answers.</summary>
    Works,

    /// <summary>It answers, but lets people wait.</summary>
    Slow,

    /// <summary>It does not answer.</summary>
    Away,
}

/// <summary>How each part of the site was at a moment.</summary>
/// <param name="At">When it was looked at, UTC.</param>
/// <param name="Parts">By the name of what people do with it: the key of its text after <c>service.part.</c></param>
public sealed record SiteStatus(DateTimeOffset At, IReadOnlyList<(string Name, PartState State)> Parts)
{
    /// <summary>The worst of all.</summary>
    public PartState Worst => Parts.Max(part => part.State);
}
