using System.Net;
using JasperFx.Events.Projections;
using Marten;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>
/// An event that changes its shape beyond what an optional member can say: the worked example to "Changing an event" in docs/how-to.md. Until now something was
/// <c>Counted</c>, and stored as <c>counted</c>; from now on it is counted in some unit, and stored as <c>counted_in_unit</c>. What was stored before stays as
/// it is, byte by byte, and is read as what it meant: it was counted in pieces.
/// </summary>
public sealed class UpcastingTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task an_event_of_before_is_read_in_todays_shape_everywhere_and_stays_as_it_was_stored()
    {
        var before = await system.StartCountingAsync();
        var streams = await before.AppendAsync(3, "a note");
        var stored = await StoredAsync(before);
        await before.StopAsync();

        var now = await system.StartCountingAsync(
            options =>
            {
                options.Events.MapEventType<CountedInUnit>("counted_in_unit");
                options.Events.Upcast<Counted, CountedInUnit>("counted", old => new CountedInUnit(old.By, "pieces", old.Note));
                options.Projections.Snapshot<Measured>(SnapshotLifecycle.Inline);
            },
            e => e.Data is CountedInUnit counted ? new CountedV1(e.StreamId, counted.Amount) : null);

        // Both forms have their files.
        now.Store.ShouldAllLoadFromTheirFiles(typeof(CountedInUnit), new Dictionary<string, Type> { ["counted"] = typeof(Counted) });

        // By who decides: the stream goes on, and its state is made of both.
        await using (var session = now.Store.LightweightSession())
        {
            (await session.Events.AggregateStreamAsync<Measured>(streams[0]))!.Sum.ShouldBe(new Dictionary<string, int> { ["pieces"] = 1 });
            session.Events.Append(streams[0], new CountedInUnit(5, "dozens"));
            await session.SaveChangesAsync();
        }

        await using (var session = now.Store.QuerySession())
        {
            var events = await session.Events.FetchStreamAsync(streams[0]);
            events.Select(e => e.Data).ShouldBe([new CountedInUnit(1, "pieces", "a note"), new CountedInUnit(5, "dozens")]);
            events.Select(e => e.EventTypeName).ShouldBe(["counted", "counted_in_unit"]);
            (await session.Events.AggregateStreamAsync<Measured>(streams[0]))!.Sum.ShouldBe(new Dictionary<string, int> { ["pieces"] = 1, ["dozens"] = 5 });
        }

        // By who reads many streams at once, up to a moment or all of them.
        await using (var connection = new NpgsqlConnection(now.Database))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var many = new EventsOfStreams(now.Store);
            (await many.ReadAsync(connection, streams, until: null, TestContext.Current.CancellationToken))
                .OrderBy(happened => streams.ToList().IndexOf(happened.StreamId)).ShouldBe(
                [
                    new Happened(streams[0], 1, new CountedInUnit(1, "pieces", "a note")), new Happened(streams[0], 2, new CountedInUnit(5, "dozens")),
                    new Happened(streams[1], 1, new CountedInUnit(1, "pieces", "a note")),
                    new Happened(streams[2], 1, new CountedInUnit(1, "pieces", "a note")),
                ]);
            (await many.ReadAsync(connection, [streams[1]], DateTimeOffset.UtcNow.AddHours(-1), TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }

        // By who publishes, and by analysts.
        await Eventually.Is(async () => (await now.FeedAsync(system.Authority.MachineToken("services", "integration")))
            .Select(message => message.Data.GetProperty("by").GetInt32()).ShouldBe([1, 1, 1, 5]));

        using (var analyst = now.Client(system.Authority.MachineToken("analyst", "events")))
        {
            foreach (var type in new[] { "counted", "counted_in_unit" })
            {
                using var feed = await analyst.GetAsync(new Uri($"/api/v1/events/counting?types={type}", UriKind.Relative));
                await feed.ShouldBeAsync(HttpStatusCode.OK);
            }
        }

        // And nothing of it was written again.
        (await StoredAsync(now)).Take(3).ShouldBe(stored);
        (await now.QueryAsync<string>("select type from mt_events order by seq_id")).ShouldBe(["counted", "counted", "counted", "counted_in_unit"]);
    }

    private static Task<IReadOnlyList<string>> StoredAsync(RunningService service) =>
        service.QueryAsync<string>(
            "select concat_ws('|', seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type) from mt_events order by seq_id");
}

/// <summary>What is counted from now on.</summary>
/// <param name="Amount">How much.</param>
/// <param name="Unit">Of what; there was no unit before, and pieces were meant.</param>
/// <param name="Note">Free text.</param>
public sealed record CountedInUnit(int Amount, string Unit, string? Note = null);

/// <summary>The aggregate of now; that of before, <see cref="Counter"/>, is gone.</summary>
public sealed record Measured
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public IReadOnlyDictionary<string, int> Sum { get; init; } = new Dictionary<string, int>();

    public static Measured Create(CountedInUnit e) => new() { Sum = new Dictionary<string, int> { [e.Unit] = e.Amount } };

    public Measured Apply(CountedInUnit e) => this with { Sum = new Dictionary<string, int>(Sum) { [e.Unit] = Sum.GetValueOrDefault(e.Unit) + e.Amount } };
}
