using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VolunteerBook.Native;

/// <summary>
/// The whole system as native processes on loopback: PostgreSQL, RabbitMQ, the dashboard, every service, the gateway and the portal,
/// with the environment that Aspire would give them. What <c>./volunteerbook up</c> runs, and end-to-end tests start in their own process.
/// </summary>
public sealed partial class NativeSystem : IAsyncDisposable
{
    private const int PostgresPort = 100, AmqpPort = 101, DistributionPort = 102, ManagementPort = 103, PortMapperPort = 104;
    private const int DashboardPort = 110, OtlpGrpcPort = 111, OtlpHttpPort = 112;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly NativeSystemOptions _options;
    private readonly Secrets _secrets;
    private readonly FileStream _lock;
    private readonly string _dataFolder;
    private readonly int _portBase;
    private readonly ConcurrentDictionary<string, KeptProcess> _processes = new();
    private readonly Dictionary<string, StreamWriter> _logs = [];
    private readonly ConcurrentDictionary<KeptProcess, bool> _toldToEnd = new();
    private readonly Lock _processesFile = new();
    private NativePostgres? _postgres;
    private NativeRabbitMq? _broker;
    private KeptProcess? _dashboard;
    private Uri? _otlp;
    private volatile bool _started;

    private NativeSystem(NativeSystemOptions options, Secrets secrets, FileStream @lock, string dataFolder, int portBase)
    {
        _options = options;
        _secrets = secrets;
        _lock = @lock;
        _dataFolder = dataFolder;
        _portBase = portBase;
    }

    /// <summary>A process ended that nobody told to: its name, exit code and last lines. It is not started again by itself.</summary>
    public event Action<string, int, LastLines>? Died;

    /// <summary>The names of all services' processes: identity, profiles, ledger, ledger-2, verification, vacancies, reporting, portal, gateway.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ServiceModel.All.Select(model => model.ProcessName)];

    /// <summary>The one public address: the portal, the API, sign-in and docs.</summary>
    public Uri Gateway => Address("gateway");

    /// <summary>The dashboard's page, when it runs.</summary>
    public Uri? Dashboard => _dashboard is null ? null : Url(DashboardPort);

    /// <summary>Why the dashboard does not run although it was asked for.</summary>
    public string? DashboardMissing { get; private set; }

    /// <summary>The database server.</summary>
    public NativePostgres Postgres => _postgres ?? throw new InvalidOperationException("PostgreSQL has not been started.");

    /// <summary>The broker.</summary>
    public NativeRabbitMq Broker => _broker ?? throw new InvalidOperationException("RabbitMQ has not been started.");

    /// <summary>The secrets of this state folder.</summary>
    public Secrets Secrets => _secrets;

    /// <summary>Starts all and returns when all is healthy; when anything fails, what was started is stopped again.</summary>
    public static async Task<NativeSystem> StartAsync(NativeSystemOptions options, CancellationToken cancellationToken = default)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new LauncherException("The native launcher runs on Linux. Elsewhere use Aspire: dotnet run --project AppHost");
        }

        if (ServiceModel.All.FirstOrDefault(model => !File.Exists(model.Assembly(options))) is { } unbuilt)
        {
            throw new LauncherException($"{unbuilt.Assembly(options)} is missing. Build first: dotnet build VolunteerBook.sln -c {options.Configuration}");
        }

        var dataFolder = Path.GetFullPath(options.DataFolder ?? Path.Combine(options.RepositoryRoot, ".data"));
        Directory.CreateDirectory(dataFolder);
        var @lock = Lock(dataFolder);
        try
        {
            var offsets = Offsets(options);
            var portBase = options.PortBase ?? Ports.FreeBase([.. offsets.Keys]);
            if (offsets.FirstOrDefault(offset => !Ports.IsFree(portBase + offset.Key)) is { Value: not null } taken)
            {
                throw new LauncherException(
                    $"Port {portBase + taken.Key}, for {taken.Value}, is taken. End what listens there, or choose other ports with --port-base.");
            }

            if (options.Fresh)
            {
                Empty(dataFolder);
            }

            var system = new NativeSystem(options, Secrets.Of(dataFolder), @lock, dataFolder, portBase);
            try
            {
                await system.StartAllAsync(cancellationToken);
                return system;
            }
            catch
            {
                await system.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await @lock.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a service's process, through no gateway.</summary>
    public Uri Address(string name)
    {
        var model = Model(name);
        // The browser's cookies and the tokens' issuer are about localhost, the public name; the others are only for each other.
        return model.Name == "gateway" ? new Uri(Text($"http://localhost:{_portBase}")) : Url(model.PortOffset);
    }

    /// <summary>The process id of a running service.</summary>
    public int ProcessId(string name) => Running(name).ProcessId;

    /// <summary>Whether the service's process runs.</summary>
    public bool IsRunning(string name) => _processes.TryGetValue(Model(name).ProcessName, out var process) && !process.HasExited;

    /// <summary>What a service wrote last.</summary>
    public LastLines Output(string name) => _processes.TryGetValue(Model(name).ProcessName, out var process) ? process.LastLines : new LastLines();

    /// <summary>Ends a service at once, as kill -9 does, and waits until it is gone.</summary>
    public async Task KillAsync(string name)
    {
        var process = Running(name);
        _toldToEnd[process] = true;
        await process.KillAsync();
        WriteProcesses();
    }

    /// <summary>Asks a service to end and waits until it has.</summary>
    public async Task StopAsync(string name)
    {
        var process = Running(name);
        _toldToEnd[process] = true;
        await process.StopAsync();
        WriteProcesses();
    }

    /// <summary>Starts a service that does not run and waits until it is healthy.</summary>
    public async Task StartAsync(string name, CancellationToken cancellationToken = default)
    {
        if (IsRunning(name))
        {
            throw new InvalidOperationException($"{name} is running.");
        }

        await HealthyAsync(Model(name), await LaunchAsync(Model(name), cancellationToken), cancellationToken);
    }

    /// <summary>Waits until a running service is healthy (again).</summary>
    public Task HealthyAsync(string name, CancellationToken cancellationToken = default) => HealthyAsync(Model(name), Running(name), cancellationToken);

    /// <summary>Ends RabbitMQ at once, as kill -9 does.</summary>
    public async Task KillBrokerAsync()
    {
        _toldToEnd[Broker.Process] = true;
        await Broker.KillAsync();
        WriteProcesses();
    }

    /// <summary>Stops RabbitMQ in good order.</summary>
    public async Task StopBrokerAsync()
    {
        _toldToEnd[Broker.Process] = true;
        await Broker.StopAsync();
        WriteProcesses();
    }

    /// <summary>Starts RabbitMQ again, with the data it had, and waits until it takes connections.</summary>
    public async Task StartBrokerAsync(CancellationToken cancellationToken = default)
    {
        await Broker.StartAsync(cancellationToken);
        Watch(Broker.Process);
        WriteProcesses();
    }

    /// <summary>Ends PostgreSQL at once, as kill -9 does.</summary>
    public async Task KillPostgresAsync()
    {
        _toldToEnd[Postgres.Process] = true;
        await Postgres.Process.KillAsync();
        WriteProcesses();
    }

    /// <summary>Starts PostgreSQL again, with the data it had, and waits until it takes connections.</summary>
    public async Task StartPostgresAsync(CancellationToken cancellationToken = default)
    {
        await Postgres.StartAsync(cancellationToken);
        Watch(Postgres.Process);
        WriteProcesses();
    }

    /// <summary>The variables a service is started with, beside those it inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment(string name)
    {
        var model = Model(name);
        var gateway = Text($"http://localhost:{_portBase}/");
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Address(name).ToString().TrimEnd('/'),
            ["ASPNETCORE_ENVIRONMENT"] = _options.EnvironmentName,
            ["DOTNET_ENVIRONMENT"] = _options.EnvironmentName,
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE"] = "true",
            // Nine processes share one machine's cores: none should spin, keep a heap for each core, or compile its code a third time.
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
            ["DOTNET_TieredPGO"] = "0",
            ["Authentication__Authority"] = gateway,
            ["Authentication__Audience"] = "volunteerbook",
            ["Authentication__ClientId"] = "services",
            ["Authentication__ClientSecret"] = _secrets.ServicesClient,
        };
        foreach (var each in ServiceModel.All)
        {
            environment[Text($"services__{each.Name}__http__{each.Instance - 1}")] = Address(each.ProcessName).ToString().TrimEnd('/');
        }

        if (model.HasStore)
        {
            environment[$"ConnectionStrings__{model.Name}"] = Postgres.ConnectionStringOf(model.Name, _secrets.Role(model.Name));
        }

        if (model.UsesBroker)
        {
            environment["ConnectionStrings__bus"] = Text($"amqp://volunteerbook:{_secrets.RabbitMq}@127.0.0.1:{_portBase + AmqpPort}");
        }

        switch (model.Name)
        {
            case "profiles":
                environment["PersonalData__MasterKey"] = _secrets.MasterKey;
                environment["Issuer__Address"] = gateway.TrimEnd('/');
                break;
            case "ledger":
                environment["Log__SigningKey"] = _secrets.LogSigningKey;
                environment["Ledger__MasterKey"] = _secrets.KeyOf("ledger");
                environment["Issuer__Address"] = gateway.TrimEnd('/');
                break;
            case "verification":
                environment["Issuer__Address"] = gateway.TrimEnd('/');
                break;
            case "portal":
                environment["Authentication__PortalClientId"] = "portal";
                environment["Authentication__PortalClientSecret"] = _secrets.PortalClient;
                environment["Portal__MasterKey"] = _secrets.KeyOf("portal");
                break;
            case "identity":
                environment["Identity__Issuer"] = gateway;
                environment["Identity__MasterKey"] = _secrets.KeyOf("identity");
                environment["Identity__Clients__portal__BackChannelLogoutUri"] = Address("portal") + "signout-backchannel";
                environment["Identity__Clients__portal__Secret"] = _secrets.PortalClient;
                environment["Identity__Clients__services__Secret"] = _secrets.ServicesClient;
                environment["Identity__Clients__analyst__Secret"] = _secrets.AnalystClient;
                environment["Identity__Clients__organisation__Secret"] = _secrets.OrganisationClient;
                foreach (var agency in Secrets.Agencies)
                {
                    environment[$"Identity__Clients__{agency}__Secret"] = _secrets.AgencyClient(agency);
                }

                environment["Identity__Clients__portal__RedirectUris__0"] = gateway + "signin-oidc";
                environment["Identity__Clients__portal__PostLogoutRedirectUris__0"] = gateway + "signout-callback-oidc";
                if (_options.DemoAccounts)
                {
                    environment["Demo__Accounts"] = "true";
                    environment["Identity__Clients__demo__Secret"] = Secrets.DemoClient;
                }

                break;
        }

        if (_otlp is not null)
        {
            // As Aspire does in development: everything is sent within a second. Sampled is all that its sender did not ask to leave out.
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = _otlp.ToString().TrimEnd('/');
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = "x-otlp-api-key=" + _secrets.TelemetryKey;
            environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            environment["OTEL_TRACES_SAMPLER"] = "parentbased_always_on";
            environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }

        environment["OTEL_SERVICE_NAME"] = model.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = Text($"service.instance.id={model.Name}-{model.Instance}");
        foreach (var (key, value) in _options.ExtraEnvironment)
        {
            environment[key] = value;
        }

        return environment;
    }

    /// <summary>Runs a built program of the repository to its end under the same care as the services; the answer is its exit code and last lines.</summary>
    public async Task<(int ExitCode, LastLines LastLines)> RunAsync(string name, string assembly, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        await using var process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = name,
                Command = [DotNet(), assembly, .. arguments],
                WorkingDirectory = _options.RepositoryRoot,
                OnLine = line => Log(name, line),
            },
            cancellationToken);
        return (await process.Exited.WaitAsync(cancellationToken), process.LastLines);
    }

    /// <summary>Stops all in the reverse order of their start. Nothing is left running.</summary>
    public async ValueTask DisposeAsync()
    {
        string[][] order = [["gateway", "portal"], ["ledger", "ledger-2", "profiles", "verification", "vacancies", "reporting"], ["identity"]];
        foreach (var group in order)
        {
            await Task.WhenAll(group.Where(IsRunning).Select(StopAsync));
        }

        foreach (var process in _processes.Values)
        {
            await process.DisposeAsync();
        }

        // None of these three is a client of another.
        foreach (var process in new[] { _dashboard, _broker?.Process, _postgres?.Process }.OfType<KeptProcess>())
        {
            _toldToEnd[process] = true;
        }

        await Task.WhenAll(new IAsyncDisposable?[] { _dashboard, _broker, _postgres }.OfType<IAsyncDisposable>().Select(each => each.DisposeAsync().AsTask()));
        lock (_logs)
        {
            foreach (var log in _logs.Values)
            {
                log.Dispose();
            }

            _logs.Clear();
        }

        File.Delete(Path.Combine(_dataFolder, "processes.json"));
        await _lock.DisposeAsync();
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        // The first to fail ends the others' waiting.
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var cancelled = failure.Token;
        // What programs write is for whoever runs them.
        Directory.CreateDirectory(Path.Combine(_dataFolder, "logs"));
        File.SetUnixFileMode(Path.Combine(_dataFolder, "logs"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        WriteKeys();
        Progress("starting PostgreSQL and RabbitMQ");

        var broker = Guard(StartBrokerFirstAsync(cancelled), failure);
        var dashboard = Guard(StartDashboardAsync(cancelled), failure);
        var postgres = Guard(StartPostgresFirstAsync(cancelled), failure);

        // What needs no broker does not wait for it.
        var front = Guard(StartServicesAsync([postgres, dashboard], model => model.Name is "identity" or "gateway" or "portal", cancelled), failure);
        var services = Guard(StartServicesAsync([postgres, dashboard, broker], model => model.Name is not ("identity" or "gateway" or "portal"), cancelled), failure);
        try
        {
            await Task.WhenAll(broker, dashboard, postgres, front, services);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The others were cancelled because one failed: that one's error is the one to tell.
            Exception? cause = new[] { broker, dashboard, postgres, front, services }
                .Select(task => task.Exception?.InnerException).FirstOrDefault(exception => exception is not (null or OperationCanceledException));
            throw cause ?? new LauncherException("The system could not be started.");
        }

        if (_processes.Values.FirstOrDefault(process => process.HasExited) is { } dead)
        {
            throw new LauncherException($"{dead.Name} ended with code {await dead.Exited} while the others were starting. Its last lines:{dead.LastLines}");
        }

        _started = true;
    }

    private static async Task Guard(Task task, CancellationTokenSource failure)
    {
        try
        {
            await task;
        }
        catch
        {
            await failure.CancelAsync();
            throw;
        }
    }

    private async Task StartPostgresFirstAsync(CancellationToken cancellationToken)
    {
        _postgres = await NativePostgres.StartAsync(
            new NativePostgresOptions
            {
                Folder = Path.Combine(_dataFolder, "postgres"),
                Port = _portBase + PostgresPort,
                Password = _secrets.Postgres,
                OnLine = line => Log("postgres", line),
            },
            cancellationToken);
        await _postgres.CreateDatabasesAsync(ServiceModel.All.Where(model => model.HasStore).Select(model => model.Name).Distinct().ToDictionary(name => name, _secrets.Role), cancellationToken);
        Watch(_postgres.Process);
        WriteProcesses();
        TellWhere("PostgreSQL", _postgres.Folder, Path.Combine(_dataFolder, "postgres"));
    }

    private async Task StartBrokerFirstAsync(CancellationToken cancellationToken)
    {
        _broker = await NativeRabbitMq.StartAsync(
            new NativeRabbitMqOptions
            {
                Folder = Path.Combine(_dataFolder, "rabbitmq"),
                Port = _portBase + AmqpPort,
                DistributionPort = _portBase + DistributionPort,
                ManagementPort = _portBase + ManagementPort,
                PortMapperPort = _portBase + PortMapperPort,
                Password = _secrets.RabbitMq,
                OnLine = line => Log("rabbitmq", line, show: line.Contains("[warning]", StringComparison.Ordinal) || line.Contains("[error]", StringComparison.Ordinal)),
            },
            cancellationToken);
        Watch(_broker.Process);
        WriteProcesses();
        TellWhere("RabbitMQ", _broker.Folder, Path.Combine(_dataFolder, "rabbitmq"));
    }

    private async Task StartDashboardAsync(CancellationToken cancellationToken)
    {
        _otlp = _options.OtlpEndpoint;
        if (!_options.Dashboard)
        {
            return;
        }

        var cache = Path.Combine(_dataFolder, "cache");
        Directory.CreateDirectory(cache);
        var (tool, reason) = await Native.Dashboard.InstallAsync(cache, cancellationToken);
        if (tool is null)
        {
            DashboardMissing = reason;
            return;
        }

        _dashboard = await Native.Dashboard.StartAsync(
            tool, cache, _secrets.DashboardToken, _secrets.TelemetryKey, _portBase + DashboardPort, _portBase + OtlpGrpcPort, _portBase + OtlpHttpPort, line => Log("dashboard", line), cancellationToken);
        _otlp ??= Url(OtlpGrpcPort);
        Watch(_dashboard);
        WriteProcesses();
    }

    private async Task StartServicesAsync(IReadOnlyList<Task> after, Func<ServiceModel, bool> chosen, CancellationToken cancellationToken)
    {
        await Task.WhenAll(after).WaitAsync(cancellationToken);
        var models = ServiceModel.All.Where(chosen).Where(model => _options.Services?.Contains(model.ProcessName) ?? true).ToList();
        Progress($"starting {string.Join(", ", models.Select(model => model.ProcessName))}");
        var launched = new List<(ServiceModel Model, KeptProcess Process)>();
        foreach (var model in models)
        {
            launched.Add((model, await LaunchAsync(model, cancellationToken)));
        }

        await Task.WhenAll(launched.Select(one => HealthyAsync(one.Model, one.Process, cancellationToken)));
    }

    private async Task<KeptProcess> LaunchAsync(ServiceModel model, CancellationToken cancellationToken)
    {
        var process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = model.ProcessName,
                Command = [DotNet(), model.Assembly(_options)],
                WorkingDirectory = Path.Combine(_options.RepositoryRoot, model.Project),
                Environment = Environment(model.ProcessName),
                OnLine = line => Log(model.ProcessName, line),
            },
            cancellationToken);
        if (_processes.TryGetValue(model.ProcessName, out var previous))
        {
            await previous.DisposeAsync();
        }

        _processes[model.ProcessName] = process;
        Watch(process);
        WriteProcesses();
        return process;
    }

    private Task HealthyAsync(ServiceModel model, KeptProcess process, CancellationToken cancellationToken) => Wait.UntilAsync(
        cancelled => Wait.AnswersAsync(new Uri(Address(model.ProcessName), "/health"), null, cancelled),
        process,
        _options.StartWithin,
        cancellationToken);

    private void Watch(KeptProcess process) => _ = WatchAsync(process);

    private async Task WatchAsync(KeptProcess process)
    {
        var code = await process.Exited;
        if (_started && !_toldToEnd.ContainsKey(process))
        {
            WriteProcesses();
            Died?.Invoke(process.Name, code, process.LastLines);
        }
    }

    // For people and tools outside: which process is which. Written beside and moved, so that a reader sees a whole file.
    private void WriteProcesses()
    {
        var processes = _processes.Where(each => !each.Value.HasExited)
            .Select(each => new { Name = each.Key, Pid = each.Value.ProcessId, Url = Address(each.Key).ToString() })
            .OrderBy(each => Model(each.Name).PortOffset).ToList();
        void Add(KeptProcess? process, string url)
        {
            if (process is { HasExited: false })
            {
                processes.Add(new { process.Name, Pid = process.ProcessId, Url = url });
            }
        }

        Add(_dashboard, Url(DashboardPort).ToString());
        Add(_broker?.Process, Text($"amqp://127.0.0.1:{_portBase + AmqpPort}"));
        Add(_broker?.PortMapper, Text($"epmd://127.0.0.1:{_portBase + PortMapperPort}"));
        Add(_postgres?.Process, Text($"postgres://127.0.0.1:{_portBase + PostgresPort}"));
        lock (_processesFile)
        {
            var path = Path.Combine(_dataFolder, "processes.json");
            File.WriteAllText(path + ".new", JsonSerializer.Serialize(processes, Json) + "\n");
            File.Move(path + ".new", path, overwrite: true);
        }
    }

    /// <summary>The file with the addresses that let their bearer in: only its owner can read it, and no log repeats it.</summary>
    public string KeysFile => Path.Combine(_dataFolder, "keys.txt");

    private void WriteKeys()
    {
        File.Delete(KeysFile);
        using var file = new StreamWriter(KeysFile, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        if (_options.Dashboard)
        {
            file.WriteLine($"dashboard  {Url(DashboardPort)}login?t={_secrets.DashboardToken}");
        }

        file.WriteLine(Text($"RabbitMQ   http://volunteerbook:{_secrets.RabbitMq}@127.0.0.1:{_portBase + ManagementPort}"));
        file.WriteLine(Text($"PostgreSQL Host=127.0.0.1;Port={_portBase + PostgresPort};Username=postgres;Password={_secrets.Postgres}"));
    }

    private void Log(string name, string coloured, bool show = true)
    {
        var line = Colours().Replace(coloured, "");
        lock (_logs)
        {
            if (!_logs.TryGetValue(name, out var log))
            {
                log = _logs[name] = new StreamWriter(Path.Combine(_dataFolder, "logs", name + ".log")) { AutoFlush = true };
            }

            log.WriteLine(line);
        }

        if (show)
        {
            _options.OnLine?.Invoke(name, line);
        }
    }

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colours();

    private void Progress(string line) => _options.OnProgress?.Invoke(line);

    private void TellWhere(string server, string folder, string expected)
    {
        if (folder != Path.GetFullPath(expected))
        {
            Progress($"{server} keeps its data in {folder}: its user cannot enter {Path.GetDirectoryName(expected)}");
        }
    }

    private KeptProcess Running(string name) =>
        _processes.TryGetValue(Model(name).ProcessName, out var process) && !process.HasExited
            ? process : throw new InvalidOperationException($"{name} is not running.");

    private Uri Url(int offset) => new(Text($"http://127.0.0.1:{_portBase + offset}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static ServiceModel Model(string name) =>
        ServiceModel.All.FirstOrDefault(model => model.ProcessName == name)
        ?? throw new ArgumentException($"There is no service {name}; there are {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The same runtime that runs us, when we were started by it; else the one in the path.</summary>
    internal static string DotNet() =>
        Path.GetFileName(System.Environment.ProcessPath) == "dotnet" ? System.Environment.ProcessPath!
        : System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static Dictionary<int, string> Offsets(NativeSystemOptions options)
    {
        var offsets = ServiceModel.All.ToDictionary(model => model.PortOffset, model => model.ProcessName);
        offsets.Add(PostgresPort, "PostgreSQL");
        offsets.Add(AmqpPort, "RabbitMQ");
        offsets.Add(DistributionPort, "RabbitMQ's distribution");
        offsets.Add(ManagementPort, "RabbitMQ's management");
        offsets.Add(PortMapperPort, "RabbitMQ's port mapper");
        if (options.Dashboard)
        {
            offsets.Add(DashboardPort, "the dashboard");
            offsets.Add(OtlpGrpcPort, "the dashboard's OTLP receiver (gRPC)");
            offsets.Add(OtlpHttpPort, "the dashboard's OTLP receiver (HTTP)");
        }

        return offsets;
    }

    /// <summary>Takes the state folder for this process; whoever has it, runs it.</summary>
    internal static FileStream Lock(string dataFolder)
    {
        try
        {
            return new FileStream(Path.Combine(dataFolder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new LauncherException($"The state folder {dataFolder} is in use by another `up`. End it, or choose another folder with --data.", exception);
        }
    }

    // Only what is ours: the folder was named by a person, and may hold more. The cache holds nothing of the state.
    private static void Empty(string dataFolder)
    {
        NativeFolder.Delete(Path.Combine(dataFolder, "postgres"));
        NativeFolder.Delete(Path.Combine(dataFolder, "rabbitmq"));
        File.Delete(Path.Combine(dataFolder, "secrets.json"));
        if (Directory.Exists(Path.Combine(dataFolder, "logs")))
        {
            Directory.Delete(Path.Combine(dataFolder, "logs"), recursive: true);
        }
    }
}
