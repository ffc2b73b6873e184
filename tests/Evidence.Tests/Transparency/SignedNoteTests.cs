using System.Text;
using Shouldly;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Transparency;

/// <summary>Signed notes and checkpoints of C2SP.</summary>
[Trait("Feature", "N4")]
public sealed class SignedNoteTests
{
    // The key and note of the specification's first implementation, Go's sumdb.
    private const string KnownKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private const string KnownText = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private const string KnownNote = KnownText
        + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    private static readonly NoteSigner Signer = new("volunteerbook.example/ledger", [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly NoteSigner Other = new("volunteerbook.example/ledger", new byte[32]);
    private static readonly byte[] Root = MerkleTree.Leaf([1, 2, 3]);

    [Fact]
    public void the_known_note_is_made_and_read()
    {
        var seed = KnownSeedBytes();
        var signer = new NoteSigner("PeterNeumann", seed);
        signer.Verifier.ToString().ShouldBe(KnownKey);
        signer.Sign(KnownText).ShouldBe(KnownNote);
        Open(KnownNote, NoteVerifier.Parse(KnownKey)).ShouldBe(KnownText);
    }

    [Fact]
    public void a_verifier_key_with_any_character_changed_is_none()
    {
        NoteVerifier.Parse(KnownKey).ToString().ShouldBe(KnownKey);
        for (var i = 0; i < KnownKey.Length; i++)
        {
            var changed = KnownKey[..i] + (char)(KnownKey[i] + 1) + KnownKey[(i + 1)..];
            Should.Throw<FormatException>(() => NoteVerifier.Parse(changed), changed);
            Should.Throw<FormatException>(() => NoteVerifier.Parse(KnownKey[..i]));
        }

        // Ids that fit, with a key of another length and of another kind.
        Should.Throw<FormatException>(() => NoteVerifier.Parse("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="));
        Should.Throw<FormatException>(() => NoteVerifier.Parse("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
        Should.Throw<ArgumentException>(() => new NoteSigner("a name", new byte[32]));
        Should.Throw<ArgumentException>(() => new NoteSigner("a+name", new byte[32]));
        Should.Throw<ArgumentException>(() => new NoteSigner("", new byte[32]));
        Should.Throw<ArgumentException>(() => new NoteSigner("name", new byte[31]));
    }

    [Fact]
    public void signatures_of_others_are_passed_over_and_one_of_ours_must_be_there()
    {
        var note = Checkpoint.Sign(5, Root, Signer);
        const string stranger = "— example.com/witness AAAAAFJpY2hhcmQ=\n";
        Open(note + stranger, Signer.Verifier).ShouldNotBeNull();
        // The same name and another key: not ours to judge.
        var text = note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)];
        Open(note + Other.Sign(text)[(text.Length + 1)..], Signer.Verifier).ShouldBe(text);
        Open(Other.Sign(text), Signer.Verifier).ShouldBeNull();
        Open(text + "\n" + stranger, Signer.Verifier).ShouldBeNull();
        Open(text + "\n", Signer.Verifier).ShouldBeNull();
        Open(text, Signer.Verifier).ShouldBeNull();
        Open("", Signer.Verifier).ShouldBeNull();
        Open(note + "no signature\n", Signer.Verifier).ShouldBeNull();
        Open(note + note[note.IndexOf('—', StringComparison.Ordinal)..].Replace("A", "B", StringComparison.Ordinal), Signer.Verifier).ShouldBeNull();
        Open(Signer.Sign("a\tb\n"), Signer.Verifier).ShouldBeNull();
        SignedNote.Open([.. Encoding.UTF8.GetBytes(Signer.Sign("\uFFFD\n")).Select(b => b == 0xEF ? (byte)0xFF : b)], Signer.Verifier).ShouldBeNull();
    }

    [Fact]
    public void a_checkpoint_is_read_as_it_was_signed()
    {
        var note = Checkpoint.Sign(20852163, Root, Signer);
        note.ShouldStartWith($"volunteerbook.example/ledger\n20852163\n{Convert.ToBase64String(Root)}\n\n— volunteerbook.example/ledger ");
        var read = Checkpoint.Open(Encoding.UTF8.GetBytes(note), Signer.Verifier).ShouldNotBeNull();
        (read.Origin, read.Size).ShouldBe(("volunteerbook.example/ledger", 20852163));
        read.Root.ShouldBe(Root);
    }

    [Theory]
    [InlineData("volunteerbook.example/ledger\n05\nROOT\n")]
    [InlineData("volunteerbook.example/ledger\n-5\nROOT\n")]
    [InlineData("volunteerbook.example/ledger\n+5\nROOT\n")]
    [InlineData("volunteerbook.example/ledger\n9223372036854775808\nROOT\n")]
    [InlineData("volunteerbook.example/ledger\n5\nAAAA\n")]
    [InlineData("volunteerbook.example/ledger\n5\n")]
    [InlineData("volunteerbook.example/ledger\n5\nROOT\n\nextension\n")]
    [InlineData("volunteerbook.example/another\n5\nROOT\n")]
    [InlineData("\n5\nROOT\n")]
    public void what_is_signed_and_no_checkpoint_of_this_log_is_refused(string text) =>
        Checkpoint.Open(Encoding.UTF8.GetBytes(Signer.Sign(text.Replace("ROOT", Convert.ToBase64String(Root), StringComparison.Ordinal))), Signer.Verifier)
            .ShouldBeNull();

    [Fact]
    public void extension_lines_are_allowed() =>
        Checkpoint.Open(Encoding.UTF8.GetBytes(Signer.Sign($"volunteerbook.example/ledger\n5\n{Convert.ToBase64String(Root)}\nmore\n")), Signer.Verifier)
            .ShouldNotBeNull().Size.ShouldBe(5);

    [Fact]
    public void a_checkpoint_with_any_byte_changed_to_any_other_is_refused()
    {
        var note = Encoding.UTF8.GetBytes(Checkpoint.Sign(1234, Root, Signer));
        Checkpoint.Open(note, Signer.Verifier).ShouldNotBeNull();
        for (var i = 0; i < note.Length; i++)
        {
            var was = note[i];
            for (var other = 0; other < 256; other++)
            {
                if (other != was)
                {
                    note[i] = (byte)other;
                    Checkpoint.Open(note, Signer.Verifier).ShouldBeNull($"byte {i} changed to {other}");
                }
            }

            note[i] = was;
        }
    }

    [Fact]
    public void a_checkpoint_with_a_byte_less_or_more_is_refused()
    {
        var note = Encoding.UTF8.GetBytes(Checkpoint.Sign(1234, Root, Signer));
        for (var i = 0; i < note.Length; i++)
        {
            Checkpoint.Open([.. note[..i], .. note[(i + 1)..]], Signer.Verifier).ShouldBeNull($"without byte {i}");
            foreach (var added in "\n A="u8)
            {
                Checkpoint.Open([.. note[..i], added, .. note[i..]], Signer.Verifier).ShouldBeNull($"with {added} before byte {i}");
            }
        }
    }

    [Fact]
    public void a_commitment_depends_on_every_byte_of_salt_and_record()
    {
        var (salt, record) = (new byte[LeafCommitment.SaltLength], "{}"u8.ToArray());
        var commitment = LeafCommitment.Of(salt, record);
        LeafCommitment.Of(salt, record).ShouldBe(commitment);
        LeafCommitment.Of(salt, "{ }"u8).ShouldNotBe(commitment);
        for (var i = 0; i < salt.Length; i++)
        {
            salt[i] = 1;
            LeafCommitment.Of(salt, record).ShouldNotBe(commitment);
            salt[i] = 0;
        }
    }

    // As Go writes a private key: its kind, then the seed.
    private static byte[] KnownSeedBytes() => Convert.FromBase64String("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1..];

    private static string? Open(string note, NoteVerifier verifier) => SignedNote.Open(Encoding.UTF8.GetBytes(note), verifier);
}
