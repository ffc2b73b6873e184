using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Native;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The launcher as a person uses it: as a process, with its options and its signals.</summary>
[SupportedOSPlatform("linux")]
public sealed class LauncherTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("volunteerbook-up-").FullName;
    private readonly ConcurrentQueue<string> _output = new();

    // The servers' users must be able to enter.
    public LauncherTests() => File.SetUnixFileMode(_data, File.GetUnixFileMode(_data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task a_taken_port_is_refused_with_one_line_that_names_it()
    {
        // The ledger's port is the base and four.
        var portBase = FreeBase();
        var taken = portBase + 4;
        using var other = new TcpListener(IPAddress.Loopback, taken);
        other.Start();

        await using var up = await UpAsync(portBase);

        (await up.Exited.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(1);
        var line = _output.ShouldHaveSingleItem();
        line.ShouldContain(taken.ToString(CultureInfo.InvariantCulture));
        line.ShouldContain("ledger");
    }

    [Fact]
    public async Task an_unknown_option_is_refused_with_one_line()
    {
        await using var up = await UpAsync(FreeBase(), "--nonsense");

        (await up.Exited.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(1);
        _output.ShouldHaveSingleItem().ShouldContain("--nonsense");
    }

    [Fact]
    public async Task a_termination_signal_ends_everything_and_the_data_are_there_the_next_time()
    {
        var portBase = FreeBase();
        await using (var up = await UpAsync(portBase))
        {
            var processes = await ReadyAsync(up);
            _output.Clear();
            processes.Keys.ShouldBe([.. NativeSystem.Names, "epmd", "postgres", "rabbitmq"], ignoreOrder: true);
            await ExecuteAsync(portBase, "create table kept (value int); insert into kept values (42)");

            await up.SendAsync("TERM");

            (await up.Exited.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBe(0, LastOutput());
            Alive(processes).ShouldBeEmpty();
            Listening(portBase).ShouldBeEmpty();
            File.Exists(Path.Combine(_data, "processes.json")).ShouldBeFalse();
        }

        await using (var up = await UpAsync(portBase))
        {
            await ReadyAsync(up);
            (await ExecuteAsync(portBase, "select value from kept")).ShouldBe("42");
            await up.SendAsync("INT");
            (await up.Exited.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBe(0, LastOutput());
        }
    }

    [Fact]
    public async Task when_the_launcher_is_killed_no_process_is_left()
    {
        var portBase = FreeBase();
        await using var up = await UpAsync(portBase);
        var processes = await ReadyAsync(up);

        await up.KillAsync();

        await Eventually.Is(() => Task.FromResult(Alive(processes).Count == 0), TimeSpan.FromSeconds(90));
        await Eventually.Is(() => Task.FromResult(Listening(portBase).Count == 0), TimeSpan.FromSeconds(30));
    }

    private Task<KeptProcess> UpAsync(int portBase, params string[] more)
    {
        var configuration = new NativeSystemOptions();
        return KeptProcess.StartAsync(new KeptProcessOptions
        {
            Name = "up",
            Command =
            [
                "dotnet",
                Path.Combine(configuration.RepositoryRoot, "AppHost", "Native", "bin", configuration.Configuration, "net10.0", "VolunteerBook.Native.dll"),
                "up", "--data", _data, "--port-base", portBase.ToString(CultureInfo.InvariantCulture), "--no-dashboard", "--no-demo", .. more,
            ],
            WorkingDirectory = "/",
            StopGrace = TimeSpan.FromSeconds(60),
            OnLine = _output.Enqueue,
        });
    }

    // The processes by name, once all is ready.
    private async Task<IReadOnlyDictionary<string, int>> ReadyAsync(KeptProcess up)
    {
        await Eventually.Is(
            () =>
            {
                up.HasExited.ShouldBeFalse(LastOutput());
                _output.ShouldContain(line => line.StartsWith("up ", StringComparison.Ordinal) && line.EndsWith(" ready", StringComparison.Ordinal), LastOutput());
                return Task.CompletedTask;
            },
            TimeSpan.FromMinutes(3));
        // Whoever reads the log of `up` learns no password: they lie in files that only their owner can read.
        using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_data, "secrets.json")));
        foreach (var secret in secrets.RootElement.EnumerateObject())
        {
            _output.ShouldNotContain(line => line.Contains(secret.Value.GetString()!, StringComparison.Ordinal), secret.Name);
        }

        foreach (var name in new[] { "secrets.json", "keys.txt", "logs" })
        {
            (File.GetUnixFileMode(Path.Combine(_data, name)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)).ShouldBe(UnixFileMode.None, name);
        }

        await using var file = File.OpenRead(Path.Combine(_data, "processes.json"));
        using var document = await JsonDocument.ParseAsync(file);
        return document.RootElement.EnumerateArray().ToDictionary(each => each.GetProperty("name").GetString()!, each => each.GetProperty("pid").GetInt32());
    }

    private async Task<string?> ExecuteAsync(int portBase, string sql)
    {
        using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_data, "secrets.json")));
        var password = secrets.RootElement.GetProperty("postgres").GetString();
        await using var connection = new Npgsql.NpgsqlConnection(
            string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={portBase + 100};Username=postgres;Password={password};Database=ledger;Pooling=false"));
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    private static int FreeBase() => Ports.FreeBase([0, 1, 2, 3, 4, 5, 6, 7, 14, 100, 101, 102, 103, 104]);

    // A process that has ended and waits for its parent to notice (state Z) runs no more.
    private static List<string> Alive(IReadOnlyDictionary<string, int> processes) => [.. processes.Where(each => IsAlive(each.Value)).Select(each => each.Key)];

    private static bool IsAlive(int processId)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{processId}/stat");
            return status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static List<int> Listening(int portBase) => [.. Enumerable.Range(portBase, 113).Where(port => !Ports.IsFree(port))];

    private string LastOutput() => string.Join(Environment.NewLine, _output.TakeLast(60));
}
