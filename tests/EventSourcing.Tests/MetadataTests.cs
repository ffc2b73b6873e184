using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Who, when, why and under which trace stands on every append (F39).</summary>
public sealed class MetadataTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private RunningService counting = null!;
    private RunningService tallying = null!;

    public async ValueTask InitializeAsync()
    {
        counting = await system.CountingAsync();
        tallying = await system.TallyingAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory, Trait("Feature", "F39")]
    [InlineData(ActivityTraceFlags.Recorded)]
    [InlineData(ActivityTraceFlags.None)]
    public async Task every_append_says_who_when_why_and_under_which_trace_here_and_where_it_led_to(ActivityTraceFlags flags)
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var person = Guid.NewGuid();
        using var activity = new Activity("a test").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.ActivityTraceFlags = flags;
        var trace = activity.TraceId.ToString();
        using var client = counting.Client(system.Authority.PersonToken(person));
        client.DefaultRequestHeaders.Add("X-Correlation-Id", "one-thing");
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: $"a key {flags}")).IdAsync();
        await (await client.PostJsonAsync($"/api/v1/counters/{id}/counts", new { by = 2 }, version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);

        await using (var session = counting.Store.QuerySession())
        {
            var stored = await session.Events.FetchStreamAsync(id);
            stored.Count.ShouldBe(2);
            foreach (var happened in stored)
            {
                happened.UserName.ShouldBe(person.ToString());
                happened.CorrelationId.ShouldBe("one-thing");
                happened.CausationId.ShouldNotBeNullOrEmpty();
                happened.GetHeader("kind")!.ToString().ShouldBe("person");
                happened.GetHeader("traceparent")!.ToString().ShouldNotBeNull().ShouldContain(trace);
                happened.Timestamp.ShouldBeInRange(before, DateTimeOffset.UtcNow.AddSeconds(1));
            }

            stored[0].CausationId.ShouldNotBe(stored[1].CausationId);
        }

        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from mt_events where stream_id = $1", id))[0].ShouldBe(2));
        await using (var session = tallying.Store.QuerySession())
        {
            var told = await session.Events.FetchStreamAsync(id);
            var causes = await counting.QueryAsync<Guid>("select id from mt_events where stream_id = $1 order by version", id);
            told.Select(happened => happened.CausationId).ShouldBe(causes.Select(cause => cause.ToString()));
            foreach (var happened in told)
            {
                happened.UserName.ShouldBe(person.ToString());
                happened.CorrelationId.ShouldBe("one-thing");
                happened.GetHeader("kind")!.ToString().ShouldBe("service");
                happened.GetHeader("traceparent")!.ToString().ShouldNotBeNull().ShouldContain(trace);
                happened.Timestamp.ShouldBeInRange(before, DateTimeOffset.UtcNow.AddSeconds(1));
            }
        }
    }

    [Fact]
    public async Task what_is_handled_while_another_message_made_us_look_stays_in_its_own_trace()
    {
        var own = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-01";
        var counter = Guid.CreateVersion7();
        using (var another = new Activity("another message").SetIdFormat(ActivityIdFormat.W3C))
        {
            another.ActivityTraceFlags = ActivityTraceFlags.Recorded;
            another.Start();
            var reading = tallying.ReadingOf("other");
            await Eventually.Is(async () => (await reading.PositionAsync(TestContext.Current.CancellationToken)).Log.ShouldNotBeNull());
            (await reading.HandleAsync([system.Other.Number(new CountedV1(counter, 1)) with { TraceParent = own }], TestContext.Current.CancellationToken))
                .ShouldBe(Handled.Now);
        }

        (await tallying.QueryAsync<string>("select headers ->> 'traceparent' from mt_events where stream_id = $1", counter))
            .ShouldHaveSingleItem().Split('-')[1].ShouldBe(own.Split('-')[1]);
    }

    [Fact]
    public async Task without_a_correlation_of_the_callers_own_the_trace_ties_things_together()
    {
        using var client = counting.Client(system.Person());
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync();
        var history = (await client.GetJsonAsync($"/api/v1/counters/{id}/history")).EnumerateArray().ShouldHaveSingleItem();
        history.GetProperty("type").GetString().ShouldBe("counted");
        history.GetProperty("version").GetInt64().ShouldBe(1);
        history.GetProperty("byKind").GetString().ShouldBe("person");
        history.GetProperty("correlationId").GetString().ShouldNotBeNullOrEmpty();
        history.GetProperty("data").GetProperty("by").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task what_is_stored_is_written_as_the_api_writes_it()
    {
        using var client = counting.Client(system.Person());
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1, note = "слово" })).IdAsync();
        var data = JsonDocument.Parse((await counting.QueryAsync<string>("select data::text from mt_events where stream_id = $1", id))[0]).RootElement;
        data.EnumerateObject().Select(member => member.Name).Order().ShouldBe(["by", "note"]);
        (await counting.QueryAsync<string>("select type from mt_events where stream_id = $1", id)).ShouldBe(["counted"]);
    }
}
