using System.Security.Cryptography;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// What the log shows of an event: SHA-256("volunteerbook-leaf-v1\n" || salt || record). Who has the salt and the record can tell that they belong to it;
/// without the salt, which an erasure destroys, it says nothing of the record, not even to one who guesses it.
/// </summary>
public static class LeafCommitment
{
    /// <summary>Bytes of a salt.</summary>
    public const int SaltLength = 32;

    /// <summary>The commitment, 32 bytes. It is the leaf's entry; the leaf's hash is <see cref="MerkleTree.Leaf"/> of it.</summary>
    /// <param name="salt">32 random bytes of this leaf's own.</param>
    /// <param name="record">The event as canonical JSON (RFC 8785).</param>
    public static byte[] Of(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> record)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("volunteerbook-leaf-v1\n"u8);
        sha.AppendData(salt);
        sha.AppendData(record);
        return sha.GetHashAndReset();
    }
}
