using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VolunteerBook.Gateway.Tests;

/// <summary>A service behind the gateway: a real server on loopback that notes what it is asked, and answers its name unless told otherwise.</summary>
public sealed class StubService : IAsyncDisposable
{
    readonly WebApplication app;

    StubService(string name, WebApplication app) => (Name, this.app) = (name, app);

    public string Name { get; }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Known after it has ended too.</summary>
    public int Port { get; private set; }

    /// <summary>Every request but the gateway's probes.</summary>
    public ConcurrentQueue<(string Method, string Target, IHeaderDictionary Headers)> Requests { get; } = new();

    /// <summary>How it answers.</summary>
    public RequestDelegate Answer { get; set; } = null!;

    public static async Task<StubService> StartAsync(string name, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var service = new StubService(name, builder.Build()) { Answer = http => http.Response.WriteAsync(name) };
        service.app.Run(async http =>
        {
            if (http.Request.Path == "/alive") return;

            service.Requests.Enqueue((
                http.Request.Method, http.Request.Path + http.Request.QueryString,
                new HeaderDictionary(http.Request.Headers.ToDictionary(h => h.Key, h => h.Value))));
            await service.Answer(http);
        });
        await service.app.StartAsync();
        service.Port = service.Address.Port;
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}

/// <summary>A gateway with usual settings in front of one instance of every service.</summary>
public sealed class WholeSystem : IAsyncLifetime
{
    public Dictionary<string, StubService> Services { get; } = [];

    public GatewayService Gateway { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var name in Routes.DomainServices.Append("identity").Append("portal")) Services[name] = await StubService.StartAsync(name);
        Gateway = await GatewayService.StartAsync(Services.Values);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var service in Services.Values) await service.DisposeAsync();
    }
}
