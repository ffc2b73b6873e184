using System.Text.Json;
using JasperFx.Events;
using Marten;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>
/// Who reads the service's own log does so in order; what it cannot handle holds up itself alone, is seen, and is decided by somebody on record.
/// </summary>
public sealed class LogReaderTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task an_event_that_cannot_be_handled_holds_up_one_reader_of_the_own_log_until_it_is_passed_over_by_command_on_record()
    {
        var counting = await system.StartCountingAsync(with: settings => settings with
        {
            ConfigureServices = services => services.AddLogReader<Echoing>(),
        });
        counting.Faults.HandlingOf = "own";
        var streams = await counting.AppendAsync(5);
        await Eventually.Is(async () => (await BlockedAsync(counting)).ShouldBe([1L]));
        counting.Faults.HandlingAbout = streams[2];
        counting.Faults.HandlingOf = null;

        await Eventually.Is(async () => (await BlockedAsync(counting)).ShouldBe([3L]));
        (await EchoedAsync(counting)).ShouldBe(streams.Take(2), ignoreOrder: true);
        (await counting.QueryAsync<string>("select type || ' ' || error from reader_failures")).ShouldHaveSingleItem()
            .ShouldBe("counted InvalidOperationException: It cannot be handled now.");
        string[] skip = ["skip", "--reader", "echoing", "--publisher", "counting", "--by", "anna", "--reason", "was never meant"];
        (await counting.ReadersAsync([.. skip, "--sequence", "2"])).ShouldBe(1);
        (await counting.ReadersAsync([.. skip, "--sequence", "3"])).ShouldBe(0);

        await Eventually.Is(async () => (await EchoedAsync(counting)).ShouldBe(streams.Where(stream => stream != streams[2]), ignoreOrder: true));
        (await counting.QueryAsync<string>("select state || ' ' || decided_by || ': ' || reason from reader_failures"))
            .ShouldBe(["skipped anna: was never meant"]);
        // And together again, with those that follow.
        var more = await counting.AppendAsync(3);
        await Eventually.Is(async () => (await EchoedAsync(counting)).ShouldBe([.. streams.Where(stream => stream != streams[2]), .. more], ignoreOrder: true));
    }

    [Fact]
    public async Task how_far_behind_is_told_of_declared_readers_of_the_own_log_and_of_no_other()
    {
        var counting = await system.StartCountingAsync(with: settings => settings with
        {
            ConfigureServices = services => services.AddLogReader<Echoing>(),
        });
        await counting.AppendAsync(5);
        await counting.QueryAsync<string>(
            "insert into reader_positions (reader, version, publisher, sequence) values ('as it was called before', 1, 'counting', 0) returning reader");
        await Eventually.Is(async () =>
        {
            var health = JsonDocument.Parse(await counting.Client().GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement;
            health.GetProperty("checks").GetProperty("log").GetProperty("data").EnumerateObject().Select(told => told.Name)
                .ShouldBe(["leader", "broker", "echoing"], ignoreOrder: true);
        }, TimeSpan.FromSeconds(30));
    }

    private static Task<IReadOnlyList<long>> BlockedAsync(RunningService counting) =>
        counting.QueryAsync<long>("select sequence from reader_failures where reader = 'echoing' and publisher = 'counting' and state = 'blocked'");

    private static async Task<IEnumerable<Guid>> EchoedAsync(RunningService counting)
    {
        await using var session = counting.Store.QuerySession();
        return (await session.Query<Label>().ToListAsync()).Select(label => label.CounterId);
    }

    private sealed class Echoing(Faults faults) : IReadLog
    {
        public string Name => "echoing";

        public IReadOnlyCollection<Type> Wants { get; } = [typeof(Counted)];

        public bool ActsByItself => false;

        public Task HandleAsync(IReadOnlyList<IEvent> events, IDocumentSession session, CancellationToken ct)
        {
            foreach (var stored in events)
            {
                faults.ThrowOnHandling("own", stored.StreamId);
                session.Insert(new Label($"echo {stored.Sequence}", stored.StreamId));
            }

            return Task.CompletedTask;
        }

        public void Saved()
        {
        }
    }
}
