using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Several who read the end of the log for the same reason read it once; that must hide nothing from any of them.</summary>
public sealed class SharedLogTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private RunningService counting = null!;
    private NpgsqlDataSource database = null!;
    private EventLog log = null!;

    public async ValueTask InitializeAsync()
    {
        counting = await system.CountingAsync();
        database = NpgsqlDataSource.Create(counting.Database);
        log = new EventLog(counting.Store, database);
        await counting.AppendAsync(1);
    }

    public ValueTask DisposeAsync()
    {
        log.Dispose();
        return database.DisposeAsync();
    }

    [Fact]
    public async Task what_is_told_after_somebody_read_is_there_for_who_reads_next()
    {
        var end = (await log.ReadAsync(0, 1, default)).UpTo;
        (await log.ReadAsync(end, 1, default)).Events.ShouldBeEmpty();
        await counting.AppendAsync(1);
        (await log.ReadAsync(end, 2, default)).Events.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task what_nobody_told_is_found_by_who_looks_all_the_same()
    {
        var end = (await log.ReadAsync(0, 1, default)).UpTo;
        (await log.ReadAsync(end, 1, default)).Events.ShouldBeEmpty();
        await counting.AppendAsync(1);
        await Eventually.Is(async () => (await log.ReadAsync(end, 1, default)).Events.Count > 0);
    }

    [Fact]
    public async Task who_is_not_woken_by_this_process_sees_at_once_what_another_appended()
    {
        var end = (await log.ReadAsync(0, 1, default)).UpTo;
        (await log.ReadAsync(end, null, default)).Events.ShouldBeEmpty();
        await counting.AppendAsync(1);
        (await log.ReadAsync(end, null, default)).Events.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task two_who_are_behind_get_the_same_events_from_where_each_of_them_stands()
    {
        await counting.AppendAsync(1);
        var first = await log.ReadAsync(0, 1, default);
        first.Events.Count.ShouldBeGreaterThan(1);
        var second = await log.ReadAsync(first.Events[0].Sequence, 1, default);
        second.Events.Select(stored => stored.Sequence).ShouldBe(first.Events.Skip(1).Select(stored => stored.Sequence));
        second.UpTo.ShouldBe(first.UpTo);
    }
}
