using System.Net;
using System.Text.Json;
using Marten;
using Marten.Services;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>What was published bears numbers without a gap, in the order of the log, whatever writers do.</summary>
public sealed class NumberingTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private RunningService counting = null!;

    public async ValueTask InitializeAsync() => counting = await system.CountingAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task sixteen_writers_at_once_leave_no_gap_and_no_disorder()
    {
        using var client = counting.Client(system.Person());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync();
            for (var version = 1; version <= 20; version++)
            {
                // Some with a key, some of what nobody is told, some refused: numbers of the log are lost, numbers of the publisher are not.
                var count = new { by = version % 5 == 0 ? 0 : 1 };
                using var changed = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", count, version, writer % 2 == 0 ? $"{id} {version}" : null);
                await changed.ShouldBeAsync(HttpStatusCode.NoContent);
                using var stale = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", count, version);
                await stale.ShouldBeAsync(HttpStatusCode.PreconditionFailed);
            }
        }));
        await EverythingIsNumberedAsync();
    }

    [Fact]
    public async Task an_append_that_is_rolled_back_leaves_no_gap()
    {
        await counting.RollBackAsync(meanwhile: () => counting.AppendAsync(3));
        await counting.AppendAsync(3);
        await EverythingIsNumberedAsync();
    }

    [Fact]
    public async Task an_append_whose_transaction_is_slow_to_commit_is_not_passed_over()
    {
        await using var connection = new NpgsqlConnection(counting.Database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var slow = Guid.CreateVersion7();
        await using (var session = counting.Store.LightweightSession(SessionOptions.ForTransaction(transaction)))
        {
            session.Events.StartStream<Counter>(slow, new Counted(1));
            await session.SaveChangesAsync();
        }

        // Long enough for anyone who takes a gap that stays for a nothing to pass it over.
        for (var second = 0; second < 8; second++)
        {
            await counting.AppendAsync(1);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }

        await transaction.CommitAsync();
        await EverythingIsNumberedAsync();
        (await counting.QueryAsync<long>("select count(*) from integration_events where data ->> 'counterId' = $1", slow.ToString())).ShouldBe([1L]);
    }

    [Fact]
    public async Task the_integration_feed_is_for_services_only_and_gives_what_follows_a_number()
    {
        await counting.AppendAsync(5);
        await EverythingIsNumberedAsync();
        using var nobody = counting.Client();
        await (await nobody.GetAsync(new Uri("/integration-events", UriKind.Relative))).ProblemAsync(HttpStatusCode.Unauthorized);
        using var person = counting.Client(system.Authority.PersonToken(Guid.NewGuid(), "administrator"));
        await (await person.GetAsync(new Uri("/integration-events", UriKind.Relative))).ProblemAsync(HttpStatusCode.Forbidden);
        using var analyst = counting.Client(system.Authority.MachineToken("analyst", "events"));
        await (await analyst.GetAsync(new Uri("/integration-events", UriKind.Relative))).ProblemAsync(HttpStatusCode.Forbidden);

        using var service = counting.Client(system.Authority.MachineToken("services", "integration"));
        var page = (await service.GetJsonAsync("/integration-events?after=1&limit=3")).EnumerateArray().ToList();
        page.Select(message => message.GetProperty("number").GetInt64()).ShouldBe([2L, 3L, 4L]);
        page.ShouldAllBe(message => message.GetProperty("publisher").GetString() == "counting" && message.GetProperty("type").GetString() == "CountedV1");
        // What is free text inside stays inside.
        page[0].GetProperty("data").EnumerateObject().Select(member => member.Name).ShouldBe(["counterId", "by"], ignoreOrder: true);
        (await service.GetJsonAsync("/integration-events?after=1000000")).GetArrayLength().ShouldBe(0);
        (await service.GetJsonAsync("/integration-events?limit=0")).GetArrayLength().ShouldBe(1);
    }

    private async Task EverythingIsNumberedAsync()
    {
        var published = (int)(await counting.QueryAsync<long>("select count(*) from mt_events where (data ->> 'by')::int <> 0"))[0];
        await Eventually.Is(async () => (await counting.QueryAsync<long>("select count(*) from integration_events"))[0].ShouldBe(published));
        await counting.ShouldBeNumberedInLogOrderAsync(published);
    }
}
