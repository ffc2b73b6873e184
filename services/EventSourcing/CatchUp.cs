using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Reads each publisher's integration feed from where the inbox stands: at the start, when a gap shows, and when for a few seconds nothing came, so that the
/// last message before a silence cannot be lost either. The broker is the fast way; the feed is the truth.
/// </summary>
internal sealed partial class CatchUp(Inbox inbox, Subscriptions subscriptions, IHttpClientFactory clients, IConfiguration configuration, ILogger<CatchUp> logger) : BackgroundService
{
    private const int PageSize = 500;
    private readonly TimeSpan look = configuration.GetValue("CatchUp:Interval", TimeSpan.FromSeconds(3));
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new();

    public static string ClientOf(string publisher) => $"integration-events of {publisher}";

    public async Task ReadFeedAsync(string publisher, CancellationToken cancellationToken)
    {
        // One reader at a time: a second would only find what the first has just handled.
        var gate = gates.GetOrAdd(publisher, _ => new SemaphoreSlim(1, 1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            var client = clients.CreateClient(ClientOf(publisher));
            IReadOnlyList<IntegrationMessage> page;
            do
            {
                var position = await inbox.PositionAsync(publisher, cancellationToken);
                page = await client.GetFromJsonAsync<IReadOnlyList<IntegrationMessage>>(
                    new Uri($"/integration-events?after={position}&limit={PageSize}", UriKind.Relative), Json.Options, cancellationToken) ?? [];
                foreach (var together in page.Chunk(Broker.Together))
                {
                    await inbox.HandleAsync(together, cancellationToken);
                }
            }
            while (page.Count == PageSize);
        }
        finally
        {
            gate.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(subscriptions.Publishers.Select(publisher => WatchAsync(publisher, stoppingToken)));

    private async Task WatchAsync(string publisher, CancellationToken stoppingToken)
    {
        long? before = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // An inbox that moves on, here or at another instance, is being filled: to read along would only be in the way.
                var position = await inbox.PositionAsync(publisher, stoppingToken);
                if (before is null || position == before)
                {
                    await ReadFeedAsync(publisher, stoppingToken);
                }

                before = position;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                FeedNotRead(publisher, exception.Message);
            }

            await Task.Delay(look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The integration feed of {Publisher} could not be read or handled: {Error}")]
    private partial void FeedNotRead(string publisher, string error);
}
