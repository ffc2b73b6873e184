using System.Buffers.Text;
using System.Security.Cryptography;
using VolunteerBook.Profiles.People.PersonalData;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// What the link at the end of a mail holds: the person, under a seal (HMAC-SHA256) of a key made of the master key, and which master key that is. So it
/// serves for as long as the mail is kept, and nothing is stored for it. 75 characters of base64url, which logs and traces leave out.
/// </summary>
internal sealed class UnsubscribeLinks(MasterKey master)
{
    private const int IdLength = 8;
    private const int PersonLength = 16;

    /// <summary>The token of a person's mails.</summary>
    public string TokenOf(Guid person)
    {
        Span<byte> told = stackalloc byte[IdLength + PersonLength];
        Convert.FromHexString(master.Id, told, out _, out _);
        person.TryWriteBytes(told[IdLength..], bigEndian: true, out _);
        return Base64Url.EncodeToString([.. told, .. Seal(master, told)]);
    }

    /// <summary>Whose mails a token ends; null for one that was never given, or whose master key is none of ours any more.</summary>
    public Guid? PersonOf(string token)
    {
        if (!Base64Url.IsValid(token, out var length) || length != IdLength + PersonLength + HMACSHA256.HashSizeInBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(token);
        var told = bytes[..(IdLength + PersonLength)];
        return master.Called(Convert.ToHexStringLower(told[..IdLength])) is { } sealedBy
            && CryptographicOperations.FixedTimeEquals(Seal(sealedBy, told), bytes[told.Length..])
            ? new Guid(told[IdLength..], bigEndian: true)
            : null;
    }

    private static byte[] Seal(MasterKey key, ReadOnlySpan<byte> told) => HMACSHA256.HashData(key.Derive("volunteerbook unsubscribe links 1"), told);
}
