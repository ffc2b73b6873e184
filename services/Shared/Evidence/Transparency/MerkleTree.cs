using System.Numerics;
using System.Security.Cryptography;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// The hashing of RFC 6962, 2.1 (as in RFC 9162, 2.1), with SHA-256, and the verification of its proofs. Indexes count leaves from 0, sizes are numbers of
/// leaves, hashes are 32 bytes. What is verified comes from outside: nothing here throws on it.
/// </summary>
public static class MerkleTree
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>The root of a tree without leaves: the hash of nothing.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    /// <summary>The hash of a leaf: SHA-256(0x00 || entry).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData([0]);
        sha.AppendData(entry);
        return sha.GetHashAndReset();
    }

    /// <summary>The hash of two subtrees: SHA-256(0x01 || left || right).</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> both = stackalloc byte[1 + 2 * HashLength];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + HashLength)..]);
        return SHA256.HashData(both);
    }

    /// <summary>
    /// Whether the proof shows that the leaf with this hash stands at <paramref name="index"/> of the tree with this size and root (RFC 9162, 2.1.3.2).
    /// </summary>
    /// <param name="index">The leaf's, from 0.</param>
    /// <param name="size">The tree's, in leaves.</param>
    /// <param name="leafHash">See <see cref="Leaf"/>.</param>
    /// <param name="proof">From the leaf's neighbour up.</param>
    /// <param name="root">The tree's.</param>
    public static bool VerifyInclusion(long index, long size, ReadOnlySpan<byte> leafHash, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leafHash.Length != HashLength || !AreHashes(proof))
        {
            return false;
        }

        var (first, last, hash) = (index, size - 1, leafHash.ToArray());
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((first & 1) == 1 || first == last)
            {
                hash = Node(sibling, hash);
                (first, last) = UpToRightChild(first, last);
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (first, last) = (first >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>
    /// Whether the proof shows that the tree of <paramref name="to"/> leaves has the tree of <paramref name="from"/>
    /// leaves as its beginning (RFC 9162, 2.1.4.2).
    /// </summary>
    /// <param name="from">Size of the earlier tree. Every tree begins with the empty one: that proof is empty, as is that of a tree with itself.</param>
    /// <param name="to">Size of the later tree.</param>
    /// <param name="fromRoot">Root of the earlier tree.</param>
    /// <param name="toRoot">Root of the later tree.</param>
    /// <param name="proof">In the order of RFC 6962, 2.1.2.</param>
    public static bool VerifyConsistency(long from, long to, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> proof)
    {
        if (from < 0 || from > to || toRoot.Length != HashLength || !AreHashes(proof))
        {
            return false;
        }

        if (from == to || from == 0)
        {
            return proof.Count == 0 && fromRoot.SequenceEqual(from == to ? toRoot : EmptyRoot);
        }

        List<byte[]> path = BitOperations.IsPow2(from) ? [fromRoot.ToArray(), .. proof] : [.. proof];
        if (path.Count == 0)
        {
            return false;
        }

        var shift = BitOperations.TrailingZeroCount(from);
        var (first, last) = ((from - 1) >> shift, (to - 1) >> shift);
        var (earlier, later) = (path[0], path[0]);
        foreach (var hash in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((first & 1) == 1 || first == last)
            {
                (earlier, later) = (Node(hash, earlier), Node(hash, later));
                (first, last) = UpToRightChild(first, last);
            }
            else
            {
                later = Node(later, hash);
            }

            (first, last) = (first >> 1, last >> 1);
        }

        return last == 0 && fromRoot.SequenceEqual(earlier) && toRoot.SequenceEqual(later);
    }

    /// <summary>Where a tree of two leaves or more divides (RFC 6962, 2.1): the largest power of two below its size.</summary>
    internal static long Split(long size) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(size - 1)));

    // On the right edge a node without a neighbour is its parent too.
    private static (long First, long Last) UpToRightChild(long first, long last)
    {
        while ((first & 1) == 0 && first != 0)
        {
            (first, last) = (first >> 1, last >> 1);
        }

        return (first, last);
    }

    private static bool AreHashes(IReadOnlyList<byte[]> proof) => proof.All(hash => hash.Length == HashLength);
}
