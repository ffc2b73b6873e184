using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>The service's real host with the clients that these tests use.</summary>
public sealed class IdentityService : IAsyncDisposable
{
    public const string PortalSecret = "portal-secret-for-tests-0123456789";
    public const string AnalystSecret = "analyst-secret-for-tests-0123456789";
    public const string PortalCallback = "http://localhost:8080/signin-oidc";
    public const string PortalSignedOut = "http://localhost:8080/signout-callback-oidc";
    public const string Issuer = "http://localhost:8080/";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly ServiceHost<Account> host;

    IdentityService(ServiceHost<Account> host) => (this.host, Http) = (host, host.Client());

    /// <summary>Where it listens.</summary>
    public Uri Address => host.Address;

    /// <summary>The running host's services.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>A client without cookies, for machines.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts it and waits until it serves.</summary>
    public static Task<IdentityService> StartAsync(string database, params (string Name, string Value)[] settings) => StartAsync(database, null, settings);

    /// <summary>The same with parts of the host replaced.</summary>
    public static async Task<IdentityService> StartAsync(string database, Action<IServiceCollection>? replace, params (string Name, string Value)[] settings)
    {
        var configuration = Configuration(database, settings);
        return new(await ServiceHost.StartAsync<Account>(new()
        {
            Configuration = configuration,
            Address = configuration.TryGetValue("address", out var address) ? new Uri(address) : null,
            Environment = configuration.GetValueOrDefault("environment", "Development"),
            ConfigureServices = replace,
        }));
    }

    /// <summary>Starts it, as a process of its own, where it should refuse to: its exit code and what it said on standard error.</summary>
    public static async Task<(int ExitCode, string[] Errors)> RefusedAsync(string database, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VolunteerBook.Identity.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Configuration(database, settings)) start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = start.Environment["environment"];

        var errors = new ConcurrentQueue<string>();
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data)) errors.Enqueue(line.Data);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, [.. errors]);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    /// <summary>A person's browser.</summary>
    public Browser NewBrowser() => new(Address, new());

    /// <summary>Asks the token endpoint.</summary>
    public async Task<(int Status, JsonElement Body)> TokenAsync(params (string Name, string Value)[] form)
    {
        using var answer = await Http.PostAsync("/connect/token", new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    static Dictionary<string, string> Configuration(string database, (string Name, string Value)[] settings)
    {
        var configuration = new Dictionary<string, string>
        {
            ["ConnectionStrings:identity"] = database,
            ["Identity:Issuer"] = Issuer,
            ["Identity:Clients:portal:Secret"] = PortalSecret,
            ["Identity:Clients:portal:RedirectUris:0"] = PortalCallback,
            ["Identity:Clients:portal:PostLogoutRedirectUris:0"] = PortalSignedOut,
            ["Identity:Clients:analyst:Secret"] = AnalystSecret,
            ["Logging:LogLevel:Default"] = "Error",
        };
        foreach (var (name, value) in settings) configuration[name] = value;
        return configuration;
    }
}
