using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>Identifiers made from natural keys: the same key gives the same identifier in every service, at any time.</summary>
public static class Uuid
{
    /// <summary>The namespace of host names, RFC 9562 section 6.6.</summary>
    public static readonly Guid Dns = new("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    /// <summary>The namespace of URLs, RFC 9562 section 6.6.</summary>
    public static readonly Guid Url = new("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    /// <summary>
    /// UUID version 5 (RFC 9562 section 5.5): the first 128 bits of SHA-1 over the namespace, most significant byte first, and the
    /// name in UTF-8, with version and variant written over. A name with a lone surrogate is refused with
    /// <see cref="EncoderFallbackException"/>: it has no UTF-8 form.
    /// </summary>
    public static Guid V5(Guid @namespace, string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        var text = StrictUtf8.GetBytes(name);
        var input = new byte[16 + text.Length];
        @namespace.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input, 16);

        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // SHA-1 is what version 5 is defined by; nothing rests on its resistance to collisions.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
