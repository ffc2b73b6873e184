using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VolunteerBook.EndToEnd.Tests.Upgrade;

/// <summary>An agency's server that takes the messages that are signed with its secret (Standard Webhooks).</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private int forged;

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>What it verifies by: <c>whsec_</c> and base64. Without one it takes nothing.</summary>
    public string? Secret { get; set; }

    public Uri Url => new(new Uri(app.Urls.First()), "/hook");

    /// <summary>The types of what it took.</summary>
    public ConcurrentQueue<string> Taken { get; } = [];

    /// <summary>How many bore another signature.</summary>
    public int Forged => forged;

    public static async Task<WebhookReceiver> StartAsync(string? secret = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build()) { Secret = secret };
        receiver.app.Urls.Add("http://127.0.0.1:0");
        receiver.app.MapPost("/hook", receiver.TakeAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (Secret is not { } known)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        var signed = $"{request.Headers["webhook-id"]}.{request.Headers["webhook-timestamp"]}.{body}";
        var signature = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(known["whsec_".Length..]), Encoding.UTF8.GetBytes(signed)));
        if (!request.Headers["webhook-signature"].ToString().Split(' ').Contains(signature))
        {
            Interlocked.Increment(ref forged);
            return Results.BadRequest();
        }

        using var message = JsonDocument.Parse(body);
        Taken.Enqueue(message.RootElement.GetProperty("type").GetString()!);
        return Results.Ok();
    }
}
