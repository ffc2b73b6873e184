using System.Globalization;
using System.Text;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Transparency;

/// <summary>Trees of made-up leaves, by the definition of RFC 6962 itself, and as a log keeps them.</summary>
internal sealed class Trees
{
    private readonly Dictionary<(int Level, long Index), byte[]> hashes = [];
    private readonly TreeEdge edge = new();

    public Trees(int size)
    {
        for (var i = 0; i < size; i++)
        {
            var leaf = Leaf(i);
            hashes[(0, i)] = leaf;
            foreach (var completed in edge.Append(leaf))
            {
                hashes[(completed.Level, completed.Index)] = completed.Hash;
            }

            Roots.Add(edge.Root);
        }
    }

    /// <summary>The roots of all sizes, by size.</summary>
    public List<byte[]> Roots { get; } = [MerkleTree.EmptyRoot];

    /// <summary>Tiles read so far.</summary>
    public int Reads { get; private set; }

    public static byte[] Leaf(long index) => MerkleTree.Leaf(Encoding.ASCII.GetBytes(index.ToString(CultureInfo.InvariantCulture)));

    /// <summary>MTH of RFC 6962, 2.1, word by word.</summary>
    public static byte[] Root(IReadOnlyList<byte[]> leaves)
    {
        if (leaves.Count <= 1)
        {
            return leaves.Count == 0 ? MerkleTree.EmptyRoot : leaves[0];
        }

        var k = 1;
        while (k * 2 < leaves.Count)
        {
            k *= 2;
        }

        return MerkleTree.Node(Root([.. leaves.Take(k)]), Root([.. leaves.Skip(k)]));
    }

    /// <summary>The tree as it was at a size: later hashes are there, as in a log, and must not matter.</summary>
    public TileTree At(long size) => new(size, (tile, _) =>
    {
        Reads++;
        return Task.FromResult(Enumerable.Range(0, tile.Width).SelectMany(i => hashes[(tile.Level, tile.Index * Tile.FullWidth + i)]).ToArray());
    });
}
