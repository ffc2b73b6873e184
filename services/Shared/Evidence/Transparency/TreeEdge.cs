namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// The right edge of a tree: all that is needed to append to it and to know its root, in memory that grows with the
/// logarithm of its size. Not for several threads.
/// </summary>
public sealed class TreeEdge
{
    // By height: the hash of the complete subtree of 2^height leaves, where the size has that bit.
    private readonly byte[]?[] complete = new byte[64][];

    /// <summary>The edge of a tree without leaves.</summary>
    public TreeEdge()
    {
    }

    internal TreeEdge(long size, IReadOnlyDictionary<int, byte[]> completeByHeight)
    {
        Size = size;
        foreach (var (height, hash) in completeByHeight)
        {
            complete[height] = hash;
        }
    }

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>The root of RFC 6962, 2.1, 32 bytes.</summary>
    public byte[] Root =>
        complete.OfType<byte[]>().Aggregate((byte[]?)null, (right, left) => right is null ? left : MerkleTree.Node(left, right)) ?? MerkleTree.EmptyRoot;

    /// <summary>Appends a leaf; the answer is the hashes of tiles' levels 1 and up that it completes, lowest first (see <see cref="Tile"/>).</summary>
    public IReadOnlyList<CompletedHash> Append(byte[] leafHash)
    {
        List<CompletedHash>? completed = null;
        var (hash, height) = (leafHash, 0);
        for (; (Size >> height & 1) == 1; height++)
        {
            hash = MerkleTree.Node(complete[height]!, hash);
            complete[height] = null;
            if ((height + 1) % Tile.Height == 0)
            {
                (completed ??= []).Add(new CompletedHash((height + 1) / Tile.Height, Size >> (height + 1), hash));
            }
        }

        complete[height] = hash;
        Size++;
        return completed ?? [];
    }
}

/// <summary>A hash that will not change any more: of a full tile of the level below.</summary>
/// <param name="Level">The tiles' level that it belongs to, from 1.</param>
/// <param name="Index">Its place in that level, from 0.</param>
/// <param name="Hash">32 bytes.</param>
public sealed record CompletedHash(int Level, long Index, byte[] Hash);
