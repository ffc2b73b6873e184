using System.Net;

namespace VolunteerBook.Demo;

/// <summary>
/// Sends again what a busy or starting system did not take (429, 502, 503, 504, no connection), as far as that is safe: what was refused before it
/// was tried (429), reads, token requests, and what carries an Idempotency-Key. Waits as long as Retry-After says.
/// </summary>
internal sealed class Patience() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    private const int MostAttempts = 12;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var mayRepeat = request.Method == HttpMethod.Get || request.Headers.Contains("Idempotency-Key") || request.RequestUri!.AbsolutePath == "/connect/token";
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                response = await base.SendAsync(request, cancellationToken);
                // A caller who is told to slow down was not heard; of the others nobody knows.
                var again = response.StatusCode is HttpStatusCode.TooManyRequests
                    || (mayRepeat && response.StatusCode is (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout));
                if (!again || attempt == MostAttempts)
                {
                    return response;
                }
            }
            catch (HttpRequestException) when (mayRepeat && attempt < MostAttempts)
            {
                // Nobody answered: asked again below.
            }

            var pause = response?.Headers.RetryAfter?.Delta ?? TimeSpan.FromMilliseconds(Math.Min(100 * attempt * attempt, 2000));
            response?.Dispose();
            await Task.Delay(pause, cancellationToken);
        }
    }
}
