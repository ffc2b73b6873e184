using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Npgsql;

namespace VolunteerBook.AppHost;

/// <summary>The ledger's <c>audit</c> on a state folder: over the PostgreSQL of the system that runs there, or over one started for it.</summary>
internal static class Audit
{
    private const string Usage =
        """
        ./volunteerbook audit [--data FOLDER] [--port-base PORT] [--checkpoint FILE] [--key KEY]
        --data, --port-base   those that `up` was started with
        --checkpoint FILE     a signed checkpoint kept from before: nothing up to it may have changed
        --key KEY             the log's public key to trust, instead of the state folder's
        """;

    /// <summary>Runs the audit; the answer is its exit code.</summary>
    /// <exception cref="RefusedException">The folder is none of ours, or a word is not known.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, string repository)
    {
        var (folder, portBase, forLedger) = (Path.Combine(repository, ".data"), "8080", new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            var option = args[i];
            string Value() => ++i < args.Count ? args[i] : throw new RefusedException($"{option} needs a value.");
            switch (option)
            {
                case "--data": folder = Value(); break;
                case "--port-base": portBase = Value(); break;
                case "--checkpoint": forLedger.AddRange([option, Path.GetFullPath(Value())]); break;
                case "--key": forLedger.AddRange([option, Value()]); break;
                case "--help": Console.WriteLine(Usage); return 0;
                default: throw new RefusedException($"There is no option {option}; --help lists them.");
            }
        }

        folder = StateFolder.Real(folder);
        if (!File.Exists(Path.Combine(folder, "secrets.json")))
        {
            throw new RefusedException($"{folder} is no state folder: `up` makes one.");
        }

        var running = new PortPlan(UpOptions.Read(["--port-base", portBase]).PortBase).PostgreSql;
        if (await AnswersAsync(folder, running))
        {
            return await LedgerAsync(folder, running, forLedger, repository);
        }

        using var state = await StateFolder.OpenAsync(folder);
        if (!state.IsNative)
        {
            throw new RefusedException($"No PostgreSQL of {folder} runs at port {running}, and the folder holds no data of one: its data are a container's. Start it with `up`.");
        }

        var port = FreePort();
        using var postgres = Process.Start(new ProcessStartInfo(Path.Combine(repository, "AppHost", "Servers", "postgres.sh"), [state.Below("postgres"), state.Elsewhere("postgres")])
        {
            Environment = { ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture), ["PASSWORD"] = state.Secrets.Postgres, [StateFolder.Mark] = folder },
            RedirectStandardError = true,
        })!;
        // Whoever ends this ends it too.
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        // What it writes is of no interest here, but has to go somewhere.
        postgres.ErrorDataReceived += (_, _) => { };
        postgres.BeginErrorReadLine();
        try
        {
            while (!await AnswersAsync(folder, port, "postgres"))
            {
                await Task.Delay(100, stop.Token);
                if (postgres.HasExited)
                {
                    throw new RefusedException($"PostgreSQL could not be started on {state.DataOf("postgres")}.");
                }
            }

            return await AnswersAsync(folder, port)
                ? await LedgerAsync(folder, port, forLedger, repository, stop.Token) : throw new RefusedException($"{folder} holds no ledger yet: `up` makes one.");
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
        finally
        {
            using var end = Process.Start("kill", ["-TERM", postgres.Id.ToString(CultureInfo.InvariantCulture)]);
            await postgres.WaitForExitAsync();
        }
    }

    // As the superuser: whoever audits need not trust the service's own role.
    private static async Task<int> LedgerAsync(string folder, int port, IReadOnlyList<string> arguments, string repository, CancellationToken stop = default)
    {
        var secrets = Secrets.Of(folder);
        using var ledger = Process.Start(new ProcessStartInfo("dotnet", [AsBuilt.Program(Path.Combine(repository, "services", "Ledger", "Ledger.csproj")), "audit", .. arguments])
        {
            Environment = { ["ConnectionStrings__ledger"] = $"{Server(secrets, port)};Database=ledger", ["Log__SigningKey"] = secrets.LogSigningKey },
        })!;
        try
        {
            await ledger.WaitForExitAsync(stop);
            return ledger.ExitCode;
        }
        catch (OperationCanceledException)
        {
            ledger.Kill();
            throw;
        }
    }

    private static string Server(Secrets secrets, int port) => string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password={secrets.Postgres}");

    // Whether it is this folder's: another's has another password.
    private static async Task<bool> AnswersAsync(string folder, int port, string database = "ledger")
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{Server(Secrets.Of(folder), port)};Database={database};Pooling=false;Timeout=30");
            await connection.OpenAsync();
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
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
