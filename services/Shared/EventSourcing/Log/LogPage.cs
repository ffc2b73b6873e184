using JasperFx.Events;

namespace VolunteerBook.EventSourcing;

/// <summary>A part of the log, in its order.</summary>
/// <param name="After">The position that it follows.</param>
/// <param name="Events">The events.</param>
/// <param name="UpTo">The position up to which these are all.</param>
/// <param name="Then">What follows.</param>
internal sealed record LogPage(long After, IReadOnlyList<IEvent> Events, long UpTo, Follows Then)
{
    /// <summary>Says so where the log ends before what was read of it.</summary>
    public void MustNotEndBefore(long position)
    {
        if (UpTo < position)
        {
            throw new LogChangedException($"The log ends at {UpTo}, before {position}, up to which it was read.");
        }
    }
}

/// <summary>What follows on a part of the log.</summary>
internal enum Follows
{
    /// <summary>Nothing yet: the next append will be told.</summary>
    Nothing,

    /// <summary>More that can be read.</summary>
    More,

    /// <summary>More, beyond a number that a transaction may still use. That it ends without is not told.</summary>
    AnOpenAppend,
}
