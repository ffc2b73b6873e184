using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>A backup that is made while work goes on, and all that comes back of it when everything else is lost.</summary>
[SupportedOSPlatform("linux")]
public sealed class BackupTests : IDisposable
{
    private static readonly string[] Services = ["profiles", "ledger", "verification", "vacancies", "reporting"];
    private readonly string folder = Directory.CreateTempSubdirectory("volunteerbook-backup-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task what_was_acknowledged_before_a_backup_under_load_is_there_after_all_was_lost_and_all_services_agree()
    {
        var (data, backup, checkpoint) = (Path.Combine(folder, "data"), Path.Combine(folder, "backup"), Path.Combine(folder, "checkpoint"));
        Directory.CreateDirectory(data);
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var options = RunningGraph.Options(data);
        Guid organisation;
        var (logged, confirmed) = (new ConcurrentQueue<Guid>(), new ConcurrentQueue<Guid>());
        Guid[] loggedBefore, confirmedBefore;
        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            using var world = await AWorld.MakeAsync(nobody);
            organisation = world.Organisation.Id;
            var volunteer = await nobody.Person(DemoAccounts.Volunteer(1)).WithANameAsync();
            using var enough = new CancellationTokenSource();
            var work = Enumerable.Range(0, 3).Select(worker => WorkAsync(world, volunteer, worker, logged, confirmed, enough.Token)).ToList();
            await Eventually.Is(() => Task.FromResult(confirmed.Count > 15));
            await Eventually.Is(async () => await File.WriteAllTextAsync(checkpoint, (await nobody.GetAsync("log/checkpoint")).Text));

            (loggedBefore, confirmedBefore) = ([.. logged], [.. confirmed]);
            var made = await Operation.RunAsync(data, options.PortBase, "backup", backup);
            made.Code.ShouldBe(0, string.Join(Environment.NewLine, made.Lines));
            var during = confirmed.Count - confirmedBefore.Length;
            await Eventually.Is(() => Task.FromResult(confirmed.Count > confirmedBefore.Length + during + 5));
            during.ShouldBeGreaterThan(0, "nothing went on while the backup was made");
            (await Operation.RunAsync(data, options.PortBase, "backup", backup)).ShouldSay(1, $"{backup} is not empty. A backup needs a folder of its own.");
            await enough.CancelAsync();
            await Task.WhenAll(work);
        }

        (await Operation.RunAsync(data, options.PortBase, "restore", backup)).ShouldSay(
            1, $"{data}/postgres holds data; a backup is restored into a folder without any. Move the data away, or name another folder with --data.");
        Lose(data);

        // The keys were kept elsewhere.
        Directory.Move(Path.Combine(backup, "keys"), Path.Combine(folder, "keys"));
        (await Operation.RunAsync(data, options.PortBase, "restore", backup))
            .ShouldSay(1, $"{backup}/keys/secrets.json is missing. Use --keys to name the folder that holds the backup's keys.");
        var others = Directory.CreateDirectory(Path.Combine(folder, "others")).FullName;
        Secrets.Of(others);
        (await Operation.RunAsync(data, options.PortBase, "restore", backup, "--keys", others))
            .ShouldSay(1, $"{others} does not hold the keys of {backup}, and its stores cannot be read with any others.");
        // As after data that a container keeps, or that were moved away.
        File.Copy(Path.Combine(others, "secrets.json"), Path.Combine(data, "secrets.json"));
        (await Operation.RunAsync(data, options.PortBase, "restore", backup, "--keys", Path.Combine(folder, "keys")))
            .ShouldSay(1, $"{data}/secrets.json holds the keys of other data. Move it to where those data are, or name another folder with --data.");
        File.ReadAllBytes(Path.Combine(data, "secrets.json")).ShouldBe(File.ReadAllBytes(Path.Combine(others, "secrets.json")));
        File.Delete(Path.Combine(data, "secrets.json"));
        // As one that was broken off leaves it.
        await File.WriteAllTextAsync(Path.Combine(data, "restoring"), backup);
        (await Operation.UpAsync(data, options.PortBase)).ShouldSay(
            1,
            $"The restore of {backup} to {data} was broken off: run the same `./volunteerbook ops restore` again, "
                + "or start with an empty store: `up --fresh`.");
        var restored = await Operation.RunAsync(data, options.PortBase, "restore", backup, "--keys", Path.Combine(folder, "keys"));
        restored.Code.ShouldBe(0, string.Join(Environment.NewLine, restored.Lines));

        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
            var coordinator = nobody.Person(DemoAccounts.Pavel);
            var book = await volunteer.AllAsync<JsonElement>("book").Select(entry => entry.GetProperty("id").GetGuid()).ToListAsync();
            book.Intersect(loggedBefore).Count().ShouldBe(loggedBefore.Length);

            // What Verification had acknowledged reaches the ledger, and what the ledger says reaches the statistics, each once.
            foreach (var id in confirmedBefore)
            {
                await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{id}")).Status.ShouldBe("confirmed"));
            }

            foreach (var id in book)
            {
                (await coordinator.CaseAsync(CaseIds.Of(id, 1))).Case.EntryId.ShouldBe(id);
            }

            await Eventually.Is(async () =>
            {
                var of = (await volunteer.GetAsync<Book>("book?limit=1")).Totals.ByStatus.Single(total => total.Key == "confirmed");
                var counted = await nobody.GetAsync<Statistics>($"statistics?organisationId={organisation}");
                (counted.Minutes, counted.Entries).ShouldBe((of.Minutes, of.Entries));
            });
            foreach (var service in Services)
            {
                await Eventually.Is(async () => (await ReadersAsync(system, service)).ShouldBe("Healthy"));
            }

            await NobodyIsAheadAsync(system);

            // And it goes on.
            using var world = await AWorld.MakeAsync(nobody);
            var entry = (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 300))).Id;
            await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
            await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        }

        var audit = await Operation.AuditAsync(data, options.PortBase, "--checkpoint", checkpoint);
        audit.Code.ShouldBe(0, string.Join(Environment.NewLine, audit.Lines));
        audit.Lines[^1].ShouldStartWith("audit: ok");
    }

    private static async Task WorkAsync(
        AWorld world, Api volunteer, int worker, ConcurrentQueue<Guid> logged, ConcurrentQueue<Guid> confirmed, CancellationToken enough)
    {
        for (var day = 1 + (worker * 200); !enough.IsCancellationRequested; day++)
        {
            var entry =
                (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day % 600), Guid.NewGuid().ToString(), ct: CancellationToken.None)).Id;
            logged.Enqueue(entry);
            await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key, ct: CancellationToken.None);
            confirmed.Enqueue(entry);
        }
    }

    // As a disk is lost, wherever the server's user had its part of the folder.
    private static void Lose(string data)
    {
        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        File.SetUnixFileMode(data, File.GetUnixFileMode(data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    private static async Task<string?> ReadersAsync(RunningGraph system, string service)
    {
        using var http = new HttpClient();
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(system.Address(service), "/health")));
        return answer.RootElement.GetProperty("checks").GetProperty("readers").GetProperty("status").GetString();
    }

    // Every reader stands in the log that its publisher has, and not beyond its end.
    private static async Task NobodyIsAheadAsync(RunningGraph system)
    {
        // The positions first: whatever is published and read meanwhile only makes the ends later.
        var positions = new List<(string Service, string[] Reader)>();
        foreach (var service in Services)
        {
            var readers = await RowsAsync(system, service, "select publisher, log, sequence from reader_positions where log is not null");
            positions.AddRange(readers.Select(reader => (service, reader)));
        }

        var logs = new Dictionary<string, (string Log, long End)>();
        // Reporting tells nobody anything.
        foreach (var service in Services.Except(["reporting"]))
        {
            var row = (await RowsAsync(system, service, "select id, (select max(seq_id) from mt_events) from event_log")).ShouldHaveSingleItem();
            logs[service] = (row[0], long.Parse(row[1], CultureInfo.InvariantCulture));
        }

        foreach (var (service, reader) in positions)
        {
            reader[1].ShouldBe(logs[reader[0]].Log);
            long.Parse(reader[2], CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(logs[reader[0]].End, $"{service} reads {reader[0]}");
        }
    }

    private static async Task<IReadOnlyList<string[]>> RowsAsync(RunningGraph system, string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{system.Postgres};Database={database};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await row.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, row.FieldCount).Select(column => Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }
}
