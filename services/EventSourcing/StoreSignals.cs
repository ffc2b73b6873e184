using System.Threading.Channels;
using JasperFx.Events.Daemon.HighWater;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Wakes, within this process, whoever has work after something was committed: the leader's daemon or, where another instance leads, who tells that one.
/// Marten can notify too, but does so within the append's transaction, and PostgreSQL commits those that notify one after the other: that halved the appends
/// of sixteen writers. Every wait has a limit of its own: a signal only hastens.
/// </summary>
internal sealed class StoreSignals : IDaemonWakeup
{
    // What is appended within it shares a page of the daemon's: a page costs as much as a write.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);

    private readonly Channel<bool> appended = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private TaskCompletionSource numbered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says that events were committed. It is remembered until somebody has waited for it.</summary>
    public void Appended() => appended.Writer.TryWrite(true);

    /// <summary>Waits until events are committed, or were since the last wait.</summary>
    public async Task NextAppendAsync(CancellationToken cancellationToken)
    {
        await appended.Reader.ReadAsync(cancellationToken);
        await Task.Delay(Gather, cancellationToken);
    }

    /// <summary>How Marten's daemon waits.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(timeout);
        await NextAppendAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
    }

    /// <summary>Says that integration events were numbered.</summary>
    public void Numbered() => Interlocked.Exchange(ref numbered, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Completes at the next numbering. Taken before looking at the table, so that nothing slips between.</summary>
    public Task NextNumbering => Volatile.Read(ref numbered).Task;

    public void Dispose()
    {
        // Nothing is held; Marten asks for it.
    }
}
