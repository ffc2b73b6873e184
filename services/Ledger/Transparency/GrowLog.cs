using System.Security.Cryptography;
using System.Text;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// Makes a leaf of every event, in the order of the event store, and signs checkpoints. Every instance does, one at a time: a lock for the length of a transaction, in which the
/// last leaf says how far the log is. So there is no progress that could differ from the log, and whoever leads or believes to lead does not matter.
/// </summary>
internal sealed partial class GrowLog(NpgsqlDataSource database, LogKey key, TimeProvider clock, IConfiguration configuration, ILogger<GrowLog> logger) : BackgroundService
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly TimeSpan between = configuration.GetValue("Log:CheckpointInterval", TimeSpan.FromSeconds(10));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await GrowAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                NotGrown(exception.Message);
            }

            if (!more)
            {
                await Task.Delay(Look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Appends a batch and signs when it is time; all in one transaction. Says whether there may be more.</summary>
    private async Task<bool> GrowAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var signer = await key.SignerAsync(connection, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var one = new NpgsqlCommand("select pg_try_advisory_xact_lock(hashtextextended('transparency-log', 0))", connection))
        {
            if (!(bool)(await one.ExecuteScalarAsync(ct))!)
            {
                return false;
            }
        }

        var state = await StateAsync(connection, ct);
        var events = await EventsAsync(connection, state, ct);
        var now = clock.GetUtcNow();
        var size = state.Size + events.Count;
        var sign = state.SignedAt is not { } last || (size > state.Signed && now - last >= between);
        if (events.Count == 0 && !sign)
        {
            return false;
        }

        var edge = await EdgeAsync(connection, state, signer.Verifier, ct);
        await AppendAsync(connection, edge, events, ct);
        if (sign)
        {
            await using var keep = new NpgsqlCommand("insert into log_checkpoints (size, note, at) values ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = size }, new() { Value = Checkpoint.Sign(size, edge.Root, signer) }, new() { Value = now } },
            };
            await keep.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return events.Count == BatchSize;
    }

    /// <summary>
    /// The tree's edge, if the tree still begins with the one that was signed last. If not, someone changed it by hand, and to sign what it is now would cover that up: the log
    /// stands still until somebody has looked (the <c>audit</c> command says where).
    /// </summary>
    private static async Task<TreeEdge> EdgeAsync(NpgsqlConnection connection, State state, NoteVerifier verifier, CancellationToken ct)
    {
        var tree = new TileTree(state.Size, new LogTiles(connection).ReadAsync);
        var edge = await tree.EdgeAsync(ct);
        if (state.Note is null)
        {
            return state.Size == 0 ? edge : throw new InvalidDataException("The log has leaves, and no checkpoint is there any more.");
        }

        if (Checkpoint.Open(Encoding.UTF8.GetBytes(state.Note), verifier) is { } signed && signed.Size <= state.Size)
        {
            var proof = await tree.ConsistencyAsync(signed.Size, ct);
            if (MerkleTree.VerifyConsistency(signed.Size, state.Size, signed.Root, edge.Root, proof))
            {
                return edge;
            }
        }

        throw new InvalidDataException("The log is not what was signed last, or was signed with another key.");
    }

    private static async Task<State> StateAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        // Up to the daemon's high-water mark: beyond it a transaction that is still open could yet put an event before one that has its leaf.
        await using var command = new NpgsqlCommand(
            """
            select coalesce(leaf.index + 1, 0), coalesce(leaf.sequence, 0), coalesce(mark.last_seq_id, 0), signed.size, signed.note, signed.at
            from (select) one
            left join (select index, sequence from log_leaves order by index desc limit 1) leaf on true
            left join (select last_seq_id from mt_event_progression where name = 'HighWaterMark') mark on true
            left join (select size, note, at from log_checkpoints order by size desc limit 1) signed on true
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await reader.IsDBNullAsync(3, ct)
            ? new State(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), 0, null, null)
            : new State(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), new DateTimeOffset(reader.GetDateTime(5), TimeSpan.Zero));
    }

    private static async Task<IReadOnlyList<EventRecord>> EventsAsync(NpgsqlConnection connection, State state, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { EventRecord.After(state.Sequence, state.HighWaterMark, BatchSize) } };
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

    /// <summary>How far the log is.</summary>
    private sealed record State(long Size, long Sequence, long HighWaterMark, long Signed, string? Note, DateTimeOffset? SignedAt);

    [LoggerMessage(LogLevel.Error, "The transparency log did not grow: {Error}")]
    private partial void NotGrown(string error);
}
