using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>A span as it was exported.</summary>
/// <param name="Service">The resource's <c>service.name</c>.</param>
public sealed record ReceivedSpan(string Service, string TraceId, string SpanId, string ParentSpanId, string Name);

/// <summary>An OTLP receiver (gRPC over HTTP/2 without TLS) that keeps what comes while somebody asks: a whole run sends gigabytes.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private volatile bool keeps;

    private OtlpReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>Every message as it came: spans, logs and metrics.</summary>
    public ConcurrentQueue<byte[]> Messages { get; } = new();

    /// <summary>Keeps what comes from now on, until what this gives is disposed of.</summary>
    public IDisposable Keep()
    {
        keeps = true;
        return new Kept(this);
    }

    public Uri Endpoint => new(app.Urls.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/opentelemetry.proto.collector.{signal}.v1.{service}/Export", receiver.ExportAsync);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ExportAsync(HttpContext http, string signal)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (keeps)
        {
            Messages.Enqueue(body.ToArray());
        }

        if (keeps && signal == "trace")
        {
            // gRPC frames a message with a flag and four bytes of length.
            foreach (var span in OtlpTrace.Read(body.ToArray().AsSpan(5)))
            {
                Spans.Enqueue(span);
            }
        }

        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        await http.Response.Body.WriteAsync(new byte[5]);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private sealed class Kept(OtlpReceiver receiver) : IDisposable
    {
        public void Dispose()
        {
            receiver.keeps = false;
            receiver.Spans.Clear();
            receiver.Messages.Clear();
        }
    }
}
