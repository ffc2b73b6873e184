using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace VolunteerBook.Testing;

/// <summary>
/// Real PostgreSQL and RabbitMQ for the tests of this process, started when first asked for and ended with its last test (<c>ServersOfTheRun</c>). In this
/// order: servers named in the environment (<c>ConnectionStrings__postgres</c>; <c>ConnectionStrings__bus</c> with <c>ConnectionStrings__bus_management</c>,
/// the management plugin's address with user and password); containers, where an engine's socket is there; the native binaries.
/// </summary>
public static class TestInfrastructure
{
    private static readonly Lazy<Task<Servers>> Shared = new(StartAsync);
    private static readonly List<string> Databases = [];
    private static readonly List<string> VirtualHosts = [];
    private static int _number;

    /// <summary>PostgreSQL as its superuser, database postgres.</summary>
    public static async Task<string> PostgresAsync() => (await Shared.Value).Postgres;

    /// <summary>
    /// Creates an empty database with a name of its own (the one given, and what makes it unique). The answer is its connection string.
    /// A class of tests takes one, so that classes cannot disturb each other.
    /// </summary>
    public static async Task<string> CreateDatabaseAsync(string name)
    {
        var servers = await Shared.Value;
        var unique = Unique(name);
        await ExecuteAsync(servers.Postgres, $"create database {unique}");
        lock (Databases)
        {
            Databases.Add(unique);
        }

        // A crowd at a service waits for one of its connections, on a busy machine for longer than the 15 s that are given elsewhere.
        return new NpgsqlConnectionStringBuilder(servers.Postgres) { Database = unique, Timeout = 300 }.ConnectionString;
    }

    /// <summary>Creates an empty RabbitMQ virtual host with a name of its own. The answer is its AMQP address with user and password.</summary>
    public static async Task<string> CreateVirtualHostAsync(string name = "test")
    {
        var servers = await Shared.Value;
        var unique = Unique(name);
        var user = Uri.EscapeDataString(Credentials(servers.Bus).User);
        using var management = Management(servers);
        await SucceedsAsync(management.PutAsJsonAsync($"api/vhosts/{unique}", new { }));
        await SucceedsAsync(management.PutAsJsonAsync($"api/permissions/{unique}/{user}", new { configure = ".*", write = ".*", read = ".*" }));
        lock (VirtualHosts)
        {
            VirtualHosts.Add(unique);
        }

        return new UriBuilder(servers.Bus) { Path = "/" + unique }.Uri.ToString();
    }

    /// <summary>
    /// RabbitMQ's management API, signed in: to stop connections, delete queues, or look at what is in them.
    /// Paths are relative, e.g. <c>api/queues/VHOST</c>.
    /// </summary>
    public static async Task<HttpClient> ManagementAsync() => Management(await Shared.Value);

    private static async Task<Servers> StartAsync()
    {
        var postgres = Environment.GetEnvironmentVariable("ConnectionStrings__postgres");
        var bus = Environment.GetEnvironmentVariable("ConnectionStrings__bus");
        var servers = (postgres, bus) switch
        {
            ({ Length: > 0 }, { Length: > 0 }) => new Servers(postgres, new Uri(bus), ManagementOf(new Uri(bus)), null),
            (null or "", null or "") => ContainerEngineIsHere() ? await StartContainersAsync() : await StartNativeAsync(),
            _ => throw new InvalidOperationException("Give both ConnectionStrings__postgres and ConnectionStrings__bus, or neither."),
        };

        return servers;
    }

    /// <summary>
    /// Ends what was started, and removes what was made on servers that were here before. It is awaited as a part of the run: the runner takes a process
    /// that is long in exiting for one that hangs.
    /// </summary>
    public static async ValueTask EndAsync()
    {
        if (Shared.IsValueCreated)
        {
            await EndAsync(await Shared.Value);
        }
    }

    // The script's servers exist as long as the command that it runs, and that as long as we do not close its input.
    private static async Task<Servers> StartNativeAsync()
    {
        var script = Process.Start(new ProcessStartInfo(Path.Combine(RepositoryRoot(), "AppHost", "Servers", "temporary.sh"),
            ["sh", "-c", "echo \"$ConnectionStrings__postgres\"; echo \"$ConnectionStrings__bus\"; echo \"$ConnectionStrings__bus_management\"; exec cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        async Task<string> LineAsync() => await script.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("PostgreSQL and RabbitMQ could not be started; why, stands above.");
        return new Servers(await LineAsync(), new Uri(await LineAsync()), new Uri(await LineAsync()), async () =>
        {
            script.StandardInput.Close();
            await script.WaitForExitAsync();
            script.Dispose();
        });
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VolunteerBook.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Run the tests from a clone of the repository.");
        }

        return folder.FullName;
    }

    private static async Task<Servers> StartContainersAsync()
    {
        var postgres = new PostgreSqlBuilder("postgres:17-alpine").WithCommand("-c", "max_connections=500").Build();
        var broker = new RabbitMqBuilder("rabbitmq:4-management-alpine").WithPortBinding(15672, assignRandomHostPort: true).Build();
        await Task.WhenAll(postgres.StartAsync(), broker.StartAsync());
        var bus = new Uri(broker.GetConnectionString());
        return new Servers(
            postgres.GetConnectionString(),
            bus,
            new UriBuilder(bus) { Scheme = "http", Port = broker.GetMappedPublicPort(15672), Path = "/" }.Uri,
            async () =>
            {
                await postgres.DisposeAsync();
                await broker.DisposeAsync();
            });
    }

    private static bool ContainerEngineIsHere()
    {
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 }
            || File.Exists("/var/run/docker.sock") || File.Exists("/run/podman/podman.sock")
            || (runtime is not null && (File.Exists(Path.Combine(runtime, "docker.sock")) || File.Exists(Path.Combine(runtime, "podman/podman.sock"))))
            || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();
    }

    // Servers that were here before us are left as they were found.
    private static async Task EndAsync(Servers servers)
    {
        if (servers.EndAsync is not null)
        {
            await servers.EndAsync();
            return;
        }

        foreach (var database in Databases)
        {
            await ExecuteAsync(servers.Postgres, $"drop database if exists {database} with (force)");
        }

        using var management = Management(servers);
        foreach (var virtualHost in VirtualHosts)
        {
            using var response = await management.DeleteAsync($"api/vhosts/{virtualHost}");
        }
    }

    private static Uri ManagementOf(Uri bus) =>
        Environment.GetEnvironmentVariable("ConnectionStrings__bus_management") is { Length: > 0 } given
            ? new Uri(given)
            : new UriBuilder(bus) { Scheme = "http", Port = 15672, Path = "/" }.Uri;

    private static HttpClient Management(Servers servers)
    {
        var (user, password) = Credentials(servers.Management);
        var client = new HttpClient
        {
            BaseAddress = new Uri(
                servers.Management.GetLeftPart(UriPartial.Authority).Replace(servers.Management.UserInfo + "@", "", StringComparison.Ordinal)),
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return client;
    }

    private static (string User, string Password) Credentials(Uri address) =>
        address.UserInfo.Split(':', 2) is [var user, var password]
            ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
            : throw new InvalidOperationException($"The address of {address.Host}:{address.Port} carries no user and password.");

    private static string Unique(string name) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name.ToLowerInvariant().Replace('-', '_')}_{Environment.ProcessId}_{Interlocked.Increment(ref _number)}_{Random.Shared.Next(0x10000):x4}");

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        // Making and dropping a database writes much to disk: it takes the time that it takes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task SucceedsAsync(Task<HttpResponseMessage> request)
    {
        using var response = await request;
        if (response.StatusCode is not (HttpStatusCode.Created or HttpStatusCode.NoContent))
        {
            throw new InvalidOperationException($"RabbitMQ's management API answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }
    }

    private sealed record Servers(string Postgres, Uri Bus, Uri Management, Func<ValueTask>? EndAsync);
}
