using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PersonalData;

/// <summary>
/// A person's own key, under which their personal data enters an event. Sealed text is <c>1.</c> and base64url of nonce, tag and
/// ciphertext. The person's id and the set of fields are associated data, so that no one's text can be passed off as another's.
/// </summary>
public sealed class PersonKey : IDisposable
{
    private const string Scheme = "1.";

    private readonly byte[] key;

    internal PersonKey(Guid personId, byte[] key)
    {
        PersonId = personId;
        this.key = key;
    }

    /// <summary>Whose key it is.</summary>
    public Guid PersonId { get; }

    /// <summary>A new random key.</summary>
    public static PersonKey Create(Guid personId) => new(personId, RandomNumberGenerator.GetBytes(32));

    /// <summary>The value in JSON, encrypted. Each call gives another text.</summary>
    /// <param name="fields">Name of the set of fields, such as <c>volunteer-details</c>; the same is needed to open.</param>
    /// <param name="value">What to encrypt.</param>
    public string Seal<T>(string fields, T value)
    {
        var plaintext = JsonSerializer.SerializeToUtf8Bytes(value, Json.Options);
        try
        {
            return Scheme + Base64Url.EncodeToString(AesGcmBox.Seal(key, plaintext, Associated(fields)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>The value again.</summary>
    /// <exception cref="CryptographicException">The text is another person's or of other fields, or was changed.</exception>
    public T Open<T>(string fields, string sealedText)
    {
        if (!sealedText.StartsWith(Scheme, StringComparison.Ordinal) || !Base64Url.IsValid(sealedText.AsSpan(Scheme.Length)))
        {
            throw new CryptographicException("The text is not of a known scheme.");
        }

        var plaintext = AesGcmBox.Open(key, Base64Url.DecodeFromChars(sealedText.AsSpan(Scheme.Length)), Associated(fields));
        try
        {
            return JsonSerializer.Deserialize<T>(plaintext, Json.Options) ?? throw new CryptographicException("Nothing was sealed.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>The key as it is stored.</summary>
    internal byte[] WrappedBy(MasterKey master) => master.Wrap(PersonId, key);

    /// <summary>Overwrites the key in memory.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    private byte[] Associated(string fields) => Encoding.UTF8.GetBytes($"volunteerbook personal data 1\n{PersonId:D}\n{fields}");
}
