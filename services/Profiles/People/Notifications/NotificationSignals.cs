using System.Collections.Concurrent;
using Npgsql;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// Wakes, at every instance, who waits for a person's notifications when any instance has committed some: over one connection on which PostgreSQL tells it. A
/// signal only hastens: whoever waits looks by itself now and then.
/// </summary>
internal sealed partial class NotificationSignals(IConfiguration configuration, ILogger<NotificationSignals> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string own = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("profiles"))
    {
        Pooling = false,
        // A network that fell silent is noticed by it.
        KeepAlive = 15,
        ApplicationName = "profiles notifications",
    }.ConnectionString;

    private readonly ConcurrentDictionary<Guid, ConcurrentDictionary<Listener, bool>> listeners = [];
    private TaskCompletionSource any = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when anybody's have changed. Taken before looking, so that nothing slips between.</summary>
    public Task NextOfAnybody => Volatile.Read(ref any).Task;

    /// <summary>Somebody who waits for a person's; null where so many do already.</summary>
    public Listener? Listen(Guid person, int most)
    {
        var listener = new Listener(this, person);
        var others = listeners.GetOrAdd(person, _ => []);
        lock (others)
        {
            if (others.Count >= most)
            {
                return null;
            }

            // Between the two the last of the others may have left, and the list with them.
            listeners[person] = others;
            others[listener] = true;
        }

        return listener;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(own);
                connection.Notification += (_, told) => Wake(Guid.TryParse(told.Payload, out var person) ? person : null);
                await connection.OpenAsync(stoppingToken);
                await using (var listen = new NpgsqlCommand($"listen {Notifications.Channel}", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                // What was told while nobody listened.
                Wake(null);
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                NotHeard(exception.Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Wake(Guid? person)
    {
        Interlocked.Exchange(ref any, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        foreach (var listener in person is { } one ? listeners.GetValueOrDefault(one)?.Keys ?? [] : listeners.Values.SelectMany(all => all.Keys))
        {
            listener.Wake();
        }
    }

    private void Leave(Guid person, Listener listener)
    {
        if (listeners.TryGetValue(person, out var others))
        {
            lock (others)
            {
                others.TryRemove(listener, out _);
                if (others.IsEmpty)
                {
                    listeners.TryRemove(new(person, others));
                }
            }
        }
    }

    /// <summary>One that waits.</summary>
    internal sealed class Listener(NotificationSignals signals, Guid person) : IDisposable
    {
        private TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when the person's have changed. Taken before looking, so that nothing slips between.</summary>
        public Task Woken => Volatile.Read(ref woken).Task;

        public void Wake() => Interlocked.Exchange(ref woken, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

        public void Dispose() => signals.Leave(person, this);
    }

    [LoggerMessage(LogLevel.Warning, "What other instances tell of notifications is not heard; streams look every while: {Error}")]
    private partial void NotHeard(string error);
}
