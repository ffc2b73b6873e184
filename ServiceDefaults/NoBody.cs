using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// An operation of the API that takes no body accepts none, or an empty object. Anything else would be ignored, so it is refused, after authorization.
/// </summary>
internal static class NoBody
{
    // More is not read.
    private const int MostBytes = 1024;

    private static readonly Refusal Malformed = Refusal.Invalid("malformed-json", "$", "The body must be an empty JSON object, or none.");

    public static async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        if (AddressInput.IsOfApi(http) && http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
            && http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null && await RefusalAsync(http) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        await next(http);
    }

    private static async Task<Refusal?> RefusalAsync(HttpContext http)
    {
        var body = new byte[MostBytes + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
        http.Request.Body = new MemoryStream(body, 0, length);
        // A form has been read already.
        if (length == 0 && !http.Request.HasFormContentType)
        {
            return null;
        }

        if (!http.Request.HasJsonContentType())
        {
            return new Refusal(
                "unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "This operation takes no body, or an empty JSON object.", "Content-Type");
        }

        try
        {
            using var read = JsonDocument.Parse(body.AsMemory(0, length));
            return read.RootElement.ValueKind != JsonValueKind.Object ? Malformed
                : read.RootElement.EnumerateObject().Select(member => Refusal.Unknown("member", member.Name)).FirstOrDefault();
        }
        catch (JsonException)
        {
            return Malformed;
        }
    }
}
