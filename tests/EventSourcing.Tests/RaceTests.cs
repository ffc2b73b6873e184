using System.Net;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Requests at the same time: who loses a race is refused and leaves nothing, and who waits holds nothing.</summary>
public sealed class RaceTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private const int AtOnce = 12;

    // Fewer than there are requests at once: with one of them held by each, the next could be had by none.
    private const int Connections = 5;

    private RunningService counting = null!;

    public async ValueTask InitializeAsync() => counting = await system.CountingAsync(settings => settings.With(
        "ConnectionStrings:counting",
        new NpgsqlConnectionStringBuilder(settings.Configuration["ConnectionStrings:counting"]) { MaxPoolSize = Connections }.ConnectionString));

    public ValueTask DisposeAsync()
    {
        counting.Faults.BeforeSaving = null;
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_decided_on_a_version_that_has_passed_is_stale_and_takes_no_number_of_the_log(bool withKeys)
    {
        var id = await BeginAsync();
        (await TogetherAsync($"/api/v1/counters/{id}/counts", withKeys, version: 1)).ShouldBe(One(HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed));
        await ShouldHaveNoHoleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_begins_what_another_has_begun_meanwhile_is_refused_and_takes_no_number_of_the_log(bool withKeys)
    {
        (await TogetherAsync($"/api/v1/counters/{Guid.NewGuid()}", withKeys)).ShouldBe(One(HttpStatusCode.NoContent, HttpStatusCode.Conflict));
        await ShouldHaveNoHoleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_writes_to_two_streams_and_loses_one_takes_no_number_for_the_other(bool withKeys)
    {
        var id = await BeginAsync();
        // No version was asked for, so none is stale.
        (await TogetherAsync($"/api/v1/counters/{id}/pairs", withKeys)).ShouldBe(One(HttpStatusCode.NoContent, HttpStatusCode.Conflict));
        (await TogetherAsync($"/api/v1/counters/{Guid.NewGuid()}/pairs", withKeys)).ShouldBe(One(HttpStatusCode.NoContent, HttpStatusCode.Conflict));
        await ShouldHaveNoHoleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_takes_a_name_that_another_takes_is_refused_and_takes_no_number_of_the_log(bool withKeys)
    {
        (await TogetherAsync($"/api/v1/counters/named/{Guid.NewGuid():N}", withKeys)).ShouldBe(One(HttpStatusCode.NoContent, HttpStatusCode.Conflict));
        await ShouldHaveNoHoleAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task who_is_alone_with_a_stream_makes_the_others_wait_and_nobody_lose(bool withKeys)
    {
        var id = await BeginAsync();
        (await TogetherAsync($"/api/v1/counters/{id}/turns", withKeys, atOnce: 60)).ShouldAllBe(status => status == HttpStatusCode.NoContent);
        (await counting.QueryAsync<long>("select version from mt_streams where id = $1", id)).ShouldBe([61L]);
        await ShouldHaveNoHoleAsync();
    }

    [Fact]
    public async Task another_process_that_holds_a_stream_is_waited_for_without_a_connection()
    {
        var id = await BeginAsync();
        await using var other = new NpgsqlConnection(counting.Database);
        await other.OpenAsync();
        await using (var held = await other.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("select 1 from mt_streams where id = $1 for update", other, held)
            {
                Parameters = { new() { Value = id } },
            };
            await command.ExecuteNonQueryAsync();
            var waiting = Task.WhenAll(
                Enumerable.Range(0, AtOnce).Select(number => TogetherAsync($"/api/v1/counters/{id}/turns", withKeys: number % 2 == 0, atOnce: 1)));
            for (var others = 0; others < 2 * Connections; others++)
            {
                await BeginAsync();
            }

            waiting.IsCompleted.ShouldBeFalse();
            await held.CommitAsync();
            (await waiting).SelectMany(statuses => statuses).ShouldAllBe(status => status == HttpStatusCode.NoContent);
        }

        (await counting.QueryAsync<long>("select version from mt_streams where id = $1", id)).ShouldBe([1L + AtOnce]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    public async Task four_hundred_requests_with_keys_are_all_answered_and_others_are_meanwhile(int keys)
    {
        using var client = counting.Client(system.Person());
        var id = await BeginAsync();
        var key = Guid.NewGuid().ToString();
        var before = await counting.QueryAsync<long>("select count(*) from mt_events");
        var all = Task.WhenAll(Enumerable.Range(0, 400)
            .Select(number => StatusAsync(client.PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: $"{key} {number % keys}"))));
        using var bystander = counting.Client(system.Person());
        while (!all.IsCompleted)
        {
            (await bystander.GetJsonAsync($"/api/v1/counters/{id}/history")).GetArrayLength().ShouldBe(1);
        }

        (await all).ShouldAllBe(status => status == HttpStatusCode.Created);
        (await counting.QueryAsync<long>("select count(*) from mt_events")).ShouldBe([before[0] + keys]);
        await ShouldHaveNoHoleAsync();
    }

    [Fact]
    public async Task who_hangs_up_before_the_save_changes_nothing_and_who_does_after_has_changed_it()
    {
        using var client = counting.Client(system.Person());
        var id = await BeginAsync();
        var (decided, heard) = (new TaskCompletionSource(), new TaskCompletionSource());
        counting.Faults.BeforeSaving = async ct =>
        {
            decided.SetResult();
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            heard.SetResult();
        };
        using (var hangUp = new CancellationTokenSource())
        {
            var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/v1/counters/{id}", UriKind.Relative))
            {
                Content = new StringContent("{\"by\":1}", null, "application/json"),
            };
            var broken = client.SendAsync(request, hangUp.Token);
            await decided.Task;
            await hangUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(broken);
        }

        // The service hears of it a moment later.
        await heard.Task;
        counting.Faults.BeforeSaving = null;
        using var next = await client.PostJsonAsync($"/api/v1/counters/{id}", new { by = 1 }, version: 1);
        await next.ShouldBeAsync(HttpStatusCode.NoContent);
        (await counting.QueryAsync<long>("select version from mt_streams where id = $1", id)).ShouldBe([2L]);
        await ShouldHaveNoHoleAsync();
    }

    private static IEnumerable<HttpStatusCode> One(HttpStatusCode wins, HttpStatusCode loses) => Enumerable.Repeat(loses, AtOnce - 1).Prepend(wins);

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        return response.StatusCode;
    }

    private async Task<Guid> BeginAsync()
    {
        using var client = counting.Client(system.Person());
        return await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync();
    }

    /// <summary>The same by so many people, who decide before the first of them saves. The answers, in the order of their numbers.</summary>
    private async Task<IEnumerable<HttpStatusCode>> TogetherAsync(string path, bool withKeys, long? version = null, int atOnce = AtOnce)
    {
        counting.Faults.LetDecideTogether(atOnce);
        using var client = counting.Client(system.Person());
        var answers = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ =>
            StatusAsync(client.PostJsonAsync(path, new { by = 1 }, version, withKeys ? Guid.NewGuid().ToString() : null))));
        counting.Faults.BeforeSaving = null;
        return answers.Order();
    }

    private async Task ShouldHaveNoHoleAsync() =>
        (await counting.QueryAsync<long>("select last_value from mt_events_sequence"))
            .ShouldBe(await counting.QueryAsync<long>("select count(*) from mt_events"));
}
