using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Medallion.Threading.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>The right to lead, and whether this instance has it: an advisory lock on the server that holds the service's database.</summary>
internal sealed class Leadership(string connectionString, string service)
{
    // A connection of its own, outside the pool that drops session state: PostgreSQL frees the lock as soon as it ends, whatever ended the process.
    // In the maintenance database: watching the lock keeps a transaction open, and in the service's own database Marten would take that
    // for a writer who may yet fill a gap in the sequence, and wait for it.
    public PostgresDistributedLock Lock { get; } = new(
        new PostgresAdvisoryLockKey($"volunteerbook-{service}-{new NpgsqlConnectionStringBuilder(connectionString).Database}", allowHashing: true),
        new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres", Pooling = false }.ConnectionString,
        options => options.UseMultiplexing(false).KeepaliveCadence(TimeSpan.FromSeconds(2)));

    public bool IsMine { get; set; }
}

/// <summary>
/// Of all instances of a service one leads: it alone projects, numbers and sends. It does so while it holds the lock and stops when the lock is lost;
/// another takes over at once.
/// </summary>
internal sealed partial class Leader(IDocumentStore store, Leadership leadership, SendToBroker sender, ILogger<Leader> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var held = await leadership.Lock.AcquireAsync(timeout: null, stoppingToken);
                using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, held.HandleLostToken);
                await LeadAsync(leading.Token);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LeadershipBroken(exception);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LeadAsync(CancellationToken leading)
    {
        LeadershipTaken();
        using var daemon = await store.BuildProjectionDaemonAsync();
        await daemon.StartAllAsync();
        leadership.IsMine = true;
        try
        {
            await Task.WhenAll(sender.RunAsync(leading), ReviveAsync(daemon, leading));
        }
        catch (OperationCanceledException) when (leading.IsCancellationRequested)
        {
            LeadershipGivenUp();
        }
        finally
        {
            leadership.IsMine = false;
            await daemon.StopAllAsync();
        }
    }

    /// <summary>A shard that stopped on an error (a database that was away) is started again; one that fails for good shows as behind in /health.</summary>
    private static async Task ReviveAsync(IProjectionDaemon daemon, CancellationToken leading)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), leading);
            if (daemon.HasAnyPaused() || daemon.CurrentAgents().Any(agent => agent.Status != AgentStatus.Running))
            {
                await daemon.StartAllAsync();
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "This instance leads: it projects and publishes.")]
    private partial void LeadershipTaken();

    [LoggerMessage(LogLevel.Information, "This instance no longer leads.")]
    private partial void LeadershipGivenUp();

    [LoggerMessage(LogLevel.Warning, "Leading was interrupted; trying again.")]
    private partial void LeadershipBroken(Exception exception);
}
