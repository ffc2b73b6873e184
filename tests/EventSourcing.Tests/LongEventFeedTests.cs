using System.Diagnostics;
using System.Text;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>The analysts' feed over a log of 100,000 events. Alone: the memory that it measures is the process's.</summary>
[Collection("alone")]
public sealed class LongEventFeedTests(LongLog log) : IClassFixture<LongLog>
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task a_long_feed_is_streamed_whole_and_in_order_in_bounded_memory()
    {
        using var reader = await log.OpenAsync();
        var atRest = log.AtRest;
        long most = 0, read = 0, previous = 0, events = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            read += line.Length;
            events++;
            var sequence = SequenceOf(line);
            sequence.ShouldBeGreaterThan(previous);
            previous = sequence;
            if (events % 10_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - atRest);
            }
        }

        events.ShouldBeInRange(LongLog.Events, LongLog.Events + 1);
        read.ShouldBeGreaterThan(30 * Megabyte);
        most.ShouldBeLessThan(16 * Megabyte);
    }

    [Fact]
    public async Task a_reader_that_does_not_read_holds_little_memory_no_query_and_nobody_up()
    {
        using var reader = await log.OpenAsync();
        await reader.ReadLineAsync();
        (GC.GetTotalMemory(forceFullCollection: true) - log.AtRest).ShouldBeLessThan(16 * Megabyte);
        await Eventually.Is(async () => (await QueriesAsync()).ShouldBe(0));

        await log.Counting.RollBackAsync();
        var last = (await log.Counting.AppendAsync(1)).Single();
        await Eventually.Is(async () => (await log.Counting.QueryAsync<long>(
            "select count(*) from mt_events e join broker_position sent on sent.previous = e.seq_id where e.stream_id = $1",
            last)).ShouldBe([1L]), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task a_reader_that_leaves_ends_the_reading_of_the_log()
    {
        var before = log.PagesRead;
        using (var reader = await log.OpenAsync())
        {
            while (await reader.ReadLineAsync() is not null)
            {
            }
        }

        var whole = log.PagesRead - before;
        whole.ShouldBeGreaterThanOrEqualTo(LongLog.Events / 1000);

        before = log.PagesRead;
        using (var leaving = await log.OpenAsync())
        {
            await leaving.ReadLineAsync();
        }

        // It stops by itself: nobody reads on behind the reader's back.
        await Eventually.Is(async () =>
        {
            var earlier = log.PagesRead;
            await Task.Delay(TimeSpan.FromSeconds(1));
            log.PagesRead.ShouldBe(earlier);
        });
        (log.PagesRead - before).ShouldBeLessThan(whole / 2);
    }

    [Fact]
    public async Task what_is_rare_is_found_without_a_statement_that_looks_through_all_of_the_log()
    {
        var last = (await log.Counting.QueryAsync<Guid>("select stream_id from mt_events order by seq_id desc limit 1")).Single();
        foreach (var (query, lines) in new[] { ("?types=nothing_yet", 0), ($"?stream={last}", 1), ($"?after={long.MinValue}&stream={last}", 1) })
        {
            var before = log.PagesRead;
            using var reader = await log.OpenAsync(query);
            (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(lines);
            (log.PagesRead - before).ShouldBeInRange(LongLog.Events / 20_000, LongLog.Events / 1000);
        }
    }

    [Fact]
    public async Task many_readers_at_once_get_all()
    {
        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var reader = await log.OpenAsync($"?after={LongLog.Events / 2}");
            var lines = 0;
            while (await reader.ReadLineAsync() is not null)
            {
                lines++;
            }

            return lines;
        }));
        counts.ShouldAllBe(lines => lines == counts[0]);
        counts[0].ShouldBeInRange(1, LongLog.Events);
    }

    private static long SequenceOf(string line)
    {
        const string name = "\"sequence\":\"";
        var start = line.IndexOf(name, StringComparison.Ordinal) + name.Length;
        return long.Parse(line.AsSpan(start, line.IndexOf('"', start) - start), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<long> QueriesAsync() => (await log.Counting.QueryAsync<long>(
        "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%specversion%' "
        + "and pid <> pg_backend_pid()"))[0];
}

/// <summary>A service with a long log.</summary>
public sealed class LongLog : IAsyncLifetime
{
    public const int Events = 100_000;

    private readonly CountingSystem system = new();
    private readonly ActivityListener listener = new();
    private int pagesRead;

    internal RunningService Counting { get; private set; } = null!;

    /// <summary>The memory in use before anyone reads, bytes.</summary>
    public long AtRest { get; private set; }

    /// <summary>How many pages of the log were read so far.</summary>
    public int PagesRead => Volatile.Read(ref pagesRead);

    public async ValueTask InitializeAsync()
    {
        await system.InitializeAsync();
        Counting = await system.StartCountingAsync();
        var database = new NpgsqlConnectionStringBuilder(Counting.Database).Database;
        listener.ShouldListenTo = source => source.Name == "Npgsql";
        listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData;
        listener.ActivityStopped = query =>
        {
            if (query.TagObjects.Any(tag => Equals(tag.Value, database))
                && query.TagObjects.Any(tag => tag.Value is string text && text.Contains("specversion", StringComparison.Ordinal)))
            {
                Interlocked.Increment(ref pagesRead);
            }
        };
        ActivitySource.AddActivityListener(listener);
        await Counting.AppendAsync(Events, note: new string('n', 100));
        await Counting.SentAsync(Events, TimeSpan.FromMinutes(5));
        AtRest = GC.GetTotalMemory(forceFullCollection: true);
    }

    public async Task<StreamReader> OpenAsync(string query = "")
    {
        var client = Counting.Client(system.Authority.MachineToken("analyst", "events"));
        var response = await client.GetAsync(new Uri($"/api/v1/events/counting{query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await system.DisposeAsync();
    }
}

/// <summary>What runs while no other class of these tests does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
