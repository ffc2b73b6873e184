namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>Wakes the sender of this process when messages were written or sent. It only hastens: the sender looks for itself, too.</summary>
internal sealed class MessageSignal
{
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next signal. Taken before looking at the table, so that nothing slips between.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Set() => Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
