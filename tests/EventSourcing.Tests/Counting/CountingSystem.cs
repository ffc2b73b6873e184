using Npgsql;
using Shouldly;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>A publisher and a subscriber on real PostgreSQL and RabbitMQ, another publisher that a test plays itself, and an authority. Services start when a test asks.</summary>
public sealed class CountingSystem : IAsyncLifetime
{
    private readonly List<RunningService> running = [];
    private string bus = "";
    private string countingDatabase = "";
    private string tallyingDatabase = "";

    public TestAuthority Authority { get; private set; } = null!;

    public PublisherDouble Other { get; private set; } = null!;

    public Uri CountingAddress { get; } = ServiceSettings.FreeAddress();

    public string VirtualHost => new Uri(bus).AbsolutePath.TrimStart('/');

    /// <summary>A way to the broker that a test can cut. Services of this system go through it.</summary>
    public BrokenLine Line { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        countingDatabase = await TestInfrastructure.CreateDatabaseAsync("counting");
        tallyingDatabase = await TestInfrastructure.CreateDatabaseAsync("tallying");
        bus = await TestInfrastructure.CreateVirtualHostAsync("counting");
        Line = BrokenLine.To(new Uri(bus));
        Authority = await TestAuthority.StartAsync();
        Other = await PublisherDouble.StartAsync("other", bus);
    }

    /// <summary>The one instance of <c>counting</c> that the tests of a class share.</summary>
    public async Task<RunningService> CountingAsync(Func<ServiceSettings, ServiceSettings>? with = null) =>
        running.FirstOrDefault(service => new NpgsqlConnectionStringBuilder(service.Database).Database == new NpgsqlConnectionStringBuilder(countingDatabase).Database) ?? await StartCountingAsync(with: with);

    /// <summary>The one instance of <c>tallying</c> that the tests of a class share.</summary>
    public async Task<RunningService> TallyingAsync() => running.FirstOrDefault(service => service.Database == tallyingDatabase) ?? await StartTallyingAsync();

    /// <summary>Starts an instance of the publisher; the first is where the subscriber looks for its feed.</summary>
    public async Task<RunningService> StartCountingAsync(Uri? address = null, Func<ServiceSettings, ServiceSettings>? with = null)
    {
        var settings = ServiceSettings.For("counting", countingDatabase, Line.Address.ToString(), Authority).At(address ?? CountingAddress);
        var service = await RunningService.StartCountingAsync(with?.Invoke(settings) ?? settings);
        running.Add(service);
        return service;
    }

    /// <summary>Starts an instance of the subscriber.</summary>
    /// <param name="look">How often it looks at the feeds by itself; an hour leaves all to the broker.</param>
    public async Task<RunningService> StartTallyingAsync(TimeSpan? look = null)
    {
        var service = await RunningService.StartTallyingAsync(
            ServiceSettings.For("tallying", tallyingDatabase, Line.Address.ToString(), Authority)
                .With("CatchUp:Interval", (look ?? TimeSpan.FromSeconds(1)).ToString())
                .With("services:counting:http:0", CountingAddress.ToString())
                .With("services:other:http:0", Other.Address.ToString()));
        running.Add(service);
        return service;
    }

    /// <summary>The token of somebody.</summary>
    public string Person() => Authority.PersonToken(Guid.NewGuid());

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
    /// <summary>The publisher's numbers are 1 to N without a gap, each event has one, and their order is the log's.</summary>
    public static async Task ShouldBeNumberedInLogOrderAsync(this RunningService publisher, int events)
    {
        (await publisher.QueryAsync<long>("select number from integration_events order by number")).ShouldBe(Enumerable.Range(1, events).Select(number => (long)number));
        (await publisher.QueryAsync<long>("select count(distinct id) from integration_events"))[0].ShouldBe(events);
        (await publisher.QueryAsync<long>("select count(*) from mt_events where coalesce((data ->> 'by')::int, 0) <> 0"))[0].ShouldBe(events);
        (await publisher.QueryAsync<long>("select e.seq_id from integration_events i join mt_events e on e.id = i.id order by i.number")).ShouldBeInOrder();
    }

    /// <summary>The subscriber handled the publisher's messages 1 to N, each once, in order.</summary>
    public static async Task ShouldHaveHandledAsync(this RunningService subscriber, string publisher, int messages, TimeSpan? within = null)
    {
        await Eventually.Is(async () => (await subscriber.QueryAsync<long>("select coalesce(max(number), 0) from inbox where publisher = $1", publisher))[0]
            .ShouldBeGreaterThanOrEqualTo(messages), within ?? TimeSpan.FromMinutes(4));
        (await subscriber.QueryAsync<long>("select (data ->> 'number')::bigint from mt_events where data ->> 'publisher' = $1 order by seq_id", publisher))
            .ShouldBe(Enumerable.Range(1, messages).Select(number => (long)number));
    }
}
