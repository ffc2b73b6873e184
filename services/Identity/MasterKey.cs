using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Identity;

/// <summary>
/// The one key that is configured (<c>Identity:MasterKey</c>, base64 of 32 bytes) and encrypts every key that the database holds,
/// with AES-256-GCM. Development has a key that everyone can read here; Production refuses it.
/// </summary>
public sealed class MasterKey(byte[] bytes)
{
    const byte Format = 1;
    const int NonceLength = 12, TagLength = 16;

    /// <summary>What development uses when nothing is configured.</summary>
    public static readonly MasterKey Development = new(SHA256.HashData("volunteerbook development master key"u8));

    public bool IsDevelopment => bytes.AsSpan().SequenceEqual(Development.Bytes);

    byte[] Bytes => bytes;

    /// <summary>The configured key, the development key when none is, or nothing when what is configured is not 32 bytes in base64.</summary>
    public static MasterKey? From(IConfiguration configuration)
    {
        var text = configuration["Identity:MasterKey"];
        if (string.IsNullOrEmpty(text)) return Development;

        var bytes = new byte[32];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length ? new(bytes) : null;
    }

    /// <summary>Format byte, nonce, tag, ciphertext. The purpose is authenticated: a key cannot be passed off as another kind.</summary>
    public byte[] Protect(ReadOnlySpan<byte> plain, string purpose)
    {
        var result = new byte[1 + NonceLength + TagLength + plain.Length];
        result[0] = Format;
        var nonce = result.AsSpan(1, NonceLength);
        var tag = result.AsSpan(1 + NonceLength, TagLength);
        var cipher = result.AsSpan(1 + NonceLength + TagLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(bytes, TagLength);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes(purpose));
        return result;
    }

    /// <exception cref="CryptographicException">Another master key or purpose, or the bytes were changed.</exception>
    public byte[] Unprotect(ReadOnlySpan<byte> @protected, string purpose)
    {
        if (@protected.Length < 1 + NonceLength + TagLength || @protected[0] != Format) throw new CryptographicException("Not in the format of a protected key.");

        var plain = new byte[@protected.Length - 1 - NonceLength - TagLength];
        using var aes = new AesGcm(bytes, TagLength);
        aes.Decrypt(
            @protected.Slice(1, NonceLength), @protected[(1 + NonceLength + TagLength)..],
            @protected.Slice(1 + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(purpose));
        return plain;
    }
}
