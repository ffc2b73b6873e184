using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.Testing;

/// <summary>Starts services under test.</summary>
public static class ServiceHost
{
    /// <summary>Starts a service with the given settings and returns when it listens.</summary>
    /// <typeparam name="TEntryPoint">Any public type of the service's assembly that is not static, e.g. an aggregate: it only names the assembly.</typeparam>
    public static async Task<ServiceHost<TEntryPoint>> StartAsync<TEntryPoint>(ServiceSettings settings) where TEntryPoint : class
    {
        var host = new ServiceHost<TEntryPoint>(settings, settings.Address ?? ServiceSettings.FreeAddress());
        await host.StartAsync();
        return host;
    }
}

/// <summary>
/// A service's real host, from its own entry point, on a real port of loopback. It can be stopped and started again at the same address.
/// </summary>
/// <typeparam name="TEntryPoint">Any public type of the service's assembly that is not static: it only names the assembly.</typeparam>
public sealed class ServiceHost<TEntryPoint> : IAsyncDisposable where TEntryPoint : class
{
    private readonly ServiceSettings _settings;
    private readonly List<HttpClient> _clients = [];
    private Factory? _factory;

    internal ServiceHost(ServiceSettings settings, Uri address)
    {
        _settings = settings;
        Address = address;
    }

    /// <summary>Where the service listens; the same after a restart.</summary>
    public Uri Address { get; private set; }

    /// <summary>The running host's services.</summary>
    public IServiceProvider Services => _factory?.Services ?? throw new InvalidOperationException("The service is stopped.");

    /// <summary>Starts the service again after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        var factory = new Factory(_settings.With(WebHostDefaults.ServerUrlsKey, Address.ToString()));
        factory.UseKestrel();
        try
        {
            // Starting blocks until the host listens.
            await Task.Run(factory.StartServer);
        }
        catch
        {
            await factory.DisposeAsync();
            throw;
        }

        _factory = factory;
        Address = new Uri(factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Stops the service in good order.</summary>
    public async Task StopAsync()
    {
        if (_factory is { } factory)
        {
            _factory = null;
            await factory.DisposeAsync();
        }
    }

    /// <summary>Stops the service and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>A client of the service that sends the token, or none. It works again after a restart, and is disposed with the host.</summary>
    public HttpClient Client(string? token = null)
    {
        // Redirects and cookies are part of what tests look at, so nothing is followed or kept.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        lock (_clients)
        {
            _clients.Add(client);
        }

        return client;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await StopAsync();
    }

    private sealed class Factory(ServiceSettings settings) : WebApplicationFactory<TEntryPoint>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(settings.Environment);
            foreach (var (key, value) in settings.Configuration)
            {
                // A setting is there when the service's first line runs; configuration sources added here would come too late,
                // and so may the port that UseKestrel takes: the factory sets it while the entry point goes on, and refuses where the server was faster.
                builder.UseSetting(key, value);
            }

            if (settings.ConfigureServices is { } configure)
            {
                builder.ConfigureTestServices(configure);
            }
        }
    }
}

/// <summary>What a service under test is started with.</summary>
public sealed record ServiceSettings
{
    /// <summary>Configuration by its keys, parts separated by colons.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment's name.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>The address to listen on; a free one when not given.</summary>
    public Uri? Address { get; init; }

    /// <summary>Replaces parts of the host, such as its clock; runs after the service's own registrations.</summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }

    /// <summary>Settings of a service with a store: its database (connection string), its RabbitMQ address, and the authority of its tokens.</summary>
    public static ServiceSettings For(string service, string database, string bus, TestAuthority authority) => For(authority)
        .With($"ConnectionStrings:{service}", database)
        .With("ConnectionStrings:bus", bus);

    /// <summary>Settings of a process without a store.</summary>
    public static ServiceSettings For(TestAuthority authority) => new ServiceSettings()
        .With("Authentication:Authority", authority.Issuer.ToString())
        .With("Authentication:Audience", "volunteerbook")
        .With("Authentication:ClientId", "services")
        .With("Authentication:ClientSecret", "secret")
        .WithService("profiles", authority.Issuer)
        .With("Logging:LogLevel:Default", "Warning");

    /// <summary>An address of loopback on which nobody listens now.</summary>
    public static Uri FreeAddress() => new($"http://127.0.0.1:{Ports.Free()}");

    /// <summary>With one more setting, or another value of it.</summary>
    public ServiceSettings With(string key, string value) => this with { Configuration = new Dictionary<string, string>(Configuration) { [key] = value } };

    /// <summary>With the address of another service, as service discovery finds it.</summary>
    public ServiceSettings WithService(string name, Uri address) => With($"services:{name}:http:0", address.ToString().TrimEnd('/'));

    /// <summary>Listening on a given address: needed where two services must know each other before either starts.</summary>
    public ServiceSettings At(Uri address) => this with { Address = address };
}
