using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Exchange;

/// <summary>A message as the receiver got it.</summary>
/// <param name="Id">The <c>webhook-id</c>.</param>
/// <param name="Text">The body.</param>
/// <param name="Signatures">How many of the signatures are of the receiver's secrets.</param>
public sealed record Got(Guid Id, string Text, int Signatures)
{
    public JsonElement Body { get; } = JsonDocument.Parse(Text).RootElement;

    public string Type => Body.GetProperty("type").GetString()!;

    public JsonElement Data => Body.GetProperty("data");

    public Guid Volunteer => Data.GetProperty("volunteerId").GetGuid();
}

/// <summary>
/// Another body's server, with the Standard Webhooks specification and a library for it alone: it verifies signature and time, and answers as it is told.
/// What it refuses as forged it does not keep.
/// </summary>
public sealed class Receiver(Func<DateTimeOffset>? now = null) : IAsyncDisposable
{
    private readonly Uri address = ServiceSettings.FreeAddress();
    private readonly Func<DateTimeOffset> now = now ?? (() => DateTimeOffset.UtcNow);
    private WebApplication? app;

    /// <summary>What it verifies by: <c>whsec_</c> and base64.</summary>
    public ConcurrentBag<string> Secrets { get; } = [];

    /// <summary>All it got with a good signature, in the order of arrival, whatever it answered.</summary>
    public ConcurrentQueue<Got> All { get; } = [];

    /// <summary>What it took: answered 200, even where the answer did not get through.</summary>
    public ConcurrentQueue<Got> Taken { get; } = [];

    /// <summary>How many it refused as forged.</summary>
    public int Forged;

    /// <summary>What it does with a message; takes it by default.</summary>
    public Func<Got, HttpContext, Task<bool>> Behaviour { get; set; } = (_, _) => Task.FromResult(true);

    public Uri Url => new(address, "/hook");

    /// <summary>What it took, each id once: what its own books would say.</summary>
    public IReadOnlyList<Got> Once => [.. Taken.DistinctBy(got => got.Id)];

    public static async Task<Receiver> StartAsync(Func<DateTimeOffset>? now = null)
    {
        var receiver = new Receiver(now);
        await receiver.UpAsync();
        return receiver;
    }

    public async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        app = builder.Build();
        app.MapPost("/hook", TakeAsync);
        await app.StartAsync();
    }

    public async Task DownAsync()
    {
        if (app is { } running)
        {
            app = null;
            await running.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await DownAsync();

    /// <summary>How many of its secrets signed this, by a library that shares nothing with the sender; the time is its own clock's.</summary>
    public int Verify(string id, string timestamp, string signatures, string body)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, System.Globalization.CultureInfo.InvariantCulture));
        return (now() - at).Duration() > TimeSpan.FromMinutes(5)
            ? 0
            : Secrets.Count(secret => signatures.Split(' ').Contains(new StandardWebhooks.StandardWebhook(secret).Sign(id, at, body)));
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var headers = http.Request.Headers;
        var good = Verify(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), body);
        if (good == 0)
        {
            Interlocked.Increment(ref Forged);
            http.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            return;
        }

        var got = new Got(Guid.Parse(headers["webhook-id"].ToString()), body, good);
        All.Enqueue(got);
        if (await Behaviour(got, http))
        {
            Taken.Enqueue(got);
        }
    }
}
