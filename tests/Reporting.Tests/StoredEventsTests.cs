using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Volunteers;
using Xunit;

namespace VolunteerBook.Reporting.Tests;

/// <summary>Stored names and forms are for ever: every event ever stored lies here as JSON and must still load.</summary>
public sealed class StoredEventsTests(ReportingUnderTest reporting) : IClassFixture<ReportingUnderTest>
{
    private static readonly Guid Volunteer = new("019a0000-0000-7000-8000-000000000002");

    private static readonly EntryFacts Facts =
        Given.Facts(new Guid("019a0000-0000-7000-8000-000000000001"), Given.Shift("2026-05-09T10:00", 240), Given.Shift("2026-06-01T23:30", 90, "Asia/Kamchatka"));

    private static readonly Dictionary<string, object> Meant = new()
    {
        ["hours_submitted"] = new HoursSubmitted(1, Volunteer, Facts, Given.At),
        ["hours_withdrawn"] = new HoursWithdrawn(1, Volunteer, Given.At),
        ["hours_declined"] = new HoursDeclined(1, Volunteer, true, Given.At),
        ["hours_confirmed"] = new HoursConfirmed(2, Volunteer, Facts, Given.At),
        ["organisation_named"] = new OrganisationNamed("Забота рядом", "RU-MOW", 2, Given.At),
        ["volunteer_counted"] = new VolunteerCounted("RU-TA", Given.At),
    };

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "StoredEvents");

    [Theory]
    [MemberData(nameof(Files))]
    public async Task an_event_that_was_ever_stored_still_loads(string name)
    {
        var ct = TestContext.Current.CancellationToken;
        var stream = Guid.CreateVersion7();
        await using var connection = new NpgsqlConnection(reporting.Database);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(
            """
            insert into mt_streams (id, type, version) values ($1, 'old', 1);
            """, connection)
        { Parameters = { new() { Value = stream } } };
        await command.ExecuteNonQueryAsync(ct);
        await using var append = new NpgsqlCommand(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived)
            values (nextval('mt_events_sequence'), $1, $2, 1, $3::jsonb, $4, now(), '*DEFAULT*', null, false)
            """, connection)
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7() }, new() { Value = stream },
                new() { Value = await File.ReadAllTextAsync(Path.Combine(Folder, name + ".json"), ct) }, new() { Value = name },
            },
        };
        await append.ExecuteNonQueryAsync(ct);

        await using var session = reporting.Host.Services.GetRequiredService<IDocumentStore>().QuerySession();
        var stored = (await session.Events.FetchStreamAsync(stream, token: ct)).ShouldHaveSingleItem();
        JsonSerializer.Serialize(stored.Data, stored.EventType).ShouldBe(JsonSerializer.Serialize(Meant[name], Meant[name].GetType()));
    }

    [Fact]
    public void every_event_that_can_be_stored_lies_here() =>
        reporting.Host.Services.GetRequiredService<IDocumentStore>().Options.Events.AllKnownEventTypes().Select(type => type.EventTypeName)
            .Where(name => name != "archived").Order().ShouldBe(Files.Select(row => row.Data).Order());
}
