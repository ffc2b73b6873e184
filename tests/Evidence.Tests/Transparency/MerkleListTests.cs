using CsCheck;
using Shouldly;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Transparency;

/// <summary>The tree over a list that is at hand, against the one that grows at its edge.</summary>
[Trait("Feature", "N3")]
public sealed class MerkleListTests
{
    private static byte[][] Leaves(int size) => [.. Enumerable.Range(0, size).Select(number => MerkleTree.Leaf(BitConverter.GetBytes(number)))];

    [Fact]
    public void every_leaf_of_every_size_is_proven_and_at_no_other_place()
    {
        for (var size = 1; size <= 70; size++)
        {
            var leaves = Leaves(size);
            var list = new MerkleList(leaves);
            var edge = new TreeEdge();
            Array.ForEach(leaves, leaf => edge.Append(leaf));
            list.Root.ShouldBe(edge.Root);
            for (var index = 0; index < size; index++)
            {
                MerkleTree.VerifyInclusion(index, size, leaves[index], list.Inclusion(index), list.Root).ShouldBeTrue();
                MerkleTree.VerifyInclusion((index + 1) % size, size, leaves[index], list.Inclusion(index), list.Root).ShouldBe(size == 1);
            }
        }

        new MerkleList([]).Root.ShouldBe(MerkleTree.EmptyRoot);
    }

    [Fact]
    public void a_large_list_is_proven_too() =>
        Gen.Int[1, 20_000].SelectMany(size => Gen.Int[0, size - 1].Select(index => (Size: size, Index: index))).Sample(
            at =>
            {
                var leaves = Leaves(at.Size);
                var list = new MerkleList(leaves);
                return MerkleTree.VerifyInclusion(at.Index, at.Size, leaves[at.Index], list.Inclusion(at.Index), list.Root);
            },
            iter: 20);
}
