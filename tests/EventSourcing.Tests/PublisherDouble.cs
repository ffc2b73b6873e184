using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Testing;

/// <summary>
/// Stands in for a service that publishes: it has an integration feed at an address of its own, and puts messages on a real broker as a service of ours would,
/// or as it never would: late, twice, out of order, not at all.
/// </summary>
public sealed class PublisherDouble : IAsyncDisposable
{
    private static readonly string[] MessageType = ["urn:message:VolunteerBook.Contracts:IntegrationMessage"];
    private readonly WebApplication app;
    private readonly ConcurrentQueue<IntegrationMessage> feed = new();
    private readonly Uri bus;
    private long number;

    private PublisherDouble(string name, string bus, WebApplication app)
    {
        Name = name;
        this.bus = new Uri(bus);
        this.app = app;
    }

    public string Name { get; }

    /// <summary>Where the feed is.</summary>
    public Uri Address => new(app.Urls.First());

    public static async Task<PublisherDouble> StartAsync(string name, string bus)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var publisher = new PublisherDouble(name, bus, builder.Build());
        publisher.app.MapGet("/integration-events", (HttpRequest request, long? number, long after = 0, int limit = 500) =>
            !request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.Ordinal) ? Results.Unauthorized()
            : number is { } old ? old > publisher.Numbered ? Results.NotFound() : Results.Json(publisher.Page(SequenceOf(old), []), Json.Options)
            : Results.Json(publisher.After(after, limit), Json.Options));
        await publisher.app.StartAsync();
        return publisher;
    }

    /// <summary>Which log it has: another one, where it was made anew.</summary>
    public Guid Log { get; set; } = Guid.NewGuid();

    /// <summary>How many events it has.</summary>
    public long Numbered => Volatile.Read(ref number);

    /// <summary>The last position that its feed shows; 0 when it shows nothing.</summary>
    public long Shown => feed.Select(message => message.Sequence).DefaultIfEmpty().Max();

    /// <summary>The position of its n-th event: between any two there are some that are not published.</summary>
    public static long SequenceOf(long number) => number * 10;

    /// <summary>Gives an integration event the next position, without telling anyone.</summary>
    public IntegrationMessage Number(object contract)
    {
        var next = Interlocked.Increment(ref number);
        return new(
            Name, Guid.CreateVersion7(), contract.GetType().Name, DateTimeOffset.UtcNow, "somebody", "correlation", null,
            JsonSerializer.SerializeToElement(contract, contract.GetType(), Json.Options), Log, SequenceOf(next), SequenceOf(next - 1));
    }

    /// <summary>Forgets all that came after its n-th event, as one that is restored from a backup.</summary>
    public void Restore(long number)
    {
        var kept = feed.Where(message => message.Sequence <= SequenceOf(number)).ToList();
        feed.Clear();
        kept.ForEach(feed.Enqueue);
        Interlocked.Exchange(ref this.number, number);
    }

    /// <summary>Lets the feed show the messages.</summary>
    public void Show(params IEnumerable<IntegrationMessage> messages)
    {
        foreach (var message in messages)
        {
            feed.Enqueue(message);
        }
    }

    /// <summary>Publishes as a service does: on the feed, and through the exchange.</summary>
    public async Task PublishAsync(params IEnumerable<object> contracts)
    {
        var messages = contracts.Select(Number).ToList();
        Show(messages);
        await SendAsync($"volunteerbook.{Name}", "", messages);
    }

    /// <summary>Puts messages straight into a subscriber's queue, in this order.</summary>
    public Task SendToQueueAsync(string queue, IEnumerable<IntegrationMessage> messages) => SendAsync("", queue, messages);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IntegrationPage After(long after, int limit)
    {
        var messages = feed.Where(message => message.Sequence > after).OrderBy(message => message.Sequence).Take(limit).ToList();
        return Page(messages.Count > 0 ? messages[^1].Sequence : after, messages);
    }

    private IntegrationPage Page(long upTo, IReadOnlyList<IntegrationMessage> messages) => new(Log, upTo, SequenceOf(Numbered), messages);

    private async Task SendAsync(string exchange, string key, IEnumerable<IntegrationMessage> messages)
    {
        await using var connection = await new ConnectionFactory { Uri = bus }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        if (exchange.Length > 0)
        {
            await channel.ExchangeDeclareAsync(exchange, "fanout", durable: true);
        }

        foreach (var message in messages)
        {
            // The envelope that MassTransit documents for producers of other kinds.
            var envelope = JsonSerializer.SerializeToUtf8Bytes(new
            {
                MessageId = message.Id,
                MessageType,
                Message = message,
            }, Json.Options);
            var properties = new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = message.Id.ToString(), Persistent = true };
            await PublishAsync(channel, exchange, key, properties, envelope);
        }
    }

    // As every publisher does: what the broker refuses, because a queue has only just been made, is sent again.
    private static async Task PublishAsync(IChannel channel, string exchange, string key, BasicProperties properties, byte[] envelope)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await channel.BasicPublishAsync(exchange, key, mandatory: false, properties, envelope);
                return;
            }
            catch (PublishException refused) when (!refused.IsReturn && attempt < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
