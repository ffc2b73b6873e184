using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// Makes one attempt. Follows no redirect, keeps no cookie, uses no proxy, reads nothing of the answer but its status, and outside development connects to
/// public addresses only: it looks the name up itself and connects to what it found and checked, so that a name cannot lead elsewhere the second time.
/// </summary>
internal sealed class Post : IDisposable
{
    private const int MostOfAnAnswer = 4 * 1024;

    private readonly HttpClient http;
    private readonly bool anyAddress;
    private readonly TimeProvider clock;

    public Post(IHostEnvironment environment, IConfiguration configuration, TimeProvider clock)
    {
        this.clock = clock;
        anyAddress = environment.IsDevelopment();
        Timeout = configuration.GetValue("Webhooks:Timeout", TimeSpan.FromSeconds(15));
        // Not of the factory: its handlers retry and discover services, and neither is wanted here.
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MostOfAnAnswer,
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("VolunteerBook-Webhooks", "1"));
    }

    /// <summary>How long an attempt may take in all: <c>Webhooks:Timeout</c>, 15 seconds.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Posts the body, signed with these secrets.</summary>
    public async Task<Answer> SendAsync(string url, Guid id, string body, IReadOnlyList<byte[]> secrets, CancellationToken ct)
    {
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id.ToString());
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", StandardWebhook.Sign(id.ToString(), timestamp, body, secrets));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Timeout);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return new Answer((int)response.StatusCode);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Answer(null, "timeout");
        }
        catch (HttpRequestException refused)
            when (refused.InnerException is AddressRefusedException || refused is { InnerException.InnerException: AddressRefusedException })
        {
            return new Answer(null, "address-refused");
        }
        catch (HttpRequestException)
        {
            return new Answer(null, "unreachable");
        }
    }

    public void Dispose() => http.Dispose();

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var found = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        if (!anyAddress && !found.All(PublicAddresses.IsPublic))
        {
            throw new AddressRefusedException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class AddressRefusedException : Exception;
}
