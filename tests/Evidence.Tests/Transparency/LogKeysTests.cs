using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Transparency;

/// <summary>Keys of a log that follow one another: whoever trusts one gets to the others, and each counts for its own time.</summary>
[Trait("Feature", "N4")]
public sealed class LogKeysTests
{
    private const string Origin = "volunteerbook.example/ledger";
    private static readonly NoteSigner First = Signer(1);
    private static readonly NoteSigner Second = Signer(2);
    private static readonly NoteSigner Third = Signer(3);
    private static readonly NoteSigner Thief = Signer(4);
    private static readonly byte[] Root = MerkleTree.Leaf([1, 2, 3]);
    private static readonly byte[] OtherRoot = MerkleTree.Leaf([4]);
    private static readonly string ToSecond = Handed(First, Second, 10);
    private static readonly string ToThird = Handed(Second, Third, 20);

    [Fact]
    public void whoever_trusts_any_of_them_knows_all_in_their_order()
    {
        foreach (var trusted in new[] { First, Second, Third })
        {
            foreach (var notes in new[] { new[] { ToSecond, ToThird }, [ToThird, ToSecond] })
            {
                var keys = LogKeys.Of(trusted.Verifier, notes);
                keys.Terms.Select(term => (term.Key.ToString(), term.From, term.Until)).ShouldBe(
                    [(First.Verifier.ToString(), 0, 10), (Second.Verifier.ToString(), 10, 20), (Third.Verifier.ToString(), 20, (long?)null)]);
                keys.Current.ToString().ShouldBe(Third.Verifier.ToString());
                keys.Successions.Select(one => one.Note).ShouldBe([ToSecond, ToThird]);
            }
        }

        LogKeys.Of(First.Verifier, []).Terms.ShouldHaveSingleItem().Until.ShouldBeNull();
    }

    [Fact]
    public void each_key_opens_checkpoints_of_its_own_sizes_and_no_others()
    {
        var keys = LogKeys.Of(Second.Verifier, [ToSecond, ToThird]);
        foreach (var (signer, from, until) in new[] { (First, 0L, 10L), (Second, 10, 20), (Third, 20, long.MaxValue) })
        {
            foreach (var size in new[] { 0, 9, 10, 11, 19, 20, 21, long.MaxValue })
            {
                var opened = Open(keys, Checkpoint.Sign(size, Root, signer));
                (opened is not null).ShouldBe(size >= from && size <= until, $"{signer.Verifier} at {size}");
            }
        }

        Open(keys, Checkpoint.Sign(5, Root, Thief)).ShouldBeNull();
        // Of the size at which one hands over there is one tree.
        Open(keys, Checkpoint.Sign(10, OtherRoot, First)).ShouldBeNull();
        Open(keys, Checkpoint.Sign(10, OtherRoot, Second)).ShouldBeNull();
        // Signed by both, whoever knows but one of them can read it.
        var both = Second.AddTo(Checkpoint.Sign(10, Root, First));
        Open(keys, both).ShouldNotBeNull();
        Open(new LogKeys(First.Verifier), both).ShouldNotBeNull();
        Open(new LogKeys(Second.Verifier), both).ShouldNotBeNull();
    }

    [Fact]
    public void what_both_keys_have_not_signed_as_it_is_hands_nothing_over()
    {
        var read = KeySuccession.Open(ToSecond).ShouldNotBeNull();
        (read.Earlier.ToString(), read.Later.ToString(), read.Size, read.At)
            .ShouldBe((First.Verifier.ToString(), Second.Verifier.ToString(), 10, DateTimeOffset.UnixEpoch));
        for (var i = 0; i < ToSecond.Length; i++)
        {
            var changed = ToSecond[..i] + (char)(ToSecond[i] + 1) + ToSecond[(i + 1)..];
            KeySuccession.Open(changed).ShouldBeNull(changed);
            KeySuccession.Open(ToSecond[..i]).ShouldBeNull();
        }

        var text = ToSecond[..(ToSecond.LastIndexOf("\n\n", StringComparison.Ordinal) + 1)];
        KeySuccession.Open(First.Sign(text)).ShouldBeNull();
        KeySuccession.Open(Second.Sign(text)).ShouldBeNull();
        KeySuccession.Open(Thief.AddTo(First.Sign(text))).ShouldBeNull();
        // It can be taken for no checkpoint, nor a checkpoint for it.
        Checkpoint.Open(Encoding.UTF8.GetBytes(ToSecond), First.Verifier).ShouldBeNull();
        KeySuccession.Open(Second.AddTo(Checkpoint.Sign(10, Root, First))).ShouldBeNull();
        Should.Throw<ArgumentException>(() => Handed(First, First, 10));
        Should.Throw<ArgumentException>(() => Handed(First, new NoteSigner("other.example/ledger", new byte[32]), 10));
    }

    [Fact]
    public void keys_that_do_not_follow_one_another_in_one_line_are_refused()
    {
        foreach (var notes in new[]
        {
            // Two that claim to follow one, or to precede one.
            [ToSecond, Handed(First, Thief, 30)],
            [ToSecond, ToThird, Handed(Thief, Third, 20)],
            // What leads nowhere, backwards, in a circle, or is doubled.
            [ToThird],
            [ToSecond, Handed(Second, Third, 9)],
            [ToSecond, Handed(Second, First, 20)],
            [ToSecond, ToSecond],
            new[] { ToSecond, "no note" },
        })
        {
            Should.Throw<FormatException>(() => LogKeys.Of(First.Verifier, notes), string.Join('\n', notes));
        }

        Should.Throw<FormatException>(() => LogKeys.Of(Thief.Verifier, [ToSecond]));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    public async Task a_documents_proof_of_before_and_of_after_is_taken_by_who_trusts_either_key(long size)
    {
        const string record = """{"data":{"signature":"signed"}}""";
        var salt = new byte[32];
        var commitments = Enumerable.Range(0, (int)size).Select(i => LeafCommitment.Of(salt, i == 3 ? Encoding.UTF8.GetBytes(record) : [(byte)i])).ToList();
        var leaves = commitments.Select(commitment => MerkleTree.Leaf(commitment)).ToList();
        var tree = new TileTree(size, (_, _) => Task.FromResult(leaves.SelectMany(leaf => leaf).ToArray()));
        var root = await tree.RootAsync(TestContext.Current.CancellationToken);
        var hashes = await tree.InclusionAsync(3, TestContext.Current.CancellationToken);
        var proof = new JsonObject
        {
            ["checkpoint"] = Checkpoint.Sign(size, root, size <= 10 ? First : Second),
            ["index"] = "3",
            ["record"] = record,
            ["salt"] = Convert.ToBase64String(salt),
            ["hashes"] = new JsonArray([.. hashes.Select(hash => (JsonNode)Convert.ToBase64String(hash))]),
        };
        foreach (var trusted in new[] { First, Second, Third })
        {
            var keys = LogKeys.Of(trusted.Verifier, [ToSecond, ToThird]);
            new LogInclusion(keys).Proves(proof, "signed").ShouldBeTrue();
            new LogInclusion(keys).Proves(proof, "another").ShouldBeFalse();
        }

        // The other key at that size proves nothing.
        proof["checkpoint"] = Checkpoint.Sign(size, root, size <= 10 ? Second : First);
        new LogInclusion(LogKeys.Of(First.Verifier, [ToSecond, ToThird])).Proves(proof, "signed").ShouldBeFalse();
    }

    private static NoteSigner Signer(byte seed) => new(Origin, [.. Enumerable.Repeat(seed, 32)]);

    private static string Handed(NoteSigner earlier, NoteSigner later, long size) =>
        KeySuccession.Sign(earlier, later, new Checkpoint(Origin, size, Root), DateTimeOffset.UnixEpoch).Note;

    private static Checkpoint? Open(LogKeys keys, string note) => keys.Open(Encoding.UTF8.GetBytes(note));
}
