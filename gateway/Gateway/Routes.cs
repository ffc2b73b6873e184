using System.Net;
using Microsoft.Extensions.Configuration.Memory;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace VolunteerBook.Gateway;

/// <summary>
/// Which address leads to which service. What is not listed goes to the portal, except what looks like an interface and is none of
/// the listed: services answer on further addresses among themselves, and none of these may be reached from outside.
/// </summary>
public static class Routes
{
    /// <summary>The services of the domain: what the API document is put together from.</summary>
    public static readonly string[] DomainServices = ["profiles", "ledger", "verification", "vacancies", "reporting"];

    /// <summary>Collections below /api/v1, and the service that has them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Collections = new Dictionary<string, string>
    {
        ["volunteers"] = "profiles",
        ["organisations"] = "profiles",
        ["people"] = "profiles",
        ["invitations"] = "profiles",
        ["notifications"] = "profiles",
        ["entries"] = "ledger",
        ["book"] = "ledger",
        ["vocabulary"] = "ledger",
        ["log"] = "ledger",
        ["extracts"] = "ledger",
        ["shared-extracts"] = "ledger",
        ["checks"] = "ledger",
        ["status-lists"] = "ledger",
        ["issuer"] = "ledger",
        ["agencies"] = "ledger",
        ["agency"] = "ledger",
        ["grants"] = "ledger",
        ["cases"] = "verification",
        ["inquiries"] = "verification",
        ["confirmation-rules"] = "verification",
        ["delegations"] = "verification",
        ["service-levels"] = "verification",
        ["reviews"] = "verification",
        ["sheets"] = "verification",
        ["proposals"] = "verification",
        ["manifests"] = "verification",
        ["confirmations"] = "verification",
        ["vacancies"] = "vacancies",
        ["applications"] = "vacancies",
        ["statistics"] = "reporting",
    };

    static readonly string[] Closed =
    [
        "/api/{**rest}", "/integration-events/{**rest}", "/submissions/{**rest}", "/openapi/{**rest}", "/health/{**rest}", "/alive/{**rest}",
        "/metrics/{**rest}", "/connect/{**rest}",
    ];

    static readonly (string Path, string Service)[] Others =
    [
        ("/connect/authorize", "identity"), ("/connect/token", "identity"), ("/connect/logout", "identity"),
        ("/connect/userinfo", "identity"), ("/connect/revocation", "identity"),
        ("/.well-known/openid-configuration", "identity"), ("/.well-known/jwks", "identity"),
        ("/.well-known/jwks.json", "ledger"), ("/.well-known/did.json", "ledger"), ("/account/{**rest}", "identity"),
        ("/{**rest}", "portal"),
    ];

    public static void AddRoutes(this WebApplicationBuilder builder)
    {
        // A line in the log for every request costs more than forwarding it, and a failed probe every two seconds says nothing that the
        // answers to callers do not say. Configuration can still ask for them.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
                [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"), new(
                    "Logging:LogLevel:Yarp", "Warning"), new("Logging:LogLevel:Yarp.ReverseProxy.Health", "Error")],
        });

        builder.Services.AddReverseProxy()
            .LoadFromMemory(All(), [.. DomainServices.Append("identity").Append("portal").Select(service => Cluster(service, builder.Configuration))])
            .AddServiceDiscoveryDestinationResolver()
            .AddTransforms(context => context.AddOriginalHost().AddXForwarded(ForwardedTransformActions.Set))
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = TimeSpan.FromSeconds(2));
    }

    public static void MapRoutes(this WebApplication app)
    {
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(Failures.AnswerAsync);
            proxy.Use(Failures.TryAnotherInstanceAsync);
            proxy.UseLoadBalancing();
        });
        foreach (var pattern in Closed) app.Map(pattern, (HttpContext http) => http.WriteAsync(Answers.NotFound)).ExcludeFromDescription();
    }

    /// <summary>Whether an address of a service's document can be reached through the gateway at that service.</summary>
    public static bool Leads(string path, string service) =>
        path.StartsWith("/api/v1/", StringComparison.Ordinal)
        && (EventsOf(service).Contains(path) || (Collections.TryGetValue(path.Split('/')[3], out var owner) && owner == service));

    static List<RouteConfig> All() =>
    [
        .. Collections.Select(collection => Route($"/api/v1/{collection.Key}/{{**rest}}", collection.Value)),
        .. DomainServices.SelectMany(service => EventsOf(service).Select(path => Route(path, service))),
        .. Others.Select(other => Route(other.Path, other.Service)),
    ];

    // A service's log for analysts, and up to where it goes.
    static string[] EventsOf(string service) => [$"/api/v1/events/{service}", $"/api/v1/events/{service}/state"];

    static RouteConfig Route(string path, string service) => new() { RouteId = path, ClusterId = service, Match = new() { Path = path } };

    static ClusterConfig Cluster(string service, IConfiguration configuration) => new()
    {
        ClusterId = service,
        LoadBalancingPolicy = "RoundRobin",
        // A name, in whose place service discovery puts the instances: those of services:NAME:http:N, or else whatever the network knows by that name.
        Destinations = new Dictionary<string, DestinationConfig> { [service] = new() { Address = $"http://{service}" } },
        HealthCheck = new()
        {
            // When all seem to be away the gateway still tries: a probe may be wrong, and the answer says so if it is not.
            AvailableDestinationsPolicy = "HealthyOrPanic",
            Active = new()
            {
                Enabled = configuration.GetValue("Gateway:Probes", true),
                Interval = TimeSpan.FromSeconds(2),
                Timeout = TimeSpan.FromSeconds(2),
                Policy = "ConsecutiveFailures",
                Path = "/alive",
            },
        },
        // As the services themselves read headers; else a letter that is no ASCII would be a failure here instead of a refusal there.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8", ResponseHeaderEncoding = "utf-8" },
        HttpRequest = new ForwarderRequestConfig
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            // Of silence, not in all: an event feed may stream for hours.
            ActivityTimeout = configuration.GetValue("Gateway:Timeout", TimeSpan.FromSeconds(60)),
        },
    };
}
