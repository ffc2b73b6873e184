using System.Buffers.Binary;
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
            throw new ArgumentException("A private key of Ed25519 must have 32 bytes.", nameof(seed));
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
