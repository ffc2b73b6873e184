using System.Net;
using Marten.Services;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>What is published comes in the order of the log, and nothing of it is passed over, whatever writers do.</summary>
public sealed class PublishingTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private RunningService counting = null!;
    private RunningService tallying = null!;

    public async ValueTask InitializeAsync()
    {
        counting = await system.CountingAsync();
        tallying = await system.TallyingAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task of_sixteen_writers_at_once_everything_is_published_in_the_order_of_the_log()
    {
        using var client = counting.Client(system.Person());
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync();
            for (var version = 1; version <= 20; version++)
            {
                // Some with a key, some of what nobody is told, some refused.
                var count = new { by = version % 5 == 0 ? 0 : 1 };
                using var changed = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", count, version, writer % 2 == 0 ? $"{id} {version}" : null);
                await changed.ShouldBeAsync(HttpStatusCode.NoContent);
                using var stale = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", count, version);
                await stale.ShouldBeAsync(HttpStatusCode.PreconditionFailed);
            }
        }));
        await EverythingIsPublishedAsync();
    }

    [Fact]
    public async Task an_append_that_is_rolled_back_holds_nothing_up()
    {
        await counting.RollBackAsync(meanwhile: () => counting.AppendAsync(3));
        await counting.AppendAsync(3);
        await EverythingIsPublishedAsync();
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
        await EverythingIsPublishedAsync();
        (await tallying.QueryAsync<long>("select count(*) from mt_events where stream_id = $1", slow)).ShouldBe([1L]);
    }

    [Fact]
    public async Task a_transaction_that_reads_for_long_or_appends_elsewhere_holds_nothing_up()
    {
        await using var connection = new NpgsqlConnection(counting.Database);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var write = new NpgsqlCommand("create temporary table elsewhere as select count(*) from mt_events", connection);
        await write.ExecuteNonQueryAsync();
        await counting.RollBackAsync();
        var last = (await counting.AppendAsync(1)).Single();
        await Eventually.Is(
            async () => (await tallying.QueryAsync<long>("select count(*) from mt_events where stream_id = $1", last)).ShouldBe([1L]),
            TimeSpan.FromSeconds(30));
        await transaction.RollbackAsync();
        await EverythingIsPublishedAsync();
    }

    [Fact]
    public async Task the_integration_feed_is_for_services_only_and_gives_what_follows_a_position()
    {
        // What nobody is told lies between.
        await counting.AppendAsync(2);
        using var client = counting.Client(system.Person());
        await (await client.PostJsonAsync("/api/v1/counters", new { by = 0 })).IdAsync();
        await counting.AppendAsync(3);
        await EverythingIsPublishedAsync();
        using var nobody = counting.Client();
        await (await nobody.GetAsync(new Uri("/integration-events", UriKind.Relative))).ProblemAsync(HttpStatusCode.Unauthorized);
        using var person = counting.Client(system.Authority.PersonToken(Guid.NewGuid(), "administrator"));
        await (await person.GetAsync(new Uri("/integration-events", UriKind.Relative))).ProblemAsync(HttpStatusCode.Forbidden);
        using var analyst = counting.Client(system.Authority.MachineToken("analyst", "events"));
        await (await analyst.GetAsync(new Uri("/integration-events", UriKind.Relative))).ProblemAsync(HttpStatusCode.Forbidden);

        var published = await counting.PublishedAsync();
        using var service = counting.Client(system.Authority.MachineToken("services", "integration"));
        var page = await service.GetJsonAsync($"/integration-events?after={published[^5]}&limit=3");
        var messages = page.GetProperty("messages").EnumerateArray().ToList();
        messages.Select(message => message.GetProperty("sequence").GetInt64()).ShouldBe([published[^4], published[^3], published[^2]]);
        messages.Select(message => message.GetProperty("previous").GetInt64()).ShouldBe([published[^5], published[^4], published[^3]]);
        messages.ShouldAllBe(message => message.GetProperty("publisher").GetString() == "counting" && message.GetProperty("type").GetString() == "CountedV1");
        (page.GetProperty("upTo").GetInt64(), page.GetProperty("end").GetInt64()).ShouldBe((published[^2], published[^1]));
        // What is free text inside stays inside.
        messages[0].GetProperty("data").EnumerateObject().Select(member => member.Name).ShouldBe(["counterId", "by"], ignoreOrder: true);
        (await service.GetJsonAsync("/integration-events?limit=0")).GetProperty("messages").GetArrayLength().ShouldBe(1);

        // From between two of them, from the end, and from beyond it.
        var between = await service.GetJsonAsync<IntegrationPage>($"/integration-events?after={published[^3] - 1}");
        between.Messages.Select(message => message.Previous).ShouldBe([published[^3] - 1, published[^3], published[^2]]);
        var end = await service.GetJsonAsync<IntegrationPage>($"/integration-events?after={published[^1]}");
        (end.Messages.Count, end.UpTo, end.End).ShouldBe((0, published[^1], published[^1]));
        var beyond = await service.GetJsonAsync<IntegrationPage>("/integration-events?after=1000000");
        (beyond.Messages.Count, beyond.End).ShouldBe((0, published[^1]));
        (await service.GetJsonAsync<IntegrationPage>("/integration-events?number=0")).UpTo.ShouldBe(0);
        (await service.GetAsync(new Uri("/integration-events?number=1", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task EverythingIsPublishedAsync()
    {
        var published = (int)(await counting.QueryAsync<long>("select count(*) from mt_events where (data ->> 'by')::int <> 0"))[0];
        await counting.ShouldBePublishedInLogOrderAsync(system, published);
        await tallying.ShouldHaveHandledAsync(counting, published);
    }
}
