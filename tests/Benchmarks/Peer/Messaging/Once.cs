using MassTransit;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VolunteerBook.Peer.Messaging;

/// <summary>A consumer whose work, its own messages and the note that it was done are saved in one transaction.</summary>
public abstract class Once<TContext, TMessage>(TContext database) : IConsumer<TMessage>
    where TContext : PeerContext
    where TMessage : class
{
    public async Task Consume(ConsumeContext<TMessage> context)
    {
        database.Inbox.Add(new InboxMessage { MessageId = context.MessageId!.Value, At = DateTimeOffset.UtcNow });
        try
        {
            await HandleAsync(context.Message, context.CancellationToken);
        }
        catch (DbUpdateException exception)
            when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "Inbox" })
        {
            // A repeat.
        }
    }

    /// <summary>Does it and saves.</summary>
    protected abstract Task HandleAsync(TMessage message, CancellationToken ct);
}
