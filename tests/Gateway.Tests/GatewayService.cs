using VolunteerBook.Testing;

namespace VolunteerBook.Gateway.Tests;

/// <summary>The gateway's real host, in front of services of the test's.</summary>
public sealed class GatewayService : IAsyncDisposable
{
    readonly ServiceHost<RateLimitSettings> host;

    GatewayService(ServiceHost<RateLimitSettings> host) => (this.host, Http) = (host, host.Client());

    public HttpClient Http { get; }

    public static async Task<GatewayService> StartAsync(IEnumerable<StubService> services, params (string Name, string Value)[] settings)
    {
        var configuration = new Dictionary<string, string>
        {
            ["Authentication:Authority"] = "http://localhost:8080/",
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:Yarp"] = "Error",
        };
        foreach (var named in services.GroupBy(service => service.Name))
        {
            foreach (var (n, service) in named.Index()) configuration[$"services:{named.Key}:http:{n}"] = service.Address.ToString();
        }

        foreach (var (name, value) in settings) configuration[name] = value;
        return new(await ServiceHost.StartAsync<RateLimitSettings>(
            new() { Configuration = configuration, Environment = configuration.GetValueOrDefault("environment", "Development") }));
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
