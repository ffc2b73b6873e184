using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace VolunteerBook.ServiceDefaults;

/// <summary>A body that is not always JSON.</summary>
public static class JsonBody
{
    /// <summary>The body read as every other one is, with the same refusals.</summary>
    public static async Task<T> ReadJsonAsync<T>(this HttpContext http, CancellationToken ct) where T : class
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.HasJsonContentType())
        {
            throw new RefusedException(new Refusal(
                "unsupported-media-type", StatusCodes.Status415UnsupportedMediaType,
                "The body must be JSON, and its Content-Type must say so.", "Content-Type"));
        }

        try
        {
            return await http.Request.ReadFromJsonAsync<T>(ct) ?? throw new RefusedException(Refusal.Invalid("malformed-json", "$", "The body is missing."));
        }
        catch (JsonException malformed)
        {
            throw new BadHttpRequestException(malformed.Message, malformed);
        }
    }
}
