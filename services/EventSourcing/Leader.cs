using JasperFx;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Of all instances of a service one leads: it alone projects, numbers and sends. It does so while it holds the lock and stops when the lock is lost;
/// another takes over at once.
/// </summary>
internal sealed partial class Leader(
    IDocumentStore store, Leadership leadership, IEnumerable<IWhileLeading> works, NpgsqlDataSource database, StoreSignals signals, ILogger<Leader> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var hold = await FollowAsync(stoppingToken);
                using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, hold.Lost);
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

    /// <summary>Until this instance may lead it tells the one that does what was appended here: one notification for all that was appended meanwhile.</summary>
    private async Task<Hold> FollowAsync(CancellationToken stoppingToken)
    {
        using var following = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var telling = TellAsync(following.Token);
        try
        {
            return await leadership.TakeAsync(stoppingToken);
        }
        finally
        {
            await following.CancelAsync();
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TellAsync(CancellationToken following)
    {
        while (true)
        {
            await signals.NextAppendAsync(following);
            try
            {
                await using var notify = database.CreateCommand($"notify {Leadership.Channel}");
                await notify.ExecuteNonQueryAsync(following);
            }
            catch (NpgsqlException)
            {
                // The leader looks for itself once a second; a database that is away is said elsewhere.
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
            await Task.WhenAll([.. works.Select(work => work.RunAsync(leading)), ReviveAsync(daemon, leading)]);
        }
        catch (Exception) when (leading.IsCancellationRequested)
        {
            // Whatever was under way broke off because leading ended.
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

/// <summary>What one instance of a service does for all, for as long as it leads.</summary>
public interface IWhileLeading
{
    /// <summary>Goes on until leading ends. What fails on the way it tries again itself.</summary>
    Task RunAsync(CancellationToken leading);
}
