using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>A signature that does not sign what it should is refused (422), and the attempt goes on record.</summary>
internal static class SignatureRefusal
{
    /// <summary>The longest signature that is looked at.</summary>
    public const int MostCharacters = 256 * 1024;

    public static Decision OnRecord(SignatureFault fault, string? kid, string signature, DateTimeOffset now)
    {
        var reason = JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString());
        var refusal = new Refusal("signature-refused", StatusCodes.Status422UnprocessableEntity, "The signature does not sign this statement.", "signature")
        {
            Extensions = new Dictionary<string, object?> { ["reason"] = reason },
        };
        return Decision.RefuseOnRecord(refusal, new SignatureRefused(
            reason,
            kid is { Length: > 200 } ? kid[..200] : kid,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signature))),
            now));
    }
}
