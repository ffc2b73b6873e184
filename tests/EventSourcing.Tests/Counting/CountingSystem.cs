using JasperFx.Events;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>
/// A publisher and a subscriber on real PostgreSQL and RabbitMQ, another publisher that a test plays itself, and an authority. Services start when a test
/// asks.
/// </summary>
public sealed class CountingSystem : IAsyncLifetime
{
    private readonly List<RunningService> running = [];
    private string bus = "";
    private string countingDatabase = "";

    public string TallyingDatabase { get; private set; } = "";

    public TestAuthority Authority { get; private set; } = null!;

    public PublisherDouble Other { get; private set; } = null!;

    public Uri CountingAddress { get; } = ServiceSettings.FreeAddress();

    public string VirtualHost => new Uri(bus).AbsolutePath.TrimStart('/');

    /// <summary>A way to the broker that a test can cut. Services of this system go through it.</summary>
    public BrokenLine Line { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        countingDatabase = await TestInfrastructure.CreateDatabaseAsync("counting");
        TallyingDatabase = await TestInfrastructure.CreateDatabaseAsync("tallying");
        bus = await TestInfrastructure.CreateVirtualHostAsync("counting");
        Line = BrokenLine.To(new Uri(bus));
        Authority = await TestAuthority.StartAsync();
        Other = await PublisherDouble.StartAsync("other", bus);
    }

    /// <summary>The one instance of <c>counting</c> that the tests of a class share.</summary>
    public async Task<RunningService> CountingAsync(Func<ServiceSettings, ServiceSettings>? with = null) =>
        running.FirstOrDefault(service => DatabaseOf(service.Database) == DatabaseOf(countingDatabase)) ?? await StartCountingAsync(with: with);

    /// <summary>The one instance of <c>tallying</c> that the tests of a class share.</summary>
    public async Task<RunningService> TallyingAsync() => running.FirstOrDefault(service => service.Database == TallyingDatabase) ?? await StartTallyingAsync();

    /// <summary>Starts an instance of the publisher; the first is where the subscriber looks for its feed.</summary>
    public async Task<RunningService> StartCountingAsync(
        Uri? address = null, Func<ServiceSettings, ServiceSettings>? with = null, Action<InboxBuilder, Faults>? readers = null)
    {
        var settings = ServiceSettings.For("counting", countingDatabase, Line.Address.ToString(), Authority).At(address ?? CountingAddress);
        var service = await RunningService.StartCountingAsync(with?.Invoke(settings) ?? settings, readers);
        running.Add(service);
        return service;
    }

    /// <summary>Starts a later version of the publisher, with other events.</summary>
    public async Task<RunningService> StartCountingAsync(Action<StoreOptions> configure, Func<IEvent, object?> toContract)
    {
        var service = await RunningService.StartCountingAsync(
            ServiceSettings.For("counting", countingDatabase, Line.Address.ToString(), Authority).At(CountingAddress), configure, toContract);
        running.Add(service);
        return service;
    }

    /// <summary>Starts an instance of the subscriber.</summary>
    /// <param name="look">How often it looks at the feeds by itself; an hour leaves all to the broker.</param>
    /// <param name="readers">Its readers, where they are not those that tally.</param>
    /// <param name="clock">Its clock, where that is not right.</param>
    public async Task<RunningService> StartTallyingAsync(
        TimeSpan? look = null, Action<InboxBuilder, Faults>? readers = null, TimeProvider? clock = null)
    {
        var settings = ServiceSettings.For("tallying", TallyingDatabase, Line.Address.ToString(), Authority)
            .With("CatchUp:Interval", (look ?? TimeSpan.FromSeconds(1)).ToString())
            .With("services:counting:http:0", CountingAddress.ToString())
            .With("services:other:http:0", Other.Address.ToString());
        var service = await RunningService.StartTallyingAsync(
            clock is null ? settings : settings with { ConfigureServices = services => services.AddSingleton(clock) }, readers);
        running.Add(service);
        return service;
    }

    /// <summary>The token of somebody.</summary>
    public string Person() => Authority.PersonToken(Guid.NewGuid());

    private static string? DatabaseOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in running)
        {
            await service.DisposeAsync();
        }

        await Other.DisposeAsync();
        await Authority.DisposeAsync();
        await Line.DisposeAsync();
    }
}

/// <summary>What must be true in the end, whatever happened on the way.</summary>
internal static class InTheEnd
{
    /// <summary>So many events are published: the feed tells each of them once, in the order of the log, and each says which one came before it.</summary>
    public static async Task ShouldBePublishedInLogOrderAsync(this RunningService publisher, CountingSystem system, int events)
    {
        var published = await publisher.PublishedAsync();
        published.Count.ShouldBe(events);
        await Eventually.Is(async () =>
        {
            var feed = await publisher.FeedAsync(system.Authority.MachineToken("services", "integration"));
            feed.Select(message => message.Sequence).ShouldBe(published);
            feed.Select(message => message.Previous).ShouldBe([0, .. published.SkipLast(1)]);
            feed.Select(message => message.Log).Distinct().ShouldHaveSingleItem().ShouldNotBe(Guid.Empty);
        });
    }

    /// <summary>The subscriber handled all that the publisher published, each event once, in order.</summary>
    public static async Task ShouldHaveHandledAsync(this RunningService subscriber, RunningService publisher, int messages, TimeSpan? within = null)
    {
        var published = await publisher.PublishedAsync();
        published.Count.ShouldBe(messages);
        await subscriber.ShouldHaveHandledAsync("counting", published, within);
    }

    /// <summary>The subscriber handled the first so many messages of the publisher that a test plays, each once, in order.</summary>
    public static Task ShouldHaveHandledOfOtherAsync(this RunningService subscriber, int messages) =>
        subscriber.ShouldHaveHandledAsync("other", [.. Enumerable.Range(1, messages).Select(number => PublisherDouble.SequenceOf(number))]);

    private static async Task ShouldHaveHandledAsync(this RunningService subscriber, string publisher, IReadOnlyList<long> sequences, TimeSpan? within = null)
    {
        await Eventually.Is(
            async () => (await subscriber.PositionAsync(publisher)).ShouldBeGreaterThanOrEqualTo(sequences[^1]), within ?? TimeSpan.FromMinutes(4));
        (await subscriber.QueryAsync<long>("select (data ->> 'sequence')::bigint from mt_events where data ->> 'publisher' = $1 order by seq_id", publisher))
            .ShouldBe(sequences);
    }

    /// <summary>Where a reader is in a publisher's log, as it is written down.</summary>
    public static async Task<long> PositionAsync(this RunningService subscriber, string publisher, string reader = "tallies") =>
        (await subscriber.QueryAsync<long>(
            "select coalesce(max(sequence), 0) from reader_positions where publisher = $1 and reader = $2", publisher, reader))[0];
}
