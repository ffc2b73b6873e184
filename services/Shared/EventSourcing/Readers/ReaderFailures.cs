using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>What one reader could not handle of one publisher's log, in a table: what holds it up, and what waits behind that.</summary>
internal sealed class ReaderFailures(Reader reader, string publisher)
{
    private const int LongestError = 1000;
    private const string Of = "reader = $1 and version = $2 and edition = $3 and publisher = $4";
    private const string NextAttempt = "now() + make_interval(secs => least(60, 2 ^ least(failed.attempts, 10)))";
    private const string OfPosition = "f.reader = p.reader and f.version = p.version and f.edition = p.edition and f.publisher = p.publisher and f.log = p.log";

    /// <summary>What is to be known of them beside the position, as columns of a query of the position's row <c>p</c>.</summary>
    public const string Columns =
        $"""
        (select count(*) from reader_failures f where {OfPosition} and f.state in ('blocked', 'waiting')),
        (select extract(epoch from now() - min(first_at))::float8 from reader_failures f where {OfPosition} and f.state = 'blocked'),
        array(select distinct f.key from reader_failures f where {OfPosition} and f.state in ('blocked', 'waiting') and f.key is not null),
        array(select f.sequence from reader_failures f where {OfPosition} and f.state = 'skipped' and f.sequence > p.sequence),
        array(select f.sequence from reader_failures f where {OfPosition} and f.state = 'blocked' and f.key is null and f.next_at > now())
        """;

    /// <summary>
    /// Notes that a message could not be handled: once more, where it could not before. The next attempt is later each time, at most a minute.
    /// </summary>
    public async Task FailedAsync(NpgsqlConnection connection, IntegrationMessage message, string? key, Exception failure, CancellationToken ct)
    {
        await using var command = Command(connection,
            $"""
            insert into reader_failures as failed (reader, version, edition, publisher, log, sequence, key, type, message, error, attempts, next_at, state)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, now() + interval '1 second', 'blocked')
            on conflict (reader, version, edition, publisher, log, sequence) do update
            set key = excluded.key, error = excluded.error, last_at = now(), attempts = failed.attempts + 1,
                next_at = {NextAttempt}, state = 'blocked'
            where failed.state in ('blocked', 'waiting')
            """);
        Add(command, message, key);
        command.Parameters.Add(new() { Value = Said(failure) });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes that one that is noted could not be handled once more; not where another instance could meanwhile.</summary>
    public async Task FailedAgainAsync(NpgsqlTransaction transaction, IntegrationMessage message, Exception failure, CancellationToken ct)
    {
        await using var command = Command(transaction.Connection!,
            $"""
            update reader_failures failed set error = $7, last_at = now(), attempts = attempts + 1, next_at = {NextAttempt}, state = 'blocked'
            where {Of} and log = $5 and sequence = $6 and state in ('blocked', 'waiting')
            """);
        command.Parameters.Add(new() { Value = message.Log });
        command.Parameters.Add(new() { Value = message.Sequence });
        command.Parameters.Add(new() { Value = Said(failure) });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Lets a message wait behind one that is about the same.</summary>
    public async Task WaitsAsync(NpgsqlTransaction transaction, IntegrationMessage message, string key, CancellationToken ct)
    {
        await using var command = Command(transaction.Connection!,
            """
            insert into reader_failures (reader, version, edition, publisher, log, sequence, key, type, message, attempts, next_at, state)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, now(), 'waiting')
            on conflict (reader, version, edition, publisher, log, sequence) do update set key = excluded.key
            where reader_failures.state in ('blocked', 'waiting')
            """);
        Add(command, message, key);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Forgets one that was handled after all.</summary>
    public async Task HandledAsync(NpgsqlTransaction transaction, IntegrationMessage message, CancellationToken ct)
    {
        await using var command = Command(transaction.Connection!,
            $"delete from reader_failures where {Of} and log = $5 and sequence = $6 and state in ('blocked', 'waiting')");
        command.Parameters.Add(new() { Value = message.Log });
        command.Parameters.Add(new() { Value = message.Sequence });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Forgets the one that held up all, which was handled after all.</summary>
    public async Task HandledUpToAsync(NpgsqlConnection connection, Guid log, long upTo, CancellationToken ct)
    {
        await using var command = Command(connection,
            $"delete from reader_failures where {Of} and log = $5 and sequence <= $6 and key is null and state in ('blocked', 'waiting')");
        command.Parameters.Add(new() { Value = log });
        command.Parameters.Add(new() { Value = upTo });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Which of some positions somebody decided to pass over.</summary>
    public async Task<IReadOnlyCollection<long>> SkippedAsync(NpgsqlConnection connection, Guid log, IEnumerable<long> of, CancellationToken ct)
    {
        await using var command = Command(connection,
            $"select array(select sequence from reader_failures where {Of} and log = $5 and state = 'skipped' and sequence = any($6))");
        command.Parameters.Add(new() { Value = log });
        command.Parameters.Add(new() { Value = of.ToArray() });
        return (long[])(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The first of what is about one thing whose time it is to be tried, or null.</summary>
    public async Task<(string Key, long Sequence)?> DueAsync(NpgsqlConnection connection, Guid log, CancellationToken ct)
    {
        await using var command = Command(connection,
            $"""
            select key, sequence from (
                select distinct on (key) key, sequence, next_at from reader_failures
                where {Of} and log = $5 and key is not null and state in ('blocked', 'waiting') order by key, sequence) first
            where next_at <= now() order by next_at limit 1
            """);
        command.Parameters.Add(new() { Value = log });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetString(0), row.GetInt64(1)) : null;
    }

    /// <summary>One of them, as it came.</summary>
    public async Task<IntegrationMessage> MessageAsync(NpgsqlConnection connection, Guid log, long sequence, CancellationToken ct)
    {
        await using var command = Command(connection, $"select message from reader_failures where {Of} and log = $5 and sequence = $6");
        command.Parameters.Add(new() { Value = log });
        command.Parameters.Add(new() { Value = sequence });
        return JsonSerializer.Deserialize<IntegrationMessage>((string)(await command.ExecuteScalarAsync(ct))!, Json.Options)!;
    }

    private static string Said(Exception failure)
    {
        var error = $"{failure.GetType().Name}: {failure.Message}";
        return error.Length > LongestError ? error[..LongestError] : error;
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = reader.Version });
        command.Parameters.Add(new() { Value = reader.Edition });
        command.Parameters.Add(new() { Value = publisher });
        return command;
    }

    private static void Add(NpgsqlCommand command, IntegrationMessage message, string? key)
    {
        command.Parameters.Add(new() { Value = message.Log });
        command.Parameters.Add(new() { Value = message.Sequence });
        command.Parameters.Add(new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = message.Type });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(message, Json.Options), NpgsqlDbType = NpgsqlDbType.Jsonb });
    }
}
