using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Peer.Messaging;

/// <summary>
/// A consumer in the outbox of MassTransit for EF Core, in as many transactions: one that notes that the message was received, one in which it is consumed and
/// what it publishes is saved, and one in which that is sent and removed.
/// </summary>
public abstract class Once<TContext, TMessage>(TContext database, IBus bus) : IConsumer<TMessage>
    where TContext : PeerContext
    where TMessage : class
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        while (await StepAsync(context.MessageId!.Value, context.Message, context.CancellationToken))
        {
        }
    }

    /// <summary>Does it and saves.</summary>
    protected abstract Task HandleAsync(TMessage message, CancellationToken ct);

    private async Task<bool> StepAsync(Guid message, TMessage content, CancellationToken ct)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var consumer = GetType().Name;
        var found = await database.Inbox
            .FromSqlInterpolated($"""select * from "Inbox" where "MessageId" = {message} and "Consumer" = {consumer} for update""").ToListAsync(ct);
        if (found is not [var state])
        {
            database.Inbox.Add(new InboxState { MessageId = message, Consumer = consumer, LockId = NewId.NextGuid(), Received = DateTimeOffset.UtcNow });
            await database.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        (state.LockId, state.ReceiveCount) = (NewId.NextGuid(), state.ReceiveCount + 1);
        await database.SaveChangesAsync(ct);
        var isDone = state.Delivered is not null;
        if (state.Consumed is null)
        {
            await HandleAsync(content, ct);
            state.Consumed = DateTimeOffset.UtcNow;
        }
        else if (!isDone)
        {
            var results = await database.Outbox.AsNoTracking().Where(each => each.InboxMessageId == message).OrderBy(each => each.Id).ToListAsync(ct);
            foreach (var result in results)
            {
                await result.SendAsync(bus, ct);
            }

            state.Delivered = DateTimeOffset.UtcNow;
            await database.SaveChangesAsync(ct);
            await database.Outbox.Where(each => each.InboxMessageId == message).ExecuteDeleteAsync(ct);
            isDone = true;
        }

        await database.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return !isDone;
    }
}
