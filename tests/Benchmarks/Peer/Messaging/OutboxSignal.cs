using System.Threading.Channels;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VolunteerBook.Peer.Messaging;

/// <summary>Wakes the delivery when something was saved, as MassTransit's bus outbox does; where that is missed, it looks once a second.</summary>
internal sealed class OutboxSignal : SaveChangesInterceptor
{
    private static readonly TimeSpan QueryDelay = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> saved = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        saved.Writer.TryWrite(true);
        return new(result);
    }

    public async Task WaitAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(QueryDelay);
        Task woken = saved.Reader.ReadAsync(patience.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
