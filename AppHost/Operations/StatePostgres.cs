using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace VolunteerBook.AppHost.Operations;

/// <summary>
/// The PostgreSQL of a state folder as its superuser: that of the system that runs there, or one that is started for this alone and ended with it.
/// </summary>
public sealed class StatePostgres : IAsyncDisposable
{
    private const int LinesKept = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StateFolder? state;
    private readonly Process? process;
    private readonly int port;

    private StatePostgres(string folder, int port, StateFolder? state, Process? process) =>
        (Folder, Secrets, this.port, this.state, this.process) = (folder, Secrets.Of(folder), port, state, process);

    /// <summary>The state folder.</summary>
    public string Folder { get; }

    /// <summary>The folder's secrets.</summary>
    public Secrets Secrets { get; private set; }

    /// <summary>Whether it is that of a system that runs.</summary>
    public bool IsOfARunningSystem => process is null;

    /// <summary>The server, without a database.</summary>
    public string Server => Text(Secrets, port);

    /// <summary>A database.</summary>
    public string Database(string name) => $"{Server};Database={name}";

    /// <summary>A service's database in the service's own role.</summary>
    public string DatabaseAs(string service) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username={service};Password={Secrets.Role(service)};Database={service}");

    /// <summary>What PostgreSQL's own programs find it by.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["PGHOST"] = "127.0.0.1",
        ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture),
        ["PGUSER"] = "postgres",
        ["PGPASSWORD"] = Secrets.Postgres,
    };

    /// <summary>The one that answers for a state folder, or one started on its data.</summary>
    /// <exception cref="RefusedException">The folder is none of ours, its data are a container's that does not run, or the server does not start.</exception>
    public static async Task<StatePostgres> OpenAsync(string folder, int portBase, CancellationToken cancellationToken)
    {
        folder = StateFolder.Real(folder);
        if (!File.Exists(Path.Combine(folder, "secrets.json")))
        {
            throw new RefusedException($"{folder} is not a state folder. Run `up` to make one.");
        }

        var running = new PortPlan(portBase).PostgreSql;
        StateFolder state;
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                // First of all: where nobody runs, whoever answers is another folder's, and may have the same password, as a copy has that was restored.
                state = await StateFolder.OpenAsync(folder);
                break;
            }
            catch (RefusedException) when (Stopwatch.GetElapsedTime(began) < Patience)
            {
                if (IsItsPort(folder, running) && await AnswersAsync(Secrets.Of(folder), running))
                {
                    return new(folder, running, null, null);
                }

                // On a busy machine the server takes its time, or is just being started or stopped.
                await Task.Delay(200, cancellationToken);
            }
        }

        try
        {
            state.SeeThatNoRestoreIsLeft();
            if (!state.IsNative)
            {
                throw new RefusedException(
                    $"No PostgreSQL of {folder} runs on port {running}, and its data are in a container's volume, not in the folder. "
                    + "Start the system with `up`; for what needs a stopped system, use the container engine's own tools.");
            }

            state.SeeThatDataAreThere(volume: null);
        }
        catch
        {
            state.Dispose();
            throw;
        }

        return await StartAsync(state, cancellationToken);
    }

    /// <summary>Starts one on a folder's data, or on new ones where there are none.</summary>
    /// <param name="state">The folder; it is let go of with the server.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<StatePostgres> StartAsync(StateFolder state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        var (port, secrets) = (FreePort(), state.Secrets);
        var process = Process.Start(new ProcessStartInfo(
            Path.Combine(AsBuilt.Repository, "AppHost", "Servers", "postgres.sh"), [state.Below("postgres"), state.Elsewhere("postgres")])
        {
            Environment = { ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture), ["PASSWORD"] = secrets.Postgres, [StateFolder.Mark] = state.Path },
            RedirectStandardError = true,
        })!;
        // What it writes last is why it ended.
        var last = new ConcurrentQueue<string>();
        process.ErrorDataReceived += (sender, line) =>
        {
            if (line.Data is { Length: > 0 } said)
            {
                last.Enqueue(said);
                if (last.Count > LinesKept)
                {
                    last.TryDequeue(out _);
                }
            }
        };
        process.BeginErrorReadLine();
        var postgres = new StatePostgres(state.Path, port, state, process);
        try
        {
            while (!await AnswersAsync(secrets, port, isOwn: true))
            {
                await Task.Delay(100, cancellationToken);
                if (process.HasExited)
                {
                    // The last lines may come after the end.
                    await process.WaitForExitAsync(cancellationToken);
                    throw new RefusedException(
                        $"PostgreSQL could not be started on {state.DataOf("postgres")}. Its last lines:"
                        + string.Concat(last.Select(line => $"{System.Environment.NewLine}    {line}")));
                }
            }

            state.NoteData(volume: null);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps other secrets in the folder.</summary>
    internal void Replace(Secrets secrets)
    {
        Secrets.Replace(Folder, secrets);
        Secrets = secrets;
    }

    /// <summary>Whether there is a database.</summary>
    /// <exception cref="RefusedException">The server does not say.</exception>
    public async Task<bool> HasAsync(string database)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Database("postgres")};Pooling=false;Timeout=30");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection)
            {
                Parameters = { new() { Value = database } },
            };
            return (bool)(await command.ExecuteScalarAsync())!;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            throw new RefusedException($"PostgreSQL of {Folder} did not say whether it has {database}: {exception.Message}");
        }
    }

    /// <summary>
    /// One of PostgreSQL's programs: of the version of some data where its servers are installed here, else of the newest, or the one in the path.
    /// </summary>
    public static string Program(string name, string? data = null)
    {
        var version = data is not null && Path.Combine(data, "PG_VERSION") is var file && File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        return (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(folder => Path.GetFileName(folder) == version)
            .ThenByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(folder => Path.Combine(folder, "bin", name)).FirstOrDefault(File.Exists) ?? name;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            using var end = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        state?.Dispose();
    }

    private static string Text(Secrets secrets, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password={secrets.Postgres}");

    // Another folder's has another password; one's own that has another one has other data than the keys are for.
    private static async Task<bool> AnswersAsync(Secrets secrets, int port, bool isOwn = false)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Text(secrets, port)};Database=postgres;Pooling=false;Timeout=30");
            await connection.OpenAsync();
            return true;
        }
        catch (PostgresException exception) when (isOwn && exception.SqlState.StartsWith("28", StringComparison.Ordinal))
        {
            throw new RefusedException($"The data do not belong to these keys: {exception.MessageText}");
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return false;
        }
    }

    // A copy that was restored has the same password. A program notes its port beside its data, on the fourth line; a container's data are not here.
    private static bool IsItsPort(string folder, int port)
    {
        var data = StateFolder.DataOf(folder, "postgres");
        try
        {
            return !File.Exists(Path.Combine(data, "PG_VERSION"))
                || File.ReadLines(Path.Combine(data, "postmaster.pid")).ElementAtOrDefault(3) == port.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
