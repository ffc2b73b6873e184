using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>The Standard Webhooks specification (standardwebhooks.com, 1.0.0): secrets, signatures, the schedule of attempts.</summary>
public static class StandardWebhook
{
    /// <summary>Bytes of a new secret; the specification asks for 24 to 64.</summary>
    public const int SecretLength = 32;

    /// <summary>How long a secret signs after another took its place.</summary>
    public static TimeSpan Overlap { get; } = TimeSpan.FromHours(24);

    /// <summary>Pauses after the first attempt, the second, …: the specification's own schedule, ten attempts over 75 hours and a half.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>A secret as its owner is told it.</summary>
    public static string Text(ReadOnlySpan<byte> secret) => "whsec_" + Convert.ToBase64String(secret);

    /// <summary>
    /// <c>webhook-signature</c>: for each secret <c>v1,</c> and base64 of HMAC-SHA256 over id, timestamp and body, parted by dots; between them a space.
    /// Where there are several the last is said twice: libraries for .NET that agencies may use stop before the last of a list, and whoever still has the old
    /// secret would find no signature of theirs.
    /// </summary>
    /// <param name="id">The <c>webhook-id</c>.</param>
    /// <param name="timestamp">The <c>webhook-timestamp</c>: of this attempt, seconds since 1970.</param>
    /// <param name="body">The body as it is sent.</param>
    /// <param name="secrets">The secrets, the latest first.</param>
    public static string Sign(string id, long timestamp, string body, IEnumerable<byte[]> secrets)
    {
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        var signatures = secrets.Select(secret => "v1," + Convert.ToBase64String(HMACSHA256.HashData(secret, signed))).ToList();
        return string.Join(' ', signatures.Count > 1 ? [.. signatures, signatures[^1]] : signatures);
    }
}
