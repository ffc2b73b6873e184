using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VolunteerBook.Identity.Tests;

/// <summary>The service as it is run: a process of its own on a port of its own, ended with its input data left in the database.</summary>
public sealed partial class IdentityProcess : IAsyncDisposable
{
    public const string PortalSecret = "portal-secret-for-tests-0123456789";
    public const string AnalystSecret = "analyst-secret-for-tests-0123456789";
    public const string PortalCallback = "http://localhost:8080/signin-oidc";
    public const string PortalSignedOut = "http://localhost:8080/signout-callback-oidc";
    public const string Issuer = "http://localhost:8080/";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process process;
    readonly ConcurrentQueue<string> errors = new();
    readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    IdentityProcess(Process process) => this.process = process;

    /// <summary>Where it listens.</summary>
    public Uri Address => listening.Task.Result;

    /// <summary>A client without cookies, for machines.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<IdentityProcess> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var started = Launch(database, settings);
        var ended = started.process.WaitForExitAsync();
        if (await Task.WhenAny(started.listening.Task, ended, Task.Delay(Patience)) != started.listening.Task)
        {
            await started.DisposeAsync();
            throw new InvalidOperationException("Identity did not start: " + string.Join('\n', started.errors));
        }

        started.Http = new() { BaseAddress = started.Address };
        return started;
    }

    /// <summary>Starts it where it should refuse to, and gives its exit code and what it said on standard error.</summary>
    public static async Task<(int ExitCode, string[] Errors)> RefusedAsync(string database, params (string Name, string Value)[] settings)
    {
        await using var started = Launch(database, settings);
        using var deadline = new CancellationTokenSource(Patience);
        await started.process.WaitForExitAsync(deadline.Token);
        return (started.process.ExitCode, [.. started.errors]);
    }

    /// <summary>A person's browser.</summary>
    public Browser NewBrowser() => new(Address);

    /// <summary>Asks the token endpoint.</summary>
    public async Task<(int Status, JsonElement Body)> TokenAsync(params (string Name, string Value)[] form)
    {
        using var answer = await Http.PostAsync("/connect/token", new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
        Http?.Dispose();
    }

    static IdentityProcess Launch(string database, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "VolunteerBook.Identity.dll"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        (string, string)[] usual =
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
            ("ConnectionStrings__identity", database), ("Identity__Issuer", Issuer),
            ("Identity__Clients__portal__Secret", PortalSecret), ("Identity__Clients__portal__RedirectUris__0", PortalCallback),
            ("Identity__Clients__portal__PostLogoutRedirectUris__0", PortalSignedOut), ("Identity__Clients__analyst__Secret", AnalystSecret),
        ];
        foreach (var (name, value) in usual.Concat(settings)) start.Environment[name] = value;

        var process = Process.Start(start)!;
        var launched = new IdentityProcess(process);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && Listening().Match(text) is { Success: true } match) launched.listening.TrySetResult(new(match.Groups[1].Value));
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrEmpty(line.Data)) launched.errors.Enqueue(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return launched;
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
