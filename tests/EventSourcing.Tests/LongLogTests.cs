using System.Text.Json;
using Marten;
using Marten.Events;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>A log goes on beyond what 32 bits count: for its readers, on the broker, in the feeds, and in what is written down of positions.</summary>
public sealed class LongLogTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task a_log_and_its_subscribers_go_on_beyond_two_to_the_power_of_31()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync();
        await counting.AppendAsync(5);
        await tallying.ShouldHaveHandledAsync(counting, 5);
        await counting.SentAsync(5);

        // The publisher crosses the line in the middle of what it appends, the subscriber in its own log as well.
        foreach (var service in new[] { counting, tallying })
        {
            await service.QueryAsync<long>($"select setval('mt_events_sequence', {int.MaxValue - 4L})");
        }

        var streams = await counting.AppendAsync(10);
        await counting.RollBackAsync();
        await using (var session = counting.Store.LightweightSession())
        {
            (await session.Events.FetchForWriting<Counter>(streams[^1])).AppendOne(new Counted(2));
            await session.SaveChangesAsync();
        }

        await tallying.ShouldHaveHandledAsync(counting, 16);
        await counting.SentAsync(16);
        await counting.ShouldBePublishedInLogOrderAsync(system, 16);
        var last = (await counting.PublishedAsync())[^1];
        last.ShouldBeGreaterThan(int.MaxValue);
        (await tallying.QueryAsync<long>("select max(seq_id) from mt_events"))[0].ShouldBeGreaterThan(int.MaxValue);
        (await tallying.QueryAsync<long>("select sequence from reader_positions where publisher = 'counting'"))
            .ShouldHaveSingleItem().ShouldBeGreaterThanOrEqualTo(last);

        // From a position beyond the line, with a process that knows nothing of before.
        await counting.StopAsync();
        await tallying.StopAsync();
        counting = await system.StartCountingAsync();
        tallying = await system.StartTallyingAsync();
        await counting.AppendAsync(3);
        await tallying.ShouldHaveHandledAsync(counting, 19);
        var told = (await counting.Client(system.Authority.MachineToken("analysts", "events"))
            .GetStringAsync(new Uri($"/api/v1/events/counting?after={last}", UriKind.Relative)))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetString());
        told.ShouldBe([$"{last + 1}", $"{last + 2}", $"{last + 3}"]);
    }

    [Fact]
    public async Task what_takes_sequences_in_the_database_takes_64_bits()
    {
        var counting = await system.StartCountingAsync();
        (await counting.QueryAsync<string>(
            """
            select table_name || '.' || column_name || ' ' || data_type from information_schema.columns
            where table_schema = 'public' and column_name in ('seq_id', 'last_seq_id', 'sequence', 'previous', 'mark') and data_type <> 'bigint'
            """)).ShouldBeEmpty();
        (await counting.QueryAsync<string>("select data_type::text from information_schema.sequences where sequence_name = 'mt_events_sequence'"))
            .ShouldBe(["bigint"]);
        ((EventGraph)counting.Services.GetRequiredService<IDocumentStore>().Options.Events).EnableBigIntEvents.ShouldBeTrue();
    }
}
