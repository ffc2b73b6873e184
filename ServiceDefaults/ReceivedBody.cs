using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Receives a body before anything is done with it.</summary>
public static class ReceivedBody
{
    /// <summary>
    /// Forms with files are received before anybody reads them. They are read out of what was received: else each file would be
    /// buffered by itself. Routing has to be over.
    /// </summary>
    public static void UseReceivedForms(this WebApplication app) => app.Use(static async (http, next) =>
    {
        if (http.GetEndpoint() is RouteEndpoint && http.Request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true)
        {
            await http.Request.ReceiveAsync(http.RequestAborted);
        }

        await next(http);
    });

    /// <summary>
    /// Receives the whole body and leaves it to be read from its start, as often as one likes: however slowly it comes, nothing waits for it but this.
    /// </summary>
    public static async Task ReceiveAsync(this HttpRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Body is ReceivedStream)
        {
            return;
        }

        var received = new ReceivedStream();
        request.HttpContext.Response.RegisterForDispose(received);
        await request.Body.CopyToAsync(received, ct);
        received.Position = 0;
        request.Body = received;
    }
}
