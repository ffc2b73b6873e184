using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Read models are changed, filled anew and dropped while the service answers.</summary>
public sealed class ReadModelTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();
    private int published;

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task version_2_is_filled_beside_version_1_under_load_switched_to_and_version_1_dropped_without_one_wrong_answer()
    {
        var old = await system.StartTallyingAsync(readers: (inbox, _) => inbox.First());
        var poison = Guid.CreateVersion7();
        system.Other.Show(Numbers(1000).Append(new CountedV1(poison, ++published)).Concat(Numbers(1000)).Select(system.Other.Number));
        await Eventually.Is(async () => (await old.CountsAsync()).Counts.ShouldBe(2001));

        using var end = new CancellationTokenSource();
        using var endOfOld = new CancellationTokenSource();
        var load = PublishAsync(end.Token);
        var ofOld = new Asker(old, 2001, endOfOld.Token);
        var both = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.First().Second(faults);
        });
        var ofBoth = new Asker(both, 2001, end.Token);

        // Half filled, it is neither asked nor switched to.
        await Eventually.Is(async () => (await both.QueryAsync<long>("select sequence from reader_failures where version = 2")).ShouldBe([10_010L]));
        (await CommandAsync("switch", "--reader", "counts", "--to", "2", "--wait", "1")).ShouldBe(1);
        await ofBoth.MoreAsync(version: 1);

        // In this order: of itself it is tried again too.
        (await CommandAsync("retry", "--reader", "counts", "--publisher", "other", "--sequence", "10010")).ShouldBe(0);
        both.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await CommandAsync("switch", "--reader", "counts", "--to", "2")).ShouldBe(0));
        await ofBoth.MoreAsync(version: 2);
        // An instance that does not know version 2 goes on with what it knows.
        await ofOld.MoreAsync(version: 1);
        (await CommandAsync("drop", "--reader", "counts", "--version", "2")).ShouldBe(1);

        await endOfOld.CancelAsync();
        await ofOld.Asking;
        await old.StopAsync();
        (await CommandAsync("drop", "--reader", "counts", "--version", "1")).ShouldBe(0);
        (await CommandAsync("drop", "--reader", "counts", "--version", "1")).ShouldBe(1);
        await ofBoth.MoreAsync(version: 2);
        await Eventually.Is(() => Task.FromResult(both.Services.GetRequiredService<Readers>().All.All(reading => reading.Reader.Version == 2)));

        await end.CancelAsync();
        await Task.WhenAll(load, ofBoth.Asking);
        await Eventually.Is(async () => (await both.CountsAsync()).Counts.ShouldBe(published));
        (await both.CountsAsync()).ShouldBeRight(published);
        ofOld.Seen.Keys.ShouldBe([1]);
        ofBoth.Seen.Keys.Order().ShouldBe([1, 2]);
        await both.StopAsync();

        // What was dropped does not begin again, though the code still has it.
        both = await system.StartTallyingAsync(readers: (inbox, faults) => inbox.First().Second(faults));
        await system.Other.PublishAsync(Numbers(1));
        await Eventually.Is(async () => (await both.CountsAsync()).Counts.ShouldBe(published));
        (await both.QueryAsync<int>("select distinct version from reader_positions")).ShouldBe([2]);
        (await SchemasAsync(both)).ShouldBe(["counts_v2"]);
    }

    [Fact]
    public async Task a_query_whose_version_is_dropped_before_it_is_sent_is_asked_again_of_the_one_that_answers()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox.First().Second(faults));
        await system.Other.PublishAsync(Numbers(10));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where sequence = 100")).ShouldBe([2L]));
        var first = (await Eventually.Value(tallying.CountsAsync)).Version;
        var (other, asked) = (3 - first, new List<int>());
        var answer = await tallying.Services.GetRequiredService<ReadModels>().AskAsync(async at =>
        {
            asked.Add(at.VersionOf("counts"));
            if (asked.Count == 1)
            {
                (await CommandAsync("switch", "--reader", "counts", "--to", $"{other}")).ShouldBe(0);
                (await CommandAsync("drop", "--reader", "counts", "--version", $"{first}")).ShouldBe(0);
            }

            return await CountModels.AnswerAsync(tallying, at);
        }, TestContext.Current.CancellationToken);
        answer.ShouldBeRight(10);
        asked.ShouldBe([first, other]);
    }

    // The one from before goes on beside the other: what it says after the switch could be ahead of the next answer.
    [Fact]
    public async Task a_query_during_which_another_version_is_switched_to_is_asked_again_of_that_one()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox.First().Second(faults));
        await system.Other.PublishAsync(Numbers(10));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where sequence = 100")).ShouldBe([2L]));
        var first = (await Eventually.Value(tallying.CountsAsync)).Version;
        var asked = new List<int>();
        var answer = await tallying.Services.GetRequiredService<ReadModels>().AskAsync(async at =>
        {
            asked.Add(at.VersionOf("counts"));
            if (asked.Count == 1)
            {
                (await CommandAsync("switch", "--reader", "counts", "--to", $"{3 - first}")).ShouldBe(0);
            }

            return await CountModels.AnswerAsync(tallying, at);
        }, TestContext.Current.CancellationToken);
        asked.ShouldBe([first, 3 - first]);
        answer.Version.ShouldBe(3 - first);
    }

    [Fact]
    public async Task a_version_is_filled_anew_beside_itself_switched_to_and_the_edition_before_dropped()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, _) => inbox.First());
        await system.StartTallyingAsync(readers: (inbox, _) => inbox.First());
        await system.Other.PublishAsync(Numbers(700));
        await Eventually.Is(async () => (await tallying.CountsAsync()).Counts.ShouldBe(700));
        // Somebody has been at the tables.
        await tallying.QueryAsync<long>("update counts_v1.sum set sum = 1 returning sum");
        (await CommandAsync("rebuild", "--reader", "counts", "--version", "7")).ShouldBe(1);
        (await CommandAsync("rebuild", "--reader", "elsewhere")).ShouldBe(1);
        (await CommandAsync("rebuild", "--reader", "counts")).ShouldBe(0);
        (await CommandAsync("rebuild", "--reader", "counts")).ShouldBe(1);
        await system.Other.PublishAsync(Numbers(20));
        await Eventually.Is(async () => (await CommandAsync("switch", "--reader", "counts", "--to", "1")).ShouldBe(0));
        (await tallying.CountsAsync()).ShouldBeRight(700);
        (await CommandAsync("list")).ShouldBe(0);
        (await CommandAsync("drop", "--reader", "counts", "--version", "1")).ShouldBe(0);
        (await SchemasAsync(tallying)).ShouldBe(["counts_v1_2"]);
        (await SaidAsync("switch", "--reader", "counts", "--to", "1", "--edition", "1")).ShouldBe((1, "counts version 1 was dropped."));
        (await SaidAsync("drop", "--reader", "counts", "--version", "1")).ShouldBe((1, "counts version 1, edition 2, answers; switch to another first."));
        (await SaidAsync("switch", "--reader", "counts", "--to", "3")).ShouldBe(
            (1, "There is no counts version 3. There are: counts version 1 (dropped); counts version 1, edition 2."));
        (await SaidAsync("rebuild", "--reader", "nope")).ShouldBe((1, "There is no read model nope."));
        await system.Other.PublishAsync(Numbers(20));
        await Eventually.Is(async () => (await tallying.CountsAsync()).Counts.ShouldBe(740));
        (await tallying.CountsAsync()).ShouldBeRight(740);
        await tallying.StopAsync();

        tallying = await system.StartTallyingAsync(readers: (inbox, _) => inbox.First());
        await system.Other.PublishAsync(Numbers(1));
        await Eventually.Is(async () => (await tallying.CountsAsync()).Counts.ShouldBe(741));
        (await SchemasAsync(tallying)).ShouldBe(["counts_v1_2"]);
    }

    [Fact]
    public async Task nothing_answers_before_it_was_filled_for_the_first_time_and_the_instance_wants_no_requests()
    {
        var poison = Guid.CreateVersion7();
        system.Other.Show(new[] { new CountedV1(poison, ++published) }.Concat(Numbers(9)).Select(system.Other.Number));
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.Second(faults);
        });
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select sequence from reader_failures")).ShouldBe([10L]));
        (await Should.ThrowAsync<RefusedException>(tallying.CountsAsync)).Refusal.Code.ShouldBe("not-yet-filled");
        (await HealthAsync(tallying)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        tallying.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await tallying.CountsAsync()).ShouldBeRight(10));
        (await HealthAsync(tallying)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task what_cannot_be_filled_in_holds_up_what_is_about_the_same_and_whoever_keeps_an_answer_learns_when_it_could()
    {
        var poison = Guid.CreateVersion7();
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.Second(faults, key: counted => counted.CounterId);
        });
        await system.Other.PublishAsync(Numbers(5));
        await Eventually.Is(async () => (await tallying.CountsAsync()).ShouldBeRight(5));
        await system.Other.PublishAsync(Numbers(0).Append(new CountedV1(poison, ++published)).Concat(Numbers(5)).Append(new CountedV1(poison, ++published)));
        await Eventually.Is(async () => (await CountedAsync()).ShouldBe([1, 2, 3, 4, 5, 7, 8, 9, 10, 11]));
        await Eventually.Is(async () =>
            (await tallying.QueryAsync<string>("select state from reader_failures order by sequence")).ShouldBe(["blocked", "waiting"]));
        await Eventually.Is(async () => (await tallying.CountsAsync()).Counts.ShouldBe(10));
        var standing = await StandingAsync();
        (await StandingAsync()).ShouldBe(standing);
        await tallying.QueryAsync<int>("create table failed as select * from reader_failures");
        tallying.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await CountedAsync()).ShouldBe(Enumerable.Range(1, 12)));
        (await tallying.CountsAsync()).ShouldBeRight(12);
        (await StandingAsync()).ShouldNotBe(standing);
        // Though what holds up the whole reader has come in their place.
        await tallying.QueryAsync<int>("update failed set key = null; insert into reader_failures select * from failed");
        (await StandingAsync()).ShouldNotBe(standing);

        Task<IReadOnlyList<int>> CountedAsync() => tallying.QueryAsync<int>("select number from counts_v2.counted order by 1");

        Task<string> StandingAsync() => tallying.Services.GetRequiredService<ReadModels>().AskAsync(
            async at => (await tallying.QueryAsync<string>($"select {at.Standing}"))[0], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task the_first_version_of_all_does_not_answer_while_it_lacks_a_message()
    {
        var poison = Guid.CreateVersion7();
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.Second(faults, key: counted => counted.CounterId);
        });
        await system.Other.PublishAsync(Numbers(5).Append(new CountedV1(poison, ++published)).Concat(Numbers(5)));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from counts_v2.counted")).ShouldBe([10L]));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where level_at is not null")).ShouldBe([1L]));
        await Should.ThrowAsync<RefusedException>(() => tallying.CountsAsync());
        tallying.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await tallying.CountsAsync()).ShouldBeRight(11));
    }

    [Fact]
    public async Task tables_that_have_vanished_are_filled_anew_and_do_not_answer_until_then()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox.Second(faults));
        await system.Other.PublishAsync(Numbers(20));
        await Eventually.Is(async () => (await tallying.CountsAsync()).ShouldBeRight(20));
        await tallying.StopAsync();
        await tallying.QueryAsync<int>("drop schema counts_v2 cascade");

        tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox.Second(faults));
        await Eventually.Is(async () => (await tallying.CountsAsync()).ShouldBeRight(20));
        (await tallying.QueryAsync<long>("select count(*) from counts_v2.counted")).ShouldBe([20L]);
    }

    [Fact]
    public async Task a_version_that_lacks_what_the_one_that_answers_has_is_not_switched_to()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, _) => inbox.First());
        var poison = Guid.CreateVersion7();
        await system.Other.PublishAsync(Numbers(5).Append(new CountedV1(poison, ++published)).Concat(Numbers(5)));
        await Eventually.Is(async () => (await tallying.CountsAsync()).ShouldBeRight(11));
        await tallying.StopAsync();

        tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.First().Second(faults, key: counted => counted.CounterId);
        });
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where level_at is not null")).ShouldBe([2L]));
        (await CommandAsync("switch", "--reader", "counts", "--to", "2", "--wait", "0")).ShouldBe(1);
        (await tallying.CountsAsync()).ShouldBeRight(11);
        tallying.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await CommandAsync("switch", "--reader", "counts", "--to", "2")).ShouldBe(0));
        (await CommandAsync("switch", "--reader", "counts", "--to", "2")).ShouldBe(1);
        (await CommandAsync("switch", "--reader", "counts", "--to", "3")).ShouldBe(1);
        (await CommandAsync("switch", "--reader", "counts")).ShouldBe(2);
        (await tallying.CountsAsync()).ShouldBeRight(11);
        // And back.
        (await CommandAsync("switch", "--reader", "counts", "--to", "1")).ShouldBe(0);
        (await tallying.CountsAsync()).Version.ShouldBe(1);
    }

    [Fact]
    public async Task what_was_switched_to_last_answers_though_the_databases_clock_has_gone_back_since_the_switch_before()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox.First().Second(faults));
        await system.Other.PublishAsync(Numbers(10));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where sequence = 100")).ShouldBe([2L]));
        var first = (await Eventually.Value(tallying.CountsAsync)).Version;
        await tallying.QueryAsync<int>("update read_models set answers_since = now() + interval '1 day' where answers_since is not null returning version");
        foreach (var version in new[] { 3 - first, first, 3 - first })
        {
            (await CommandAsync("switch", "--reader", "counts", "--to", $"{version}")).ShouldBe(0);
            (await tallying.CountsAsync()).Version.ShouldBe(version);
        }

        (await CommandAsync("drop", "--reader", "counts", "--version", $"{3 - first}")).ShouldBe(1);
    }

    [Fact]
    public async Task a_model_of_the_services_own_events_is_filled_in_log_order_by_several_instances_and_its_next_version_beside_it()
    {
        var counting = await system.StartCountingAsync(readers: (inbox, _) => Own(inbox, 1));
        await counting.AppendAsync(1200);
        await counting.RollBackAsync(() => counting.AppendAsync(3));
        await system.StartCountingAsync(ServiceSettings.FreeAddress(), readers: (inbox, _) => Own(inbox, 1));
        using var client = counting.Client(system.Person());
        // Also what nobody else is told.
        await (await client.PostJsonAsync("/api/v1/counters", new { by = 0 })).IdAsync();
        await ShouldBeTheLogAsync("own_v1");
        await counting.StopAsync();

        counting = await system.StartCountingAsync(ServiceSettings.FreeAddress(), readers: (inbox, _) => Own(Own(inbox, 1), 2));
        await counting.AppendAsync(50);
        await Eventually.Is(async () => (await counting.ReadersAsync(["switch", "--reader", "own", "--to", "2"])).ShouldBe(0));
        (await counting.ReadersAsync(["drop", "--reader", "own", "--version", "1"])).ShouldBe(0);
        await counting.AppendAsync(50);
        await ShouldBeTheLogAsync("own_v2");
        (await counting.QueryAsync<long>($"select count(*) from own_v2.counts")).ShouldBe([1304L]);

        static InboxBuilder Own(InboxBuilder inbox, int version) => inbox.ReadModel(
            "own", version,
            schema =>
                $"""
                create table {schema}.counts (
                    place bigint generated always as identity, sequence bigint primary key, counter uuid not null, number integer not null)
                """,
            model => model.OnOwn<Counted>((counted, received, into) => into.Run(
                $"insert into {into.Schema}.counts (sequence, counter, number) values ($1, $2, $3)", received.Sequence, received.Stream, counted.By)));

        Task ShouldBeTheLogAsync(string schema) => Eventually.Is(async () => (await counting.QueryAsync<string>(
            $"select concat_ws(' ', sequence, counter, number) from {schema}.counts order by place")).ShouldBe(await counting.QueryAsync<string>(
                "select concat_ws(' ', seq_id, stream_id, data ->> 'by') from mt_events order by seq_id")));
    }

    private Task<int> CommandAsync(params string[] args) => ReadersCommand.RunOnAsync(system.TallyingDatabase, "tallying", args);

    private async Task<(int Code, string Said)> SaidAsync(params string[] args)
    {
        await using var said = new StringWriter();
        return (await ReadersCommand.RunOnAsync(system.TallyingDatabase, "tallying", args, said), said.ToString().TrimEnd());
    }

    private static Task<IReadOnlyList<string>> SchemasAsync(RunningService tallying) =>
        tallying.QueryAsync<string>("select nspname::text from pg_namespace where nspname like 'counts%' order by 1");

    private static async Task<HttpStatusCode> HealthAsync(RunningService tallying)
    {
        using var response = await tallying.Client().GetAsync(new Uri("/health", UriKind.Relative));
        return response.StatusCode;
    }

    /// <summary>The next so many messages.</summary>
    private List<CountedV1> Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => new CountedV1(Guid.CreateVersion7(), ++published))];

    private async Task PublishAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await system.Other.PublishAsync(Numbers(5));
        }
    }

    /// <summary>Asks one instance all the time. Every answer is right, and none is older than the one before it.</summary>
    private sealed class Asker
    {
        private readonly ConcurrentDictionary<int, long> seen = new();

        public Asker(RunningService service, long atLeast, CancellationToken end) =>
            Asking = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => AskAsync(service, atLeast, end))));

        public Task Asking { get; }

        /// <summary>How many answers a version gave.</summary>
        public IReadOnlyDictionary<int, long> Seen => seen;

        /// <summary>Waits until a version has answered some more times.</summary>
        public async Task MoreAsync(int version)
        {
            var before = seen.GetValueOrDefault(version);
            await Eventually.Is(() =>
            {
                if (Asking.IsFaulted)
                {
                    Asking.GetAwaiter().GetResult();
                }

                (seen.GetValueOrDefault(version) - before).ShouldBeGreaterThan(50);
                return Task.CompletedTask;
            });
        }

        private async Task AskAsync(RunningService service, long last, CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                var answer = await service.CountsAsync();
                answer.ShouldBeRight(last);
                last = answer.Counts;
                seen.AddOrUpdate(answer.Version, 1, (_, times) => times + 1);
            }
        }
    }
}
