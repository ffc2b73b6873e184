using System.Text;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>How far the log is, in the transaction that reads it.</summary>
/// <param name="Size">Leaves.</param>
/// <param name="Sequence">The last leaf's event, as the store numbers it.</param>
/// <param name="Signed">Leaves of the last checkpoint.</param>
/// <param name="Note">The last checkpoint; null where nothing has been signed.</param>
/// <param name="SignedAt">When that was.</param>
internal sealed record LogState(long Size, long Sequence, long Signed, string? Note, DateTimeOffset? SignedAt)
{
    /// <summary>Whoever writes the log holds this, for the length of one transaction.</summary>
    public const string Lock = "hashtextextended('transparency-log', 0)";

    public static async Task<LogState> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select coalesce(leaf.index + 1, 0), coalesce(leaf.sequence, 0), signed.size, signed.note, signed.at
            from (select) one
            left join (select index, sequence from log_leaves order by index desc limit 1) leaf on true
            left join (select size, note, at from log_checkpoints order by size desc limit 1) signed on true
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return await reader.IsDBNullAsync(2, ct)
            ? new LogState(reader.GetInt64(0), reader.GetInt64(1), 0, null, null)
            : new LogState(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3), new DateTimeOffset(reader.GetDateTime(4), TimeSpan.Zero));
    }

    /// <summary>
    /// The tree's edge and the last checkpoint, if the tree still begins with the one that was signed last. If not, someone changed it by hand, and to sign
    /// what it is now would cover that up: the log stands still until somebody has looked (the <c>audit</c> command says where).
    /// </summary>
    /// <exception cref="InvalidDataException">It is not what was signed, or not the key of that size signed it.</exception>
    public async Task<(TreeEdge Edge, Checkpoint? Last)> ProvenAsync(NpgsqlConnection connection, LogKeys keys, CancellationToken ct)
    {
        var tree = new TileTree(Size, new LogTiles(connection).ReadAsync);
        var edge = await tree.EdgeAsync(ct);
        if (Note is null)
        {
            return Size == 0 ? (edge, null) : throw new InvalidDataException("The log has leaves, but its checkpoints are gone.");
        }

        if (keys.Open(Encoding.UTF8.GetBytes(Note)) is { } signed && signed.Size <= Size)
        {
            var proof = await tree.ConsistencyAsync(signed.Size, ct);
            if (MerkleTree.VerifyConsistency(signed.Size, Size, signed.Root, edge.Root, proof))
            {
                return (edge, signed);
            }
        }

        throw new InvalidDataException("The log is not what was signed last, or was signed with another key.");
    }
}
