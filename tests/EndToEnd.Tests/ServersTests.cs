using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using Npgsql;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.AppHost.Operations;
using VolunteerBook.AppHost.Servers;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>PostgreSQL and RabbitMQ as programs of this machine: what the scripts in AppHost/Servers promise.</summary>
[SupportedOSPlatform("linux")]
public sealed class ServersTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("volunteerbook-servers-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task rows_acknowledged_before_postgres_is_killed_are_there_afterwards()
    {
        Open();
        var port = Ports.FreeBase([0]);
        await using (var postgres = await PostgresAsync(port))
        {
            await ExecuteAsync(Server(port), "postgres", "create table kept (value int)");
            for (var value = 1; value <= 100; value++)
            {
                await ExecuteAsync(Server(port), "postgres", $"insert into kept values ({value})");
            }

            var main = int.Parse((await File.ReadAllLinesAsync(Path.Combine(folder, "postgres", "postmaster.pid")))[0], CultureInfo.InvariantCulture);
            using var process = System.Diagnostics.Process.GetProcessById(main);
            process.Kill();
            (await postgres.EndAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).ShouldNotBe(0);
        }

        await using (var again = await PostgresAsync(port))
        {
            (await ExecuteAsync(Server(port), "postgres", "select sum(value) from kept")).ShouldBe(5050L);
            (await ExecuteAsync(Server(port), "postgres", "show fsync")).ShouldBe("on");
            (await ExecuteAsync(Server(port), "postgres", "show synchronous_commit")).ShouldBe("on");
            // The settings are those of the file, as in a container.
            foreach (var setting in await File.ReadAllLinesAsync(Path.Combine(AsBuilt.Repository, "AppHost", "Servers", "postgres.settings")))
            {
                (await ExecuteAsync(Server(port), "postgres", $"show {setting.Split('=')[0]}")).ShouldBe(setting.Split('=')[1]);
            }
        }
    }

    [Fact]
    public async Task a_service_owns_its_database_and_enters_no_other_and_what_the_superuser_made_before_is_handed_over()
    {
        Open();
        var port = Ports.FreeBase([0]);
        await using var postgres = await PostgresAsync(port);
        await ExecuteAsync(Server(port), "postgres", "create database one");
        await ExecuteAsync(
            Server(port),
            "one",
            """
            create table kept (id bigserial primary key, value int); insert into kept (value) values (7);
            create schema keys; create table keys.secret (value int); create view seen as select value from kept;
            create function twice(value int) returns int language sql as 'select 2 * value'; create sequence alone
            """);

        var databases = new Dictionary<string, string> { ["one"] = "first", ["two"] = "second" };
        await Databases.MakeAsync(Server(port), databases, TestContext.Current.CancellationToken);
        await Databases.MakeAsync(Server(port), databases, TestContext.Current.CancellationToken);

        string As(string role, string password) =>
            string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={role};Password={password}");
        (await ExecuteAsync(
            As("one", "first"), "one",
            "select rolsuper or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = current_user")).ShouldBe(false);
        (await ExecuteAsync(
            As("one", "first"),
            "one",
            """
            alter table kept add column more int; insert into kept (value)
                values (1); alter table keys.secret add column more int; drop view seen; drop sequence alone;
            create or replace function twice(value int) returns int language sql as 'select 3 * value'; create table made (value int);
                select sum(value) from kept
            """)).ShouldBe(8L);
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(As("one", "first"), "two", "select 1"))).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(() => ExecuteAsync(As("one", "another"), "one", "select 1"))).SqlState
            .ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task a_state_folder_that_is_closed_to_the_servers_user_works_too()
    {
        var port = Ports.FreeBase([0]);
        await using (var postgres = await PostgresAsync(port))
        {
            (await ExecuteAsync(Server(port), "postgres", "select 1")).ShouldBe(1);
        }

        // However the folder is named, the data are found, and thrown away with it.
        var link = folder + "-link";
        Directory.CreateSymbolicLink(link, folder);
        using (var state = await StateFolder.OpenAsync(link + "/"))
        {
            Directory.Delete(link);
            state.IsNative.ShouldBeTrue();
            state.DataOf("postgres").ShouldBe(Environment.IsPrivilegedProcess ? state.Elsewhere("postgres") : Path.Combine(folder, "postgres"));
            var secrets = state.Secrets;
            state.Empty();
            state.IsNative.ShouldBeFalse();
            Directory.Exists(state.DataOf("postgres")).ShouldBeFalse();
            state.Secrets.ShouldNotBe(secrets);
        }
    }

    [Fact]
    public async Task a_start_that_would_not_find_the_data_is_refused()
    {
        var (data, moved) = (Path.Combine(folder, "data"), Path.Combine(folder, "moved"));
        using (var state = await StateFolder.OpenAsync(data))
        {
            // Nothing was there yet.
            state.SeeThatDataAreThere(volume: null);
            state.SeeThatDataAreThere("first");
            Directory.CreateDirectory(state.Below("postgres"));
            await File.WriteAllTextAsync(Path.Combine(state.Below("postgres"), "PG_VERSION"), "15\n");
            state.NoteData(volume: null);
            state.SeeThatDataAreThere(volume: null);
        }

        Directory.Move(data, moved);
        using (var state = await StateFolder.OpenAsync(moved))
        {
            // They have come along.
            state.SeeThatDataAreThere(volume: null);
            state.NoteData(volume: null);
            Directory.Delete(state.Below("postgres"), recursive: true);
            foreach (var volume in new[] { null, "first" })
            {
                Should.Throw<RefusedException>(() => state.SeeThatDataAreThere(volume)).Message
                    .ShouldBe($"The data of {moved} are not in {moved}/postgres any more: put them back there, or start with an empty store: `up --fresh`.");
            }

            state.NoteData("first");
            state.SeeThatDataAreThere("first");
            Should.Throw<RefusedException>(() => state.SeeThatDataAreThere(volume: null)).Message.ShouldContain("in the container volume first: start");
        }

        Directory.Move(moved, data);
        using (var state = await StateFolder.OpenAsync(data))
        {
            Should.Throw<RefusedException>(() => state.SeeThatDataAreThere("second")).Message.ShouldContain($"move the folder back to {moved}");
            state.Empty();
            state.SeeThatDataAreThere("second");
        }
    }

    [Fact]
    public async Task nothing_starts_on_half_of_a_backup()
    {
        Secrets.Of(folder);
        using (var state = await StateFolder.OpenAsync(folder))
        {
            state.SeeThatNoRestoreIsLeft();
            state.BeginRestore("/backups/one");
        }

        const string Said = "The restore of /backups/one to ";
        (await Should.ThrowAsync<RefusedException>(() => StatePostgres.OpenAsync(folder, Ports.Free(), TestContext.Current.CancellationToken))).Message
            .ShouldStartWith(Said);
        // Nothing was kept open, and one who wants an empty store gets it.
        using (var state = await StateFolder.OpenAsync(folder))
        {
            Should.Throw<RefusedException>(() => state.SeeThatNoRestoreIsLeft()).Message.ShouldStartWith(Said);
            state.Empty();
            state.SeeThatNoRestoreIsLeft();
        }
    }

    [Fact]
    public async Task what_checks_stores_is_of_their_version()
    {
        var newest = StatePostgres.Program("pg_verifybackup");
        StatePostgres.Program("pg_verifybackup", folder).ShouldBe(newest);
        foreach (var version in Directory.GetDirectories("/usr/lib/postgresql").Where(each => File.Exists(Path.Combine(each, "bin", "pg_verifybackup"))))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "PG_VERSION"), $"{Path.GetFileName(version)}\n");
            StatePostgres.Program("pg_verifybackup", folder).ShouldBe(Path.Combine(version, "bin", "pg_verifybackup"));
        }

        // One that is not installed here.
        await File.WriteAllTextAsync(Path.Combine(folder, "PG_VERSION"), "1\n");
        StatePostgres.Program("pg_verifybackup", folder).ShouldBe(newest);
    }

    [Fact]
    public async Task why_postgres_does_not_start_is_said()
    {
        Directory.CreateDirectory(Path.Combine(folder, "postgres"));
        await File.WriteAllTextAsync(Path.Combine(folder, "postgres", "PG_VERSION"), "1\n");
        if (Environment.IsPrivilegedProcess)
        {
            // The server's user does not reach the data, and makes no others elsewhere.
            (await SaidAsync()).ShouldContain($"cannot enter {folder}, where the data are");
        }

        Open();
        (await SaidAsync()).ShouldContain("postgresql.conf");

        async Task<string> SaidAsync()
        {
            using var state = await StateFolder.OpenAsync(folder);
            var refused = await Should.ThrowAsync<RefusedException>(() => StatePostgres.StartAsync(state, TestContext.Current.CancellationToken));
            Directory.Exists(state.Elsewhere("postgres")).ShouldBeFalse();
            return refused.Message;
        }
    }

    [Fact]
    public async Task rabbitmq_keeps_its_queues_when_it_is_stopped_and_when_it_is_killed_and_leaves_no_port_mapper()
    {
        Open();
        var ports = Ports.FreeBase([0, 1, 2, 3]);
        using var management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ports + 2}/") };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("volunteerbook:secret")));
        async Task<HttpStatusCode> StatusAsync()
        {
            using var response = await management.GetResponseAsync("api/queues/%2F/kept");
            return response.StatusCode;
        }

        await using (var broker = await RabbitMqAsync(ports, management))
        {
            using var created = await management.PutAsJsonAsync("api/queues/%2F/kept", new { durable = true }, TestContext.Current.CancellationToken);
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        Enumerable.Range(ports, 4).Where(each => !Ports.IsFree(each)).ShouldBeEmpty();
        await using (var broker = await RabbitMqAsync(ports, management))
        {
            (await StatusAsync()).ShouldBe(HttpStatusCode.OK);

            // RabbitMQ writes a new queue's definition down a moment after it confirms it, so only one that was written is asked for.
            using var process = System.Diagnostics.Process.GetProcessById(int.Parse(
                await File.ReadAllTextAsync(Path.Combine(folder, "rabbitmq", "pid")), CultureInfo.InvariantCulture));
            process.Kill();
            (await broker.EndAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).ShouldNotBe(0);
        }

        await using (var broker = await RabbitMqAsync(ports, management))
        {
            (await StatusAsync()).ShouldBe(HttpStatusCode.OK);
        }

        Enumerable.Range(ports, 4).Where(each => !Ports.IsFree(each)).ShouldBeEmpty();
    }

    [Fact]
    public async Task temporary_servers_end_with_their_command_and_with_whoever_asked_for_them()
    {
        var servers = Path.Combine(AsBuilt.Repository, "AppHost", "Servers", "temporary.sh");
        await using (var once = Child.Start(new Dictionary<string, string>(), servers, "sh", "-c", "echo $ConnectionStrings__bus; exit 7"))
        {
            (await once.EndAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken)).ShouldBe(7, once.LastLines);
            await EndedAsync(once);
        }

        await using var killed = Child.Start(new Dictionary<string, string>(), servers, "sh", "-c", "echo $ConnectionStrings__bus; exec cat");
        await Eventually.Is(() => Task.FromResult(killed.Lines.Count == 1), TimeSpan.FromMinutes(3));
        // As long as its command reads from us, and no longer.
        await Task.Delay(TimeSpan.FromSeconds(2));
        killed.HasExited.ShouldBeFalse();
        Ports.IsFree(new Uri(killed.Lines[0]).Port).ShouldBeFalse();
        await killed.SendAsync("KILL");
        await EndedAsync(killed);

        static async Task EndedAsync(Child script)
        {
            var port = new Uri(script.Lines[0]).Port;
            await Eventually.Is(() => Task.FromResult(Enumerable.Range(port - 1, 5).All(Ports.IsFree)), TimeSpan.FromMinutes(1));
        }
    }

    private void Open() => File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    private static string Server(int port) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password=secret");

    private async Task<Child> PostgresAsync(int port)
    {
        Directory.CreateDirectory(folder);
        var elsewhere = Path.Combine(
            "/var/lib/volunteerbook", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..12], "postgres");
        var server = Child.Start(
            new Dictionary<string, string> { ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture), ["PASSWORD"] = "secret" }, Script("postgres.sh"),
            Path.Combine(folder, "postgres"), elsewhere);
        await ReadyAsync(server, async () => await ExecuteAsync(Server(port), "postgres", "select 1"));
        return server;
    }

    private async Task<Child> RabbitMqAsync(int ports, HttpClient management)
    {
        string Port(int nth) => (ports + nth).ToString(CultureInfo.InvariantCulture);
        var server = Child.Start(
            new Dictionary<string, string>
            {
                ["RABBITMQ_NODE_PORT"] = Port(0),
                ["RABBITMQ_DIST_PORT"] = Port(1),
                ["MANAGEMENT_PORT"] = Port(2),
                ["ERL_EPMD_PORT"] = Port(3),
                ["PASSWORD"] = "secret",
            },
            Script("rabbitmq.sh"),
            Path.Combine(folder, "rabbitmq"));
        await ReadyAsync(server, async () => (await management.GetResponseAsync($"api/health/checks/port-listener/{Port(0)}")).EnsureSuccessStatusCode());
        return server;
    }

    private static string Script(string name) => Path.Combine(AsBuilt.Repository, "AppHost", "Servers", name);

    private static Task ReadyAsync(Child server, Func<Task> asked) => Eventually.Is(
        async () =>
        {
            server.HasExited.ShouldBeFalse(server.LastLines);
            await asked();
        },
        TimeSpan.FromMinutes(3));

    private static async Task<object?> ExecuteAsync(string server, string database, string sql)
    {
        await using var connection = new NpgsqlConnection($"{server};Database={database};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return await rows.ReadAsync(TestContext.Current.CancellationToken) ? rows.GetValue(0) : null;
    }
}
