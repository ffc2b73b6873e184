using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>What is left when something dies: every acknowledged write, once.</summary>
[Collection(StandingSystem.Shared)]
public sealed class FailureTests(StandingSystem standing) : IDisposable
{
    private const int WritesARound = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task with_the_broker_away_every_write_is_accepted_and_every_case_opens_once()
    {
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(DemoAccounts.Volunteer(1)).WithANameAsync();
        await CanDecideAsync(world, volunteer);

        await system.StopBrokerAsync();
        var entries = new ConcurrentBag<Guid>();
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
            entries.Add((await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: i % 300), Guid.NewGuid().ToString(), ct: ct)).Id));
        await system.StartBrokerAsync(TestContext.Current.CancellationToken);

        await Eventually.Is(
            async () => (await OpenCasesAsync(world)).Select(opened => opened.EntryId).Where(entries.Contains).Distinct().Count().ShouldBe(200), Patience);
        var analyst = nobody.Person(DemoAccounts.Analyst);
        await Eventually.Is(async () =>
        {
            var opened = await analyst.LinesAsync("events/verification?types=case_opened").ToListAsync();
            opened.Select(e => e.GetProperty("data").GetProperty("entryId").GetGuid()).Where(entries.Contains).Order().ShouldBe(entries.Order());
        });
    }

    [Fact]
    public async Task services_killed_under_load_lose_no_acknowledged_write_and_apply_none_twice()
    {
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(DemoAccounts.Volunteer(2)).WithANameAsync();
        await CanDecideAsync(world, volunteer);
        await volunteer.TokenAsync(TestContext.Current.CancellationToken);

        // Twenty writes a second; every process of ours dies in the middle of it, one after another, and comes back.
        var acknowledged = new ConcurrentDictionary<int, Guid>();
        foreach (var (victim, round) in new[] { "ledger", "ledger-2", "verification", "reporting", "profiles", "vacancies", "identity", "gateway" }.Select(
            (name, round) => (name, round)))
        {
            var load = LoadAsync(volunteer, world, acknowledged, first: round * WritesARound);
            await Task.Delay(TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
            await system.KillAsync(victim);
            await Task.Delay(TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
            await system.StartAsync(victim, TestContext.Current.CancellationToken);
            await load;
        }

        // Every write is acknowledged in the end: it is repeated under its key until it is.
        acknowledged.Count.ShouldBe(8 * WritesARound);
        acknowledged.Values.Distinct().Count().ShouldBe(8 * WritesARound);
        var confirmed = acknowledged.OrderBy(pair => pair.Key).Select(pair => pair.Value).Take(20).ToList();
        foreach (var entry in confirmed)
        {
            await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
        }

        await Eventually.Is(async () =>
        {
            var entries = await volunteer.AllAsync<Entry>("book").ToListAsync();
            entries.Select(item => item.Id).Where(acknowledged.Values.Contains).Order().ShouldBe(acknowledged.Values.Order());
            entries.ShouldAllBe(item => item.OrganisationId == world.Organisation.Id);
            (await nobody.GetAsync<Statistics>($"statistics?organisationId={world.Organisation.Id}")).Minutes.ShouldBe(confirmed.Count * 120);
            await TotalsEqualAReplayAsync(nobody, DemoAccounts.Id(DemoAccounts.Volunteer(2)), (await volunteer.GetAsync<Book>("book?limit=1")).Totals);
        }, Patience);
    }

    [Fact]
    [Trait("Feature", "F33")]
    public async Task extracts_ordered_while_ledgers_are_killed_are_issued_once_and_whole()
    {
        const int Orders = 20;
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = nobody.Person(DemoAccounts.Volunteer(5));
        await volunteer.RegisterVolunteerAsync(new NewVolunteer(
            new PersonName("Стойкова", "Вера"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts("vera@example.org")));
        var entry = await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry());
        await world.Coordinator.ConfirmAsync(CaseIds.Of(entry.Id, 1), world.Key);
        await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry.Id}")).Status.ShouldBe("confirmed"));

        var acknowledged = new ConcurrentBag<Guid>();
        foreach (var victim in new[] { "ledger", "ledger-2" })
        {
            var before = acknowledged.Count;
            var orders = Parallel.ForAsync(0, Orders / 2, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, ct) =>
            {
                var key = Guid.NewGuid().ToString();
                await Eventually.Is(async () =>
                {
                    var reply = await volunteer.SendAsync(HttpMethod.Post, "extracts", new { language = "ru" }, key, ct: ct);
                    reply.Status.ShouldBe(HttpStatusCode.Created);
                    acknowledged.Add(reply.Read<Made>().Id);
                }, Patience);
            });
            // The others are under way.
            await Eventually.Is(() => Task.FromResult(acknowledged.Count > before));
            await system.KillAsync(victim);
            await system.StartAsync(victim, TestContext.Current.CancellationToken);
            await orders;
        }

        acknowledged.Distinct().Count().ShouldBe(Orders);
        var listed = await volunteer.AllAsync<JsonElement>("extracts").ToListAsync();
        listed.Select(extract => extract.GetProperty("id").GetGuid()).Order().ShouldBe(acknowledged.Order());
        listed.Select(extract => extract.GetProperty("number").GetString()).Distinct().Count().ShouldBe(Orders);
        foreach (var extract in acknowledged)
        {
            using var file = new ByteArrayContent((await volunteer.GetAsync($"extracts/{extract}/file")).Body.ToArray());
            file.Headers.ContentType = new("application/pdf");
            var check = (await nobody.SendAsync(HttpMethod.Post, "checks", file)).Success().Read<JsonElement>();
            check.GetProperty("valid").GetBoolean().ShouldBeTrue(check.GetRawText());
        }
    }

    [Fact]
    public async Task services_started_in_any_order_on_an_empty_broker_and_a_late_subscriber_miss_nothing()
    {
        await using var system = await RunningGraph.StartAsync(
            RunningGraph.Options(data) with { Only = ["gateway", "identity", "vacancies", "verification"] }, TestContext.Current.CancellationToken);
        // Subscribers first, publishers after them; Reporting only when five hundred events are out.
        await system.StartAsync("ledger", TestContext.Current.CancellationToken);
        await system.StartAsync("profiles", TestContext.Current.CancellationToken);
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(DemoAccounts.Volunteer(1)).WithANameAsync();
        var entries = new ConcurrentBag<Guid>();
        await Parallel.ForAsync(0, 500, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
            entries.Add((await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: -i, minutes: 60), ct: ct)).Id));
        foreach (var entry in entries.Take(25))
        {
            await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
        }

        await system.StartAsync("reporting", TestContext.Current.CancellationToken);

        await Eventually.Is(async () =>
        {
            (await nobody.GetAsync<Statistics>($"statistics?organisationId={world.Organisation.Id}")).Minutes.ShouldBe(25 * 60);
            var mine = await volunteer.GetAsync("statistics/me");
            mine.Read<OwnTotals>().ShouldBe(new OwnTotals(25 * 60, 475 * 60));
        }, Patience);
    }

    [Fact]
    public async Task queues_deleted_by_hand_while_events_flow_cost_nothing()
    {
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(DemoAccounts.Volunteer(3)).WithANameAsync();
        await CanDecideAsync(world, volunteer);

        var entries = new ConcurrentBag<Guid>();
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, ct) =>
        {
            if (i is 50 or 120)
            {
                await DeleteQueueAsync(system, "verification.from-ledger", ct);
                await DeleteQueueAsync(system, "reporting.from-ledger", ct);
            }

            entries.Add((await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: i, minutes: 60), Guid.NewGuid().ToString(), ct: ct)).Id);
        });
        foreach (var entry in entries.Take(10))
        {
            await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
        }

        await Eventually.Is(async () =>
        {
            (await OpenCasesAsync(world)).Select(opened => opened.EntryId).Where(entries.Contains).Order().ShouldBe(entries.Skip(10).Order());
            (await volunteer.GetAsync("statistics/me")).Read<OwnTotals>().ShouldBe(new OwnTotals(10 * 60, 190 * 60));
        }, Patience);
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task an_import_of_a_hundred_thousand_rows_killed_half_way_and_repeated_has_every_row_once_in_little_memory()
    {
        await using var system = await RunningGraph.StartAsync(
            RunningGraph.Options(data) with { Only = ["gateway", "identity", "profiles", "verification"] }, TestContext.Current.CancellationToken);
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var token = await world.Coordinator.TokenAsync(TestContext.Current.CancellationToken);
        var address = new Uri(system.Gateway, $"/api/v1/sheets?organisationId={world.Organisation.Id}");
        using var http = new HttpClient { Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        await Eventually.Is(async () => (await world.Coordinator.GetAsync<JsonElement>("sheets", TestContext.Current.CancellationToken))
            .GetProperty("items").GetArrayLength().ShouldBe(0));
        var document = ADocument(100_000);

        // Half of it is on its way when the process dies.
        using (var half = new HalfOf(document, () => system.KillAsync("verification")))
        {
            half.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
            try
            {
                using var broken = await http.PostAsync(address, half, TestContext.Current.CancellationToken);
                broken.IsSuccessStatusCode.ShouldBeFalse();
            }
            catch (HttpRequestException)
            {
                // The gateway hung up.
            }
        }

        await system.StartAsync("verification", TestContext.Current.CancellationToken);
        (await world.Coordinator.GetAsync<JsonElement>("sheets", TestContext.Current.CancellationToken)).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await RowsAsync()).ShouldBe((0, 0));

        foreach (var again in new[] { false, true })
        {
            using var whole = new ByteArrayContent(document);
            whole.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
            using var answer = await http.PostAsync(address, whole, TestContext.Current.CancellationToken);
            var receipt = await JsonDocument.ParseAsync(
                await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), cancellationToken: TestContext.Current.CancellationToken);
            answer.IsSuccessStatusCode.ShouldBeTrue(receipt.RootElement.ToString());
            (
                receipt.RootElement.GetProperty("rows").GetInt32(),
                receipt.RootElement.GetProperty("faulty").GetInt32(),
                receipt.RootElement.GetProperty("alreadyThere").GetBoolean()).ShouldBe((100_000, 0, again));
            (await RowsAsync()).ShouldBe((100_000, 100_000));
        }

        // The most that the process ever held, in kB (proc(5)).
        var peak = File.ReadLines($"/proc/{system.ProcessId("verification")}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThan(300 * 1024);

        async Task<(long Rows, long Volunteers)> RowsAsync()
        {
            await using var database = NpgsqlDataSource.Create($"{system.Postgres};Database=verification");
            await using var command = database.CreateCommand("select count(*), count(distinct volunteer_id) from sheet_rows");
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await reader.ReadAsync(TestContext.Current.CancellationToken);
            return (reader.GetInt64(0), reader.GetInt64(1));
        }
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task matching_that_is_killed_half_way_confirms_every_case_once()
    {
        const int Entries = 600;
        var system = await standing.SystemAsync();
        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(DemoAccounts.Volunteer(4)).WithANameAsync();
        await CanDecideAsync(world, volunteer);
        await world.Coordinator.PutAsync(
            $"confirmation-rules/{world.Organisation.Id}", new { matching = new { withinMinutes = 0, confirmByItself = true } }, etag: "\"0\"");
        await Parallel.ForAsync(0, Entries, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (day, ct) =>
            await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day), Guid.NewGuid().ToString(), ct: ct));
        await Eventually.Is(async () => (await OpenCasesAsync(world)).Count.ShouldBeGreaterThanOrEqualTo(Entries), Patience);
        var rows = Enumerable.Range(0, Entries).Select(day => new
        {
            volunteer_id = DemoAccounts.Id(DemoAccounts.Volunteer(4)),
            start = world.AnEntry(day: day).Shifts[0].Start,
            zone = "Europe/Moscow",
            minutes = 120,
        });
        var sheet = (await world.Coordinator.PostAsync<Made>($"sheets?organisationId={world.Organisation.Id}", rows)).Id;
        var statement = (await world.Coordinator.GetAsync($"sheets/{sheet}/statement")).Body;
        await world.Coordinator.PostAsync($"sheets/{sheet}/signature", new { signature = world.Key.Sign(statement.Span) }, etag: "\"1\"");

        await Eventually.Is(async () => (await ConfirmedAsync()).Cases.ShouldBeGreaterThan(0), Patience);
        await system.KillAsync("verification");
        await system.StartAsync("verification", TestContext.Current.CancellationToken);

        await Eventually.Is(async () =>
        {
            (await ConfirmedAsync()).ShouldBe((Entries, Entries));
            (await volunteer.GetAsync<JsonElement>("book")).GetProperty("totals").GetProperty("grades").GetProperty("signed").GetInt64()
                .ShouldBe(Entries * 120);
        }, Patience);

        // Confirmations, and the cases that have one.
        async Task<(long Confirmations, long Cases)> ConfirmedAsync()
        {
            await using var database = NpgsqlDataSource.Create($"{system.Postgres};Database=verification");
            await using var command = database.CreateCommand(
                "select count(*), count(distinct stream_id) from mt_events where type = 'case_confirmed' and data -> 'lines' is not null");
            await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            await reader.ReadAsync(TestContext.Current.CancellationToken);
            return (reader.GetInt64(0), reader.GetInt64(1));
        }
    }

    private static byte[] ADocument(int rows)
    {
        var text = new StringBuilder("volunteer_id,start,zone,minutes,project,task_type,region\n", rows * 110);
        for (var i = 0; i < rows; i++)
        {
            text.Append(Guid.CreateVersion7()).Append(",2025-05-").Append((i % 28 + 1).ToString("00", System.Globalization.CultureInfo.InvariantCulture))
                .Append("T10:00,Europe/Moscow,240,Забота рядом,D12,RU-MOW\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Sends half of a body, has something happen, and then the rest.</summary>
    private sealed class HalfOf(byte[] body, Func<Task> between) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            await stream.FlushAsync();
            // What was sent is to be read and copied before the end comes.
            await Task.Delay(TimeSpan.FromSeconds(1));
            await between();
            await stream.WriteAsync(body.AsMemory(body.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private static async Task DeleteQueueAsync(RunningGraph system, string queue, CancellationToken ct)
    {
        using var management = system.Management();
        // After the first time it has to be there again: its subscriber makes it anew.
        await Eventually.Is(async () =>
        {
            using var deleted = await management.DeleteAsync(new Uri($"api/queues/%2F/{queue}", UriKind.Relative), ct);
            deleted.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }, Patience);
    }

    /// <summary>Minutes of a volunteer's own statistics.</summary>
    internal sealed record OwnTotals(long ConfirmedMinutes, long SubmittedMinutes);

    /// <summary>Replays all that the ledger's feed says of a volunteer's entries by hand and compares with the book.</summary>
    private static async Task TotalsEqualAReplayAsync(Api nobody, Guid volunteer, BookTotals totals)
    {
        var status = new Dictionary<Guid, (string Status, long Minutes)>();
        await foreach (var e in nobody.Person(DemoAccounts.Analyst).LinesAsync("events/ledger"))
        {
            var (entry, type) = (e.GetProperty("subject").GetGuid(), e.GetProperty("type").GetString()!);
            // Of whom an entry is, its first event says: the book itself is not asked, as it may lack one.
            if (!status.ContainsKey(entry) && (type != "entry_logged" || e.GetProperty("data").GetProperty("volunteerId").GetGuid() != volunteer))
            {
                continue;
            }

            var minutes = e.GetProperty("data").TryGetProperty("facts", out var facts)
                ? facts.GetProperty("shifts").EnumerateArray().Sum(shift => shift.GetProperty("minutes").GetInt64())
                : status[entry].Minutes;
            status[entry] = (type == "entry_logged" ? "draft" : type.Replace("entry_", "", StringComparison.Ordinal), minutes);
        }

        status.ShouldNotBeEmpty();
        foreach (var group in status.Values.GroupBy(entry => entry.Status))
        {
            totals.MinutesOf(group.Key).ShouldBe(group.Sum(entry => entry.Minutes), group.Key);
        }
    }

    /// <summary>Writes at twenty a second; a write that is not acknowledged is repeated under its key, as a client should.</summary>
    private static async Task LoadAsync(Api volunteer, AWorld world, ConcurrentDictionary<int, Guid> acknowledged, int first)
    {
        var all = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var i = first; i < first + WritesARound; i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            all.Add(WriteAsync(i));
        }

        await Task.WhenAll(all);

        async Task WriteAsync(int i)
        {
            var key = Guid.NewGuid().ToString();
            await Eventually.Is(async () =>
            {
                var reply = await volunteer.SendAsync(HttpMethod.Post, "entries", world.AnEntry(day: i), key, ct: TestContext.Current.CancellationToken);
                reply.Status.ShouldBe(HttpStatusCode.Created);
                acknowledged[i] = reply.Read<EntryReceipt>().Id;
            }, Patience);
        }
    }

    private static async Task<List<CaseItem>> OpenCasesAsync(AWorld world) =>
        await world.Coordinator.AllAsync<CaseItem>($"cases?organisationId={world.Organisation.Id}").ToListAsync();

    /// <summary>
    /// Waits until Verification knows organisation, coordinator and key: one case is confirmed and withdrawn from the counting by its own entry.
    /// </summary>
    private static async Task CanDecideAsync(AWorld world, Api volunteer)
    {
        var entry = await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: -1));
        await world.Coordinator.CaseAsync(CaseIds.Of(entry.Id, 1));
        await world.Coordinator.RejectAsync(CaseIds.Of(entry.Id, 1), "Проверка");
    }
}
