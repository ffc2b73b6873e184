using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.EventSourcing.Broker;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Of two instances of a service exactly one projects and publishes; when it is gone the other takes over.</summary>
public sealed class LeaderTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();
    private readonly ClockAhead clock = new();
    private RunningService first = null!;
    private RunningService second = null!;
    private RunningService tallying = null!;

    public async ValueTask InitializeAsync()
    {
        await system.InitializeAsync();
        first = await system.StartCountingAsync(with: With);
        await Eventually.Is(() => first.LeadsAsync());
        second = await system.StartCountingAsync(ServiceSettings.FreeAddress(), with: With);
        tallying = await system.StartTallyingAsync();
    }

    public ValueTask DisposeAsync() => system.DisposeAsync();

    private ServiceSettings With(ServiceSettings settings) => settings with { ConfigureServices = services => services.AddSingleton<TimeProvider>(clock) };

    [Fact]
    public async Task one_leads_and_both_write()
    {
        await first.AppendAsync(50);
        // The number that this leaves unused must not hold up what follows, though one instance holds the lock and another waits for it.
        await second.RollBackAsync();
        await second.AppendAsync(50);
        await tallying.ShouldHaveHandledAsync(second, 100);
        (await first.LeadsAsync()).ShouldBeTrue();
        (await second.LeadsAsync()).ShouldBeFalse();
        await second.ShouldBePublishedInLogOrderAsync(system, 100);
    }

    [Fact]
    public async Task the_other_takes_over_when_the_leader_stops_in_the_middle_of_its_work()
    {
        var writing = WriteAsync(second, batches: 30);
        await Eventually.Is(async () => (await tallying.PositionAsync("counting")).ShouldBeGreaterThan(20));
        await first.StopAsync();
        await Eventually.Is(() => second.LeadsAsync());

        var events = await writing;
        await second.SentAsync(events);
        await second.ShouldBePublishedInLogOrderAsync(system, events);
        // The subscriber knows the first one's address only; it must have heard of all through the broker, or hears of it when someone answers there.
        await using var again = await system.StartCountingAsync();
        await tallying.ShouldHaveHandledAsync(second, events);
    }

    [Fact]
    public async Task a_leader_that_loses_its_hold_stops_leading_and_another_takes_over()
    {
        var writing = WriteAsync(second, batches: 30);
        await Eventually.Is(async () => (await tallying.PositionAsync("counting")).ShouldBeGreaterThan(20));
        await BreakTheHoldAsync(second);
        await Eventually.Is(async () => ((await first.LeadsAsync()) ^ (await second.LeadsAsync())).ShouldBeTrue());

        var events = await writing;
        await tallying.ShouldHaveHandledAsync(second, events);
        await second.ShouldBePublishedInLogOrderAsync(system, events);
        await Eventually.Is(async () => ((await first.LeadsAsync()) ^ (await second.LeadsAsync())).ShouldBeTrue());
    }

    [Fact]
    public async Task a_leader_that_is_alone_and_loses_its_hold_leads_again_and_goes_on()
    {
        await second.StopAsync();
        for (var round = 1; round <= 3; round++)
        {
            await first.AppendAsync(20);
            await tallying.ShouldHaveHandledAsync(second, 20 * round);
            await BreakTheHoldAsync(first);
            await Eventually.Is(() => first.LeadsAsync());
        }

        await first.AppendAsync(20);
        await tallying.ShouldHaveHandledAsync(second, 80);
        await first.ShouldBePublishedInLogOrderAsync(system, 80);
    }

    [Fact]
    public async Task what_two_that_both_believe_to_lead_send_is_handled_once()
    {
        // For seconds, after one has lost its hold and not noticed yet.
        using var leading = new CancellationTokenSource();
        var works = second.Services.GetServices<IWhileLeading>().OfType<SendToBroker>().Select(work => work.RunAsync(leading.Token)).ToList();
        works.Count.ShouldBe(1);
        var events = await WriteAsync(first, batches: 30);
        await tallying.ShouldHaveHandledAsync(first, events);
        await first.ShouldBePublishedInLogOrderAsync(system, events);
        await leading.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(works[0]);
    }

    [Fact]
    public async Task a_part_of_what_the_leader_does_that_ends_hands_the_lead_over()
    {
        await first.AppendAsync(10);
        await tallying.ShouldHaveHandledAsync(first, 10);
        await first.StopAsync();
        await Eventually.Is(() => second.LeadsAsync());
        var ending = new TaskCompletionSource();
        await using var third = await system.StartCountingAsync(ServiceSettings.FreeAddress(), with: settings => settings with
        {
            ConfigureServices = services => services.AddSingleton<IWhileLeading>(new Ending(ending.Task)),
        });
        await second.StopAsync();
        await Eventually.Is(() => third.LeadsAsync());
        // The subscriber knows the first one's address: what it does not take from the broker at once it reads there.
        await using var fourth = await system.StartCountingAsync();
        ending.SetException(new InvalidOperationException("It cannot go on."));
        await Eventually.Is(() => fourth.LeadsAsync());
        await fourth.AppendAsync(10);
        await tallying.ShouldHaveHandledAsync(fourth, 20);
        (await third.LeadsAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task leading_that_breaks_off_again_and_again_shows_though_no_part_of_it_fails_for_long()
    {
        var leadership = first.Services.GetRequiredService<Leadership>();
        var now = first.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        leadership.BreaksOff(now, new InvalidOperationException("It cannot go on."));
        (await LogHealthAsync(first)).ShouldBe("Healthy");
        foreach (var seconds in new[] { 60, 40, 20, 0 })
        {
            leadership.BreaksOff(now.AddSeconds(60 - seconds), new InvalidOperationException("It cannot go on."));
        }

        leadership.Broken.ShouldBe(new BrokenOff(now, now.AddSeconds(60), "It cannot go on."));
        (await LogHealthAsync(first)).ShouldBe("Degraded");
    }

    [Fact]
    public async Task that_nobody_leads_shows_at_every_instance_when_something_has_waited_for_a_minute()
    {
        // What nobody is told is passed over, and is no sign of that.
        await first.AppendAsync(3);
        using var client = first.Client(system.Person());
        await (await client.PostJsonAsync("/api/v1/counters", new { by = 0 })).IdAsync();
        await Eventually.Is(async () => (await first.QueryAsync<long>("select sequence from broker_position")).ShouldBe([4L]));
        (await LogHealthAsync(first), await LogHealthAsync(second)).ShouldBe(("Healthy", "Healthy"));
        clock.By += TimeSpan.FromMinutes(2);
        (await LogHealthAsync(first), await LogHealthAsync(second)).ShouldBe(("Healthy", "Healthy"));

        // As a machine does that fell silent in the middle of it.
        await using var silent = new Npgsql.NpgsqlConnection(first.Database);
        await silent.OpenAsync();
        await using var take = new Npgsql.NpgsqlCommand("select pg_advisory_lock(hashtextextended('volunteerbook-counting', 0))", silent);
        var taking = take.ExecuteNonQueryAsync();
        await Eventually.Is(async () =>
        {
            if (!taking.IsCompleted)
            {
                await BreakTheHoldAsync(first, TimeSpan.FromSeconds(1));
            }

            await taking.WaitAsync(TimeSpan.FromSeconds(1));
        });
        await Eventually.Is(async () => ((await first.LeadsAsync()) || (await second.LeadsAsync())).ShouldBeFalse());
        await second.AppendAsync(3);
        (await LogHealthAsync(first), await LogHealthAsync(second)).ShouldBe(("Healthy", "Healthy"));
        clock.By += TimeSpan.FromMinutes(2);
        (await LogHealthAsync(first), await LogHealthAsync(second)).ShouldBe(("Degraded", "Degraded"));

        take.CommandText = "select pg_advisory_unlock_all()";
        await take.ExecuteNonQueryAsync();
        await Eventually.Is(async () => (await LogHealthAsync(first), await LogHealthAsync(second)).ShouldBe(("Healthy", "Healthy")));
    }

    private static async Task<string?> LogHealthAsync(RunningService service) =>
        System.Text.Json.JsonDocument.Parse(await service.Client().GetStringAsync(new Uri("/health", UriKind.Relative)))
            .RootElement.GetProperty("checks").GetProperty("log").GetProperty("status").GetString();

    private sealed class Ending(Task end) : IWhileLeading
    {
        public Task RunAsync(CancellationToken leading) => end.WaitAsync(leading);
    }

    [Fact]
    public async Task an_instance_that_stopped_leaves_no_connection_behind()
    {
        await first.AppendAsync(10);
        await tallying.ShouldHaveHandledAsync(second, 10);
        await first.StopAsync();
        await second.StopAsync();
        await Eventually.Is(async () => (await second.QueryAsync<string>(
            "select query from pg_stat_activity where datname = current_database() and application_name in ('counting', 'counting leader')")).ShouldBeEmpty());
    }

    /// <summary>As when a machine hangs or its network breaks: PostgreSQL lets go of the lock, and the process does not know.</summary>
    private static Task BreakTheHoldAsync(RunningService service, TimeSpan? within = null) => Eventually.Is(async () => (await service.QueryAsync<bool>(
        """
        select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
            and pid in (select pid from pg_stat_activity where application_name like '% leader')
        """)).ShouldBe([true]), within);

    /// <summary>Appends for a while, and says how much.</summary>
    private static async Task<int> WriteAsync(RunningService service, int batches)
    {
        var events = 0;
        for (var batch = 0; batch < batches; batch++)
        {
            await service.AppendAsync(10);
            events += 10;
            await Task.Delay(100);
        }

        return events;
    }
}
