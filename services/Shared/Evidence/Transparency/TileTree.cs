using System.Numerics;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// A tree of so many leaves, read from its tiles, each at most once: a number that grows with the logarithm of the size. Proofs are made, not verified: who
/// does not trust the tiles verifies them against a signed root (<see cref="MerkleTree"/>). Not for several threads.
/// </summary>
/// <param name="size">Leaves.</param>
/// <param name="read">Where the tiles come from.</param>
public sealed class TileTree(long size, ReadTile read)
{
    private readonly Dictionary<Tile, byte[]> tiles = [];

    /// <summary>Leaves.</summary>
    public long Size => size;

    /// <summary>The root, 32 bytes.</summary>
    /// <exception cref="InvalidDataException">A tile has not the length that its address says.</exception>
    public async Task<byte[]> RootAsync(CancellationToken cancellationToken) => (await EdgeAsync(cancellationToken)).Root;

    /// <summary>The edge, from which on the tree can grow.</summary>
    /// <exception cref="InvalidDataException">A tile has not the length that its address says.</exception>
    public async Task<TreeEdge> EdgeAsync(CancellationToken cancellationToken)
    {
        var complete = new Dictionary<int, byte[]>();
        for (var rest = size; rest > 0; rest &= rest - 1)
        {
            var height = BitOperations.TrailingZeroCount(rest);
            complete[height] = await CompleteAsync(height, (rest >> height) - 1, cancellationToken);
        }

        return new TreeEdge(size, complete);
    }

    /// <summary>The proof that a leaf is in the tree (RFC 6962, 2.1.1): at most ⌈log2 size⌉ hashes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    /// <exception cref="InvalidDataException">A tile has not the length that its address says.</exception>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long index, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new List<byte[]>();
        // From the root down, so the other way round than it is verified.
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + MerkleTree.Split(end - start);
            proof.Add(index < middle ? await RangeAsync(middle, end, cancellationToken) : await RangeAsync(start, middle, cancellationToken));
            (start, end) = index < middle ? (start, middle) : (middle, end);
        }

        proof.Reverse();
        return proof;
    }

    /// <summary>The proof that the tree begins with its own first leaves (RFC 6962, 2.1.2): at most ⌈log2 size⌉ + 1 hashes.</summary>
    /// <param name="from">How many leaves the earlier tree had; for none and for all the proof is empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The earlier tree is larger.</exception>
    /// <exception cref="InvalidDataException">A tile has not the length that its address says.</exception>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long from, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, size);
        var proof = new List<byte[]>();
        if (from == 0)
        {
            return proof;
        }

        // Down to the subtree that ends where the earlier tree ended.
        var (start, end) = (0L, size);
        while (end != from)
        {
            var middle = start + MerkleTree.Split(end - start);
            proof.Add(from <= middle ? await RangeAsync(middle, end, cancellationToken) : await RangeAsync(start, middle, cancellationToken));
            (start, end) = from <= middle ? (start, middle) : (middle, end);
        }

        // The verifier knows this one's hash already where it is the whole earlier tree.
        if (start != 0)
        {
            proof.Add(await RangeAsync(start, end, cancellationToken));
        }

        proof.Reverse();
        return proof;
    }

    // Either complete or on the right edge, where its left part is complete.
    private async Task<byte[]> RangeAsync(long start, long end, CancellationToken cancellationToken)
    {
        var length = end - start;
        if (BitOperations.IsPow2(length))
        {
            var height = BitOperations.TrailingZeroCount(length);
            return await CompleteAsync(height, start >> height, cancellationToken);
        }

        var middle = start + MerkleTree.Split(length);
        var left = await RangeAsync(start, middle, cancellationToken);
        var right = await RangeAsync(middle, end, cancellationToken);
        return MerkleTree.Node(left, right);
    }

    // The hash of 2^height leaves: within one tile, of which it spans 2^(height mod 8) hashes.
    private async Task<byte[]> CompleteAsync(int height, long index, CancellationToken cancellationToken)
    {
        var width = 1 << (height % Tile.Height);
        var tile = Tile.Of(height / Tile.Height, index * width, size);
        if (!tiles.TryGetValue(tile, out var hashes))
        {
            hashes = await read(tile, cancellationToken);
            if (hashes.Length != tile.Width * MerkleTree.HashLength)
            {
                throw new InvalidDataException($"Tile {tile.Path} has {hashes.Length} bytes.");
            }

            tiles[tile] = hashes;
        }

        return Fold(hashes.AsSpan((int)(index * width % Tile.FullWidth) * MerkleTree.HashLength, width * MerkleTree.HashLength));
    }

    private static byte[] Fold(ReadOnlySpan<byte> hashes) =>
        hashes.Length == MerkleTree.HashLength ? hashes.ToArray() : MerkleTree.Node(Fold(hashes[..(hashes.Length / 2)]), Fold(hashes[(hashes.Length / 2)..]));
}
