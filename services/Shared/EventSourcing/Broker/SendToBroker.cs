using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing.Broker;

/// <summary>
/// Reads the log and sends what concerns others to the broker, in order, with confirms. How far that is, is written down after the confirm and now
/// and then only: a crash sends again, never less, and who has had a message drops it. A broker that is away delays, it does not lose: the log stays,
/// and subscribers can read it from the feed.
/// </summary>
internal sealed partial class SendToBroker(
    IBus bus, EventSource source, EventLog log, IntegrationEvents events, NpgsqlDataSource database, StoreSignals signals, Leadership leadership,
    TimeProvider clock, ILogger<SendToBroker> logger) : IWhileLeading
{
    private const string Part = "broker";
    private const int BatchSize = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(10);
    // A queue that nobody empties grows no further: what has gone from it is in the feed.
    private static readonly TimeSpan Lives = TimeSpan.FromHours(1);
    private readonly PublishingLag lag = new(clock);

    public async Task RunAsync(CancellationToken leading)
    {
        try
        {
            await SendAsync(leading);
        }
        finally
        {
            // How far it is behind, another instance tells from now on.
            lag.Is(0, null);
        }
    }

    private async Task SendAsync(CancellationToken leading)
    {
        var sent = await PositionAsync(leading);
        var kept = new KeptNowAndThen(sent.Sequence);
        leadership.Failing.TryRemove(Part, out _);
        while (true)
        {
            leading.ThrowIfCancellationRequested();
            var appended = signals.NextAppend;
            var told = signals.Told;
            IReadOnlyList<IntegrationMessage>? messages = null;
            try
            {
                var page = await log.ReadAsync(sent.Sequence, told, leading);
                page.MustNotEndBefore(sent.Sequence);
                if (page.Events.Count > 0)
                {
                    // Before it is known what of it others are told: that may not be possible to say.
                    lag.Is(page.UpTo - sent.Sequence, page.Events[0].Timestamp.ToUniversalTime());
                }

                messages = await events.OfAsync(page, sent.Previous, leading);
                foreach (var batch in messages.Chunk(BatchSize))
                {
                    await LagsAsync(sent, page, batch[0], leading);
                    await SendAsync(batch, leading);
                    sent = new(batch[^1].Sequence, batch[^1].Sequence);
                }

                sent = sent with { Sequence = page.UpTo };
                lag.Is(0, null);
                leadership.Failing.TryRemove(Part, out _);
                await kept.KeepAsync(sent.Sequence, messages.Count > 0, () => KeepAsync(sent, leading));
                await kept.WaitAsync(page, appended, signals.Look, () => KeepAsync(sent, leading), leading);
            }
            // Where the log changed, leading ends, and who leads next begins where the database says.
            catch (Exception exception) when (!leading.IsCancellationRequested && exception is not LogChangedException)
            {
                leadership.Fails(Part, clock.GetUtcNow(), exception);
                if (messages is null)
                {
                    NotTold(exception, sent.Sequence);
                }
                else
                {
                    BrokerAway(sent.Sequence, exception.Message);
                }

                await Task.Delay(Look, leading);
            }
        }
    }

    private async Task LagsAsync(Sent sent, LogPage page, IntegrationMessage first, CancellationToken ct) =>
        lag.Is((page.Then == Follows.More ? await log.MarkAsync(ct) : page.UpTo) - sent.Sequence, first.At);

    private async Task SendAsync(IntegrationMessage[] batch, CancellationToken leading)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(leading);
        deadline.CancelAfter(ConfirmWithin);
        var exchange = await bus.GetSendEndpoint(new Uri($"exchange:{BrokerSetup.ExchangeOf(source.Name)}?type=fanout"));
        // Handed over in order without waiting for each confirm; a subscriber that still sees them out of order reads the feed.
        // That there is no queue is said of the first; to hear it of all costs an exception each and helps nobody.
        var confirms = batch.Select((message, index) => SendAsync(exchange, message, mandatory: index == 0, deadline.Token)).ToList();
        await Task.WhenAll(confirms);
    }

    private async Task SendAsync(ISendEndpoint exchange, IntegrationMessage message, bool mandatory, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Continue($"publish {message.Type}", ActivityKind.Producer, message.TraceParent);
        span?.SetTag("messaging.message.id", message.Id);
        span?.SetTag("volunteerbook.sequence", message.Sequence);
        try
        {
            await exchange.Send(message, context =>
            {
                context.MessageId = message.Id;
                context.TimeToLive = Lives;
                if (context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
                {
                    rabbit.Mandatory = mandatory;
                }
            }, cancellationToken);
        }
        catch (MessageReturnedException)
        {
            // No queue is bound yet, or someone deleted it. Whoever comes later reads the feed; the others must not wait for them.
            Unroutable(message.Type, message.Sequence);
        }
    }

    private async Task<Sent> PositionAsync(CancellationToken ct)
    {
        await using (var command = database.CreateCommand("select sequence, previous from broker_position"))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            if (await reader.ReadAsync(ct))
            {
                return new(reader.GetInt64(0), reader.GetInt64(1));
            }
        }

        // Written down, so that others see where it stands also if nothing follows.
        var before = await BeforePositionsAsync(ct);
        var sent = new Sent(before, before);
        await KeepAsync(sent, ct);
        return sent;
    }

    // Where a sender of the time of numbers stood.
    private async Task<long> BeforePositionsAsync(CancellationToken ct)
    {
        if (!await database.IsThereAsync("broker_progress", ct))
        {
            return 0;
        }

        await using var command = database.CreateCommand("select number from broker_progress where id = 1");
        return await command.ExecuteScalarAsync(ct) is long number ? await events.PositionOfNumberAsync(number, ct) ?? 0 : 0;
    }

    private async Task KeepAsync(Sent sent, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            insert into broker_position (one, sequence, previous) values (true, $1, $2)
            on conflict (one) do update set sequence = excluded.sequence, previous = excluded.previous where broker_position.sequence <= excluded.sequence
            """);
        command.Parameters.Add(new() { Value = sent.Sequence });
        command.Parameters.Add(new() { Value = sent.Previous });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How far it is.</summary>
    /// <param name="Sequence">The position up to which everything is sent.</param>
    /// <param name="Previous">That of the last event that was.</param>
    private sealed record Sent(long Sequence, long Previous);

    [LoggerMessage(LogLevel.Warning, "The broker did not accept the messages after position {Sequence}: {Error}")]
    private partial void BrokerAway(long sequence, string error);

    [LoggerMessage(LogLevel.Error, "The events after position {Sequence} could not be read or turned into messages.")]
    private partial void NotTold(Exception exception, long sequence);

    [LoggerMessage(LogLevel.Information, "{Type} at position {Sequence} had no queue to go to.")]
    private partial void Unroutable(string type, long sequence);
}
