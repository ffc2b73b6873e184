using System.Diagnostics;

namespace VolunteerBook.Demo.World;

/// <summary>
/// Marks each request as not sampled (W3C Trace Context, section 3.2.2.5): thousands of them would drown what people look for in the dashboard, and slow down
/// the making of the world.
/// </summary>
internal sealed class Untraced() : DelegatingHandler(new Patience())
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00");
        return base.SendAsync(request, cancellationToken);
    }
}
