using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace VolunteerBook.Gateway;

/// <summary>What happens when an instance of a service, or all of them, do not answer.</summary>
public static class Failures
{
    /// <summary>
    /// A request that no one has received yet goes to another instance: the connection was refused, so nothing can happen twice.
    /// Anything later is the caller's to repeat, who knows whether it may be.
    /// </summary>
    public static async Task TryAnotherInstanceAsync(HttpContext http, RequestDelegate next)
    {
        var proxy = http.GetReverseProxyFeature();
        var left = proxy.AvailableDestinations;
        await next(http);
        while (NobodyReceived(http) && left.Count > 1)
        {
            left = [.. left.Where(destination => destination != proxy.ProxiedDestination)];
            proxy.AvailableDestinations = left;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Response.Clear();
            await next(http);
        }
    }

    /// <summary>Says in a problem detail what the forwarding came to, unless the answer was already under way.</summary>
    public static async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.HasStarted || http.GetForwarderErrorFeature() is not { } failure) return;

        var refusal = failure.Error switch
        {
            _ when IsTooLarge(failure.Exception) => Answers.TooLarge,
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled
            or ForwarderError.ResponseBodyCanceled or ForwarderError.UpgradeRequestCanceled => null,
            // A service that ends a request while it is sent, as it is busy or ends itself, has begun nothing.
            ForwarderError.NoAvailableDestinations or ForwarderError.RequestBodyDestination => Answers.Away,
            ForwarderError.RequestTimedOut => Answers.Slow,
            _ when IsRefused(failure.Exception) => Answers.Away,
            ForwarderError.RequestBodyClient => null,
            _ => Answers.BadAnswer,
        };
        if (refusal is null) return;

        if (refusal == Answers.Away) http.Response.Headers.RetryAfter = "2";
        await http.WriteAsync(refusal);
    }

    static bool NobodyReceived(HttpContext http) =>
        !http.Response.HasStarted && http.GetForwarderErrorFeature() is { Error: ForwarderError.Request } failure && IsRefused(failure.Exception);

    // Also where nobody has the name: an instance that is not configured is looked for by its service's name.
    static bool IsRefused(Exception? failure) => failure is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        InnerException: SocketException or TimeoutException or OperationCanceledException,
    };

    static bool IsTooLarge(Exception? failure) =>
        failure is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } || (failure?.InnerException is { } inner && IsTooLarge(inner));
}
