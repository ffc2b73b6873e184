using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using Shouldly;

namespace VolunteerBook.Testing;

/// <summary>A stream of server-sent events as a browser has it: read in the background, until it is closed or ends.</summary>
public sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage response;
    private readonly CancellationTokenSource closing = new();
    private readonly Channel<SseItem<string>> events = Channel.CreateUnbounded<SseItem<string>>();
    private readonly Task reading;

    private EventStream(HttpResponseMessage response)
    {
        this.response = response;
        reading = ReadAsync();
    }

    /// <summary>Completes when the stream has ended, whoever ended it.</summary>
    public Task Ended => reading;

    /// <summary>Opens one.</summary>
    /// <param name="client">Signed in.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="lastEventId">The id of the last event that was had; null for none.</param>
    public static async Task<EventStream> OpenAsync(HttpClient client, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await response.ShouldBeAsync(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new EventStream(response);
    }

    /// <summary>The next event of a type, whatever others come before it.</summary>
    public async Task<(string Id, JsonElement Data)> NextAsync(string type)
    {
        using var patience = new CancellationTokenSource(Eventually.Soon);
        while (true)
        {
            var next = await events.Reader.ReadAsync(patience.Token);
            if (next.EventType == type)
            {
                return (next.EventId!, JsonSerializer.Deserialize<JsonElement>(next.Data));
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        response.Dispose();
        await reading;
        closing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(closing.Token);
            await foreach (var item in SseParser.Create(body).EnumerateAsync(closing.Token))
            {
                events.Writer.TryWrite(item);
            }

            events.Writer.TryComplete();
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException)
        {
            events.Writer.TryComplete(gone);
        }
    }
}
