using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Peer.Messaging;

/// <summary>
/// The delivery of MassTransit's outbox for EF Core, whose package cannot be had here, in as many transactions and round trips: one transaction
/// for each save that published, in which its row is locked, its messages are read, sent one after the other with the broker's confirms, and
/// removed; ten at once while there is much to do.
/// </summary>
internal sealed partial class DeliverOutbox<TContext>(
    IServiceScopeFactory scopes, IBus bus, OutboxSignal signal, ILogger<DeliverOutbox<TContext>> logger) : BackgroundService
    where TContext : PeerContext
{
    private const int AtOnce = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var workers = 1;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var delivered = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => DeliverSomeAsync(stoppingToken)));
                workers = delivered.Contains(AtOnce) ? AtOnce : 1;
                if (delivered.Sum() == 0)
                {
                    await signal.WaitAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                NotDelivered(exception);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> DeliverSomeAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        for (var delivered = 0; ; delivered++)
        {
            if (delivered == AtOnce || !await DeliverAsync(database, ct))
            {
                return delivered;
            }
        }
    }

    private async Task<bool> DeliverAsync(TContext database, CancellationToken ct)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var found = await database.OutboxStates
            .FromSqlRaw("""select * from "OutboxStates" order by "Created" limit 1 for update skip locked""").ToListAsync(ct);
        if (found is not [var state])
        {
            return false;
        }

        state.LockId = NewId.NextGuid();
        await database.SaveChangesAsync(ct);
        var messages = await database.Outbox.Where(message => message.OutboxId == state.OutboxId).OrderBy(message => message.Id).ToListAsync(ct);
        foreach (var message in messages)
        {
            await message.SendAsync(bus, ct);
        }

        database.RemoveRange(messages);
        database.Remove(state);
        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The outbox could not be delivered.")]
    private partial void NotDelivered(Exception exception);
}
