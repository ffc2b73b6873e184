using System.Text.Json;
using CsCheck;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>
/// Random lives of entries: logged, corrected, submitted, decided, amended, revoked, in any order that is allowed and with every word said twice.
/// </summary>
[Trait("Feature", "N1")]
public sealed class BookHistories(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly Guid Organisation = Guid.CreateVersion7();

    private enum Step
    {
        Correct,
        Submit,
        Withdraw,
        Amend,
        Describe,
        Confirm,
        ConfirmLess,
        ConfirmAgain,
        Match,
        Settle,
        Reject,
        Return,
        Revoke,
        RevokeEarlier,
    }

    private static readonly Gen<(Step, int)[]> Steps = Gen.Select(
        Gen.Frequency((3, Gen.Const(Step.Submit)), (3, Gen.Const(Step.Confirm)), (2, Gen.Const(Step.Amend)), (4, Gen.Enum<Step>())),
        Gen.Int[1, 1440]).Array[0, 25];

    [Fact]
    [Trait("Feature", "N10")]
    public void amended_revoked_and_amended_again_never_counts_twice_and_replays_the_same() => Steps.Sample(
        steps =>
        {
            var id = Guid.CreateVersion7();
            var history = new List<object> { new EntryLogged(Volunteer, EntrySource.Volunteer, Facts(60), null, Now) };
            var entry = Entry.Create((EntryLogged)history[0]) with { Id = id };
            var shown = Views.Of(id, history[0]);
            // What counts, told without the code under test: what is claimed, what is confirmed, and whether the claim is dropped.
            (int Claimed, int? Confirmed, bool Dropped) counts = (60, null, false);
            int? wished = null;
            var signed = false;
            foreach (var (step, minutes) in steps)
            {
                foreach (var happened in Decide(entry, step, minutes).Events)
                {
                    history.Add(happened);
                    entry = Applied(entry, happened);
                    shown = Replay.ViewOf(Views.Stored(id, history));
                    switch (happened)
                    {
                        case EntryCorrected e:
                            counts = (e.Facts.Minutes(), null, counts.Dropped);
                            break;
                        case EntryAmended e:
                            wished = e.Facts.Minutes();
                            break;
                        case AmendmentWithdrawn or AmendmentDeclined:
                            wished = null;
                            break;
                        case EntryConfirmed e:
                            counts = (counts.Claimed, e.Facts.Minutes(), false);
                            signed = e.Grade is null;
                            wished = null;
                            break;
                        case EntryRevoked:
                            counts = (counts.Confirmed!.Value, null, true);
                            break;
                        case EntrySubmitted:
                            counts = (wished ?? counts.Claimed, null, false);
                            wished = null;
                            break;
                        case EntryWithdrawn or EntryRejected:
                            counts = (counts.Claimed, null, true);
                            break;
                    }
                }

                // What is decided on and what is shown tell one story.
                (shown.Id, shown.Version, shown.VolunteerId, shown.Status, shown.Revision, shown.Grade, shown.Description, shown.Confirmation, shown.Amendment)
                    .ShouldBe((
                        entry.Id, history.Count, entry.VolunteerId, entry.Status, entry.Revision,
                        entry.Grade, entry.Description, entry.Confirmation, entry.Amendment));
                entry.Says(
                    new(shown.OrganisationId, shown.Project, shown.TaskType, shown.Region, shown.Shifts, shown.Level, shown.Place, shown.Volume),
                    shown.Description, shown.Documents).ShouldBeTrue();

                var totals = BookTotals.Of(Counted.InPeriod([shown], default));
                totals.Minutes.ShouldBe(counts.Confirmed ?? (counts.Dropped ? 0 : counts.Claimed));
                (totals.Grades.Signed, totals.Grades.Confirmed).ShouldBe(signed ? (counts.Confirmed ?? 0, 0) : (0, counts.Confirmed ?? 0));
                totals.Points.ShouldBe((counts.Confirmed ?? 0) / 60);
                (entry.Amendment?.Facts.Minutes()).ShouldBe(wished);
            }

            // Every decision said again changes nothing.
            foreach (var step in new[] { Step.ConfirmAgain, Step.RevokeEarlier })
            {
                Decide(entry, step, 1).Events.ShouldBeEmpty();
            }
        },
        iter: 3000);

    [Fact]
    public async Task the_book_as_of_a_hundred_moments_is_what_it_was_then_and_a_replay_has_the_live_hash()
    {
        var volunteer = Guid.CreateVersion7();
        var client = ledger.Volunteer(volunteer);
        var store = ledger.Service.Services.GetRequiredService<IDocumentStore>();
        var random = new Random(20260520);
        var captured = new List<(DateTimeOffset At, string Totals, string Items)>();
        var entries = new List<Guid>();
        for (var i = 0; i < 150; i++)
        {
            await using var session = store.LightweightSession();
            var id = entries.Count == 0 || random.Next(5) == 0 ? Guid.CreateVersion7() : entries[random.Next(entries.Count)];
            var stream = await session.Events.FetchForWriting<Entry>(id, TestContext.Current.CancellationToken);
            if (stream.Aggregate is { } entry)
            {
                stream.AppendMany(Decide(entry, random.GetItems(Enum.GetValues<Step>(), 1)[0], random.Next(1, 600)).Events);
            }
            else
            {
                entries.Add(id);
                stream.AppendOne(new EntryLogged(volunteer, EntrySource.Volunteer, Facts(random.Next(1, 600), random.Next(100)), null, Now));
            }

            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            var last = (await session.Events.FetchStreamAsync(id, token: TestContext.Current.CancellationToken))[^1];
            // A step that was refused leaves the book as it was, and the stream's last event is an old one.
            var at = captured.Count > 0 && captured[^1].At > last.Timestamp ? captured[^1].At : last.Timestamp;
            captured.Add((at, Totals(await client.GetJsonAsync("/api/v1/book")), Items(await client.GetJsonAsync("/api/v1/book?limit=200"))));
        }

        for (var i = 0; i < 100; i++)
        {
            var (first, end) = (captured[0].At, captured[^1].At);
            var moment = i == 0 ? end : first.AddTicks(random.NextInt64((end - first).Ticks) / 10 * 10);
            var then = captured.Last(state => state.At <= moment);
            var asOf = await client.GetJsonAsync($"/api/v1/book/as-of?limit=200&at={Uri.EscapeDataString(moment.ToString("O"))}");
            Totals(asOf).ShouldBe(then.Totals, $"as of {moment:O}");
            Items(asOf).ShouldBe(then.Items, $"as of {moment:O}");
        }

        var replay = await client.GetJsonAsync("/api/v1/book/replay");
        replay.GetProperty("same").GetBoolean().ShouldBeTrue();
        replay.GetProperty("entries").GetInt32().ShouldBe(entries.Count);
        replay.GetProperty("replayedHash").GetString().ShouldBe(replay.GetProperty("liveHash").GetString());

        // A live document that was changed by hand no longer has the events' hash.
        await using (var database = Npgsql.NpgsqlDataSource.Create(ledger.Database))
        await using (var command = database.CreateCommand(
            $"update mt_doc_entry set data = jsonb_set(data, '{{project}}', '\"другой\"') where id = '{entries[0]}'"))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await client.GetJsonAsync("/api/v1/book/replay")).GetProperty("same").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task as_of_every_event_and_a_microsecond_before_the_book_is_the_replay_whenever_its_transaction_began()
    {
        var volunteer = Guid.CreateVersion7();
        var client = ledger.Volunteer(volunteer);
        var store = ledger.Service.Services.GetRequiredService<IDocumentStore>();
        var ct = TestContext.Current.CancellationToken;
        var entries = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/entries")
            {
                Content = System.Net.Http.Json.JsonContent.Create(
                    new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", Facts(60, i).Shifts, Submit: true), options: Http.Json),
            };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            entries.Add(await (await client.SendAsync(request, ct)).IdAsync());
        }

        // Transactions that began long before they write, and end in another order; each row then tells another time than its events do.
        var sessions = entries.Select(_ => store.LightweightSession()).ToList();
        foreach (var session in sessions)
        {
            await session.BeginTransactionAsync(ct);
            await session.QueryAsync<int>("select 1", ct);
        }

        foreach (var (id, session) in entries.Zip(sessions).Reverse())
        {
            await Task.Delay(20, ct);
            await WhenCaseDecided.Confirmed(new CaseConfirmedV1(CaseIds.Of(id, 1), id, 1, Organisation, "kid", Now, Points: 1), null!, session, ct);
            await session.SaveChangesAsync(ct);
            await session.DisposeAsync();
        }

        await using (var database = Npgsql.NpgsqlDataSource.Create(ledger.Database))
        {
            // Whatever clock the rows were written by.
            await using var command = database.CreateCommand(
                $"update mt_doc_entry set mt_last_modified = mt_last_modified - interval '1 hour' where volunteer_id = '{volunteer}' and id < '{entries[2]}'");
            await command.ExecuteNonQueryAsync(ct);
        }

        await using var reader = store.QuerySession();
        var events = (await reader.Events.QueryAllRawEvents().Where(stored => entries.Contains(stored.StreamId)).ToListAsync(ct)).ToList();
        events.Count.ShouldBe(12);
        foreach (var moment in events.SelectMany(stored => new[] { stored.Timestamp, stored.Timestamp.AddMicroseconds(-1) }).Distinct())
        {
            var replayed = events.Where(stored => stored.Timestamp <= moment)
                .GroupBy(stored => stored.StreamId).Select(stream => Replay.ViewOf(stream.OrderBy(stored => stored.Version).Select(Happened.Of))).ToList();
            var asOf = await client.GetJsonAsync($"/api/v1/book/as-of?limit=200&at={Uri.EscapeDataString(moment.ToUniversalTime().ToString("O"))}");
            Items(asOf).ShouldBe(Replay.Hash(replayed), $"as of {moment:O}");
        }
    }

    [Fact]
    public async Task what_another_instance_has_recorded_is_in_the_book_of_now_however_far_its_clock_is_ahead()
    {
        var client = ledger.Volunteer(Guid.CreateVersion7());
        var entry = await (await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", Facts(60).Shifts, Submit: true))).IdAsync();
        var ct = TestContext.Current.CancellationToken;
        await using (var database = Npgsql.NpgsqlDataSource.Create(ledger.Database))
        {
            await using var command = database.CreateCommand($"update mt_events set timestamp = timestamp + interval '1 hour' where stream_id = '{entry}'");
            await command.ExecuteNonQueryAsync(ct);
        }

        var now = await client.GetJsonAsync("/api/v1/book/as-of");
        now.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ShouldBe([entry]);
        // The moment that it tells says the same when it is asked for.
        var at = now.GetProperty("at").GetDateTimeOffset();
        Items(await client.GetJsonAsync($"/api/v1/book/as-of?at={Uri.EscapeDataString(at.ToUniversalTime().ToString("O"))}")).ShouldBe(Items(now));
        Items(await client.GetJsonAsync($"/api/v1/book/as-of?at={Uri.EscapeDataString(at.AddMicroseconds(-1).ToUniversalTime().ToString("O"))}"))
            .ShouldNotBe(Items(now));
    }

    [Fact]
    public async Task between_the_times_of_two_instances_whose_clocks_differ_an_entry_is_as_it_was_before_the_one_that_is_ahead()
    {
        var client = ledger.Volunteer(Guid.CreateVersion7());
        var store = ledger.Service.Services.GetRequiredService<IDocumentStore>();
        var ct = TestContext.Current.CancellationToken;
        var entry = await (await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", Facts(60).Shifts, Submit: true))).IdAsync();
        await using (var session = store.LightweightSession())
        {
            await WhenCaseDecided.Confirmed(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, "kid", Now, Points: 1), null!, session, ct);
            await session.SaveChangesAsync(ct);
        }

        // Submitting was recorded by one that is an hour ahead, and confirming, after it, by one that is right.
        await using (var database = Npgsql.NpgsqlDataSource.Create(ledger.Database))
        await using (var command = database.CreateCommand(
            $"update mt_events set timestamp = timestamp + interval '1 hour' where stream_id = '{entry}' and version = 2"))
        {
            await command.ExecuteNonQueryAsync(ct);
        }

        await using var reader = store.QuerySession();
        var events = await reader.Events.FetchStreamAsync(entry, token: ct);
        events.Count.ShouldBe(3);
        var between = Uri.EscapeDataString(events[2].Timestamp.AddMinutes(1).ToUniversalTime().ToString("O"));
        Items(await client.GetJsonAsync($"/api/v1/book/as-of?at={between}")).ShouldBe(Replay.Hash([Replay.ViewOf(events.Take(1).Select(Happened.Of))]));
        var after = Uri.EscapeDataString(events[1].Timestamp.ToUniversalTime().ToString("O"));
        Items(await client.GetJsonAsync($"/api/v1/book/as-of?at={after}")).ShouldBe(Replay.Hash([Replay.ViewOf(events.Select(Happened.Of))]));
    }

    [Fact]
    public async Task a_period_cuts_totals_at_midnight_of_the_shifts_own_clock_and_shows_what_overlaps()
    {
        var client = ledger.Volunteer();
        LogEntry Log(params Shift[] shifts) => new(Organisation, "Забота рядом", "D12", "RU-MOW", shifts);
        var over = await (await client.PostJsonAsync(
            "/api/v1/entries", Log(EntryDecisions.AShift(180, "2025-03-31T22:00:00"), EntryDecisions.AShift(30, "2025-04-01T10:00:00")))).IdAsync();
        var within = await (await client.PostJsonAsync("/api/v1/entries", Log(EntryDecisions.AShift(120, "2025-04-01T10:15:00")))).IdAsync();

        var april = await client.GetJsonAsync("/api/v1/book/as-of?from=2025-04-01&to=2025-04-30");
        april.GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(60 + 135);
        april.GetProperty("overlaps").EnumerateArray().Single().Deserialize<Overlap>(Http.Json).ShouldBe(new Overlap(within, over, 15));
        (await client.GetJsonAsync("/api/v1/book/as-of?from=2025-03-01&to=2025-03-31")).GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(120);
        (await client.GetJsonAsync("/api/v1/book")).GetProperty("overlaps").EnumerateArray().Single().Deserialize<Overlap>(Http.Json)
            .ShouldBe(new Overlap(within, over, 15));
        (await client.GetJsonAsync("/api/v1/book/as-of?at=2020-01-01T00:00:00Z")).GetProperty("totals").GetProperty("entries").GetInt64().ShouldBe(0);
        await (await client.GetResponseAsync("/api/v1/book/as-of?from=2025-04-02&to=2025-04-01"))
            .ProblemAsync(System.Net.HttpStatusCode.BadRequest, "period-reversed");
        (await client.IdsOfAllPagesAsync("/api/v1/book/as-of?limit=1")).ShouldBe([within, over]);
    }

    [Fact]
    [Trait("Feature", "F39")]
    public async Task what_changed_between_two_moments_is_told_with_author_and_reason()
    {
        var id = Guid.CreateVersion7();
        var client = ledger.Volunteer(id);
        var entry = await (await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(60)]))).IdAsync();
        var first = (await client.GetJsonAsync("/api/v1/book/changes")).GetProperty("items")[0];
        var between = first.GetProperty("change").GetProperty("at").GetString()!;
        await client.PostJsonAsync($"/api/v1/entries/{entry}/withdrawal", new WithdrawEntry("записал дважды"), version: 1);

        var change = (await client.GetJsonAsync($"/api/v1/book/changes?from={Uri.EscapeDataString(between)}")).GetProperty("items").EnumerateArray().Single();
        change.GetProperty("entryId").GetGuid().ShouldBe(entry);
        change.GetProperty("change").GetProperty("type").GetString().ShouldBe("entry_withdrawn");
        change.GetProperty("change").GetProperty("by").GetString().ShouldBe(id.ToString());
        change.GetProperty("change").GetProperty("data").GetProperty("reason").GetString().ShouldBe("записал дважды");
        (await client.GetJsonAsync($"/api/v1/book/changes?to={Uri.EscapeDataString(between)}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        (await client.IdsOfAllPagesAsync("/api/v1/book/changes?limit=1")).Count.ShouldBe(2);
        (await ledger.Volunteer().GetJsonAsync("/api/v1/book/changes")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await (await client.GetResponseAsync("/api/v1/book/changes?from=2025-04-02T00:00:00Z&to=2025-04-01T00:00:00Z"))
            .ProblemAsync(System.Net.HttpStatusCode.BadRequest, "period-reversed");
    }

    private static Contracts.Ledger.EntryFacts Facts(int minutes, int day = 0) =>
        new(
            Organisation, "Забота рядом", "D12", "RU-MOW",
            [EntryDecisions.AShift(minutes) with { Start = new DateTime(2025, 1, 1, 10, 0, 0, DateTimeKind.Unspecified).AddDays(day) }]);

    private static Decision Decide(Entry entry, Step step, int minutes)
    {
        var command = new CorrectEntry("Забота рядом", "D12", "RU-MOW", Facts(minutes).Shifts, "иначе");
        CaseConfirmedV1 Confirmation(int revision, int? less = null) => new(
            CaseIds.Of(entry.Id, revision), entry.Id, revision, Organisation, "kid", Now, less is { } part ? Facts(part) : null, null, null,
            (less ?? (entry.Amendment?.Facts ?? entry.Facts).Minutes()) / 60);
        ConfirmationRevokedV1 Revocation(int revision) => new(CaseIds.Of(entry.Id, revision), entry.Id, revision, Organisation, Now);
        return step switch
        {
            Step.Correct => CorrectEntryEndpoint.Decide(entry, command, Now),
            Step.Submit => SubmitEntryEndpoint.Decide(entry, Now),
            Step.Withdraw => WithdrawEntryEndpoint.Decide(entry, new WithdrawEntry(), Now),
            Step.Amend => AmendEntryEndpoint.Decide(entry, command, Now),
            Step.Describe => AmendEntryEndpoint.Decide(entry, command with { Shifts = entry.Facts.Shifts, Description = $"слова {minutes}" }, Now),
            Step.Confirm => WhenCaseDecided.Decide(entry, Confirmation(entry.Revision)),
            Step.ConfirmLess => WhenCaseDecided.Decide(entry, Confirmation(entry.Revision, Math.Min(minutes, 30))),
            Step.ConfirmAgain => WhenCaseDecided.Decide(entry, Confirmation(entry.Confirmation?.Revision ?? 0)),
            Step.Match => WhenCaseDecided.Decide(entry, new CaseMatchedV1(CaseIds.Of(entry.Id, entry.Revision), entry.Id, entry.Revision, Organisation, Now)),
            Step.Settle => WhenCaseDecided.Decide(
                entry, new CaseSettledV1(CaseIds.Of(entry.Id, entry.Revision), entry.Id, entry.Revision, Facts(Math.Min(minutes, 45)), 0, Now)),
            Step.Reject => WhenCaseDecided.Decline(entry, entry.Revision, CaseIds.Of(entry.Id, entry.Revision), returned: false, Now),
            Step.Return => WhenCaseDecided.Decline(entry, entry.Revision, CaseIds.Of(entry.Id, entry.Revision), returned: true, Now),
            Step.Revoke => WhenCaseDecided.Decide(entry, Revocation(entry.Confirmation?.Revision ?? 1)),
            _ => WhenCaseDecided.Decide(entry, Revocation((entry.Confirmation?.Revision ?? 2) - 1)),
        };
    }

    private static Entry Applied(Entry entry, object happened) => happened switch
    {
        EntryCorrected e => entry.Apply(e),
        EntrySubmitted e => entry.Apply(e),
        EntryWithdrawn e => entry.Apply(e),
        EntryConfirmed e => entry.Apply(e),
        EntryMatched e => entry.Apply(e),
        EntryRejected e => entry.Apply(e),
        EntryReturned e => entry.Apply(e),
        EntryAmended e => entry.Apply(e),
        EntryDescribed e => entry.Apply(e),
        AmendmentWithdrawn e => entry.Apply(e),
        AmendmentDeclined e => entry.Apply(e),
        EntryRevoked e => entry.Apply(e),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is no event of an entry."),
    };

    private static string Totals(JsonElement book) => book.GetProperty("totals").ToString();

    private static string Items(JsonElement book) =>
        Replay.Hash(book.GetProperty("items").EnumerateArray().Select(item => item.Deserialize<EntryView>(Http.Json)!));
}
