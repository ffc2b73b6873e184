using Microsoft.Extensions.Configuration;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Wakes, within this process, whoever has work after something was committed: the readers of the log or, where another instance leads, who tells that one.
/// Not within the append's transaction: PostgreSQL commits those that notify one after the other, and that halved the appends of sixteen writers.
/// Every wait has a limit of its own: a signal only hastens.
/// </summary>
public sealed class StoreSignals(IConfiguration configuration)
{
    private TaskCompletionSource appended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long told;

    /// <summary>How long a reader of the log waits for a signal before it looks for itself.</summary>
    public TimeSpan Look { get; } = configuration.GetValue("EventLog:Look", TimeSpan.FromSeconds(10));

    /// <summary>Completes when events are committed. Taken before looking at the log, so that nothing slips between.</summary>
    public Task NextAppend => Volatile.Read(ref appended).Task;

    /// <summary>How often that was said. Taken after <see cref="NextAppend"/>: what was said after that completes it.</summary>
    internal long Told => Volatile.Read(ref told);

    /// <summary>Says that events were committed.</summary>
    internal void Appended()
    {
        // In this order: who has the number has what it counts, or is told.
        Interlocked.Increment(ref told);
        Interlocked.Exchange(ref appended, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
