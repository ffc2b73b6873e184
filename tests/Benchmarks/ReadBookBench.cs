using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VolunteerBook.AppHost;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>Reading a book of 200 entries through the gateway, against the same bytes from a bare Kestrel endpoint behind a second process of the same gateway.</summary>
internal static class ReadBookBench
{
    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(101)).WithANameAsync(ct);
        for (var i = 0; i < 200; i++)
        {
            await person.PostAsync("entries", LogEntryBench.Payload(ground, day: i), ct: ct);
        }

        using var ours = await Ground.ClientAsync(ground.System.Gateway, person, ct);
        var book = await ours.GetByteArrayAsync(new Uri("/api/v1/book?limit=200", UriKind.Relative), ct);
        await using var bare = await BareEndpointAsync(book);
        using var gateway = SecondGateway(ground, bare.Urls.First(), out var address);
        using var baseline = await Ground.ClientAsync(address, person, ct);
        await ReadyAsync(baseline, ct);
        var (rate, bareRate) = await Ground.RatesInTurnsAsync(1000, token => GetAsync(ours, token), token => GetAsync(baseline, token), ct);
        Ground.Report("read-book-of-200-through-the-gateway", rate, bareRate, "reads/s");
        gateway.Kill();
        await gateway.WaitForExitAsync(ct);
    }

    private static async ValueTask GetAsync(HttpClient client, CancellationToken ct) =>
        await client.GetByteArrayAsync(new Uri("/api/v1/book?limit=200", UriKind.Relative), ct);

    private static async Task<WebApplication> BareEndpointAsync(byte[] book)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/alive", () => "alive");
        app.MapGet("/api/v1/book", (HttpContext http) =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            return http.Response.Body.WriteAsync(book).AsTask();
        });
        await app.StartAsync();
        return app;
    }

    private static Process SecondGateway(Ground ground, string ledger, out Uri address)
    {
        address = new Uri($"http://localhost:{ground.System.Gateway.Port + 50}");
        var start = new ProcessStartInfo("dotnet", AsBuilt.Program(new Projects.Gateway().ProjectPath));
        foreach (var (name, value) in ground.System.Environment("gateway"))
        {
            start.Environment[name] = value;
        }

        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["services__ledger__http__0"] = ledger;
        start.Environment.Remove("services__ledger__http__1");
        start.Environment["Logging__LogLevel__Default"] = "None";
        return Process.Start(start)!;
    }

    private static async Task ReadyAsync(HttpClient client, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(new Uri("/alive", UriKind.Relative), ct);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, ct);
            }
        }
    }
}
