using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Identity;

/// <summary>Codes of an authenticator application (RFC 6238: SHA-1, six digits, thirty seconds), as all of them make them. Pure but for the new key.</summary>
public static class Totp
{
    const int Seconds = 30, Digits = 6, KeyLength = 20;
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>A new key, 160 bits.</summary>
    public static byte[] NewKey() => RandomNumberGenerator.GetBytes(KeyLength);

    /// <summary>
    /// The step that a code is of: now, or one before or after, as clocks differ. Nothing when it is of none of them, or of one that is used up.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="code">Six digits; spaces are passed over.</param>
    /// <param name="now">UTC.</param>
    /// <param name="usedUpTo">The last step of which a code was taken.</param>
    public static long? Step(byte[] key, string code, DateTimeOffset now, long usedUpTo)
    {
        var digits = Encoding.ASCII.GetBytes(string.Concat((code ?? "").Where(c => !char.IsWhiteSpace(c))));
        var present = now.ToUnixTimeSeconds() / Seconds;
        long? found = null;
        for (var step = present - 1; step <= present + 1; step++)
        {
            // All of them, however soon one fits: how long it takes tells nothing.
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Code(key, step)), digits) && step > usedUpTo) found ??= step;
        }

        return found;
    }

    /// <summary>The code of a step.</summary>
    public static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8], hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // What RFC 6238 asks for and every application knows; SHA-1's collisions do not weaken HMAC.
        HMACSHA1.HashData(key, counter, hash);
#pragma warning restore CA5350
        var number = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xF)..]) & int.MaxValue;
        return (number % 1_000_000).ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');
    }

    /// <summary>The address by which an application takes the key up.</summary>
    public static string Address(byte[] key, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Base32(key)}&issuer={Uri.EscapeDataString(issuer)}";

    /// <summary>Bytes in base32 (RFC 4648) without padding.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var (at, bits, held) = (0, 0, 0); at < bytes.Length || held > 0;)
        {
            if (held < 5 && at < bytes.Length) (bits, held) = ((bits << 8) | bytes[at++], held + 8);
            else if (held < 5) (bits, held) = (bits << (5 - held), 5);
            text.Append(Alphabet[(bits >> (held - 5)) & 31]);
            held -= 5;
            bits &= (1 << held) - 1;
        }

        return text.ToString();
    }
}
