using VolunteerBook.Demo;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.Native;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningSystem))]

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The whole system as <c>up</c> starts it, with its telemetry sent to a receiver of ours. Shared by the tests that leave it standing; started by the first that asks.</summary>
public sealed class RunningSystem : IAsyncDisposable
{
    private readonly Lazy<Task<NativeSystem>> system;
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-").FullName;
    private OtlpReceiver? telemetry;

    public RunningSystem() => system = new Lazy<Task<NativeSystem>>(StartAsync);

    /// <summary>What the system has told of itself.</summary>
    public OtlpReceiver Telemetry => telemetry ?? throw new InvalidOperationException("The system has not been started.");

    /// <summary>The system as nobody sees it, through the gateway.</summary>
    public async Task<Api> NobodyAsync() => new((await SystemAsync()).Gateway);

    public Task<NativeSystem> SystemAsync() => system.Value;

    public async ValueTask DisposeAsync()
    {
        if (system.IsValueCreated)
        {
            await (await system.Value).DisposeAsync();
            await telemetry!.DisposeAsync();
        }

        Directory.Delete(data, recursive: true);
    }

    private async Task<NativeSystem> StartAsync()
    {
        telemetry = await OtlpReceiver.StartAsync();
        return await NativeSystem.StartAsync(Options(data) with { OtlpEndpoint = telemetry.Endpoint });
    }

    /// <summary>A system on free ports, its data in a folder that the servers' users may enter.</summary>
    public static NativeSystemOptions Options(string folder)
    {
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new NativeSystemOptions { DataFolder = folder, PortBase = null, Dashboard = false };
    }
}
