using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace VolunteerBook.EventSourcing;

/// <summary>The row that says where one reader stands in one publisher's log.</summary>
internal sealed class ReaderPositions(Reader reader, string publisher, NpgsqlDataSource database)
{
    private const string Of = "reader = $1 and version = $2 and edition = $3 and publisher = $4";

    private const string Select =
        $"""
        select log, sequence, number, {ReaderFailures.Columns}, stopped, accepted_from, decided_at
        from reader_positions p where {Of}
        """;

    // A read model that was dropped does not begin again; the lock is for one that is being dropped now.
    private const string Insert =
        """
        insert into reader_positions (reader, version, edition, publisher, sequence)
        select $1, $2, $3, $4, 0 where not $5 or (
            select true from read_models where reader = $1 and version = $2 and edition = $3 and dropped_at is null for share)
        on conflict do nothing
        """;

    /// <summary>
    /// Of a reader of the service's own log how far it has come; one that has none begins. A store of before has one of a subscription of Marten's.
    /// </summary>
    public async Task<long> ReachedAsync(CancellationToken ct)
    {
        await using (var begin = Command(
            """
            insert into reader_positions (reader, version, edition, publisher, sequence)
            values ($1, $2, $3, $4, coalesce((select last_seq_id from mt_event_progression where name = $1 || ':All'), 0)) on conflict do nothing
            """))
        {
            await begin.ExecuteNonQueryAsync(ct);
        }

        return (await ReadAsync(ct)).Sequence;
    }

    /// <summary>Writes down how far a reader of the service's own log has come.</summary>
    public async Task ReachesAsync(long upTo, CancellationToken ct)
    {
        await using var command = Command($"update reader_positions set sequence = greatest(sequence, $5) where {Of}");
        command.Parameters.Add(new() { Value = upTo });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>As it is written down; a reader that has none begins.</summary>
    public async Task<ReaderPosition> ReadAsync(CancellationToken ct)
    {
        if (await FindAsync(ct) is { } found)
        {
            return found;
        }

        await using (var begin = Command(Insert))
        {
            begin.Parameters.Add(new() { Value = reader.Model is not null });
            await begin.ExecuteNonQueryAsync(ct);
        }

        return await FindAsync(ct) ?? throw Dropped();
    }

    /// <summary>As it is written down, and until the transaction ends nobody moves it.</summary>
    public async Task<ReaderPosition> LockAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        // In two statements: what others wrote about failures while this one waited is seen by the second.
        await using (var wait = Command($"select 1 from reader_positions where {Of} for update", transaction))
        {
            await wait.ExecuteNonQueryAsync(ct);
        }

        await using var command = Command(Select, transaction);
        return await ReadAsync(command, ct) ?? throw Dropped();
    }

    /// <summary>Moves it on, in the transaction of what was done on the way.</summary>
    public async Task MoveAsync(NpgsqlTransaction transaction, long upTo, CancellationToken ct)
    {
        await using var command = Command($"update reader_positions set sequence = $5 where {Of}", transaction);
        command.Parameters.Add(new() { Value = upTo });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Writes down how far it came without doing anything.</summary>
    /// <returns>Whether it is: not where the database knows less than was written down before, or somebody has decided otherwise.</returns>
    public async Task<bool> KeepAsync(Guid log, long kept, long upTo, CancellationToken ct)
    {
        await using var command = Command(
            $"update reader_positions set sequence = greatest(sequence, $5) where {Of} and log = $6 and sequence >= $7 and stopped is null");
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = log });
        command.Parameters.Add(new() { Value = kept });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    /// <summary>Begins in a log, at a position of it. Where another instance has done so, that holds.</summary>
    public async Task BeginAsync(Guid log, long sequence, CancellationToken ct)
    {
        await using var command = Command($"update reader_positions set log = $5, sequence = $6, number = null where {Of} and log is null");
        command.Parameters.Add(new() { Value = log });
        command.Parameters.Add(new() { Value = sequence });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Does nothing more of this publisher, here and at other instances and after a restart, until somebody accepts what it has become.</summary>
    public async Task StopAsync(ReaderPosition position, string why, CancellationToken ct)
    {
        await using var command = Command(
            $"update reader_positions set stopped = $5 where {Of} and log = $6 and sequence <= $7 and decided_at is not distinct from $8 and stopped is null");
        command.Parameters.Add(new() { Value = why });
        command.Parameters.Add(new() { Value = position.Log!.Value });
        command.Parameters.Add(new() { Value = position.Sequence });
        command.Parameters.Add(new() { Value = (object?)position.Accepted?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes that it has handled all that there was.</summary>
    public async Task NoteLevelAsync(CancellationToken ct)
    {
        await using var command = Command($"update reader_positions set level_at = now() where {Of} and level_at is null");
        await command.ExecuteNonQueryAsync(ct);
    }

    private ReaderDroppedException Dropped() => new($"{reader.Name} version {reader.Version}, edition {reader.Edition}, was dropped.");

    private async Task<ReaderPosition?> FindAsync(CancellationToken ct)
    {
        await using var command = Command(Select);
        return await ReadAsync(command, ct);
    }

    private static async Task<ReaderPosition?> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        return !await row.ReadAsync(ct) ? null : new(
            await row.IsDBNullAsync(0, ct) ? null : row.GetGuid(0),
            row.GetInt64(1),
            await row.IsDBNullAsync(2, ct) ? null : row.GetInt64(2))
        {
            Failed = row.GetInt64(3),
            FailedSince = await row.IsDBNullAsync(4, ct) ? null : Stopwatch.GetTimestamp() - (long)(row.GetDouble(4) * Stopwatch.Frequency),
            Keys = [.. row.GetFieldValue<string[]>(5)],
            Skipped = row.GetFieldValue<long[]>(6),
            Held = row.GetFieldValue<long[]>(7),
            Stopped = await row.IsDBNullAsync(8, ct) ? null : row.GetString(8),
            From = await row.IsDBNullAsync(9, ct) ? null : row.GetString(9) == "end" ? Start.Now : Start.Beginning,
            Accepted = await row.IsDBNullAsync(10, ct) ? null : new DateTimeOffset(row.GetDateTime(10), TimeSpan.Zero),
        };
    }

    private NpgsqlCommand Command(string sql, NpgsqlTransaction? transaction = null)
    {
        var command = transaction is null ? database.CreateCommand(sql) : new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = reader.Version });
        command.Parameters.Add(new() { Value = reader.Edition });
        command.Parameters.Add(new() { Value = publisher });
        return command;
    }
}
