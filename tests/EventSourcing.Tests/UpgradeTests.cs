using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Stores of the time when integration events were numbered go on where they stood.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task a_publisher_and_a_subscriber_that_stood_at_numbers_go_on_from_there_and_nothing_is_handled_twice()
    {
        var counting = await system.StartCountingAsync();
        using var client = counting.Client(system.Person());
        // Numbers and positions differ: some events nobody is told, and a number of the log that was not used.
        for (var count = 0; count < 20; count++)
        {
            await (await client.PostJsonAsync("/api/v1/counters", new { by = count % 3 == 0 ? 0 : 1 })).IdAsync();
        }

        await counting.RollBackAsync();
        await counting.AppendAsync(7);
        var published = await counting.PublishedAsync();
        await counting.SentAsync(published.Count);
        await counting.StopAsync();

        // As they were left: 15 numbered, 12 sent, 9 handled, of the other publisher 4.
        await ExecuteAsync(counting.Database,
            """
            create table integration_events (number bigint primary key, id uuid not null unique);
            insert into integration_events select row_number() over (order by seq_id), id from mt_events where (data ->> 'by')::int <> 0
                order by seq_id limit 15;
            create table broker_progress (id integer primary key, number bigint not null);
            insert into broker_progress values (1, 12);
            drop table broker_position, event_log, reader_positions;
            """);
        await ExecuteAsync(system.TallyingDatabase,
            """
            create table inbox (publisher text primary key, number bigint not null);
            insert into inbox values ('counting', 9), ('other', 4);
            """);
        var others = Enumerable.Range(1, 6).Select(number => system.Other.Number(new CountedV1(Guid.CreateVersion7(), number))).ToList();
        system.Other.Show(others);

        // The subscriber is there before its publisher, and twice.
        var tallying = await system.StartTallyingAsync();
        await system.StartTallyingAsync();
        counting = await system.StartCountingAsync();
        await Eventually.Is(async () =>
        {
            (await HandledAsync("counting")).ShouldBe(published.Skip(9));
            (await HandledAsync("other")).ShouldBe(others.Skip(4).Select(message => message.Sequence));
        });
        await counting.SentAsync(published.Count);
        await counting.AppendAsync(3);
        published = await counting.PublishedAsync();
        await Eventually.Is(async () => (await HandledAsync("counting")).ShouldBe(published.Skip(9)));
        await counting.SentAsync(published.Count);

        // A reader that is added later begins at its own beginning, nobody's number is left, and an old instance that still runs takes everything for handled.
        (await tallying.QueryAsync<long>("select number from inbox")).ShouldBe([long.MaxValue - 1, long.MaxValue - 1]);
        (await tallying.QueryAsync<long>("select count(*) from reader_positions where number is not null or log is null")).ShouldBe([0L]);

        Task<IReadOnlyList<long>> HandledAsync(string publisher) =>
            tallying.QueryAsync<long>("select (data ->> 'sequence')::bigint from mt_events where data ->> 'publisher' = $1 order by seq_id", publisher);
    }

    [Fact]
    public async Task what_was_sent_with_a_number_and_still_lies_in_a_queue_is_read_from_the_feed()
    {
        var tallying = await system.StartTallyingAsync(look: TimeSpan.FromHours(1));
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 1));
        await tallying.ShouldHaveHandledOfOtherAsync(1);
        var messages = Enumerable.Range(2, 3).Select(number => system.Other.Number(new CountedV1(Guid.CreateVersion7(), number))).ToList();
        system.Other.Show(messages);
        await system.Other.SendToQueueAsync("tallying.from-other", messages.Select(message => message with { Log = default, Sequence = 0, Previous = 0 }));
        await tallying.ShouldHaveHandledOfOtherAsync(4);
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
