using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Of all instances of a service one leads: it alone sends what is published and reads the service's own log. It does so while it holds the lock and every part
/// of it goes on; when the lock is lost, or one part ends, all end, and another takes over.
/// </summary>
internal sealed partial class Leader(
    Leadership leadership, IEnumerable<IWhileLeading> works, NpgsqlDataSource database, StoreSignals signals, TimeProvider clock,
    ILogger<Leader> logger) : BackgroundService
{
    // What is appended within it is told together.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(5);
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
                leadership.BreaksOff(clock.GetUtcNow(), exception);
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
            var appended = signals.NextAppend;
            try
            {
                // What was appended before this instance followed is told too.
                await using var notify = database.CreateCommand($"notify {Leadership.Channel}");
                await notify.ExecuteNonQueryAsync(following);
            }
            catch (NpgsqlException)
            {
                // The leader looks for itself now and then; a database that is away is said elsewhere.
            }

            await appended.WaitAsync(following);
            await Task.Delay(Gather, following);
        }
    }

    private async Task LeadAsync(CancellationToken mayLead)
    {
        LeadershipTaken();
        leadership.IsMine = true;
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(mayLead);
        var parts = works.Select(work => Task.Run(() => work.RunAsync(leading.Token), CancellationToken.None)).ToList();
        try
        {
            await await Task.WhenAny(parts);
            if (!mayLead.IsCancellationRequested)
            {
                throw new InvalidOperationException("One of the leader's tasks came to an end.");
            }
        }
        catch (Exception) when (mayLead.IsCancellationRequested)
        {
            // Whatever was under way broke off because leading ended.
            LeadershipGivenUp();
        }
        finally
        {
            leadership.IsMine = false;
            await leading.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Information, "This instance leads: it publishes and reads the log.")]
    private partial void LeadershipTaken();

    [LoggerMessage(LogLevel.Information, "This instance no longer leads.")]
    private partial void LeadershipGivenUp();

    [LoggerMessage(LogLevel.Warning, "Leading was interrupted; trying again.")]
    private partial void LeadershipBroken(Exception exception);
}
