using System.Text.Json.Nodes;
using Yarp.ReverseProxy;

namespace VolunteerBook.Gateway;

/// <summary>
/// The documents of the services, put together. Kept for a short while; a service that does not answer is left out and named, and
/// asked again soon.
/// </summary>
public sealed partial class ServiceDocuments(
    IProxyStateLookup proxy, IConfiguration configuration, TimeProvider clock, ILogger<ServiceDocuments> log) : IDisposable
{
    static readonly TimeSpan Kept = TimeSpan.FromSeconds(30), KeptIncomplete = TimeSpan.FromSeconds(2), Patience = TimeSpan.FromSeconds(3);

    readonly HttpClient http = new(new SocketsHttpHandler { ConnectTimeout = Patience, UseCookies = false, AllowAutoRedirect = false }) { Timeout = Patience };
    readonly SemaphoreSlim one = new(1, 1);
    (byte[] Document, DateTimeOffset Until)? kept;

    public async Task<byte[]> MergedAsync(CancellationToken cancellation)
    {
        if (kept is { } fresh && fresh.Until > clock.GetUtcNow()) return fresh.Document;

        await one.WaitAsync(cancellation);
        try
        {
            if (kept is { } meanwhile && meanwhile.Until > clock.GetUtcNow()) return meanwhile.Document;

            var documents = await Task.WhenAll(Routes.DomainServices.Select(async service => (service, Document: await FetchAsync(service))));
            var merged = OpenApiMerge.Merge(documents, configuration["Authentication:Authority"]).ToJsonString();
            var until = clock.GetUtcNow() + (Array.TrueForAll(documents, d => d.Document is not null) ? Kept : KeptIncomplete);
            kept = (System.Text.Encoding.UTF8.GetBytes(merged), until);
            return kept.Value.Document;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        one.Dispose();
    }

    // Not tied to the request that asks first: others wait for the same answer.
    async Task<JsonObject?> FetchAsync(string service)
    {
        foreach (var instance in Instances(service))
        {
            try
            {
                return JsonNode.Parse(await http.GetByteArrayAsync(new Uri(new Uri(instance), "/openapi/v1.json"))) as JsonObject;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
            {
                Away(service, instance, failure.Message);
            }
        }

        return null;
    }

    // Where requests would be forwarded to at this moment.
    IEnumerable<string> Instances(string service) =>
        proxy.TryGetCluster(service, out var cluster)
            ? cluster.DestinationsState.AvailableDestinations.Select(destination => destination.Model.Config.Address)
            : [];

    [LoggerMessage(LogLevel.Warning, "The API document of {Service} at {Instance} could not be read: {Reason}")]
    partial void Away(string service, string instance, string reason);
}
