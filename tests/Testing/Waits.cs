using System.Collections.Concurrent;

namespace VolunteerBook.Testing;

/// <summary>A clock by which nothing takes time, and which notes who waits for how long.</summary>
public sealed class Waits : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> waits = [];

    /// <summary>How many waited for just so long.</summary>
    public int Of(TimeSpan time) => waits.Count(wait => wait == time);

    /// <inheritdoc/>
    public override long GetTimestamp() => 0;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        waits.Enqueue(dueTime);
        return base.CreateTimer(callback, state, dueTime, period);
    }
}
