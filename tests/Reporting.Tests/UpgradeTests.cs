using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.Testing;

namespace VolunteerBook.Reporting.Tests;

/// <summary>
/// A store of the time when Reporting told itself in events what it had been told, and made its figures of these. What it stored then lies in StoredEvents/,
/// a file for each form; a file is never changed.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private readonly Guid entry = Guid.CreateVersion7();
    private readonly Guid volunteer = Guid.CreateVersion7();
    private readonly Guid organisation = Guid.CreateVersion7();
    private string database = "";
    private TestAuthority authority = null!;
    private PublisherDouble ledger = null!;
    private PublisherDouble profiles = null!;
    private ServiceHost<OpenStatistics> host = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestInfrastructure.CreateDatabaseAsync("reporting-of-before");
        var bus = await TestInfrastructure.CreateVirtualHostAsync("reporting-of-before");
        authority = await TestAuthority.StartAsync();
        ledger = await PublisherDouble.StartAsync("ledger", bus);
        profiles = await PublisherDouble.StartAsync("profiles", bus);
        host = await ServiceHost.StartAsync<OpenStatistics>(ServiceSettings.For("reporting", database, bus, authority)
            .With("services:ledger:http:0", ledger.Address.ToString())
            .With("services:profiles:http:0", profiles.Address.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await ledger.DisposeAsync();
        await profiles.DisposeAsync();
        await authority.DisposeAsync();
    }

    [Fact]
    public async Task figures_of_before_are_made_again_from_the_feeds_and_count_everything_once_and_analysts_read_the_old_events_as_they_were()
    {
        await LeaveAsBeforeAsync();
        await host.StartAsync();

        // Nothing of the old tables, and nothing twice: neither what the old positions had passed nor what comes again through the broker.
        await Eventually.Is(async () => (await FiguresAsync()).ByOrganisation.ShouldBe([new OrganisationLine(organisation, "Забота рядом", 240, 1)]));
        var again = Given.Confirmed(entry, volunteer, Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240)));
        await ledger.PublishAsync(again, Given.Confirmed(Guid.CreateVersion7(), volunteer, Given.Facts(organisation, Given.Shift("2026-05-10T10:00", 60))));
        await Eventually.Is(async () => (await FiguresAsync()).Entries.ShouldBe(2));
        var figures = await FiguresAsync();
        (figures.Minutes, figures.Volunteers, figures.RegisteredVolunteers).ShouldBe((300, 1, 1));
        // An instance of before that still runs goes on where it stood.
        (await Sql.ColumnAsync<long>(database, "select number from inbox order by publisher")).ShouldBe([2L, 2L]);

        using var analyst = host.Client(authority.MachineToken("analyst", "events"));
        var told = (await analyst.GetStringAsync(new Uri("/api/v1/events/reporting", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!).ToList();
        told.Select(line => (string)line["type"]!).ShouldBe(StoredFiles().Select(file => file.Name));
        foreach (var (line, stored) in told.Zip(StoredFiles()))
        {
            JsonNode.DeepEquals(line["data"], JsonNode.Parse(stored.Json)).ShouldBeTrue($"{stored.Name}: {line["data"]}");
        }
    }

    [Fact]
    public async Task until_the_figures_are_there_for_the_first_time_nothing_is_answered_and_the_instance_wants_no_requests()
    {
        var empty = await TestInfrastructure.CreateDatabaseAsync("reporting-without-ledger");
        await using var early = await ServiceHost.StartAsync<OpenStatistics>(
            ServiceSettings.For("reporting", empty, await TestInfrastructure.CreateVirtualHostAsync("reporting-without-ledger"), authority)
                .With("services:ledger:http:0", ServiceSettings.FreeAddress().ToString())
                .With("services:profiles:http:0", profiles.Address.ToString()));
        using var anyone = early.Client();
        await Eventually.Is(async () =>
        {
            using var health = await anyone.GetAsync(new Uri("/health", UriKind.Relative));
            health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            var checks = JsonDocument.Parse(await health.Content.ReadAsStringAsync()).RootElement.GetProperty("checks");
            checks.GetProperty("read-models").GetProperty("description").GetString()
                .ShouldBe("not yet filled: hours");
        });
        await (await anyone.GetAsync(new Uri("/api/v1/statistics", UriKind.Relative))).ProblemAsync(HttpStatusCode.ServiceUnavailable, "not-yet-filled");
        using var own = early.Client(authority.PersonToken(volunteer));
        await (await own.GetAsync(new Uri("/api/v1/statistics/me", UriKind.Relative))).ProblemAsync(HttpStatusCode.ServiceUnavailable, "not-yet-filled");
    }

    private async Task<OpenStatistics> FiguresAsync()
    {
        using var anyone = host.Client();
        return await anyone.GetJsonAsync<OpenStatistics>("/api/v1/statistics");
    }

    /// <summary>Figures of before that are told apart from the right ones, positions that have passed everything, and an event of each form.</summary>
    private async Task LeaveAsBeforeAsync()
    {
        await Eventually.Is(async () =>
            (await Sql.ColumnAsync<long>(database, "select count(*) from read_models where answers_since is not null")).ShouldBe([3L]));
        await host.StopAsync();
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240));
        ledger.Show(ledger.Number(Given.Submitted(entry, volunteer, facts)), ledger.Number(Given.Confirmed(entry, volunteer, facts)));
        profiles.Show(
            profiles.Number(new OrganisationApprovedV1(organisation, "Забота рядом", "RU-MOW", 2, Given.At)),
            profiles.Number(new VolunteerRegisteredV1(volunteer, "RU-MOW", Given.At)));

        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var before = new NpgsqlCommand(
            """
            drop schema hours_v2 cascade;
            drop schema organisations_v2 cascade;
            drop schema volunteers_v2 cascade;
            drop table read_models, reader_positions, reader_failures;
            create table inbox (publisher text primary key, number bigint not null);
            insert into inbox values ('ledger', 2), ('profiles', 2);
            create table hours (entry_id uuid, month integer, minutes integer not null, primary key (entry_id, month));
            insert into hours values (gen_random_uuid(), 202605, 999);
            create table totals (month integer primary key, minutes bigint not null, entries bigint not null);
            insert into totals values (202605, 999, 9);
            create table registered_volunteers (region text primary key, volunteers bigint not null);
            insert into registered_volunteers values ('RU-MOW', 9);
            """, connection);
        await before.ExecuteNonQueryAsync();
        foreach (var (name, json) in StoredFiles())
        {
            await using var store = new NpgsqlCommand(
                """
                with stream as (insert into mt_streams (id, type, version) values (gen_random_uuid(), 'fact', 1) returning id)
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, user_name)
                select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, $1::jsonb, $2, now(), 'somebody' from stream
                """, connection)
            { Parameters = { new() { Value = json }, new() { Value = name } } };
            await store.ExecuteNonQueryAsync();
        }
    }

    private static List<(string Name, string Json)> StoredFiles([CallerFilePath] string here = "") =>
        [.. Directory.GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "StoredEvents"), "*.json").Order(StringComparer.Ordinal)
            .Select(file => (Path.GetFileName(file).Split('.')[0], File.ReadAllText(file)))];
}
