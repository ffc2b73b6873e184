using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Mail;

/// <summary>
/// What a link holds: 256 random bits, base64url. Who has it may what the link is for; a service keeps its SHA-256 and nothing that it could be made of.
/// </summary>
public static class LinkToken
{
    private const int Bytes = 32;

    /// <summary>A new one, 43 characters.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of it.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
