using CsCheck;
using Shouldly;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Transparency;

/// <summary>Hashes and proofs of RFC 6962 and RFC 9162.</summary>
[Trait("Feature", "N4")]
public sealed class MerkleTreeTests
{
    // The leaves and roots that certificate-transparency's reference implementation and its descendants are tested with.
    private static readonly byte[][] Known =
        [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString)];

    private static readonly string[] KnownRoots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private static readonly Trees Thousand = new(1000);

    [Fact]
    public void roots_are_those_of_certificate_transparency()
    {
        var edge = new TreeEdge();
        Convert.ToHexStringLower(edge.Root).ShouldBe(KnownRoots[0]);
        foreach (var (leaf, root) in Known.Zip(KnownRoots.Skip(1)))
        {
            edge.Append(MerkleTree.Leaf(leaf));
            Convert.ToHexStringLower(edge.Root).ShouldBe(root);
        }
    }

    [Theory]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e "
        + "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 "
        + "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public async Task consistency_proofs_are_those_of_certificate_transparency(int from, int to, string proof)
    {
        var tree = new TileTree(to, (tile, _) => Task.FromResult(Known.Take(tile.Width).SelectMany(leaf => MerkleTree.Leaf(leaf)).ToArray()));
        string.Join(' ', (await tree.ConsistencyAsync(from, TestContext.Current.CancellationToken)).Select(Convert.ToHexStringLower)).ShouldBe(proof);
        MerkleTree.VerifyConsistency(
            from, to, Convert.FromHexString(KnownRoots[from]), Convert.FromHexString(KnownRoots[to]),
            [.. proof.Split(' ').Select(Convert.FromHexString)]).ShouldBeTrue();
    }

    [Fact]
    public void a_tree_that_grew_leaf_by_leaf_has_the_root_of_the_definition() =>
        Gen.Int[0, 600].Sample(size => Thousand.Roots[size].ShouldBe(Trees.Root([.. Enumerable.Range(0, size).Select(i => Trees.Leaf(i))])), iter: 30);

    [Fact]
    public async Task every_leaf_of_trees_of_many_sizes_is_proven_with_at_most_log2_hashes()
    {
        int[] sizes = [.. Enumerable.Range(1, 40), 255, 256, 257, 511, 512, 513, 767, 1000];
        foreach (var size in sizes)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = await Thousand.At(size).InclusionAsync(index, TestContext.Current.CancellationToken);
                MerkleTree.VerifyInclusion(index, size, Trees.Leaf(index), proof, Thousand.Roots[size]).ShouldBeTrue($"{index} of {size}");
                proof.Count.ShouldBeLessThanOrEqualTo((int)Math.Ceiling(Math.Log2(size)));
            }
        }
    }

    [Fact]
    public async Task a_thousand_random_pairs_of_sizes_are_consistent()
    {
        await (from to in Gen.Int[0, 1000] from @from in Gen.Int[0, to] select (From: @from, To: to)).SampleAsync(async pair =>
        {
            var proof = await Thousand.At(pair.To).ConsistencyAsync(pair.From, TestContext.Current.CancellationToken);
            MerkleTree.VerifyConsistency(pair.From, pair.To, Thousand.Roots[pair.From], Thousand.Roots[pair.To], proof).ShouldBeTrue();
            proof.Count.ShouldBeLessThanOrEqualTo((int)Math.Ceiling(Math.Log2(Math.Max(pair.To, 1))) + 1);
            if (pair.From > 0)
            {
                // Against any other tree's root it shows nothing.
                MerkleTree.VerifyConsistency(pair.From, pair.To, Thousand.Roots[pair.From - 1], Thousand.Roots[pair.To], proof).ShouldBeFalse();
                MerkleTree.VerifyConsistency(pair.From, pair.To, Thousand.Roots[pair.From], Thousand.Roots[pair.To - 1], proof).ShouldBeFalse();
            }
        }, iter: 1000, threads: 1);
    }

    [Fact]
    public async Task nothing_altered_in_an_inclusion_proof_is_accepted()
    {
        foreach (var (index, size) in new[] { (0, 1), (0, 2), (5, 7), (300, 777), (776, 777), (999, 1000) })
        {
            var proof = await Thousand.At(size).InclusionAsync(index, TestContext.Current.CancellationToken);
            Func<long, long, byte[], IReadOnlyList<byte[]>, byte[], bool> verifies = (i, n, leaf, hashes, root) => MerkleTree.VerifyInclusion(
                i, n, leaf, hashes, root);
            var (hash, treeRoot) = (Trees.Leaf(index), Thousand.Roots[size]);
            verifies(index, size, hash, proof, treeRoot).ShouldBeTrue();

            foreach (var altered in EveryByteChanged(hash))
            {
                verifies(index, size, altered, proof, treeRoot).ShouldBeFalse();
            }

            foreach (var altered in EveryByteChanged(treeRoot))
            {
                verifies(index, size, hash, proof, altered).ShouldBeFalse();
            }

            foreach (var altered in Altered(proof))
            {
                verifies(index, size, hash, altered, treeRoot).ShouldBeFalse();
            }

            Enumerable.Range(-1, 1002).Where(other => other != index).ShouldAllBe(other => !verifies(other, size, hash, proof, treeRoot));
            verifies(index, index, hash, proof, treeRoot).ShouldBeFalse();
            verifies(index, -1, hash, proof, treeRoot).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task nothing_altered_in_a_consistency_proof_is_accepted()
    {
        foreach (var (from, to) in new[] { (0, 9), (1, 2), (4, 7), (6, 8), (300, 777), (512, 1000), (1000, 1000) })
        {
            var proof = await Thousand.At(to).ConsistencyAsync(from, TestContext.Current.CancellationToken);
            Func<byte[], byte[], IReadOnlyList<byte[]>, bool> verifies = (first, second, hashes) => MerkleTree.VerifyConsistency(
                from, to, first, second, hashes);
            var (fromRoot, toRoot) = (Thousand.Roots[from], Thousand.Roots[to]);
            verifies(fromRoot, toRoot, proof).ShouldBeTrue();

            foreach (var altered in EveryByteChanged(fromRoot))
            {
                verifies(altered, toRoot, proof).ShouldBeFalse();
            }

            if (from > 0)
            {
                EveryByteChanged(toRoot).ShouldAllBe(altered => !verifies(fromRoot, altered, proof));
            }

            Altered(proof).ShouldAllBe(altered => !verifies(fromRoot, toRoot, altered));
            MerkleTree.VerifyConsistency(to, from - 1, fromRoot, toRoot, proof).ShouldBeFalse();
            if (from is > 0 and < 1000)
            {
                // The same hashes, said of a tree twice as high.
                MerkleTree.VerifyConsistency(from, 4 * to, fromRoot, toRoot, proof).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public async Task a_proof_reads_a_number_of_tiles_that_grows_with_the_logarithm()
    {
        foreach (var (size, most) in new[] { (200, 1), (1000, 3) })
        {
            var before = Thousand.Reads;
            await Thousand.At(size).InclusionAsync(7, TestContext.Current.CancellationToken);
            (Thousand.Reads - before).ShouldBeLessThanOrEqualTo(most);
        }
    }

    [Fact]
    public async Task a_tree_goes_on_from_its_tiles_as_if_it_had_never_stopped()
    {
        var edge = await Thousand.At(700).EdgeAsync(TestContext.Current.CancellationToken);
        for (var i = 700; i < 1000; i++)
        {
            edge.Append(Trees.Leaf(i));
            edge.Root.ShouldBe(Thousand.Roots[i + 1]);
        }

        await Should.ThrowAsync<InvalidDataException>(
            () => new TileTree(3, (_, _) => Task.FromResult(new byte[64])).RootAsync(TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Thousand.At(3).InclusionAsync(3, TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Thousand.At(3).ConsistencyAsync(4, TestContext.Current.CancellationToken));
    }

    private static IEnumerable<byte[]> EveryByteChanged(byte[] bytes) => Enumerable.Range(0, bytes.Length).Select(i =>
    {
        byte[] changed = [.. bytes];
        changed[i] ^= (byte)(1 << i % 8);
        return changed;
    });

    // A byte of a hash, a hash too few, too many, twice, or too short.
    private static IEnumerable<IReadOnlyList<byte[]>> Altered(IReadOnlyList<byte[]> proof) =>
    [
        .. Enumerable.Range(0, proof.Count)
            .SelectMany(i => EveryByteChanged(proof[i]).Select(changed => (IReadOnlyList<byte[]>)[.. proof.Take(i), changed, .. proof.Skip(i + 1)])),
        .. Enumerable.Range(0, proof.Count).Select(i => (IReadOnlyList<byte[]>)[.. proof.Take(i), .. proof.Skip(i + 1)]),
        .. Enumerable.Range(0, proof.Count).Select(i => (IReadOnlyList<byte[]>)[.. proof.Take(i), proof[i], .. proof.Skip(i)]),
        .. Enumerable.Range(0, proof.Count).Select(i => (IReadOnlyList<byte[]>)[.. proof.Take(i), proof[i][..31], .. proof.Skip(i + 1)]),
        [.. proof, new byte[32]], [new byte[32], .. proof], [.. proof, []],
    ];
}
