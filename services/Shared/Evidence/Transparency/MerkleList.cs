namespace VolunteerBook.Evidence.Transparency;

/// <summary>The tree of RFC 6962, 2.1, over leaves that are all at hand: a list that is signed as a whole and shown line by line.</summary>
public sealed class MerkleList
{
    // From the leaves up. A node without a neighbour goes up as it is: with that the tree divides where the RFC says.
    private readonly List<IReadOnlyList<byte[]>> levels;

    /// <summary>The tree over these leaves' hashes (<see cref="MerkleTree.Leaf"/>), in their order.</summary>
    public MerkleList(IReadOnlyList<byte[]> leafHashes)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        levels = [leafHashes];
        while (levels[^1] is { Count: > 1 } below)
        {
            levels.Add([.. below.Chunk(2).Select(pair => pair is [var left, var right] ? MerkleTree.Node(left, right) : pair[0])]);
        }
    }

    /// <summary>Leaves.</summary>
    public int Size => levels[0].Count;

    /// <summary>32 bytes.</summary>
    public byte[] Root => Size == 0 ? MerkleTree.EmptyRoot : levels[^1][0];

    /// <summary>The proof that the leaf is in the tree, from its neighbour up (RFC 6962, 2.1.1).</summary>
    /// <param name="index">The leaf's place, from 0.</param>
    public IReadOnlyList<byte[]> Inclusion(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Size);
        return [.. levels.SkipLast(1).Select((level, height) => (Level: level, Neighbour: (index >> height) ^ 1))
            .Where(step => step.Neighbour < step.Level.Count)
            .Select(step => step.Level[step.Neighbour])];
    }
}
