using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text.Json;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>`up` as a person uses it: as a process, with its options and its signals.</summary>
[SupportedOSPlatform("linux")]
public sealed class UpTests : IDisposable
{
    private static readonly string Program = AsBuilt.Program(Path.Combine(AsBuilt.Repository, "AppHost", "AppHost.csproj"));
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-up-").FullName;

    // The servers' users must be able to enter.
    public UpTests() => File.SetUnixFileMode(data, File.GetUnixFileMode(data) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task a_taken_port_is_refused_with_one_line_that_names_it()
    {
        // The ledger's port is the base and four.
        var portBase = RunningGraph.FreePortBase();
        using var other = new TcpListener(IPAddress.Loopback, portBase + 4);
        other.Start();

        await using var up = Up(portBase);

        (await up.EndAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)).ShouldBe(1);
        var line = up.Lines.ShouldHaveSingleItem();
        line.ShouldContain((portBase + 4).ToString(CultureInfo.InvariantCulture));
        line.ShouldContain("ledger");
    }

    [Theory]
    [InlineData("--nonsense", "--nonsense")]
    [InlineData("--data", "--data needs a value")]
    [InlineData("--data a --data b", "--data is given twice")]
    [InlineData("--env NAME", "NAME=VALUE")]
    [InlineData("--telemetry nowhere", "nowhere")]
    [InlineData("--typo=yes", "--typo")]
    [InlineData("typo=yes", "typo=yes")]
    [InlineData("--port-base=many", "many")]
    [InlineData("--only=portall", "portall")]
    public async Task what_cannot_be_understood_is_refused_with_one_line(string options, string said)
    {
        await using var up = Child.Start(new Dictionary<string, string>(), "dotnet", [Program, .. options.Split(' ')]);

        (await up.EndAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)).ShouldBe(1);
        up.Lines.ShouldHaveSingleItem().ShouldContain(said);
    }

    [Fact]
    public async Task signals_end_everything_also_a_kill_and_the_data_are_there_the_next_time()
    {
        var portBase = RunningGraph.FreePortBase();
        await using (var up = Up(portBase))
        {
            await ReadyAsync(up);
            await ExecuteAsync(portBase, "create table kept (value int); insert into kept values (42)");
            // A second one on the same folder is told so.
            await using (var second = Up(RunningGraph.FreePortBase()))
            {
                (await second.EndAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken)).ShouldBe(1);
                second.Lines.ShouldHaveSingleItem().ShouldContain("is in use");
            }

            await up.SendAsync("TERM");
            (await up.EndAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBe(0, up.LastLines);
            await NothingIsLeftAsync(portBase, TimeSpan.Zero);
        }

        // What watches over the system's processes ends them when the program cannot any more; and whoever starts before that is done, waits for it.
        await using (var up = Up(portBase))
        {
            await ReadyAsync(up);
            (await ExecuteAsync(portBase, "select value from kept")).ShouldBe("42");
            await up.SendAsync("KILL");
        }

        await NothingIsLeftAsync(portBase, TimeSpan.FromSeconds(90));
        // Also what has only begun to start: by Ctrl-C, or because the terminal goes away.
        foreach (var signal in new[] { "INT", "HUP" })
        {
            await using var up = Up(portBase);
            await Eventually.Is(() => Task.FromResult(up.Lines.Any(line => line.EndsWith("is healthy", StringComparison.Ordinal))));
            await up.SendAsync(signal);
            (await up.EndAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBe(0, up.LastLines);
            await NothingIsLeftAsync(portBase, TimeSpan.Zero);
        }
    }

    private Child Up(int portBase, params IEnumerable<string> more) => Child.Start(
        new Dictionary<string, string>(), "dotnet",
        [Program, "--data", data, "--port-base", portBase.ToString(CultureInfo.InvariantCulture), "--native", "--no-dashboard", "--no-demo", .. more]);

    private async Task ReadyAsync(Child up)
    {
        await Eventually.Is(
            () =>
            {
                up.HasExited.ShouldBeFalse(up.LastLines);
                up.Lines.ShouldContain("ready");
                return Task.CompletedTask;
            },
            TimeSpan.FromMinutes(4));
        // Whoever reads what `up` says learns no password: they lie in files that only their owner can read.
        using var secrets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "secrets.json")));
        foreach (var secret in secrets.RootElement.EnumerateObject())
        {
            up.Lines.ShouldNotContain(line => line.Contains(secret.Value.GetString()!, StringComparison.Ordinal), secret.Name);
        }

        foreach (var name in new[] { "secrets.json", "keys.txt", "logs" })
        {
            (File.GetUnixFileMode(Path.Combine(data, name)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute))
                .ShouldBe(UnixFileMode.None, name);
        }

        up.Lines.ShouldContain(line => line.Contains("every mail is caught here", StringComparison.Ordinal), up.LastLines);

        // A quiet console: what starts, what is healthy, where it is. No warnings of what has not started yet, but reminders where that takes minutes.
        var lines = up.Lines.Where(line => !line.Contains(" is not healthy yet: ", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBeLessThan(30, up.LastLines);
        lines.ShouldNotContain(
            line => line.Contains("warn", StringComparison.OrdinalIgnoreCase) || line.Contains("fail", StringComparison.OrdinalIgnoreCase), up.LastLines);
    }

    private async Task NothingIsLeftAsync(int portBase, TimeSpan within)
    {
        await Eventually.Is(
            () =>
            {
                StateFolder.WhatRuns(data).ShouldBeEmpty();
                Enumerable.Range(portBase, 114).Where(port => !Ports.IsFree(port)).ShouldBeEmpty();
                return Task.CompletedTask;
            },
            within);
    }

    private async Task<string?> ExecuteAsync(int portBase, string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Host=127.0.0.1;Port={portBase + 100};Username=postgres;Password={Secrets.Of(data).Postgres};Database=ledger;Pooling=false"));
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }
}
