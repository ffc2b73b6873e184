using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Microsoft.Playwright;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// When the largest thing of a page is seen (Largest Contentful Paint), by the browser's own clock and with nothing kept from before: beside the same page,
/// style sheet and fonts as files that a bare server answers with. Bytes are those on the wire, headers included, so both have the same.
/// </summary>
internal static class PagesBench
{
    private const string Measured =
        """
        () => new Promise(resolve => {
          new PerformanceObserver(list => {
            const resources = performance.getEntriesByType("resource").concat(performance.getEntriesByType("navigation"));
            resolve([list.getEntries().at(-1).startTime, resources.reduce((sum, one) => sum + one.transferSize, 0)]);
          }).observe({ type: "largest-contentful-paint", buffered: true });
        })
        """;

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var anna = await ground.Nobody.Person(DemoAccounts.Anna).WithANameAsync(ct);
        for (var i = 0; i < Ground.Times(200); i++)
        {
            await anna.PostAsync("entries", LogEntryBench.Payload(ground, day: i, submit: true), ct: ct);
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium.Path,
            Args = Chromium.Arguments,
        });
        foreach (var (name, path, person) in new[]
        {
            ("home", "/", null),
            ("book", "/book", DemoAccounts.Anna),
            ("queue", $"/coordination/{ground.Organisation.Id}/queue", DemoAccounts.Pavel),
            ("statistics", "/statistics", (string?)null),
        })
        {
            await PageAsync(ground, browser, name, path, person, ct);
        }
    }

    private static async Task PageAsync(Ground ground, IBrowser browser, string name, string path, string? person, CancellationToken ct)
    {
        var cookies = person is null ? null : await SignInAsync(browser, ground.System.Gateway, person);

        await using var files = await Files.StartAsync(browser, ground.System.Gateway, path, cookies, ct);
        List<double> ours = [], beside = [];
        double bytes = 0;
        for (var round = 0; round < Ground.Times(21) + 1; round++)
        {
            var live = await VisitAsync(browser, ground.System.Gateway, path, cookies);
            var file = await VisitAsync(browser, files.Address, path, cookies);
            // The first fills what is kept in the services.
            if (round > 0)
            {
                ours.Add(live[0]);
                beside.Add(file[0]);
                bytes = live[1];
            }
        }

        Ground.Report($"largest-paint-of-{name}", Median(ours), Median(beside), "ms", "2");
        Ground.Report($"bytes-of-{name}", bytes / 1024, 150, "KiB of at most 150", "1");
    }

    // The cookies that a browser has after that.
    private static async Task<string> SignInAsync(IBrowser browser, Uri address, string person)
    {
        var page = await OpenAsync(browser, address, null);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#userName", person);
        await page.FillAsync("#password", DemoAccounts.Password);
        await page.PressAsync("#password", "Enter");
        await page.WaitForURLAsync(url => new Uri(url).AbsolutePath == "/");
        var cookies = await page.Context.StorageStateAsync();
        await page.Context.CloseAsync();
        return cookies;
    }

    // A window that keeps nothing from before but these.
    private static async Task<IPage> OpenAsync(IBrowser browser, Uri address, string? cookies)
    {
        var context = await browser.NewContextAsync(
            new BrowserNewContextOptions { BaseURL = address.ToString(), Locale = "ru-RU", StorageState = cookies });
        return await context.NewPageAsync();
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<double[]> VisitAsync(IBrowser browser, Uri address, string path, string? cookies)
    {
        var page = await OpenAsync(browser, address, cookies);
        await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        await page.EvaluateAsync("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(() => {})");
        var measured = await page.EvaluateAsync<double[]>(Measured);
        await page.Context.CloseAsync();
        return measured;
    }

    /// <summary>Everything that a page is made of, as it came, behind a server that does nothing else.</summary>
    private sealed class Files(WebApplication server) : IAsyncDisposable
    {
        public Uri Address => new(server.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

        public static async Task<Files> StartAsync(IBrowser browser, Uri gateway, string path, string? cookies, CancellationToken ct)
        {
            ConcurrentDictionary<string, (string Type, string? Encoding, byte[] Body)> answers = new();
            var page = await OpenAsync(browser, gateway, cookies);
            List<IResponse> came = [];
            page.Response += (_, response) => came.Add(response);
            await page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
            foreach (var response in came.ToList())
            {
                var headers = await response.AllHeadersAsync();
                // The bell listens for as long as the page is open: it has no end to wait for, and nothing is seen of it.
                if (headers["content-type"].StartsWith("text/event-stream", StringComparison.Ordinal))
                {
                    continue;
                }

                var encoding = headers.GetValueOrDefault("content-encoding");
                var body = await response.BodyAsync();
                answers[new Uri(response.Url).PathAndQuery] =
                    (headers["content-type"], encoding, encoding is null ? body : await PackAsync(body, encoding, ct));
            }

            await page.Context.CloseAsync();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            app.Run(async http =>
            {
                if (!answers.TryGetValue(http.Request.Path + http.Request.QueryString, out var answer))
                {
                    http.Response.StatusCode = (int)HttpStatusCode.NotFound;
                    return;
                }

                http.Response.ContentType = answer.Type;
                if (answer.Encoding is not null)
                {
                    http.Response.Headers.ContentEncoding = answer.Encoding;
                }

                await http.Response.Body.WriteAsync(answer.Body);
            });
            await app.StartAsync(ct);
            return new Files(app);
        }

        public ValueTask DisposeAsync() => server.DisposeAsync();

        private static async Task<byte[]> PackAsync(byte[] body, string encoding, CancellationToken ct)
        {
            using var packed = new MemoryStream();
            await using (Stream pack = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest) : new GZipStream(packed, CompressionLevel.Fastest))
            {
                await pack.WriteAsync(body, ct);
            }

            return packed.ToArray();
        }
    }
}
