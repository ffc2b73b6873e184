using System.Text.Json;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.Peer.Messaging;

/// <summary>
/// An outbox as MassTransit's for EF Core is, written by hand: locked rows, sent with confirms, removed, in one transaction.
/// Where MassTransit's takes a transaction for the messages of each save, this takes one for a hundred messages, and where it takes two or three for each message
/// that is consumed, <see cref="Once{TContext, TMessage}"/> takes one.
/// </summary>
internal sealed partial class DeliverOutbox<TContext>(
    IServiceScopeFactory scopes, IBus bus, OutboxSignal signal, ILogger<DeliverOutbox<TContext>> logger) : BackgroundService
    where TContext : PeerContext
{
    private const int QueryMessageLimit = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await DeliverAsync(stoppingToken) < QueryMessageLimit)
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

    private async Task<int> DeliverAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        await using var transaction = await database.Database.BeginTransactionAsync(ct);
        var messages = await database.Outbox
            .FromSqlRaw($"""select * from "Outbox" order by "Id" limit {QueryMessageLimit} for update skip locked""")
            .AsNoTracking().ToListAsync(ct);
        if (messages.Count == 0)
        {
            return 0;
        }

        await Task.WhenAll(messages.Select(message => SendAsync(message, ct)));
        var sent = messages.Select(message => message.Id).ToList();
        await database.Outbox.Where(message => sent.Contains(message.Id)).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
        return messages.Count;
    }

    private Task SendAsync(OutboxMessage message, CancellationToken ct)
    {
        var type = typeof(EntrySubmitted).Assembly.GetType(message.Type, throwOnError: true)!;
        return bus.Publish(JsonSerializer.Deserialize(message.Body, type)!, type, context => context.MessageId = message.MessageId, ct);
    }

    [LoggerMessage(LogLevel.Warning, "The outbox could not be delivered.")]
    private partial void NotDelivered(Exception exception);
}
