using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>Verifies notes of one signer (C2SP signed-note, Ed25519).</summary>
public sealed class NoteVerifier
{
    private const byte Ed25519Type = 1;
    private readonly byte[] key;

    internal NoteVerifier(string name, byte[] key)
    {
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+'))
        {
            throw new ArgumentException("A key's name must not be empty or have spaces or a plus sign.", nameof(name));
        }

        (Name, this.key) = (name, key);
        Id = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', Ed25519Type, .. key]));
    }

    /// <summary>The key's name, by recommendation an address without a scheme, e.g. <c>example.com/log</c>.</summary>
    public string Name { get; }

    /// <summary>The key's id: the first four bytes of SHA-256(name || 0x0A || 0x01 || public key).</summary>
    public uint Id { get; }

    /// <summary>The verifier key as text: <c>name+id+base64(0x01 || public key)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}+{Id:x8}+{Convert.ToBase64String([Ed25519Type, .. key])}");

    /// <summary>Reads a verifier key.</summary>
    /// <exception cref="FormatException">It is not one of Ed25519, or its id is not its own.</exception>
    public static NoteVerifier Parse(string text)
    {
        if (text.Split('+', 3) is [{ Length: > 0 } name, _, var encoded] && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            && SignedNote.FromBase64(encoded) is [Ed25519Type, .. { Length: 32 } key])
        {
            var verifier = new NoteVerifier(name, key);
            if (verifier.ToString() == text)
            {
                return verifier;
            }
        }

        throw new FormatException("A verifier key must be written as name+id+base64, with the id of the key.");
    }

    internal bool Verify(byte[] message, byte[] signature) =>
        signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length);
}
