using VolunteerBook.AppHost;
using VolunteerBook.Demo;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.EndToEnd.Tests.Contract;
using VolunteerBook.SystemUnderTest;

[assembly: AssemblyFixture(typeof(RunningSystem))]

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The whole system as <c>up</c> starts it, started by the first test that asks. Whatever a test does to it, it leaves it standing.</summary>
public class StandingSystem : IAsyncDisposable
{
    /// <summary>What is tested on it by one test after the other, while others of their own are tested beside.</summary>
    public const string Shared = "the system whose services are killed";

    private readonly Lazy<Task<RunningGraph>> system;
    private readonly Lazy<Task<ApiDocument>> document;
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-").FullName;

    public StandingSystem()
    {
        system = new Lazy<Task<RunningGraph>>(() => StartAsync(RunningGraph.Options(data)));
        document = new Lazy<Task<ApiDocument>>(async () => await ApiDocument.ReadAsync((await SystemAsync()).Gateway));
    }

    /// <summary>The system as nobody sees it, through the gateway. What it answers is held against its document.</summary>
    public async Task<Api> NobodyAsync()
    {
        var network = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        return new((await SystemAsync()).Gateway, new ChecksAnswers(await document.Value, network));
    }

    public Task<RunningGraph> SystemAsync() => system.Value;

    public async ValueTask DisposeAsync()
    {
        if (system.IsValueCreated)
        {
            await (await system.Value).DisposeAsync();
            await StoppedAsync();
        }

        Directory.Delete(data, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected virtual Task<RunningGraph> StartAsync(UpOptions options) => RunningGraph.StartAsync(options);

    protected virtual ValueTask StoppedAsync() => ValueTask.CompletedTask;
}

/// <summary>The one that most tests share, with its telemetry sent to a receiver of ours.</summary>
public sealed class RunningSystem : StandingSystem
{
    /// <inheritdoc cref="StandingSystem.Shared" />
    public new const string Shared = "the system that most tests share";

    private OtlpReceiver? telemetry;

    /// <summary>What the system has told of itself.</summary>
    public OtlpReceiver Telemetry => telemetry ?? throw new InvalidOperationException("The system has not been started.");

    protected override async Task<RunningGraph> StartAsync(UpOptions options)
    {
        telemetry = await OtlpReceiver.StartAsync();
        return await base.StartAsync(options with { Telemetry = telemetry.Endpoint });
    }

    protected override ValueTask StoppedAsync() => telemetry!.DisposeAsync();
}

/// <summary>Gives the tests that kill services theirs.</summary>
[CollectionDefinition(StandingSystem.Shared)]
public sealed class StandingSystemTests : ICollectionFixture<StandingSystem>;
