using System.Runtime.Versioning;
using Npgsql;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.AppHost.Operations;
using VolunteerBook.SystemUnderTest;

namespace VolunteerBook.EndToEnd.Tests.Upgrade;

/// <summary><c>./volunteerbook ops SERVICE …</c> on the stores of an earlier version, while nothing runs.</summary>
[SupportedOSPlatform("linux")]
public sealed class VerbsTests : IDisposable
{
    // One of each kind: by migrations, by Marten, by Marten with tables that are moved, by a script.
    private static readonly string[] Services = ["identity", "ledger", "profiles", "portal"];
    private readonly string folder = Directory.CreateTempSubdirectory("volunteerbook-verbs-").FullName;
    private readonly int portBase = RunningGraph.FreePortBase();

    public VerbsTests() => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task a_service_says_how_the_tables_of_before_differ_refuses_to_serve_on_them_in_production_and_makes_them_its_own()
    {
        await OldState.RestoreAsync("8e246d1", folder);
        foreach (var service in Services)
        {
            var said = await OpsAsync(service, "db", "assert");
            (said.Code, said.Lines[^1]).ShouldBe((1, "The database does not match this version. Run `db apply` to change it."));
            said.Lines.ShouldContain(service switch
            {
                "identity" => "the migration 20261128010000_Sessions is missing",
                "portal" => "sessions is missing",
                "profiles" => "public.mt_doc_organisation is to be moved to registry",
                _ => "public.event_log is missing",
            });
        }

        // The program itself, as a deployment starts it.
        await using (var postgres = await StatePostgres.OpenAsync(folder, portBase, TestContext.Current.CancellationToken))
        {
            var environment = new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["ConnectionStrings__reporting"] = postgres.Database("reporting"),
                ["ConnectionStrings__bus"] = "amqp://localhost:1",
                ["Authentication__Authority"] = "https://localhost:1/",
            };
            await using var production = Child.Start(environment, "dotnet", AsBuilt.Program(new Projects.Reporting().ProjectPath));
            (await production.EndAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)).ShouldBe(1, production.LastLines);
            production.Lines.Where(line => line.Contains("does not start", StringComparison.Ordinal)).ShouldHaveSingleItem()
                .ShouldContain("public.event_log is missing");
        }

        foreach (var service in Services)
        {
            (await OpsAsync(service, "db", "apply")).Code.ShouldBe(0);
            (await OpsAsync(service, "db", "assert")).ShouldSay(0, "The database matches this version.");
        }

        // What is there belongs to the service, and a projection of the events of then is what it was.
        var before = await EntriesAsync(tampered: true);
        (await OpsAsync("ledger", "projections", "rebuild", "EntryView")).ShouldSay(0, "EntryView was rebuilt.");
        (await EntriesAsync()).ShouldBe(before);
        (await OpsAsync("ledger", "projections", "list")).Lines.ShouldContain("EntryView version 1, inline");
        // What is made of its stream whenever it is asked for is kept nowhere, and cannot be made anew.
        (await OpsAsync("ledger", "projections", "rebuild", "Entry")).ShouldSay(1, "There is no projection Entry.");

        (await OpsAsync("ledger", "readers", "list")).Code.ShouldBe(0);
        (await OpsAsync("ledger", "readers", "nonsense")).Code.ShouldBe(2);
        // No word makes an instance that serves.
        (await OpsAsync("identity", "readers", "list")).Code.ShouldBe(2);
        (await OpsAsync("reporting", "dbapply", "now")).Code.ShouldBe(2);
        (await OpsAsync("nonsense", "db", "apply")).ShouldSay(1, "There is no operation nonsense db apply; --help lists them.");
    }

    private Task<Operation> OpsAsync(params string[] words) => Operation.RunAsync(folder, portBase, words);

    // The documents of all entries; where it is asked for, all are spoilt afterwards.
    private async Task<string> EntriesAsync(bool tampered = false)
    {
        await using var postgres = await StatePostgres.OpenAsync(folder, portBase, TestContext.Current.CancellationToken);
        await using var connection = new NpgsqlConnection(postgres.DatabaseAs("ledger") + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var read = new NpgsqlCommand(
            "select string_agg(concat_ws('|', id, mt_version, data ->> 'status', data ->> 'minutes', volunteer_id, status, minutes), e'\\n' "
                + "order by id) from mt_doc_entry", connection);
        var found = (string)(await read.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        if (tampered)
        {
            await using var spoil = new NpgsqlCommand("update mt_doc_entry set data = jsonb_set(data, '{minutes}', '1'), minutes = 1", connection);
            await spoil.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return found;
    }
}
