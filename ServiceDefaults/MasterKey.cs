using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// The one key of a service that is configured (<c>Identity:MasterKey</c>, <c>Portal:MasterKey</c>, <c>Ledger:MasterKey</c>; base64 of 32 bytes) and encrypts
/// every secret that its database holds, with AES-256-GCM. Development has a key that everyone can read here; Production refuses it. What was encrypted under
/// another key before is still read when that one stands in <c>…:EarlierMasterKeys</c>.
/// </summary>
/// <param name="bytes">The key.</param>
/// <param name="earlier">Keys that only read.</param>
public sealed class MasterKey(byte[] bytes, params IReadOnlyList<byte[]> earlier)
{
    const byte Format = 1;
    const int NonceLength = 12, TagLength = 16;

    static readonly byte[] DevelopmentBytes = SHA256.HashData("volunteerbook development master key"u8);

    /// <summary>What development uses when nothing is configured.</summary>
    public static readonly MasterKey Development = new(DevelopmentBytes);

    /// <summary>How much longer a protected text is.</summary>
    public const int Overhead = 1 + NonceLength + TagLength;

    public bool IsDevelopment => bytes.AsSpan().SequenceEqual(DevelopmentBytes);

    /// <summary>
    /// The key configured as <c>SECTION:MasterKey</c>, the development key when none is, or nothing when what is configured is not 32 bytes in base64. Outside
    /// Production what the development key has encrypted is read, too: an installation may have begun without a key of its own.
    /// </summary>
    public static MasterKey? From(IConfiguration configuration, string section, IHostEnvironment environment)
    {
        var settings = configuration.GetSection(section);
        List<byte[]?> earlier = [.. settings.GetSection("EarlierMasterKeys").GetChildren().Select(each => Parse(each.Value))];
        if (!environment.IsProduction()) earlier.Add(DevelopmentBytes);
        var key = string.IsNullOrEmpty(settings["MasterKey"]) ? DevelopmentBytes : Parse(settings["MasterKey"]);
        return key is null || earlier.Contains(null) ? null : new(key, [.. earlier.OfType<byte[]>()]);
    }

    /// <summary>The same for a service that says by an exception why it does not start.</summary>
    /// <exception cref="InvalidOperationException">The key is malformed, or this is Production and there is none of its own.</exception>
    public static MasterKey Require(IConfiguration configuration, string section, IHostEnvironment environment)
    {
        var key = From(configuration, section, environment) ?? throw new InvalidOperationException($"{section}:MasterKey is not 32 bytes in base64.");
        return key.IsDevelopment && environment.IsProduction()
            ? throw new InvalidOperationException(
                $"{section}:MasterKey is not set, or is the development key, and the environment is Production; make one with: openssl rand -base64 32")
            : key;
    }

    static byte[]? Parse(string? text)
    {
        var key = new byte[32];
        return Convert.TryFromBase64String(text ?? "", key, out var length) && length == key.Length ? key : null;
    }

    /// <summary>What stands for a text where it must not be kept: equal for equal texts, and nothing can be guessed from it without this key.</summary>
    public byte[] Fingerprint(string text, string purpose) =>
        HMACSHA256.HashData(HMACSHA256.HashData(bytes, Encoding.UTF8.GetBytes(purpose)), Encoding.UTF8.GetBytes(text));

    /// <summary>Format byte, nonce, tag, ciphertext. The purpose is authenticated: a key cannot be passed off as another kind.</summary>
    public byte[] Protect(ReadOnlySpan<byte> plain, string purpose)
    {
        var result = new byte[Overhead + plain.Length];
        result[0] = Format;
        var nonce = result.AsSpan(1, NonceLength);
        var tag = result.AsSpan(1 + NonceLength, TagLength);
        var cipher = result.AsSpan(Overhead);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(bytes, TagLength);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes(purpose));
        return result;
    }

    /// <exception cref="CryptographicException">Another master key or purpose, or the bytes were changed.</exception>
    public byte[] Unprotect(ReadOnlySpan<byte> @protected, string purpose)
    {
        byte[][] keys = [bytes, .. earlier];
        for (var n = 0; ; n++)
        {
            try
            {
                return Open(keys[n], @protected, purpose);
            }
            catch (AuthenticationTagMismatchException) when (n + 1 < keys.Length)
            {
                // Of an earlier key, perhaps.
            }
        }
    }

    /// <summary>The same under this key, whichever of those that are read it was under.</summary>
    public byte[] Rewrap(ReadOnlySpan<byte> @protected, string purpose) => Protect(Unprotect(@protected, purpose), purpose);

    static byte[] Open(byte[] key, ReadOnlySpan<byte> @protected, string purpose)
    {
        if (@protected.Length < Overhead || @protected[0] != Format) throw new CryptographicException("Not in the format of a protected key.");

        var plain = new byte[@protected.Length - Overhead];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(
            @protected.Slice(1, NonceLength), @protected[Overhead..],
            @protected.Slice(1 + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(purpose));
        return plain;
    }
}
