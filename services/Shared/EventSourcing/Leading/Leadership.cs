using System.Collections.Concurrent;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The right to lead, and whether this instance has it: an advisory lock in the service's own database, held by a connection of its own.
/// Only short statements go over that connection, whether it waits or holds. A statement that stays open (one that waits in the lock's queue, or a sleep that
/// watches the connection) is an open transaction in the eyes of Marten's daemon, which then takes every number that a rolled-back append left unused for one
/// that may yet be filled, and stops before it for as long.
/// </summary>
internal sealed class Leadership(string connectionString, string service, StoreSignals signals)
{
    /// <summary>On which the instances that do not lead tell the one that does that there is something new in the log.</summary>
    public const string Channel = "volunteerbook_appended";

    /// <summary>What breaks off once more within so long has not gone well between.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // No pool: PostgreSQL frees the lock as soon as the session ends, whatever ended it. Of a machine that fell silent it learns by asking.
    private readonly string own = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        CommandTimeout = 5,
        ApplicationName = $"{service} leader",
        Options = "-c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3",
    }.ConnectionString;

    public bool IsMine { get; set; }

    /// <summary>What of the leader's work does not succeed, since when (UTC), and why.</summary>
    public ConcurrentDictionary<string, (DateTimeOffset Since, string Error)> Failing { get; } = [];

    /// <summary>Notes that a part of the leader's work did not succeed.</summary>
    public void Fails(string part, DateTimeOffset now, Exception exception) =>
        Failing.AddOrUpdate(part, (now, exception.Message), (_, known) => (known.Since, exception.Message));

    /// <summary>That leading broke off, the last time and, where it did so again and again, since when; null where it never did.</summary>
    public BrokenOff? Broken { get; private set; }

    /// <summary>Notes that leading broke off.</summary>
    public void BreaksOff(DateTimeOffset now, Exception exception) =>
        Broken = new(Broken is { } before && now - before.Last < Again ? before.Since : now, now, exception.Message);

    /// <summary>Waits until this instance may lead.</summary>
    public async Task<Hold> TakeAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(own);
        try
        {
            await connection.OpenAsync(cancellationToken);
            while (!await TryAsync(connection, cancellationToken))
            {
                await Task.Delay(Look, cancellationToken);
            }

            return new Hold(connection, signals);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", connection);
        command.Parameters.Add(new() { Value = $"volunteerbook-{service}" });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
