using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using VolunteerBook.Contracts;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Whatever happens between publisher and subscriber, each event is handled once, in order, and none is missing in the end.</summary>
public sealed class DeliveryTests : IAsyncLifetime
{
    private const string Queue = "tallying.from-counting";
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task events_go_through_the_broker_without_a_look_at_the_feed()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync(look: Never);
        await QueueIsServedAsync();
        await counting.AppendAsync(300);
        await tallying.ShouldHaveHandledAsync(counting, 300);
        await counting.SentAsync(300);
    }

    [Fact]
    public async Task the_maker_of_the_bus_is_told_nothing()
    {
        var counting = await system.StartCountingAsync();
        counting.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled.ShouldBeFalse();
    }

    [Fact]
    public async Task nothing_is_missing_when_the_broker_was_away_while_events_were_appended()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync(look: Never);
        await QueueIsServedAsync();
        await counting.AppendAsync(20);
        await tallying.ShouldHaveHandledAsync(counting, 20);

        await system.Line.CutAsync();
        using var client = counting.Client(system.Person());
        for (var number = 0; number < 200; number++)
        {
            // Accepted as ever.
            using var response = await client.PostJsonAsync("/api/v1/counters", new { by = 1 });
            await response.ShouldBeAsync(HttpStatusCode.Created);
        }

        (await client.GetAsync(new Uri("/health", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        system.Line.Mend();

        await counting.SentAsync(220);
        await tallying.ShouldHaveHandledAsync(counting, 220);
        await counting.ShouldBePublishedInLogOrderAsync(system, 220);
    }

    [Fact]
    public async Task a_sender_that_fell_over_before_it_wrote_down_how_far_it_was_sends_again_and_nothing_is_handled_twice()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync(look: Never);
        await QueueIsServedAsync();
        await counting.AppendAsync(20);
        await tallying.ShouldHaveHandledAsync(counting, 20);
        await counting.SentAsync(20);
        await counting.StopAsync();
        var published = await counting.PublishedAsync();
        await counting.QueryAsync<long>("update broker_position set sequence = $1, previous = $1 returning sequence", published[4]);
        counting = await system.StartCountingAsync();
        await counting.AppendAsync(5);
        await tallying.ShouldHaveHandledAsync(counting, 25);
        await counting.SentAsync(25);
        await Eventually.Is(async () => (await MessagesInAsync(Queue)).ShouldBe(0));
        await tallying.ShouldHaveHandledAsync(counting, 25);
    }

    [Fact]
    public async Task services_that_start_while_the_broker_is_away_work_and_deliver_when_it_is_there()
    {
        await system.Line.CutAsync();
        var tallying = await system.StartTallyingAsync();
        var counting = await system.StartCountingAsync();
        using var client = counting.Client(system.Person());
        using var response = await client.PostJsonAsync("/api/v1/counters", new { by = 1 });
        await response.ShouldBeAsync(HttpStatusCode.Created);
        // Even without a broker, by the feed.
        await tallying.ShouldHaveHandledAsync(counting, 1);
        system.Line.Mend();
        await counting.SentAsync(1);
    }

    [Fact]
    public async Task a_subscriber_that_starts_first_after_500_events_were_published_gets_them_all()
    {
        var counting = await system.StartCountingAsync();
        await counting.AppendAsync(500);
        await counting.SentAsync(500);
        var tallying = await system.StartTallyingAsync();
        await tallying.ShouldHaveHandledAsync(counting, 500);
        await counting.AppendAsync(5);
        await tallying.ShouldHaveHandledAsync(counting, 505);
    }

    [Fact]
    public async Task a_subscriber_that_starts_before_its_publisher_gets_all()
    {
        var tallying = await system.StartTallyingAsync();
        var counting = await system.StartCountingAsync();
        await counting.AppendAsync(20);
        await tallying.ShouldHaveHandledAsync(counting, 20);
    }

    [Fact]
    public async Task nothing_is_missing_when_a_queue_is_deleted_by_hand_while_events_flow()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync(look: Never);
        await QueueIsServedAsync();
        using var management = await TestInfrastructure.ManagementAsync();
        for (var batch = 0; batch < 30; batch++)
        {
            await counting.AppendAsync(10);
            if (batch is 5 or 15)
            {
                using var deleted = await management.DeleteAsync(new Uri($"api/queues/{system.VirtualHost}/{Queue}", UriKind.Relative));
                deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
                if (batch == 15)
                {
                    // The subscriber makes its queue anew by itself; nobody restarts it.
                    await QueueIsServedAsync();
                }
                else
                {
                    await Eventually.Is(async () => (await QueuesAsync(management)).ShouldContain(Queue));
                }
            }
        }

        await QueueIsServedAsync();
        await counting.SentAsync(300);
        // The next message shows the gap that the deletion left.
        await counting.AppendAsync(1);
        await tallying.ShouldHaveHandledAsync(counting, 301);
    }

    [Fact]
    public async Task what_nobody_fetches_goes_from_a_queue_since_the_feed_has_it()
    {
        var counting = await system.StartCountingAsync();
        using var management = await TestInfrastructure.ManagementAsync();
        using var made = await management.PutAsJsonAsync($"api/queues/{system.VirtualHost}/left-behind", new { durable = true });
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        await counting.AppendAsync(1);
        await counting.SentAsync(1);
        using var bound = await management.PostAsJsonAsync($"api/bindings/{system.VirtualHost}/e/volunteerbook.counting/q/left-behind", new { });
        bound.StatusCode.ShouldBe(HttpStatusCode.Created);
        await counting.AppendAsync(1);
        await Eventually.Is(async () =>
        {
            using var got = await management.PostAsJsonAsync(
                $"api/queues/{system.VirtualHost}/left-behind/get", new { count = 1, ackmode = "ack_requeue_true", encoding = "auto" });
            JsonDocument.Parse(await got.Content.ReadAsStringAsync()).RootElement[0].GetProperty("properties").GetProperty("expiration").GetString()
                .ShouldBe("3600000");
        });
    }

    [Fact]
    public async Task every_message_three_times_and_shuffled_leads_to_the_same_state()
    {
        var tallying = await system.StartTallyingAsync(look: Never);
        var counters = Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7()).ToArray();
        var messages = Enumerable.Range(1, 200).Select(number => system.Other.Number(new CountedV1(counters[number % counters.Length], number))).ToList();
        system.Other.Show(messages);
        var deliveries = messages.Concat(messages).Concat(messages).ToArray();
        new Random(42).Shuffle(deliveries);
        await Eventually.Is(async () => (await QueuesAsync(await TestInfrastructure.ManagementAsync())).ShouldContain("tallying.from-other"));
        await system.Other.SendToQueueAsync("tallying.from-other", deliveries);

        await tallying.ShouldHaveHandledOfOtherAsync(200);
        await Eventually.Is(async () => (await MessagesInAsync("tallying.from-other")).ShouldBe(0));
        await tallying.ShouldHaveHandledOfOtherAsync(200);
        foreach (var (counter, index) in counters.Select((counter, index) => (counter, index)))
        {
            (await tallying.QueryAsync<long>("select sum((data ->> 'by')::int) from mt_events where stream_id = $1", counter))
                .ShouldBe([Enumerable.Range(1, 200).Where(number => number % counters.Length == index).Sum(number => (long)number)]);
        }
    }

    [Fact]
    public async Task a_handler_that_throws_for_a_while_blocks_only_its_publisher_and_loses_nothing()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync();
        await QueueIsServedAsync();
        await counting.AppendAsync(5);
        await tallying.ShouldHaveHandledAsync(counting, 5);

        tallying.Faults.HandlingOf = "counting";
        await counting.AppendAsync(20);
        await Eventually.Is(() => Task.FromResult(tallying.Faults.HandlingFailed > 3));
        await system.Other.PublishAsync(Enumerable.Range(1, 10).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.ShouldHaveHandledOfOtherAsync(10);
        (await tallying.PositionAsync("counting")).ShouldBe((await counting.PublishedAsync())[4]);
        (await tallying.QueryAsync<long>("select count(*) from mt_events where data ->> 'publisher' = 'counting'")).ShouldBe([5L]);

        tallying.Faults.HandlingOf = null;
        await tallying.ShouldHaveHandledAsync(counting, 25);
        await counting.AppendAsync(5);
        await tallying.ShouldHaveHandledAsync(counting, 30);
    }

    [Fact]
    public async Task of_what_comes_together_each_is_handled_up_to_the_one_that_is_missing_or_fails()
    {
        var tallying = await system.StartTallyingAsync(look: Never);
        var reading = tallying.ReadingOf("other");
        await Eventually.Is(async () => (await reading.PositionAsync(TestContext.Current.CancellationToken)).Log.ShouldNotBeNull());
        var good = Enumerable.Range(1, 6).Select(number => system.Other.Number(new CountedV1(Guid.CreateVersion7(), number))).ToList();
        var broken = good[3] with { Data = JsonSerializer.SerializeToElement<object?>(null) };

        (await HandleAsync(good[1], good[0], good[0], good[4])).ShouldBe(Handled.TooEarly);
        (await HandledAsync()).ShouldBe([1, 2]);
        (await Should.ThrowAsync<ReaderBlockedException>(() => HandleAsync(good[4], broken, good[2], good[1]))).InnerException.ShouldBeOfType<JsonException>();
        (await HandledAsync()).ShouldBe([1, 2, 3]);
        (await tallying.PositionAsync("other")).ShouldBe(good[2].Sequence);

        // It is tried again when it is time, not with every message that comes.
        await tallying.QueryAsync<long>("update reader_failures set next_at = now() + interval '1 hour' returning sequence");
        await Should.ThrowAsync<ReaderBlockedException>(() => HandleAsync(good[5], good[3], good[4]));
        (await HandledAsync()).ShouldBe([1, 2, 3]);
        await tallying.QueryAsync<long>("update reader_failures set next_at = now() returning sequence");
        (await HandleAsync(good[5], good[3], good[4])).ShouldBe(Handled.Now);
        (await HandleAsync(good[5], good[1])).ShouldBe(Handled.Before);
        (await HandledAsync()).ShouldBe([1, 2, 3, 4, 5, 6]);

        Task<Handled> HandleAsync(params IReadOnlyList<IntegrationMessage> together) => reading.HandleAsync(together, TestContext.Current.CancellationToken);
        Task<IReadOnlyList<int>> HandledAsync() => tallying.QueryAsync<int>("select (data ->> 'by')::int from mt_events order by seq_id");
    }

    [Fact]
    public async Task two_instances_of_a_subscriber_handle_each_event_once()
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync();
        await system.StartTallyingAsync();
        await counting.AppendAsync(200);
        await tallying.ShouldHaveHandledAsync(counting, 200);
    }

    [Fact]
    public async Task a_message_from_a_publisher_that_nobody_asked_about_is_no_reason_to_stop()
    {
        var tallying = await system.StartTallyingAsync();
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 1), new SomethingElseV1("new"), new CountedV1(Guid.CreateVersion7(), 2));
        await Eventually.Is(async () => (await tallying.PositionAsync("other")).ShouldBe(PublisherDouble.SequenceOf(3)));
        (await tallying.QueryAsync<int>("select (data ->> 'by')::int from mt_events order by seq_id")).ShouldBe([1, 2]);
    }

    private sealed record SomethingElseV1(string Text);

    private Task QueueIsServedAsync() => Eventually.Is(async () =>
    {
        using var management = await TestInfrastructure.ManagementAsync();
        var queue = await management.GetJsonAsync($"api/queues/{system.VirtualHost}/{Queue}");
        queue.GetProperty("consumers").GetInt32().ShouldBe(1);
        queue.GetProperty("arguments").GetProperty("x-queue-type").GetString().ShouldBe("quorum");
    });

    private async Task<IEnumerable<string?>> QueuesAsync(HttpClient management) =>
        (await management.GetJsonAsync($"api/queues/{system.VirtualHost}")).EnumerateArray().Select(queue => queue.GetProperty("name").GetString());

    private async Task<int> MessagesInAsync(string queue)
    {
        using var management = await TestInfrastructure.ManagementAsync();
        return (await management.GetJsonAsync($"api/queues/{system.VirtualHost}/{queue}")).GetProperty("messages").GetInt32();
    }
}
