using System.Diagnostics;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Logging;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Sends what was numbered to the broker, in order, with confirms. Progress is written after the confirm: a crash sends again, never less.
/// A broker that is away delays, it does not lose: the rows stay, and subscribers can read them from the feed.
/// </summary>
internal sealed partial class SendToBroker(IBus bus, EventSource source, IntegrationEvents events, NpgsqlDataSource database, StoreSignals signals, TimeProvider clock, ILogger<SendToBroker> logger)
    : IWhileLeading
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(10);
    private readonly PublishingLag lag = new(clock);

    public async Task RunAsync(CancellationToken leading)
    {
        var sent = await ProgressAsync(leading);
        while (true)
        {
            leading.ThrowIfCancellationRequested();
            var numbered = signals.NextNumbering;
            try
            {
                var batch = await events.AfterAsync(sent, BatchSize, leading);
                if (batch.Count == 0)
                {
                    lag.Is(0, null);
                    await numbered.WaitAsync(Look, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                // Numbers are unbroken, so a batch that is not full holds the last one.
                lag.Is(batch.Count < BatchSize ? batch.Count : await events.LastNumberAsync(leading) - sent, batch[0].At);
                await SendAsync(batch, leading);
                sent = batch[^1].Number;
                await SaveProgressAsync(sent, leading);
            }
            catch (Exception exception) when (!leading.IsCancellationRequested)
            {
                BrokerAway(sent, exception.Message);
                await Task.Delay(Look, leading);
            }
        }
    }

    private async Task SendAsync(IReadOnlyList<IntegrationMessage> batch, CancellationToken leading)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(leading);
        deadline.CancelAfter(ConfirmWithin);
        var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{Broker.ExchangeOf(source.Name)}?type=fanout"));
        // Handed over in order without waiting for each confirm; a subscriber that still sees them out of order reads the feed.
        // That there is no queue is said of the first; to hear it of all costs an exception each and helps nobody.
        var confirms = batch.Select((message, index) => SendAsync(exchange, message, mandatory: index == 0, deadline.Token)).ToList();
        await Task.WhenAll(confirms);
    }

    private async Task SendAsync(ISendEndpoint exchange, IntegrationMessage message, bool mandatory, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Continue($"publish {message.Type}", ActivityKind.Producer, message.TraceParent);
        span?.SetTag("messaging.message.id", message.Id);
        span?.SetTag("volunteerbook.number", message.Number);
        try
        {
            await exchange.Send(message, context =>
            {
                context.MessageId = message.Id;
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                {
                    rabbit.Mandatory = mandatory;
                }
            }, cancellationToken);
        }
        catch (MessageReturnedException)
        {
            // No queue is bound yet, or someone deleted it. Whoever comes later reads the feed; the others must not wait for them.
            Unroutable(message.Type, message.Number);
        }
    }

    private async Task<long> ProgressAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select number from broker_progress where id = 1");
        return await command.ExecuteScalarAsync(cancellationToken) is long number ? number : 0;
    }

    private async Task SaveProgressAsync(long number, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "insert into broker_progress (id, number) values (1, $1) on conflict (id) do update set number = excluded.number");
        command.Parameters.Add(new() { Value = number });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The broker did not take what follows number {Number}: {Error}")]
    private partial void BrokerAway(long number, string error);

    [LoggerMessage(LogLevel.Information, "{Type} number {Number} had no queue to go to.")]
    private partial void Unroutable(string type, long number);
}
