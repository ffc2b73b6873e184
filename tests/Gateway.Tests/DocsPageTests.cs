using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Gateway.Tests;

public sealed class DocsPageTests
{
    [Fact]
    public async Task the_page_shows_the_document_in_a_real_browser_with_nothing_from_elsewhere()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        ledger.Answer = http => http.Response.WriteAsync("""
            {"openapi":"3.1.1","info":{"title":"x","version":"1"},"paths":{"/api/v1/book":{"get":{"operationId":"book","summary":"The book of hours","responses":{"200":{"description":"OK"}}}}}}
            """);
        await using var gateway = await GatewayService.StartAsync([ledger]);
        // Whoever answers late is left out for a while; the page asks once.
        await Eventually.Is(async () => (await gateway.Http.GetStringAsync("/openapi/v1.json")).ShouldContain("/api/v1/book"));
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Path,
            Args = Chromium.Arguments,
        });
        var page = await chromium.NewPageAsync();
        ConcurrentQueue<string> asked = new(), refused = new();
        page.Request += (_, request) => asked.Enqueue(request.Url);
        page.Console += (_, line) =>
        {
            if (line.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase)) refused.Enqueue(line.Text);
        };

        await page.GotoAsync(new Uri(gateway.Http.BaseAddress!, "/docs/").ToString());
        await page.GetByText("The book of hours").First.WaitForAsync(new() { Timeout = 60_000 });
        asked.Where(url => !url.StartsWith(gateway.Http.BaseAddress!.ToString(), StringComparison.Ordinal)
            && !url.StartsWith("data:", StringComparison.Ordinal) && !url.StartsWith("blob:", StringComparison.Ordinal)).ShouldBeEmpty();
        refused.ShouldBeEmpty();
        if (Environment.GetEnvironmentVariable("VOLUNTEERBOOK_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "docs.png") });
    }
}
