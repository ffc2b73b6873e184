using System.Buffers.Text;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// base64url without padding (RFC 7515, 2), where every value has one spelling only: no white space, no padding, unused trailing bits zero (RFC 4648, 3.5).
/// </summary>
public static class CanonicalBase64Url
{
    /// <summary>The bytes; null where the text is not their one spelling.</summary>
    public static byte[]? Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes) == text ? bytes : null;
    }
}
