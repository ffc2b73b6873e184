using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Profiles.People.PersonalData;

/// <summary>
/// The key that wraps every person's own key: 32 bytes, in base64 under <c>PersonalData:MasterKey</c>. Kept out of the database and its backups.
/// </summary>
public sealed class MasterKey
{
    /// <summary>Setting that holds the key.</summary>
    public const string Setting = "PersonalData:MasterKey";

    /// <summary>What stands in on a developer's machine. It is public, so it protects nothing.</summary>
    public static string DevelopmentValue { get; } = Convert.ToBase64String(SHA256.HashData("volunteerbook: development master key"u8));

    /// <summary>Setting that holds those that were used before, in a list: what they wrapped is still unwrapped.</summary>
    public const string EarlierSetting = "PersonalData:EarlierMasterKeys";

    private readonly byte[] key;
    private readonly IReadOnlyList<MasterKey> earlier;

    private MasterKey(byte[] key, IReadOnlyList<MasterKey> earlier)
    {
        (this.key, this.earlier) = (key, earlier);
        Id = Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 8));
    }

    /// <summary>Tells one master key from another without giving it away: the first 8 bytes of its SHA-256, hexadecimal.</summary>
    public string Id { get; }

    /// <summary>The configured key. Only a development environment may go without one.</summary>
    /// <exception cref="InvalidOperationException">There is no key, it is not 32 bytes in base64, or it is the development one elsewhere.</exception>
    public static MasterKey From(string? configured, bool isDevelopment, params IEnumerable<string?> earlier)
    {
        var before = earlier.Select(one => From(one, isDevelopment)).ToList();
        if (string.IsNullOrWhiteSpace(configured))
        {
            return isDevelopment
                ? new MasterKey(Convert.FromBase64String(DevelopmentValue), before)
                : throw new InvalidOperationException($"{Setting} is not set; it must be 32 random bytes in base64, e.g. from `openssl rand -base64 32`.");
        }

        var key = new byte[32];
        if (!Convert.TryFromBase64String(configured.Trim(), key, out var length) || length != key.Length)
        {
            throw new InvalidOperationException($"{Setting} is not 32 bytes in base64.");
        }

        if (!isDevelopment && CryptographicOperations.FixedTimeEquals(key, Convert.FromBase64String(DevelopmentValue)))
        {
            throw new InvalidOperationException($"{Setting} is the development key, which everybody knows.");
        }

        return new MasterKey(key, before);
    }

    /// <summary>A person's key as it may be stored.</summary>
    public byte[] Wrap(Guid personId, ReadOnlySpan<byte> personKey) => AesGcmBox.Seal(key, personKey, Label(personId));

    /// <summary>The person's key again.</summary>
    /// <exception cref="CryptographicException">It was wrapped for another person or by another master key, or was changed since.</exception>
    public byte[] Unwrap(Guid personId, ReadOnlySpan<byte> wrapped) => AesGcmBox.Open(key, wrapped, Label(personId));

    /// <summary>The master key of an id: this one, or one that was used before it; null where it is none of these.</summary>
    public MasterKey? Called(string id) => id == Id ? this : earlier.FirstOrDefault(one => one.Id == id);

    /// <summary>A key of 32 bytes for another purpose (RFC 5869), which does not give this one away.</summary>
    public byte[] Derive(string purpose) => HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: Encoding.UTF8.GetBytes(purpose));

    private static byte[] Label(Guid personId) => Encoding.UTF8.GetBytes($"volunteerbook person key 1\n{personId:D}");
}
