using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using Npgsql;
using Shouldly;
using VolunteerBook.Native;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The native PostgreSQL and RabbitMQ, and the care that ends processes.</summary>
[SupportedOSPlatform("linux")]
public sealed class LauncherServersTests
{
    [Fact]
    public async Task rows_acknowledged_before_postgres_is_killed_are_there_afterwards()
    {
        await using var folder = new TemporaryFolder();
        await using var postgres = await NativePostgres.StartAsync(
            new NativePostgresOptions { Folder = folder.Below("postgres"), Port = Ports.FreeBase([0]), Password = "secret" }, TestContext.Current.CancellationToken);
        await postgres.CreateDatabasesAsync(new Dictionary<string, string> { ["one"] = "first", ["two"] = "second" }, TestContext.Current.CancellationToken);
        await postgres.CreateDatabasesAsync(new Dictionary<string, string> { ["one"] = "first", ["two"] = "second" }, TestContext.Current.CancellationToken);
        await ExecuteAsync(postgres, "create table kept (value int)");
        for (var value = 1; value <= 100; value++)
        {
            await ExecuteAsync(postgres, $"insert into kept values ({value})");
        }

        await postgres.Process.KillAsync();
        await postgres.StartAsync(TestContext.Current.CancellationToken);

        (await ExecuteAsync(postgres, "select sum(value) from kept")).ShouldBe(5050L);
        (await ExecuteAsync(postgres, "show fsync")).ShouldBe("on");
        (await ExecuteAsync(postgres, "show synchronous_commit")).ShouldBe("on");
    }

    [Fact]
    public async Task a_service_owns_its_database_and_enters_no_other_and_what_the_superuser_made_before_is_handed_over()
    {
        await using var folder = new TemporaryFolder();
        await using var postgres = await NativePostgres.StartAsync(
            new NativePostgresOptions { Folder = folder.Below("postgres"), Port = Ports.FreeBase([0]), Password = "secret" }, TestContext.Current.CancellationToken);
        await SqlAsync(postgres.ConnectionString + ";Database=postgres", "create database one");
        await SqlAsync(
            postgres.ConnectionString + ";Database=one",
            """
            create table kept (id bigserial primary key, value int); insert into kept (value) values (7);
            create schema keys; create table keys.secret (value int); create view seen as select value from kept;
            create function twice(value int) returns int language sql as 'select 2 * value'; create sequence alone
            """);

        var databases = new Dictionary<string, string> { ["one"] = "first", ["two"] = "second" };
        await postgres.CreateDatabasesAsync(databases, TestContext.Current.CancellationToken);
        await postgres.CreateDatabasesAsync(databases, TestContext.Current.CancellationToken);

        var one = postgres.ConnectionStringOf("one", "first");
        (await SqlAsync(one, "select rolsuper or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = current_user")).ShouldBe(false);
        (await SqlAsync(
            one,
            """
            alter table kept add column more int; insert into kept (value) values (1); alter table keys.secret add column more int; drop view seen; drop sequence alone;
            create or replace function twice(value int) returns int language sql as 'select 3 * value'; create table made (value int); select sum(value) from kept
            """)).ShouldBe(8L);
        (await Should.ThrowAsync<PostgresException>(() => SqlAsync(postgres.ConnectionStringOf("one", "first").Replace("Database=one", "Database=two", StringComparison.Ordinal), "select 1")))
            .SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Should.ThrowAsync<PostgresException>(() => SqlAsync(postgres.ConnectionStringOf("one", "another"), "select 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    private static async Task<object?> SqlAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return await rows.ReadAsync(TestContext.Current.CancellationToken) ? rows.GetValue(0) : null;
    }

    [Fact]
    public async Task a_state_folder_that_is_closed_to_the_servers_user_works_too()
    {
        await using var folder = new TemporaryFolder(closed: true);
        await using var postgres = await NativePostgres.StartAsync(
            new NativePostgresOptions { Folder = folder.Below("postgres"), Port = Ports.FreeBase([0]), Password = "secret" }, TestContext.Current.CancellationToken);
        await postgres.CreateDatabasesAsync(new Dictionary<string, string> { ["one"] = "first" }, TestContext.Current.CancellationToken);

        (await ExecuteAsync(postgres, "select 1")).ShouldBe(1);

        await postgres.StopAsync();
        Directory.Delete(Path.GetDirectoryName(postgres.Folder)!, recursive: true);
    }

    [Fact]
    public async Task rabbitmq_keeps_its_queues_when_it_is_stopped_and_when_it_is_killed_and_leaves_no_port_mapper()
    {
        await using var folder = new TemporaryFolder();
        var port = Ports.FreeBase([0, 1, 2, 3]);
        var options = new NativeRabbitMqOptions
        {
            Folder = folder.Below("rabbitmq"),
            Port = port,
            DistributionPort = port + 1,
            ManagementPort = port + 2,
            PortMapperPort = port + 3,
            Password = "secret",
        };
        await using (var broker = await NativeRabbitMq.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var management = Management(options);
            using (var created = await management.PutAsJsonAsync("api/queues/%2F/kept", new { durable = true }, TestContext.Current.CancellationToken))
            {
                created.StatusCode.ShouldBe(HttpStatusCode.Created);
            }
        }

        Enumerable.Range(port, 4).Where(each => !Ports.IsFree(each)).ShouldBeEmpty();
        await using (var broker = await NativeRabbitMq.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var management = Management(options);
            (await StatusAsync(management)).ShouldBe(HttpStatusCode.OK);

            // RabbitMQ writes a new queue's definition down a moment after it confirms it, so only one that was written is asked for.
            await broker.KillAsync();
            await broker.StartAsync(TestContext.Current.CancellationToken);
            (await StatusAsync(management)).ShouldBe(HttpStatusCode.OK);
        }

        Enumerable.Range(port, 4).Where(each => !Ports.IsFree(each)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_grandchild_that_left_the_process_group_ends_too()
    {
        var processId = new TaskCompletionSource<int>();
        await using var process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "parent",
                Command = ["sh", "-c", "setsid sh -c 'echo $$; exec sleep 1000' & wait"],
                WorkingDirectory = "/",
                OnLine = line => processId.TrySetResult(int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)),
            },
            TestContext.Current.CancellationToken);
        var grandchild = await processId.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        File.Exists($"/proc/{grandchild}/stat").ShouldBeTrue();

        await process.StopAsync();

        await Eventually.Is(() => Task.FromResult(!File.Exists($"/proc/{grandchild}/stat") || File.ReadAllText($"/proc/{grandchild}/stat").Contains(") Z ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task a_program_that_ignores_the_request_to_end_is_killed()
    {
        var ignoring = new TaskCompletionSource();
        await using var process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "stubborn",
                Command = ["sh", "-c", "trap '' TERM; echo ignoring; while :; do sleep 0.1; done"],
                WorkingDirectory = "/",
                StopGrace = TimeSpan.FromSeconds(1),
                OnLine = _ => ignoring.TrySetResult(),
            },
            TestContext.Current.CancellationToken);
        await ignoring.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await process.StopAsync();

        (await process.Exited).ShouldBe(128 + 9);
    }

    private static async Task<object?> ExecuteAsync(NativePostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Database=one;Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static HttpClient Management(NativeRabbitMqOptions options)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.ManagementPort}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.User}:{options.Password}")));
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient management)
    {
        using var response = await management.GetResponseAsync("api/queues/%2F/kept");
        return response.StatusCode;
    }

    // A folder that the servers' users may enter, or not.
    private sealed class TemporaryFolder : IAsyncDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("volunteerbook-servers-").FullName;

        public TemporaryFolder(bool closed = false)
        {
            if (!closed)
            {
                File.SetUnixFileMode(_path, File.GetUnixFileMode(_path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }
        }

        public string Below(string name) => Path.Combine(_path, name);

        public ValueTask DisposeAsync()
        {
            if (Directory.Exists(_path))
            {
                Directory.Delete(_path, recursive: true);
            }

            return ValueTask.CompletedTask;
        }
    }
}
