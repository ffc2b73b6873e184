using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Math.EC.Rfc8032;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>Signs notes with Ed25519 (C2SP signed-note; RFC 8032). .NET has no Ed25519 of its own.</summary>
public sealed class NoteSigner
{
    private readonly byte[] seed;

    /// <summary>A signer of this name from its private key.</summary>
    /// <param name="name">See <see cref="NoteVerifier.Name"/>.</param>
    /// <param name="seed">The private key of RFC 8032, 5.1.5: 32 random bytes.</param>
    /// <exception cref="ArgumentException">The name is empty or has a space or a plus sign; the key has not 32 bytes.</exception>
    public NoteSigner(string name, ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SecretKeySize)
        {
            throw new ArgumentException("A private key of Ed25519 has 32 bytes.", nameof(seed));
        }

        this.seed = seed.ToArray();
        var key = new byte[Ed25519.PublicKeySize];
        Ed25519.GeneratePublicKey(this.seed, 0, key, 0);
        Verifier = new NoteVerifier(name, key);
    }

    /// <summary>What verifies this signer's notes.</summary>
    public NoteVerifier Verifier { get; }

    /// <summary>The text with this signer's signature: the signed note.</summary>
    /// <param name="text">Ends with a new line.</param>
    public string Sign(string text)
    {
        var message = Encoding.UTF8.GetBytes(text);
        var signature = new byte[sizeof(uint) + Ed25519.SignatureSize];
        BinaryPrimitives.WriteUInt32BigEndian(signature, Verifier.Id);
        Ed25519.Sign(seed, 0, message, 0, message.Length, signature, sizeof(uint));
        return $"{text}\n{SignedNote.SignatureMark}{Verifier.Name} {Convert.ToBase64String(signature)}\n";
    }

    /// <summary>The signed note with this signer's signature below those that it has.</summary>
    /// <param name="note">A text, a blank line and its signatures.</param>
    public string AddTo(string note)
    {
        var text = note[..(note.LastIndexOf("\n\n", StringComparison.Ordinal) + 1)];
        return note + Sign(text)[(text.Length + 1)..];
    }
}

/// <summary>Verifies notes of one signer (C2SP signed-note, Ed25519).</summary>
public sealed class NoteVerifier
{
    private const byte Ed25519Type = 1;
    private readonly byte[] key;

    internal NoteVerifier(string name, byte[] key)
    {
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+'))
        {
            throw new ArgumentException("A key's name is not empty and has no spaces and no plus sign.", nameof(name));
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

        throw new FormatException("A verifier key is written name+id+base64, with the id of the key.");
    }

    internal bool Verify(byte[] message, byte[] signature) =>
        signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, 0, key, 0, message, 0, message.Length);
}
