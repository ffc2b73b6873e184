using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>A signature that does not sign what it should is refused (422), and the attempt goes on record.</summary>
internal static class SignatureRefusal
{
    /// <summary>
    /// The longest signature that is looked at: in base64url within a credential it is a third longer, and the credential must be short enough to be checked.
    /// </summary>
    public const int MostCharacters = 128 * 1024;

    /// <summary>The attempt at confirming a case, or at taking that back.</summary>
    public static Decision OnRecord(SignatureFault fault, string? kid, string signature, DateTimeOffset now) =>
        OnRecord(fault, kid, signature, now, (reason, named, sha256, at) => new SignatureRefused(reason, named, sha256, at));

    /// <summary>The attempt as an event of what was to be signed: an event belongs to one aggregate.</summary>
    /// <param name="record">Makes it of the reason's stable code, the key that was named, the SHA-256 of what was handed in, and the time.</param>
    public static Decision OnRecord(
        SignatureFault fault, string? kid, string signature, DateTimeOffset now, Func<string, string?, string, DateTimeOffset, object> record)
    {
        var reason = JsonNamingPolicy.KebabCaseLower.ConvertName(fault.ToString());
        var refusal = new Refusal("signature-refused", StatusCodes.Status422UnprocessableEntity,
            "The signature was not accepted for this statement; the member reason says why.", "signature")
        {
            Extensions = new Dictionary<string, object?> { ["reason"] = reason },
        };
        return Decision.RefuseOnRecord(refusal, record(
            reason,
            kid is { Length: > 200 } ? kid[..200] : kid,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(signature))),
            now));
    }
}
