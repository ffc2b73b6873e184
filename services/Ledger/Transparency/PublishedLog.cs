using System.Text;
using Npgsql;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>The log as everybody may read it: up to its latest checkpoint.</summary>
/// <param name="Note">The signed checkpoint.</param>
/// <param name="Size">Its size, in leaves.</param>
public sealed record SignedSize(string Note, long Size);

/// <summary>Reads what is published.</summary>
public sealed class PublishedLog(NpgsqlDataSource database, LogKey key)
{
    private static readonly Refusal NotOurs =
        new("unavailable", StatusCodes.Status503ServiceUnavailable, "The log's key is not available just now; send the same request again in a moment.");

    /// <summary>The latest checkpoint; null in the first moment of a new database.</summary>
    public async Task<SignedSize?> LatestAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await LatestAsync(connection, cancellationToken);
    }

    /// <summary>The keys that verify checkpoints.</summary>
    /// <exception cref="RefusedException">The key of this instance is not the log's: nobody is to take it for that.</exception>
    public async Task<LogKeys> KeysAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var keys = await key.KeysAsync(connection, cancellationToken);
            if (await LatestAsync(connection, cancellationToken) is not { } latest || keys.Open(Encoding.UTF8.GetBytes(latest.Note)) is not null)
            {
                return keys;
            }
        }
        catch (FormatException)
        {
            // Ours is no key of this log.
        }

        throw new RefusedException(NotOurs);
    }

    /// <summary>A tile's bytes, or those of its entries; null where no checkpoint has it yet.</summary>
    public async Task<byte[]?> TileAsync(Tile tile, bool entries, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await LatestAsync(connection, cancellationToken) is not { } latest || !tile.IsIn(latest.Size))
        {
            return null;
        }

        var tiles = new LogTiles(connection);
        return entries ? Tile.Bundle(await tiles.EntriesAsync(tile, cancellationToken)) : await tiles.ReadAsync(tile, cancellationToken);
    }

    /// <summary>See <see cref="TileTree.ConsistencyAsync"/>; the sizes are published ones.</summary>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long from, long to, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await new TileTree(to, new LogTiles(connection).ReadAsync).ConsistencyAsync(from, cancellationToken);
    }

    /// <summary>See <see cref="TileTree.InclusionAsync"/>; the size is a published one.</summary>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long index, long size, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await new TileTree(size, new LogTiles(connection).ReadAsync).InclusionAsync(index, cancellationToken);
    }

    /// <summary>The proofs of all events of a stream that the latest checkpoint has; null in the first moment of a new database.</summary>
    public async Task<StreamProofs?> ProofsAsync(Guid stream, CancellationToken cancellationToken) =>
        await ProveAsync("l.stream_id = $1", stream, cancellationToken) is var (checkpoint, proofs)
            ? new StreamProofs(checkpoint, (await KeysAsync(cancellationToken)).Current.ToString(), [.. proofs.Select(proof => proof.Proof)])
            : null;

    /// <summary>
    /// The proofs of these events, by the event's id, all to one checkpoint; without those that it does not have yet. However many there are, the log
    /// is asked once, and each tile is read once.
    /// </summary>
    public async Task<(string Checkpoint, IReadOnlyDictionary<Guid, LeafProof> Proofs)?> ProofsOfAsync(
        IReadOnlyCollection<Guid> events, CancellationToken cancellationToken) =>
        await ProveAsync("l.event_id = any($1)", events.ToArray(), cancellationToken) is var (checkpoint, proofs)
            ? (checkpoint, proofs.ToDictionary(proof => proof.Event, proof => proof.Proof))
            : null;

    private async Task<(string Checkpoint, IReadOnlyList<(Guid Event, LeafProof Proof)> Proofs)?> ProveAsync(
        string which, object value, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await LatestAsync(connection, cancellationToken) is not { } latest)
        {
            return null;
        }

        var leaves = await LeavesAsync(connection, which, value, latest.Size, cancellationToken);
        var tree = new TileTree(latest.Size, new LogTiles(connection).ReadAsync);
        var proofs = new List<(Guid, LeafProof)>(leaves.Count);
        foreach (var (index, commitment, salt, stored) in leaves)
        {
            proofs.Add((stored.Id, new LeafProof(
                stored.Version, stored.Type, Encoding.UTF8.GetString(stored.Bytes()), salt, commitment, index,
                await tree.InclusionAsync(index, cancellationToken))));
        }

        return (latest.Note, proofs);
    }

    private static async Task<SignedSize?> LatestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select note, size from log_checkpoints order by size desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new SignedSize(reader.GetString(0), reader.GetInt64(1)) : null;
    }

    private static async Task<List<(long Index, byte[] Commitment, byte[]? Salt, EventRecord Event)>> LeavesAsync(
        NpgsqlConnection connection, string which, object value, long size, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select {EventRecord.Columns}, l.index, l.commitment, s.salt
            from log_leaves l join mt_events e on e.id = l.event_id left join log_salts s on s.index = l.index
            where {which} and l.index < $2 order by l.index
            """, connection)
        {
            Parameters = { new() { Value = value }, new() { Value = size } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leaves = new List<(long, byte[], byte[]?, EventRecord)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            leaves.Add((
                reader.GetInt64(11), reader.GetFieldValue<byte[]>(12),
                await reader.IsDBNullAsync(13, cancellationToken) ? null : reader.GetFieldValue<byte[]>(13), EventRecord.Read(reader)));
        }

        return leaves;
    }
}

/// <summary>What shows that the events of a stream are in the log, without asking anybody.</summary>
/// <param name="Checkpoint">The signed checkpoint (C2SP tlog-checkpoint) that the proofs lead to.</param>
/// <param name="Key">The verifier key of the log (C2SP signed-note). Who checks compares it with the one known from elsewhere.</param>
/// <param name="Events">Oldest first; an event that no checkpoint has yet is not among them.</param>
public sealed record StreamProofs(string Checkpoint, string Key, IReadOnlyList<LeafProof> Events);

/// <summary>What shows that one event is in the log.</summary>
/// <param name="Version">The stream's version after the event, from 1.</param>
/// <param name="Type">The event's stored name.</param>
/// <param name="Record">The event as canonical JSON (RFC 8785).</param>
/// <param name="Salt">32 bytes; null where they were destroyed by an erasure.</param>
/// <param name="Commitment">SHA-256("volunteerbook-leaf-v1\n" || salt || record): the leaf's entry.</param>
/// <param name="Index">The leaf's, from 0.</param>
/// <param name="Inclusion">The hashes of RFC 6962, 2.1.1, from the leaf's neighbour up.</param>
public sealed record LeafProof(long Version, string Type, string Record, byte[]? Salt, byte[] Commitment, long Index, IReadOnlyList<byte[]> Inclusion);
