using Microsoft.AspNetCore.Http;

namespace VolunteerBook.EventSourcing;

/// <summary>For endpoints that read a body as it comes.</summary>
public static class ReceivedBody
{
    /// <summary>Receives the whole body, a long one into a file, and leaves it to be read from its start: however slowly it comes, nothing waits for it but this.</summary>
    public static async Task ReceiveAsync(this HttpRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.EnableBuffering();
        await request.Body.CopyToAsync(Stream.Null, ct);
        request.Body.Position = 0;
    }
}
