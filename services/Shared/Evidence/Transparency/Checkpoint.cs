using System.Globalization;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>What a log says of itself at one size (C2SP tlog-checkpoint): the text of a signed note.</summary>
/// <param name="Origin">Which log: the name of its key.</param>
/// <param name="Size">Leaves.</param>
/// <param name="Root">The root of RFC 6962, 2.1, 32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The signed checkpoint.</summary>
    public static string Sign(long size, byte[] root, NoteSigner signer) =>
        signer.Sign(string.Create(CultureInfo.InvariantCulture, $"{signer.Verifier.Name}\n{size}\n{Convert.ToBase64String(root)}\n"));

    /// <summary>The checkpoint of a note that the log's key signed; null where anything in it is not as the log made it.</summary>
    /// <param name="note">The signed note, UTF-8.</param>
    /// <param name="verifier">The log's key; its name is the origin.</param>
    public static Checkpoint? Open(ReadOnlySpan<byte> note, NoteVerifier verifier) =>
        SignedNote.Open(note, verifier) is { } text && text.Split('\n') is [var origin, var size, var root, .. var extensions, ""]
        && origin == verifier.Name && !extensions.Contains("")
        && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves) && leaves.ToString(CultureInfo.InvariantCulture) == size
        && SignedNote.FromBase64(root) is { Length: MerkleTree.HashLength } hash
            ? new Checkpoint(origin, leaves, hash)
            : null;
}
