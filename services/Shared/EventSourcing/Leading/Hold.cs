using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>The lock, for as long as its connection lives.</summary>
internal sealed class Hold : IAsyncDisposable
{
    // What a connection that ended in order or by force cost is heard at once; this is for a network that fell silent.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private readonly NpgsqlConnection connection;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource released = new();
    private readonly Task watching;

    public Hold(NpgsqlConnection connection, StoreSignals signals)
    {
        this.connection = connection;
        connection.Notification += (_, _) => signals.Appended();
        watching = WatchAsync();
    }

    /// <summary>Says that the connection ended, and with it the right to lead.</summary>
    public CancellationToken Lost => lost.Token;

    public async ValueTask DisposeAsync()
    {
        await released.CancelAsync();
        await watching;
        await connection.DisposeAsync();
        released.Dispose();
        lost.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await using var listen = new NpgsqlCommand($"listen {Leadership.Channel}", connection);
            await listen.ExecuteNonQueryAsync(released.Token);
            await using var ask = new NpgsqlCommand("select 1", connection);
            while (true)
            {
                if (!await connection.WaitAsync(Look, released.Token))
                {
                    await ask.ExecuteScalarAsync(released.Token);
                }
            }
        }
        catch (OperationCanceledException) when (released.IsCancellationRequested)
        {
            // Given back in good order.
        }
        catch (Exception)
        {
            // Whatever it was, nobody watches the lock any more.
            await lost.CancelAsync();
        }
    }
}
