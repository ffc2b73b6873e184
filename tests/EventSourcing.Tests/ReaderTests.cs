using System.Diagnostics.Metrics;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Each reader goes its own way: what one cannot handle holds up itself alone, is seen, and is decided by somebody on record.</summary>
public sealed class ReaderTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();

    public ValueTask InitializeAsync() => system.InitializeAsync();

    public ValueTask DisposeAsync() => system.DisposeAsync();

    [Fact]
    public async Task a_reader_that_is_added_later_gets_all_of_the_past_or_begins_now()
    {
        var tallying = await system.StartTallyingAsync();
        await system.Other.PublishAsync(Enumerable.Range(1, 30).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.ShouldHaveHandledOfOtherAsync(30);
        await tallying.StopAsync();

        tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox
            .Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults)))
            .Reader("echoes", version: 1, reader => reader.On<CountedV1>("other", Echo("past")))
            .Reader("from now on", version: 1, reader => reader.On<CountedV1>("other", Echo("new")), Start.Now)
            .Reader("echoes", version: 2, reader => reader.On<CountedV1>("other", Echo("again"))));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where log is not null and publisher = 'other'"))
            .ShouldBe([4L]));
        await system.Other.PublishAsync(Enumerable.Range(31, 5).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await Eventually.Is(async () =>
        {
            (await EchoesAsync(tallying, "past")).ShouldBe(Positions(1, 35));
            (await EchoesAsync(tallying, "again")).ShouldBe(Positions(1, 35));
            (await EchoesAsync(tallying, "new")).ShouldBe(Positions(31, 5));
        });
        await tallying.ShouldHaveHandledOfOtherAsync(35);
    }

    [Fact]
    public async Task a_message_that_cannot_be_handled_blocks_one_reader_shows_and_is_passed_over_by_command_on_record()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox
            .Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults)))
            .Reader("echoes", version: 1, reader => reader.On<CountedV1>("other", Echo("past"))));
        var poison = Guid.CreateVersion7();
        tallying.Faults.HandlingAbout = poison;
        await system.Other.PublishAsync(
            Enumerable.Range(1, 10).Select(number => new CountedV1(number == 4 ? poison : Guid.CreateVersion7(), number)));

        await Eventually.Is(async () =>
        {
            (await EchoesAsync(tallying, "past")).ShouldBe(Positions(1, 10));
            var readers = (await HealthAsync(tallying)).GetProperty("readers");
            readers.GetProperty("status").GetString().ShouldBe("Degraded");
            readers.GetProperty("data").GetProperty("tallies from other at 40").GetString().ShouldNotBeNull().ShouldContain("It cannot be handled now.");
        });
        (await TalliedAsync(tallying)).ShouldBe(Positions(1, 3));
        await Eventually.Is(() => Task.FromResult(tallying.ReadingOf("other").Failed == 1));

        string[] which = ["--reader", "tallies", "--publisher", "other", "--sequence", "40"];
        (await tallying.ReadersAsync(["list"])).ShouldBe(0);
        (await tallying.ReadersAsync(["skip", .. which, "--by", "anna"])).ShouldBe(2);
        // Left out because it was misspelt, a reason or a number would mean something else.
        foreach (var (args, why) in new (string[], string)[]
        {
            (["retry", .. which, "--version", "1"], "There is no option --version here; there are --reader, --publisher, --sequence."),
            (["retry", .. which, "--reader", "tallies"], "--reader is given twice."),
            (["retry", .. which[..^1]], "--sequence needs a value."),
            (["list", "tallies"], "`readers list` takes no options, so not tallies."),
            (["lists"], "There is no command `readers lists`."),
        })
        {
            await using var wrong = new StringWriter();
            (await ReadersCommand.RunOnAsync(tallying.Database, "tallying", args, wrong: wrong)).ShouldBe(2);
            wrong.ToString().ShouldStartWith(why);
        }

        (await tallying.ReadersAsync(["skip", .. which, "--by", "anna", "--reason", " "])).ShouldBe(2);
        (await tallying.ReadersAsync(["skip", "--reader", "echoes", .. which[2..], "--by", "anna", "--reason", "test"])).ShouldBe(1);
        await using var said = new StringWriter();
        (await ReadersCommand.RunOnAsync(tallying.Database, "tallying", ["retry", "--reader", "tally", .. which[2..]], said)).ShouldBe(1);
        said.ToString().ShouldStartWith("No reader tally reads other. There are: ");
        (await tallying.ReadersAsync(["retry", .. which])).ShouldBe(0);
        (await TalliedAsync(tallying)).ShouldBe(Positions(1, 3));
        (await tallying.ReadersAsync(["skip", .. which, "--by", "anna", "--reason", "was never meant"])).ShouldBe(0);

        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe([.. Positions(1, 3), .. Positions(5, 6)]));
        (await tallying.QueryAsync<string>("select state || ' ' || decided_by || ': ' || reason from reader_failures where decided_at is not null"))
            .ShouldBe(["skipped anna: was never meant"]);
        await Eventually.Is(async () => (await HealthAsync(tallying)).GetProperty("readers").GetProperty("status").GetString().ShouldBe("Healthy"));
        (await tallying.ReadersAsync(["skip", .. which, "--by", "anna", "--reason", "again"])).ShouldBe(1);
    }

    [Fact]
    public async Task a_handler_that_does_not_come_to_an_end_shows_by_how_long_it_has_been_at_it()
    {
        var (clock, begun, end) = (new ClockAhead(), new TaskCompletionSource(), new TaskCompletionSource());
        var tallying = await system.StartTallyingAsync(clock: clock, readers: (inbox, _) => inbox
            .Reader("endless", version: 1, reader => reader.On<CountedV1>("other", (message, _, _, _) =>
            {
                begun.TrySetResult();
                return message.By == 2 ? end.Task : Task.CompletedTask;
            })));
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 1));
        await Eventually.Is(async () => (await tallying.PositionAsync("other", "endless")).ShouldBe(10));
        begun = new();
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 2));
        await begun.Task.WaitAsync(TestContext.Current.CancellationToken);
        (await HealthAsync(tallying)).GetProperty("readers").GetProperty("status").GetString().ShouldBe("Healthy");
        FailedTime("endless").ShouldBe(0);

        clock.By = TimeSpan.FromSeconds(100);
        var readers = (await HealthAsync(tallying)).GetProperty("readers");
        readers.GetProperty("status").GetString().ShouldBe("Degraded");
        readers.GetProperty("data").GetProperty("endless from other").GetString().ShouldNotBeNull().ShouldMatch("after position 10 for 1[0-9][0-9] s");
        FailedTime("endless").ShouldBeInRange(100, 199);
        end.SetResult();
        await Eventually.Is(async () => (await HealthAsync(tallying)).GetProperty("readers").GetProperty("status").GetString().ShouldBe("Healthy"));
        await Eventually.Is(async () => (await tallying.PositionAsync("other", "endless")).ShouldBe(20));
    }

    [Fact]
    public async Task how_long_a_message_could_not_be_handled_is_told_by_the_clock_that_noted_it()
    {
        var tallying = await system.StartTallyingAsync(clock: new ClockAhead { By = TimeSpan.FromHours(1) }, readers: (inbox, faults) =>
        {
            faults.HandlingOf = "other";
            inbox.Reader("of an hour ahead", version: 1, reader => reader.On("other", WhenCounted.With(faults)));
        });
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 1));
        await Eventually.Is(() => Task.FromResult(FailedTime("of an hour ahead") > 0));
        FailedTime("of an hour ahead").ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task where_a_type_says_what_it_is_about_only_what_is_about_the_same_waits_and_in_its_order()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
            inbox.Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults), key: counted => counted.CounterId)));
        var (poison, good) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        tallying.Faults.HandlingAbout = poison;
        await system.Other.PublishAsync(Enumerable.Range(1, 20).Select(number => new CountedV1(number % 3 == 0 ? poison : good, number)));
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe(Positions(1, 20).Where(position => position / 10 % 3 != 0)));
        (await tallying.QueryAsync<string>("select state from reader_failures order by sequence"))
            .ShouldBe(["blocked", "waiting", "waiting", "waiting", "waiting", "waiting"]);
        var index = await IndexAsync();
        await tallying.StopAsync();

        // Another instance knows of them too.
        tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
            inbox.Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults), key: counted => counted.CounterId)));
        await Eventually.Is(async () => (await TalliedAsync(tallying, poison)).ShouldBe(Positions(1, 20).Where(position => position / 10 % 3 == 0)));
        await system.Other.PublishAsync(new CountedV1(poison, 21), new CountedV1(good, 22));
        await Eventually.Is(async () => (await TalliedAsync(tallying, poison))[^1].ShouldBe(210));
        (await tallying.QueryAsync<string>("select state from reader_failures")).ShouldBeEmpty();
        await Eventually.Is(async () => (await TalliedAsync(tallying)).Count.ShouldBe(22));
        // It is not made anew with each start.
        (await IndexAsync()).ShouldBe(index);

        async Task<long> IndexAsync() =>
            (await tallying.QueryAsync<long>("select oid::bigint from pg_class where relname = 'reader_failures_open'")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task what_is_about_something_of_its_own_is_tried_again_while_the_reader_is_held_up()
    {
        var poison = Guid.CreateVersion7();
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.Reader("tallies", version: 1, reader => reader
                .On("other", WhenCounted.With(faults), key: counted => counted.CounterId)
                .On<Unwanted>("other", (_, _, _, _) => throw new InvalidOperationException("It cannot be handled.")));
        });
        await system.Other.PublishAsync(new CountedV1(poison, 1), new Unwanted(2));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select sequence from reader_failures order by 1")).ShouldBe(Positions(1, 2)));
        await tallying.QueryAsync<long>("update reader_failures set next_at = now() + interval '1 hour' where key is null returning sequence");
        tallying.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe(Positions(1, 1)));
        (await tallying.QueryAsync<long>("select sequence from reader_failures")).ShouldBe(Positions(2, 1));
    }

    [Fact]
    public async Task what_the_broker_delivers_is_tried_once_and_waits_for_no_reader()
    {
        var (begun, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        var tallying = await system.StartTallyingAsync(look: TimeSpan.FromHours(1), readers: (inbox, _) => inbox
            .Reader("tallies", version: 1, reader => reader.On<CountedV1>("other", async (message, _, _, ct) =>
            {
                begun.TrySetResult();
                await end.Task.WaitAsync(ct);
                if (message.By == 2)
                {
                    throw new InvalidOperationException("It cannot be handled.");
                }
            })));
        var reading = tallying.ReadingOf("other");
        var ct = TestContext.Current.CancellationToken;
        await Eventually.Is(async () => (await reading.PositionAsync(ct)).Log.ShouldNotBeNull());
        var messages = Enumerable.Range(1, 2).Select(number => system.Other.Number(new CountedV1(Guid.CreateVersion7(), number))).ToList();

        var handling = reading.HandleAsync(messages[..1], ct);
        await begun.Task.WaitAsync(ct);
        (await reading.TakeAsync(messages[1..], ct).WaitAsync(TimeSpan.FromSeconds(20), ct)).ShouldBe(Handled.TooEarly);
        end.SetResult();
        (await handling).ShouldBe(Handled.Now);
        await Should.ThrowAsync<InvalidOperationException>(() => reading.TakeAsync(messages[1..], ct));
        (await tallying.QueryAsync<long>("select sequence from reader_failures")).ShouldBeEmpty();
    }

    [Fact]
    public async Task what_another_instance_handled_while_this_one_failed_once_more_is_not_noted_again()
    {
        var poison = Guid.CreateVersion7();
        var meanwhile = () => Task.CompletedTask;
        Handle<CountedV1> fails = async (message, received, session, ct) =>
        {
            if (message.CounterId == poison)
            {
                await meanwhile();
                throw new InvalidOperationException("It cannot be handled here.");
            }
        };
        var tallying = await system.StartTallyingAsync(readers: (inbox, _) =>
            inbox.Reader("tallies", version: 1, reader => reader.On("other", fails, key: counted => counted.CounterId)));
        await system.Other.PublishAsync(new CountedV1(poison, 1));
        await Eventually.Is(async () => (await FailedAsync()).ShouldBe(Positions(1, 1)));
        var handled = new TaskCompletionSource();
        meanwhile = async () =>
        {
            await tallying.QueryAsync<long>("delete from reader_failures returning sequence");
            handled.TrySetResult();
        };
        await handled.Task;
        // Has its turn after that attempt.
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 2));
        await Eventually.Is(async () =>
            (await tallying.QueryAsync<long>("select sequence from reader_positions where reader = 'tallies'")).ShouldBe(Positions(2, 1)));
        (await FailedAsync()).ShouldBeEmpty();

        Task<IReadOnlyList<long>> FailedAsync() => tallying.QueryAsync<long>("select sequence from reader_failures");
    }

    [Fact]
    public async Task what_blocks_a_reader_is_not_forgotten_when_its_type_gets_a_key()
    {
        var poison = Guid.CreateVersion7();
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults)));
        });
        await system.Other.PublishAsync(Enumerable.Range(1, 6).Select(number => new CountedV1(number % 3 == 0 ? poison : Guid.CreateVersion7(), number)));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select sequence from reader_failures where key is null")).ShouldBe(Positions(3, 1)));
        await tallying.StopAsync();

        tallying = await system.StartTallyingAsync(readers: (inbox, faults) =>
        {
            faults.HandlingAbout = poison;
            inbox.Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults), key: counted => counted.CounterId));
        });
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe([10L, 20L, 40L, 50L]));
        tallying.Faults.HandlingAbout = null;
        await Eventually.Is(async () => (await TalliedAsync(tallying, poison)).ShouldBe([30L, 60L]));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-5")]
    [InlineData("1.5")]
    [InlineData("101")]
    [InlineData("99999999999999999999")]
    public void an_option_that_is_no_number_is_named(string value)
    {
        var options = new Dictionary<string, string> { ["--to"] = value, ["--edition"] = "100" };
        Should.Throw<ArgumentException>(() => ReadersCommand.Number(options, "--to", most: 100)).Message
            .ShouldBe($"--to must be a whole number from 0 to 100, not {value}.");
        ReadersCommand.Number(options, "--edition", most: 100).ShouldBe(100);
    }

    [Fact]
    public void a_database_that_is_away_is_no_fault_of_a_message_and_a_statement_that_takes_too_long_is()
    {
        DatabaseTrouble.IsBehind(new InvalidOperationException("", new NpgsqlException("", new IOException()))).ShouldBeTrue();
        DatabaseTrouble.IsBehind(new PostgresException("", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown)).ShouldBeTrue();
        DatabaseTrouble.IsBehind(new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)).ShouldBeTrue();
        DatabaseTrouble.IsBehind(new InvalidOperationException("", new NpgsqlException("", new TimeoutException()))).ShouldBeFalse();
        DatabaseTrouble.IsBehind(new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.QueryCanceled)).ShouldBeFalse();
        DatabaseTrouble.IsBehind(new PostgresException("", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("end")]
    [InlineData("beginning")]
    public async Task a_reader_that_met_a_restored_publisher_goes_on_only_when_somebody_accepts_it_on_record(string from)
    {
        var tallying = await system.StartTallyingAsync();
        await system.Other.PublishAsync(Enumerable.Range(1, 10).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.ShouldHaveHandledOfOtherAsync(10);
        // What was decided about a position of before must not be taken for one of what comes there later.
        await tallying.QueryAsync<long>(
            """
            insert into reader_failures (reader, version, publisher, log, sequence, type, message, attempts, next_at, state)
            select reader, version, publisher, log, 130, 'CountedV1', '{}', 1, now(), 'skipped' from reader_positions
                where publisher = 'other' returning sequence
            """);
        system.Other.Restore(8);
        await StoppedAsync();

        // It grows again, beyond where the reader stands: neither the broker nor the feed nor a restart makes it forget.
        await system.Other.PublishAsync(Enumerable.Range(9, 3).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.StopAsync();
        tallying = await system.StartTallyingAsync();
        await StoppedAsync();
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 12));
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await StoppedAsync();
        (await TalliedAsync(tallying)).ShouldBe(Positions(1, 10));

        string[] accept = ["accept", "--reader", "tallies", "--publisher", "other", "--by", "anna"];
        (await tallying.ReadersAsync([.. accept, "--from", from])).ShouldBe(2);
        (await tallying.ReadersAsync([.. accept, "--from", "here", "--reason", "restored"])).ShouldBe(2);
        (await tallying.ReadersAsync(["accept", "--reader", "tallies", "--publisher", "counting", .. accept[5..], "--from", from, "--reason", "restored"]))
            .ShouldBe(1);
        (await tallying.ReadersAsync([.. accept, "--from", from, "--reason", "restored"])).ShouldBe(0);
        await Eventually.Is(async () => (await tallying.QueryAsync<long>(
            "select count(*) from reader_positions where log is not null and publisher = 'other' and stopped is null")).ShouldBe([1L]));
        await Eventually.Is(async () => (await HealthAsync(tallying)).GetProperty("readers").GetProperty("status").GetString().ShouldBe("Healthy"));
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 13));
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe([.. Positions(1, 10), .. from == "end" ? Positions(13, 1) : Positions(1, 13)]));
        (await tallying.QueryAsync<string>("select decided_by || ': ' || reason from reader_positions where decided_at is not null"))
            .ShouldHaveSingleItem().ShouldStartWith("anna: restored (The publisher's log ends at 80");

        Task StoppedAsync() =>
            Eventually.Is(async () => (await HealthAsync(tallying)).GetProperty("readers").GetProperty("data").GetProperty("tallies from other").GetString()
                .ShouldNotBeNull().ShouldContain("The publisher's log ends at 80, before 100"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task a_publisher_that_is_restored_from_a_backup_stops_its_readers_loudly_and_no_other(bool withAnotherLog)
    {
        var counting = await system.StartCountingAsync();
        var tallying = await system.StartTallyingAsync();
        await system.Other.PublishAsync(Enumerable.Range(1, 10).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.ShouldHaveHandledOfOtherAsync(10);
        system.Other.Restore(5);
        system.Other.Log = withAnotherLog ? Guid.NewGuid() : system.Other.Log;
        await Eventually.Is(async () =>
        {
            var readers = (await HealthAsync(tallying)).GetProperty("readers");
            readers.GetProperty("status").GetString().ShouldBe("Degraded");
            readers.GetProperty("data").GetProperty("tallies from other").GetString().ShouldNotBeNull().ShouldContain("The publisher's log");
        });
        await counting.AppendAsync(3);
        await tallying.ShouldHaveHandledAsync(counting, 3);
        (await TalliedAsync(tallying)).ShouldBe(Positions(1, 10));
        (await tallying.PositionAsync("other")).ShouldBe(PublisherDouble.SequenceOf(10));
    }

    [Fact]
    public async Task two_versions_of_a_reader_that_met_a_restored_publisher_are_both_told()
    {
        var tallying = await system.StartTallyingAsync(readers: (inbox, faults) => inbox
            .Reader("tallies", version: 1, reader => reader.On("other", WhenCounted.With(faults)))
            .Reader("tallies", version: 2, reader => reader.On<CountedV1>("other", Echo("again"))));
        await system.Other.PublishAsync(Enumerable.Range(1, 10).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe(Positions(1, 10)));
        await Eventually.Is(async () => (await EchoesAsync(tallying, "again")).ShouldBe(Positions(1, 10)));
        system.Other.Restore(5);
        await Eventually.Is(async () =>
        {
            var readers = (await HealthAsync(tallying)).GetProperty("readers");
            readers.GetProperty("status").GetString().ShouldBe("Degraded");
            readers.GetProperty("data").EnumerateObject().Select(told => told.Name)
                .ShouldBe(["tallies from other", "tallies version 2 from other"], ignoreOrder: true);
        });
    }

    [Fact]
    public async Task a_log_that_lost_its_end_under_running_processes_is_noticed_though_what_they_remember_was_not_written_down()
    {
        var counting = await system.StartCountingAsync();
        await counting.AppendAsync(100);
        await using var database = NpgsqlDataSource.Create(counting.Database);
        using var log = new EventLog(counting.Store, database);
        using var other = new EventLog(counting.Store, database);
        var ct = TestContext.Current.CancellationToken;
        await Eventually.Is(async () => (await log.ReadAsync(0, null, ct)).UpTo.ShouldBe(100));
        (await other.ReadAsync(0, null, ct)).UpTo.ShouldBe(100);
        await counting.QueryAsync<long>(
            """
            with gone as (delete from mt_events where seq_id > 50 returning 1),
                back as (update event_log set mark = least(mark, 50) returning 1)
            select count(*) from gone, back
            """);

        await Should.ThrowAsync<LogChangedException>(() => log.ReadAsync(100, null, ct));
        // Once it has said so, it goes by what the database says.
        (await log.ReadAsync(40, null, ct)).UpTo.ShouldBe(50);
        // Who is behind gets no more of what it remembers than for a moment.
        await Eventually.Is(async () => await Should.ThrowAsync<LogChangedException>(() => other.ReadAsync(40, null, ct)));
    }

    [Fact]
    public async Task what_a_reader_passed_over_in_memory_is_not_written_into_a_database_that_knows_less()
    {
        var tallying = await system.StartTallyingAsync(look: TimeSpan.FromHours(1));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where log is not null and publisher = 'other'"))
            .ShouldBe([1L]));
        await system.Other.PublishAsync(Enumerable.Range(1, 10).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.ShouldHaveHandledOfOtherAsync(10);
        await tallying.QueryAsync<long>("update reader_positions set sequence = 50 where publisher = 'other' returning sequence");
        // As many as are passed over before that is written down.
        await system.Other.PublishAsync(Enumerable.Range(11, 60).Select(number => (object)new Unwanted(number)));
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe([.. Positions(1, 10), .. Positions(6, 5)]));
    }

    [Fact]
    public async Task a_database_that_was_put_back_under_running_processes_is_believed_and_not_what_they_remember()
    {
        var counting = await system.StartCountingAsync(with: settings => settings.With("EventLog:Look", "00:00:01"));
        await counting.AppendAsync(5);
        await counting.RollBackAsync();
        await counting.AppendAsync(5);
        await counting.SentAsync(10);
        var token = system.Authority.MachineToken("services", "integration");
        var before = (await counting.FeedAsync(token))[0].Log;
        await counting.QueryAsync<Guid>("delete from event_log returning id");
        await Eventually.Is(async () => (await counting.FeedAsync(token))[0].Log.ShouldNotBe(before));
        await counting.AppendAsync(5);
        await counting.SentAsync(15);

        var tallying = await system.StartTallyingAsync();
        await system.Other.PublishAsync(Enumerable.Range(1, 10).Select(number => new CountedV1(Guid.CreateVersion7(), number)));
        await tallying.ShouldHaveHandledOfOtherAsync(10);
        await tallying.QueryAsync<long>("update reader_positions set sequence = 50 where publisher = 'other' returning sequence");
        await Eventually.Is(async () => (await TalliedAsync(tallying)).ShouldBe([.. Positions(1, 10), .. Positions(6, 5)]));
    }

    [Fact]
    public async Task what_nobody_wants_costs_no_transaction()
    {
        var tallying = await system.StartTallyingAsync(look: TimeSpan.FromHours(1));
        await Eventually.Is(async () => (await tallying.QueryAsync<long>("select count(*) from reader_positions where log is not null and publisher = 'other'"))
            .ShouldBe([1L]));
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 1));
        await tallying.ShouldHaveHandledOfOtherAsync(1);
        await system.Other.PublishAsync(Enumerable.Range(2, 30).Select(number => (object)new Unwanted(number)));
        await Eventually.Is(async () => (await tallying.ReadingOf("other").PositionAsync(TestContext.Current.CancellationToken)).Sequence
            .ShouldBe(PublisherDouble.SequenceOf(31)));
        (await tallying.PositionAsync("other")).ShouldBe(PublisherDouble.SequenceOf(1));
        await system.Other.PublishAsync(new CountedV1(Guid.CreateVersion7(), 32));
        await Eventually.Is(async () => (await tallying.PositionAsync("other")).ShouldBe(PublisherDouble.SequenceOf(32)));
        (await TalliedAsync(tallying)).ShouldBe([.. Positions(1, 1), .. Positions(32, 1)]);
    }

    private sealed record Unwanted(int Number);

    /// <summary>What the metric says now of a reader's messages of <c>other</c>.</summary>
    private static double FailedTime(string reader)
    {
        var told = 0.0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "volunteerbook.readers.failed_time")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            var of = tags.ToArray();
            if (of.Contains(new("reader", reader)) && of.Contains(new("publisher", "other")))
            {
                told = Math.Max(told, value);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }

    private static Handle<CountedV1> Echo(string name) => (message, received, session, _) =>
    {
        session.Insert(new Label($"{name} {received.Sequence}", message.CounterId));
        return Task.CompletedTask;
    };

    private static IEnumerable<long> Positions(int first, int count) => Enumerable.Range(first, count).Select(number => PublisherDouble.SequenceOf(number));

    private static async Task<IReadOnlyList<long>> EchoesAsync(RunningService tallying, string name) =>
        [.. (await tallying.QueryAsync<string>("select id from mt_doc_label where id like $1 || ' %'", name))
            .Select(id => long.Parse(id[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture)).Order()];

    private static Task<IReadOnlyList<long>> TalliedAsync(RunningService tallying, Guid? counter = null) => tallying.QueryAsync<long>(
        "select (data ->> 'sequence')::bigint from mt_events where data ->> 'publisher' = 'other' and ($1 = '' or stream_id::text = $1) order by seq_id",
        counter?.ToString() ?? "");

    private static async Task<JsonElement> HealthAsync(RunningService tallying) =>
        JsonDocument.Parse(await tallying.Client().GetStringAsync(new Uri("/health", UriKind.Relative))).RootElement.GetProperty("checks");
}
