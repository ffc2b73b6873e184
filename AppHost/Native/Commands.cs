using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VolunteerBook.Native;

/// <summary>The command line: <c>up</c> runs the system; <c>audit</c> checks the ledger's log; <c>servers</c> runs a command beside a PostgreSQL and a RabbitMQ made for it.</summary>
public static class Commands
{
    private const string Usage =
        """
        up [options]                  starts everything, and stops it on Ctrl-C
            --fresh                   with an empty store: deletes what the state folder holds
            --data DIR                the state folder (default: .data in the repository)
            --port-base N             the gateway's port; the others are counted from it (default: 8080)
            --no-dashboard            without the Aspire dashboard
            --no-demo                 without demo accounts and demo data
            --configuration NAME      the build to run, Debug or Release (default: the launcher's own)
        audit [options]               checks the ledger's transparency log against its event store; the last line says what was found
            --data DIR                the state folder (default: .data in the repository), of a system that runs or not
            --checkpoint FILE         also against a checkpoint that was kept elsewhere
            --key VKEY                verifies signatures with this key instead of the state folder's
            --configuration NAME      as above
        servers -- COMMAND [ARGS]     runs a command with ConnectionStrings__postgres, ConnectionStrings__bus and
                                      ConnectionStrings__bus_management of servers that exist as long as the command runs
        """;

    /// <summary>Runs a command line; the answer is the exit code. Problems that a person can solve are one line on the error stream.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new CancellationTokenSource();
        // A second time means hurry: we end at once, and the keepers end what is left. Not within two seconds of the first:
        // a terminal or `timeout` signals the process and its group, which is one wish and not two.
        var first = new Stopwatch();
        void Stop(PosixSignalContext context)
        {
            lock (first)
            {
                context.Cancel = first.Elapsed < TimeSpan.FromSeconds(2);
                first.Start();
            }

            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        try
        {
            return args switch
            {
                ["up", .. var options] when options.Contains("--help") => Help(0),
                ["up", .. var options] => await UpAsync(options, stop.Token),
                ["audit", .. var options] when options.Contains("--help") => Help(0),
                ["audit", .. var options] => await AuditAsync(options, stop.Token),
                ["servers", "--", .. var command] when command.Length > 0 => await ServersAsync(command, stop.Token),
                ["help" or "--help" or "-h"] => Help(0),
                _ => Help(2),
            };
        }
        catch (LauncherException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> UpAsync(string[] args, CancellationToken stop)
    {
        var options = new NativeSystemOptions();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new LauncherException($"{args[i - 1]} needs a value.");
            options = args[i] switch
            {
                "--fresh" => options with { Fresh = true },
                "--data" => options with { DataFolder = Value() },
                "--port-base" => options with { PortBase = PortBase(Value()) },
                "--no-dashboard" => options with { Dashboard = false },
                "--no-demo" => options with { DemoAccounts = false },
                "--configuration" => options with { Configuration = Value() },
                var unknown => throw new LauncherException($"There is no option {unknown}. `help` lists them."),
            };
        }

        var clock = Stopwatch.StartNew();
        options = options with { OnLine = Prefixed.Write, OnProgress = line => Prefixed.Write("up", line) };
        await using var system = await NativeSystem.StartAsync(options, stop);
        system.Died += (name, code, lines) => Prefixed.Write("up", $"{name} ended with code {code} and is not started again. Its last lines:{lines}");
        var seconds = clock.Elapsed.TotalSeconds;
        Prefixed.Write("up", string.Create(CultureInfo.InvariantCulture, $"all healthy after {seconds:0.0} s"));
        Tell(system, options);
        if (options.DemoAccounts)
        {
            await SeedAsync(system, options, stop);
        }

        Prefixed.Write("up", "ready");
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            Prefixed.Write("up", "stopping");
        }

        return 0;
    }

    private static void Tell(NativeSystem system, NativeSystemOptions options)
    {
        var dashboard = system.Dashboard?.ToString() ?? (options.Dashboard ? $"not running: {system.DashboardMissing}" : "not asked for");
        Prefixed.Write("up", $"portal     {system.Gateway}");
        Prefixed.Write("up", $"API        {system.Gateway}api/v1   documentation {system.Gateway}docs");
        Prefixed.Write("up", $"dashboard  {dashboard}");
        Prefixed.Write("up", $"RabbitMQ   {new UriBuilder(system.Broker.Management) { UserName = "", Password = "" }.Uri}");
        Prefixed.Write("up", $"PostgreSQL {system.Postgres.Address}");
        Prefixed.Write("up", $"the addresses with their passwords, and the dashboard's with its token, are in {system.KeysFile}");
        if (options.DemoAccounts)
        {
            Prefixed.Write("up", "demo accounts, password Volunteer-Book-1:");
            Prefixed.Write("up", "  anna@demo.volunteerbook.example     volunteer");
            Prefixed.Write("up", "  pavel@demo.volunteerbook.example    coordinator of the first organisation");
            Prefixed.Write("up", "  olga@demo.volunteerbook.example     coordinator of the second organisation");
            Prefixed.Write("up", "  admin@demo.volunteerbook.example    administrator");
            Prefixed.Write("up", "  analyst@demo.volunteerbook.example  analyst");
        }
    }

    private static async Task SeedAsync(NativeSystem system, NativeSystemOptions options, CancellationToken stop)
    {
        var demo = Path.Combine(options.RepositoryRoot, "AppHost", "Demo", "bin", options.Configuration, "net10.0", "VolunteerBook.Demo.dll");
        var clock = Stopwatch.StartNew();
        var (code, lines) = await system.RunAsync("demo", demo, ["seed", "--gateway", system.Gateway.ToString()], stop);
        Prefixed.Write("up", code == 0
            ? string.Create(CultureInfo.InvariantCulture, $"demo data in place after {clock.Elapsed.TotalSeconds:0.0} s")
            : $"the demo data are not complete: the seeding ended with code {code}. Its last lines:{lines}");
    }

    private static async Task<int> AuditAsync(string[] args, CancellationToken stop)
    {
        var options = new NativeSystemOptions();
        var forAuditor = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            string Value() => ++i < args.Length ? args[i] : throw new LauncherException($"{args[i - 1]} needs a value.");
            switch (args[i])
            {
                case "--data":
                    options = options with { DataFolder = Value() };
                    break;
                case "--configuration":
                    options = options with { Configuration = Value() };
                    break;
                case "--checkpoint":
                    forAuditor.AddRange(["--checkpoint", Path.GetFullPath(Value())]);
                    break;
                case "--key":
                    forAuditor.AddRange(["--key", Value()]);
                    break;
                default:
                    throw new LauncherException($"There is no option {args[i]}. `help` lists them.");
            }
        }

        return await LedgerAudit.RunAsync(options, forAuditor, stop);
    }

    private static async Task<int> ServersAsync(string[] command, CancellationToken stop)
    {
        await using var servers = await TemporaryServers.StartAsync(stop);
        await using var process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = command[0],
                Command = command,
                WorkingDirectory = Environment.CurrentDirectory,
                OnLine = Console.WriteLine,
                Environment = new Dictionary<string, string>
                {
                    ["ConnectionStrings__postgres"] = servers.Postgres.ConnectionString,
                    ["ConnectionStrings__bus"] = servers.Broker.ConnectionString,
                    ["ConnectionStrings__bus_management"] = servers.Broker.Management,
                },
            },
            stop);
        return await process.Exited.WaitAsync(stop);
    }

    private static int PortBase(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65000
            ? port : throw new LauncherException($"--port-base {text} is not a port between 1024 and 65000.");

    private static int Help(int code)
    {
        Console.WriteLine(Usage);
        return code;
    }
}
