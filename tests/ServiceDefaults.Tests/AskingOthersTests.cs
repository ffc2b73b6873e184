using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Polly.CircuitBreaker;
using Shouldly;

namespace VolunteerBook.ServiceDefaults.Tests;

/// <summary>How a service asks others.</summary>
public sealed class AskingOthersTests : IAsyncLifetime
{
    private WebApplication app = null!;

    public ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        builder.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => new Others()));
        foreach (var other in new[] { "away", "there" })
        {
            builder.Services.AddHttpClient(other, client => client.BaseAddress = new Uri($"http://{other}"));
        }

        app = builder.Build();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task a_service_that_is_away_does_not_break_the_way_to_another()
    {
        await Should.ThrowAsync<BrokenCircuitException>(async () =>
        {
            for (var attempt = 0; attempt < 1000; attempt++)
            {
                (await AskAsync("away")).ShouldBe(HttpStatusCode.ServiceUnavailable);
            }
        });
        (await AskAsync("there")).ShouldBe(HttpStatusCode.OK);
    }

    // What changes something is tried once.
    private async Task<HttpStatusCode> AskAsync(string other)
    {
        using var response = await app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(other)
            .PostAsync(new Uri("/", UriKind.Relative), null, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private sealed class Others : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(request.RequestUri!.Host == "away" ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));
    }
}
