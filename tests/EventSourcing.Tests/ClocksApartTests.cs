using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>
/// The order of what happened is the log's and no clock's: services whose clocks are an hour apart tell each other
/// everything all the same, each once and in order.
/// </summary>
public sealed class ClocksApartTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Theory]
    [InlineData(1, -1)]
    [InlineData(-1, 1)]
    public async Task a_publishers_clock_an_hour_off_in_one_instance_and_in_the_other_changes_nothing(int hours, int thenHours)
    {
        var tallying = await system.StartTallyingAsync();
        var first = await StartCountingAsync(hours);
        await first.AppendAsync(20);
        await tallying.ShouldHaveHandledAsync(first, 20);

        await first.StopAsync();
        var second = await StartCountingAsync(thenHours);
        await Eventually.Is(() => second.LeadsAsync());
        // What could not be handled at first is tried again when its time has come, by the reader's own store.
        tallying.Faults.HandlingOf = "counting";
        await second.AppendAsync(20);
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_failures where state = 'blocked'")).ShouldBe([1L]));
        tallying.Faults.HandlingOf = null;

        await tallying.ShouldHaveHandledAsync(second, 40);
        await second.ShouldBePublishedInLogOrderAsync(system, 40);
        // The times are those that the clocks showed: two hours apart.
        var times = await second.QueryAsync<DateTime>("select timestamp from mt_events order by seq_id");
        (times[^1] - times[0]).Duration().ShouldBeGreaterThan(TimeSpan.FromMinutes(100));
    }

    private Task<RunningService> StartCountingAsync(int hours) => system.StartCountingAsync(with: settings => settings with
    {
        ConfigureServices = services => services.AddSingleton<TimeProvider>(new ClockAhead { By = TimeSpan.FromHours(hours) }),
    });
}
