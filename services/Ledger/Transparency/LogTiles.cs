using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>Reads the log's tiles over a connection, inside its transaction where it has one.</summary>
public sealed class LogTiles(NpgsqlConnection connection)
{
    /// <summary>The tile's hashes, 32 bytes each; fewer than its width where the log has not so many.</summary>
    public async Task<byte[]> ReadAsync(Tile tile, CancellationToken cancellationToken) => tile.Level == 0
        ? [.. (await EntriesAsync(tile, cancellationToken)).SelectMany(entry => MerkleTree.Leaf(entry))]
        : [.. (await RowsAsync("select hash from log_hashes where level = $3 and index >= $1 and index < $2 order by index", tile, cancellationToken))
            .SelectMany(hash => hash)];

    /// <summary>The entries of a tile of level 0: the commitments of its leaves.</summary>
    public Task<IReadOnlyList<byte[]>> EntriesAsync(Tile tile, CancellationToken cancellationToken) =>
        RowsAsync("select commitment from log_leaves where $3 = 0 and index >= $1 and index < $2 order by index", tile, cancellationToken);

    private async Task<IReadOnlyList<byte[]>> RowsAsync(string sql, Tile tile, CancellationToken cancellationToken)
    {
        var first = tile.Index * Tile.FullWidth;
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = first }, new() { Value = first + tile.Width }, new() { Value = tile.Level } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<byte[]>(tile.Width);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetFieldValue<byte[]>(0));
        }

        return rows;
    }
}
