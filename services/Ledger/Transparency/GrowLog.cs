using System.Security.Cryptography;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// Makes a leaf of every event, in the order of the event store, and signs checkpoints; on the instance that leads. It takes a lock for
/// the length of a transaction, in which the last leaf says how far the log is. So there is no progress that could differ from the log,
/// and who only believes to lead does no harm.
/// </summary>
internal sealed partial class GrowLog(
    NpgsqlDataSource database, EventLog events, StoreSignals signals, LogKey key, TimeProvider clock, IConfiguration configuration,
    ILogger<GrowLog> logger) : IWhileLeading
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly TimeSpan between = configuration.GetValue("Log:CheckpointInterval", TimeSpan.FromSeconds(10));

    public async Task RunAsync(CancellationToken leading)
    {
        while (true)
        {
            leading.ThrowIfCancellationRequested();
            var appended = signals.NextAppend;
            var then = Then.Soon;
            try
            {
                then = await GrowAsync(leading);
            }
            catch (Exception exception) when (!leading.IsCancellationRequested)
            {
                NotGrown(exception.Message);
            }

            if (then == Then.AfterTheNextAppend)
            {
                await appended.WaitAsync(signals.Look, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (then != Then.AtOnce)
            {
                // What is appended within it gets its leaves together.
                await Task.Delay(Pause, leading);
            }
        }
    }

    /// <summary>Appends a batch and signs when it is time; all in one transaction. Says when there may be more to do.</summary>
    private async Task<Then> GrowAsync(CancellationToken ct)
    {
        // Beyond the mark a transaction that is still open could yet put an event before one that has its leaf.
        var mark = await events.MarkAsync(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var signer = await key.SignerAsync(connection, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var one = new NpgsqlCommand($"select pg_try_advisory_xact_lock({LogState.Lock})", connection))
        {
            if (!(bool)(await one.ExecuteScalarAsync(ct))!)
            {
                return Then.Soon;
            }
        }

        var state = await LogState.ReadAsync(connection, ct);
        var stored = await EventsAsync(connection, state, mark, ct);
        var now = clock.GetUtcNow();
        var size = state.Size + stored.Count;
        var sign = state.SignedAt is not { } last || (size > state.Signed && now - last >= between);
        if (stored.Count == 0 && !sign)
        {
            return size > state.Signed ? Then.Soon : Then.AfterTheNextAppend;
        }

        var keys = await key.KeysAsync(connection, ct);
        if (keys.Current.ToString() != signer.Verifier.ToString())
        {
            throw new InvalidDataException($"{signer.Verifier} has handed over to {keys.Current} and can no longer sign. Set {LogKey.Setting} to the new key.");
        }

        var (edge, _) = await state.ProvenAsync(connection, keys, ct);
        await AppendAsync(connection, edge, stored, ct);
        if (sign)
        {
            await using var keep = new NpgsqlCommand("insert into log_checkpoints (size, note, at) values ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = size }, new() { Value = Checkpoint.Sign(size, edge.Root, signer) }, new() { Value = now } },
            };
            await keep.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return stored.Count == BatchSize ? Then.AtOnce : Then.Soon;
    }

    private static async Task<IReadOnlyList<EventRecord>> EventsAsync(NpgsqlConnection connection, LogState state, long mark, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { EventRecord.After(state.Sequence, mark, BatchSize) } };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var events = new List<EventRecord>();
        while (await reader.ReadAsync(ct))
        {
            events.Add(EventRecord.Read(reader));
        }

        return events;
    }

    private static async Task AppendAsync(NpgsqlConnection connection, TreeEdge edge, IReadOnlyList<EventRecord> events, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        var first = edge.Size;
        var salts = events.Select(_ => RandomNumberGenerator.GetBytes(LeafCommitment.SaltLength)).ToArray();
        var commitments = events.Zip(salts, (stored, salt) => stored.Commitment(salt)).ToArray();
        var completed = commitments.SelectMany(commitment => edge.Append(MerkleTree.Leaf(commitment))).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new(
            """
            insert into log_leaves (index, sequence, event_id, stream_id, version, type, commitment)
            select $1 + place - 1, sequence, event_id, stream_id, version, type, commitment
            from unnest($2, $3, $4, $5, $6, $7) with ordinality leaf (sequence, event_id, stream_id, version, type, commitment, place)
            """)
        {
            Parameters =
            {
                new() { Value = first },
                new() { Value = events.Select(stored => stored.Sequence).ToArray() },
                new() { Value = events.Select(stored => stored.Id).ToArray() },
                new() { Value = events.Select(stored => stored.Stream).ToArray() },
                new() { Value = events.Select(stored => stored.Version).ToArray() },
                new() { Value = events.Select(stored => stored.Type).ToArray() },
                new() { Value = commitments },
            },
        });
        batch.BatchCommands.Add(new("insert into log_salts (index, salt) select $1 + place - 1, salt from unnest($2) with ordinality salted (salt, place)")
        {
            Parameters = { new() { Value = first }, new() { Value = salts } },
        });
        batch.BatchCommands.Add(new("insert into log_hashes (level, index, hash) select * from unnest($1, $2, $3)")
        {
            Parameters =
            {
                new() { Value = completed.Select(hash => hash.Level).ToArray() },
                new() { Value = completed.Select(hash => hash.Index).ToArray() },
                new() { Value = completed.Select(hash => hash.Hash).ToArray() },
            },
        });
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>When to look again.</summary>
    private enum Then
    {
        AtOnce,
        Soon,
        AfterTheNextAppend,
    }

    [LoggerMessage(LogLevel.Error, "The transparency log did not grow: {Error}")]
    private partial void NotGrown(string error);
}
