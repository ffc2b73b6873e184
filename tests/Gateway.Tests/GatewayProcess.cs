using System.Diagnostics;
using System.Text.RegularExpressions;

namespace VolunteerBook.Gateway.Tests;

/// <summary>The gateway as it is run: a process of its own, in front of services of the test's.</summary>
public sealed partial class GatewayProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    readonly Process process;

    GatewayProcess(Process process, Uri address)
    {
        this.process = process;
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
    }

    public HttpClient Http { get; }

    public static async Task<GatewayProcess> StartAsync(IEnumerable<StubService> services, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", Path.Combine(AppContext.BaseDirectory, "VolunteerBook.Gateway.dll")) { RedirectStandardOutput = true };
        (string, string)[] usual =
        [
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("OTEL_EXPORTER_OTLP_ENDPOINT", ""), ("Authentication__Authority", "http://localhost:8080/"),
        ];
        var addresses = services.GroupBy(s => s.Name).SelectMany(named => named.Select((service, n) => ($"services__{named.Key}__http__{n}", service.Address.ToString())));
        foreach (var (name, value) in usual.Concat(addresses).Concat(settings)) start.Environment[name] = value;

        var process = Process.Start(start)!;
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        process.OutputDataReceived += (_, line) =>
        {
            output.Enqueue(line.Data);
            if (line.Data is { } text && Listening().Match(text) is { Success: true } match) listening.TrySetResult(new(match.Groups[1].Value));
        };
        process.BeginOutputReadLine();
        if (await Task.WhenAny(listening.Task, process.WaitForExitAsync(), Task.Delay(Patience)) != listening.Task)
        {
            process.Kill();
            throw new InvalidOperationException("The gateway did not start: " + string.Join('\n', output));
        }

        return new(process, await listening.Task);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
