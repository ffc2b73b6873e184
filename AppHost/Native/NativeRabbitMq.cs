using System.Globalization;
using System.Net.Sockets;

namespace VolunteerBook.Native;

/// <summary>Where RabbitMQ keeps its data and on which ports of loopback it listens.</summary>
public sealed record NativeRabbitMqOptions
{
    /// <summary>The folder of the data, the configuration and the log; created when absent.</summary>
    public required string Folder { get; init; }

    /// <summary>The port of AMQP on 127.0.0.1.</summary>
    public required int Port { get; init; }

    /// <summary>The port of Erlang's distribution protocol on 127.0.0.1.</summary>
    public required int DistributionPort { get; init; }

    /// <summary>The port of the management page and its HTTP API on 127.0.0.1.</summary>
    public required int ManagementPort { get; init; }

    /// <summary>The port of Erlang's port mapper, one of our own, on 127.0.0.1.</summary>
    public required int PortMapperPort { get; init; }

    /// <summary>The user, created with the data folder.</summary>
    public string User { get; init; } = "volunteerbook";

    /// <summary>The user's password, set when the data folder is created and the same ever after. Letters and digits.</summary>
    public required string Password { get; init; }

    /// <summary>Called for each line the broker writes to its console (warnings and errors; the rest is in its log file).</summary>
    public Action<string>? OnLine { get; init; }
}

/// <summary>
/// A RabbitMQ broker of our own on loopback, from Debian's or Ubuntu's binaries, with the management plugin and a port mapper (epmd)
/// of its own, so that none is left behind. It never outlives this process, and its data survive a restart.
/// </summary>
public sealed class NativeRabbitMq : IAsyncDisposable
{
    private readonly NativeRabbitMqOptions _options;
    private readonly string _folder;
    private readonly string? _user;

    private NativeRabbitMq(NativeRabbitMqOptions options, string folder, string? user)
    {
        _options = options;
        _folder = folder;
        _user = user;
    }

    /// <summary>The running broker.</summary>
    public KeptProcess Process { get; private set; } = null!;

    /// <summary>The broker's own port mapper, epmd.</summary>
    public KeptProcess PortMapper { get; private set; } = null!;

    /// <summary>The folder the data are really in.</summary>
    public string Folder => _folder;

    /// <summary>The AMQP address with user and password, of the default virtual host.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"amqp://{_options.User}:{_options.Password}@127.0.0.1:{_options.Port}");

    /// <summary>The management page and HTTP API, with user and password in the address.</summary>
    public string Management => string.Create(CultureInfo.InvariantCulture, $"http://{_options.User}:{_options.Password}@127.0.0.1:{_options.ManagementPort}");

    /// <summary>Creates the folder when there is none, starts the broker and waits until it takes connections.</summary>
    public static async Task<NativeRabbitMq> StartAsync(NativeRabbitMqOptions options, CancellationToken cancellationToken = default)
    {
        var user = NativeFolder.UserFor("rabbitmq");
        var broker = new NativeRabbitMq(options, await NativeFolder.PrepareAsync(options.Folder, user), user);
        try
        {
            await broker.StartAsync(cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the broker again after it was killed or stopped.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await ConfigureAsync(cancellationToken);
        var server = Server();

        // Erlang starts a port mapper as a daemon when there is none, and that would stay for ever: so ours is there first.
        if (PortMapper is null or { HasExited: true })
        {
            PortMapper = await KeptProcess.StartAsync(
                new KeptProcessOptions
                {
                    Name = "epmd",
                    Command = ["epmd", "-port", Text(_options.PortMapperPort), "-address", "127.0.0.1"],
                    WorkingDirectory = _folder,
                    User = _user,
                    OnLine = _options.OnLine,
                },
                cancellationToken);
            await Wait.UntilAsync(PortMapperAnswersAsync, PortMapper, TimeSpan.FromSeconds(20), cancellationToken);
        }

        Process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "rabbitmq",
                Command = [server],
                WorkingDirectory = _folder,
                User = _user,
                StopGrace = TimeSpan.FromSeconds(30),
                OnLine = _options.OnLine,
                Environment = new Dictionary<string, string>
                {
                    ["HOME"] = _folder,
                    // The host's name may change; a broker's data belong to its node's name.
                    ["RABBITMQ_NODENAME"] = "volunteerbook@localhost",
                    ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq"),
                    ["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(_folder, "advanced.config"),
                    ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
                    ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
                    ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
                    ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
                    ["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid"),
                    ["RABBITMQ_DIST_PORT"] = Text(_options.DistributionPort),
                    ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
                    ["ERL_EPMD_PORT"] = Text(_options.PortMapperPort),
                    ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                    ["RABBITMQ_LOG"] = "-color",
                    // The script then becomes the virtual machine instead of standing in front of it.
                    ["RUNNING_UNDER_SYSTEMD"] = "true",
                },
            },
            cancellationToken);
        var check = new Uri(string.Create(
            CultureInfo.InvariantCulture, $"http://127.0.0.1:{_options.ManagementPort}/api/health/checks/port-listener/{_options.Port}"));
        await Wait.UntilAsync(
            cancelled => Wait.AnswersAsync(check, $"{_options.User}:{_options.Password}", cancelled),
            Process,
            TimeSpan.FromSeconds(120),
            cancellationToken);
    }

    /// <summary>Ends the broker at once, as kill -9 does.</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Stops the broker in good order, then its port mapper.</summary>
    public async Task StopAsync()
    {
        await Process.StopAsync();
        await PortMapper.StopAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Process is not null)
        {
            await Process.DisposeAsync();
        }

        if (PortMapper is not null)
        {
            await PortMapper.DisposeAsync();
        }
    }

    private async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        var configuration = string.Create(
            CultureInfo.InvariantCulture,
            $"""
             listeners.tcp.default = 127.0.0.1:{_options.Port}
             management.tcp.ip = 127.0.0.1
             management.tcp.port = {_options.ManagementPort}
             default_user = {_options.User}
             default_pass = {_options.Password}
             raft.wal_max_size_bytes = 67108864
             disk_free_limit.absolute = 100MB
             log.console = true
             log.console.level = warning
             log.file.level = info

             """);
        foreach (var (name, content) in new[] { ("rabbitmq.conf", configuration), ("enabled_plugins", "[rabbitmq_management].\n") })
        {
            var path = Path.Combine(_folder, name);
            await File.WriteAllTextAsync(path, content, cancellationToken);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await NativeFolder.GiveAsync(path, _user);
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private async Task<bool> PortMapperAnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _options.PortMapperPort, cancellationToken);

            // NAMES_REQ of Erlang's distribution protocol: which nodes are there? The answer starts with the mapper's own port.
            var stream = client.GetStream();
            await stream.WriteAsync(new byte[] { 0, 1, (byte)'n' }, cancellationToken);
            return await stream.ReadAsync(new byte[4], cancellationToken) == 4;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    // Not /usr/sbin/rabbitmq-server: that one insists on the system's own user and folders.
    private static string Server()
    {
        const string path = "/usr/lib/rabbitmq/bin/rabbitmq-server";
        return File.Exists(path) ? path : throw new LauncherException("RabbitMQ is missing. On Debian or Ubuntu: apt-get install -y rabbitmq-server");
    }
}
