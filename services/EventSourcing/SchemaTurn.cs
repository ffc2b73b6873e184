using Microsoft.Extensions.Hosting;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Of instances that start at the same time one after the other looks at the schema, however long each takes. Marten has a lock for that too, but gives up its start
/// after some seconds in the queue, and on a busy machine the first takes longer.
/// </summary>
internal sealed class SchemaTurn(string connectionString, string service) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.2);
    private readonly NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = $"{service} schema" }.ConnectionString);

    /// <summary>Before everything else of this process starts.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken);
        while (true)
        {
            // Asked again and again: a statement that waits would be an open transaction (see Leadership).
            await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
            command.Parameters.Add(new() { Value = LockOf(service) });
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
            {
                return;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>The schema is looked at in the start of the store, which is over by now.</summary>
    public Task StartedAsync(CancellationToken cancellationToken) => connection.CloseAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>What is locked, as text.</summary>
    internal static string LockOf(string service) => $"volunteerbook-{service} schema";
}
