using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace VolunteerBook.Testing;

/// <summary>
/// Stands at the place of another service's integration feed: what it publishes reaches a service under test the way that always works,
/// so that a service can be tested without running those it listens to.
/// </summary>
public sealed class TestPublisher : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Wire =
        new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
    private readonly Guid log = Guid.NewGuid();
    private readonly List<object> published = [];
    private readonly WebApplication app;

    private TestPublisher(WebApplication app, string name) => (this.app, Name) = (app, name);

    /// <summary>The service that it stands for.</summary>
    public string Name { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>Starts one on a free port.</summary>
    /// <param name="name">The service that it stands for.</param>
    /// <param name="map">What it answers besides.</param>
    public static async Task<TestPublisher> StartAsync(string name, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var publisher = new TestPublisher(builder.Build(), name);
        publisher.app.MapGet("/integration-events", publisher.After);
        map?.Invoke(publisher.app);
        await publisher.app.StartAsync();
        return publisher;
    }

    /// <summary>Publishes a contract: it is the next one in the publisher's log.</summary>
    public void Publish(object contract, Guid? by = null)
    {
        lock (published)
        {
            published.Add(new
            {
                publisher = Name,
                log,
                sequence = published.Count + 1,
                previous = published.Count,
                id = Guid.CreateVersion7(),
                type = contract.GetType().Name,
                at = DateTimeOffset.UtcNow,
                by = by?.ToString(),
                correlationId = (string?)null,
                traceParent = (string?)null,
                data = JsonSerializer.SerializeToElement(contract, contract.GetType(), Wire),
            });
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [SuppressMessage("Performance", "CA1859", Justification = "The route answers JSON of whatever is published.")]
    private object After(int after = 0, int limit = 500)
    {
        lock (published)
        {
            var messages = published.Skip(after).Take(limit).ToList();
            return new { log, upTo = after + messages.Count, end = published.Count, messages };
        }
    }
}
