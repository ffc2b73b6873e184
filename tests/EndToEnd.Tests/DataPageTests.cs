using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>What the analysts' page says to type, typed.</summary>
[Collection(StandingSystem.Shared)]
public sealed class DataPageTests(StandingSystem standing, PortalBrowser browser) : IClassFixture<PortalBrowser>
{
    [Fact]
    public async Task the_commands_of_the_page_replay_a_log_and_later_read_only_what_is_new()
    {
        var system = await standing.SystemAsync();
        using var nobody = await standing.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        foreach (var day in new[] { 10, 11 })
        {
            await Eventually.Value(() => volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day)));
        }


        var page = await browser.OpenAsAsync("analyst", system.Gateway);
        await page.ClickAsync("main a[href='/data']");
        var commands = string.Join('\n', await page.Locator("[data-run]").AllTextContentsAsync());
        commands.ShouldContain(system.Gateway.ToString());
        var folder = Directory.CreateTempSubdirectory("volunteerbook-");
        var first = await RunAsync(commands);
        var entries = await EntriesAsync(Sequences()[^1]);
        entries.ShouldBeGreaterThanOrEqualTo(2);
        first.RootElement.EnumerateObject().Sum(state => state.Value.GetInt64()).ShouldBe(entries);
        first.RootElement.GetProperty("entry_submitted").GetInt64().ShouldBeGreaterThanOrEqualTo(2);

        await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 12));
        var before = Sequences().Count;
        var second = await RunAsync(commands);
        Sequences().Count.ShouldBeGreaterThan(before);
        Sequences().ShouldBe(Sequences().Order().Distinct());
        second.RootElement.EnumerateObject().Sum(state => state.Value.GetInt64()).ShouldBe(entries + 1);
        folder.Delete(recursive: true);

        List<long> Sequences() => [.. File.ReadLines(Path.Combine(folder.FullName, "ledger.ndjson"))
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetString()!).Select(long.Parse)];

        async Task<JsonDocument> RunAsync(string script)
        {
            var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["CLIENT_ID"] = "analyst", ["CLIENT_SECRET"] = system.Secrets.AnalystClient },
            };
            using var process = Process.Start(start)!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, await errors);
            return JsonDocument.Parse(await output);
        }

        async Task<long> EntriesAsync(long until)
        {
            await using var database = NpgsqlDataSource.Create(system.Postgres + ";Database=ledger");
            await using var command = database.CreateCommand("select count(distinct stream_id) from mt_events where type = 'entry_logged' and seq_id <= $1");
            command.Parameters.Add(new() { Value = until });
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }
}
