using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using VolunteerBook.AppHost;
using VolunteerBook.Testing;

namespace VolunteerBook.SystemUnderTest;

/// <summary>The whole system as <c>up</c> starts it, on ports and in a state folder of its own; its parts can be killed and started again.</summary>
public sealed class RunningGraph : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly HttpClient Http =
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    private readonly DistributedApplication app;
    private readonly UpOptions options;
    private readonly PortPlan ports;

    private RunningGraph(DistributedApplication app, UpOptions options)
    {
        (this.app, this.options, ports) = (app, options, new PortPlan(options.PortBase));
        Secrets = Secrets.Of(options.Data!);
    }

    /// <summary>The names of all services' processes.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["identity", "profiles", "ledger", "ledger-2", "verification", "vacancies", "reporting", "portal", "gateway"];

    /// <summary>The one public address: the portal, the API, sign-in and docs.</summary>
    public Uri Gateway => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{ports.Base}"));

    /// <summary>The secrets of the state folder.</summary>
    public Secrets Secrets { get; }

    /// <summary>PostgreSQL as its superuser, without a database.</summary>
    public string Postgres =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={ports.PostgreSql};Username=postgres;Password={Secrets.Postgres}");

    /// <summary>RabbitMQ's management API, signed in; paths are relative, e.g. <c>api/queues/%2F</c>.</summary>
    public HttpClient Management() => new()
    {
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports.Management}/")),
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"volunteerbook:{Secrets.RabbitMq}"))),
        },
    };

    /// <summary>A system without a dashboard and demo data (the accounts are there), in a folder that the servers' users may enter.</summary>
    public static UpOptions Options(string folder)
    {
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new UpOptions
        {
            Data = folder,
            PortBase = FreePortBase(),
            Dashboard = false,
            Native = OperatingSystem.IsLinux(),
            Accounts = true,
            Demo = false,
            Quiet = true,
        };
    }

    /// <summary>A base from which all ports of the plan are free.</summary>
    public static int FreePortBase() => Ports.FreeBase([.. Enumerable.Range(0, 15), .. Enumerable.Range(100, 14)]);

    /// <summary>Starts it, and returns when all that starts by itself is healthy.</summary>
    public static async Task<RunningGraph> StartAsync(UpOptions options, CancellationToken cancellationToken = default)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([.. options.ToArguments()], cancellationToken);
        var app = await builder.BuildAsync(cancellationToken);
        var graph = new RunningGraph(app, options);
        try
        {
            await app.StartAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
            await Task.WhenAll((options.Only ?? Names).Select(name => graph.HealthyAsync(name, cancellationToken)));
            return graph;
        }
        catch
        {
            await graph.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a service's process, through no gateway.</summary>
    public Uri Address(string name) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{ports.Of(name)}"));

    /// <summary>The process id of a running service.</summary>
    public int ProcessId(string name) =>
        app.ResourceNotifications.TryGetCurrentState(name, out var state)
        && state.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } value
            ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"{name} is not running.");

    /// <summary>The variables that a running service has.</summary>
    public IReadOnlyDictionary<string, string> Environment(string name) => File.ReadAllText($"/proc/{ProcessId(name)}/environ")
        .Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>All that a service wrote.</summary>
    public async Task<string> OutputAsync(string name)
    {
        var path = Path.Combine(options.Data!, "logs", name + ".log");
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Ends a service at once, as kill -9 does, and waits until that is known.</summary>
    public async Task KillAsync(string name)
    {
        using var process = Process.GetProcessById(ProcessId(name));
        process.Kill();
        await app.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates).WaitAsync(Patience);
    }

    /// <summary>Starts a service that does not run and waits until it is healthy.</summary>
    public async Task StartAsync(string name, CancellationToken cancellationToken = default)
    {
        await CommandAsync(name, KnownResourceCommands.StartCommand, cancellationToken);
        await HealthyAsync(name, cancellationToken);
    }

    /// <summary>Stops RabbitMQ in good order.</summary>
    public async Task StopBrokerAsync()
    {
        await CommandAsync("bus", KnownResourceCommands.StopCommand, CancellationToken.None);
        await app.ResourceNotifications.WaitForResourceAsync("bus", KnownResourceStates.TerminalStates).WaitAsync(Patience);
    }

    /// <summary>Starts RabbitMQ again, with the data it had, and waits until it takes connections.</summary>
    public async Task StartBrokerAsync(CancellationToken cancellationToken = default)
    {
        await CommandAsync("bus", KnownResourceCommands.StartCommand, cancellationToken);
        using var management = Management();
        await Eventually.Is(
            async () =>
            {
                using var answer = await management.GetAsync(new Uri($"api/health/checks/port-listener/{ports.Amqp}", UriKind.Relative), cancellationToken);
                return answer.IsSuccessStatusCode;
            },
            Patience);
    }

    /// <summary>Stops all; nothing is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await StateFolder.EndWhatRunsAsync(options.Data!, TimeSpan.FromSeconds(10));
        // The program itself lets go of the folder last.
        await Eventually.Is(() =>
        {
            using var held = new FileStream(Path.Combine(options.Data!, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return Task.FromResult(true);
        });
    }

    private async Task HealthyAsync(string name, CancellationToken cancellationToken)
    {
        var health = new Uri(Address(name), "/health");
        try
        {
            await Eventually.Is(
                async () =>
                {
                    using var answer = await Http.GetAsync(health, cancellationToken);
                    return answer.IsSuccessStatusCode;
                },
                Patience);
        }
        catch (NotYetException exception)
        {
            throw new InvalidOperationException(
                $"{name} was not healthy in time. It wrote:\n{string.Join('\n', (await OutputAsync(name)).Split('\n').TakeLast(40))}", exception);
        }
    }

    // A resource that has just ended takes no command for a moment.
    private Task CommandAsync(string name, string command, CancellationToken cancellationToken) => Eventually.Is(
        async () =>
        {
            var result = await app.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);
            return result.Success ? true : throw new InvalidOperationException($"{command} {name}: {result.Message}");
        },
        Patience);
}
