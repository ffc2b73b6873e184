using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Traces, metrics and logs by OTLP, to where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; without it nothing is exported.</summary>
public static class Telemetry
{
    public const string Name = "VolunteerBook";

    /// <summary>The domain's own spans: numbering, sending, receiving, catching up.</summary>
    public static readonly ActivitySource Source = new(Name);

    /// <summary>The domain's own metrics; names follow OpenTelemetry's conventions (<c>volunteerbook.entries.logged</c>).</summary>
    public static readonly Meter Meter = new(Name);

    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        // A line for every request costs more than many a request; configuration can still ask for it. A message without a queue is told by its sender.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData =
            [
                new("Logging:LogLevel:Microsoft.AspNetCore", "Warning"), new("Logging:LogLevel:System.Net.Http", "Warning"),
                new("Logging:LogLevel:Polly", "Warning"), new("Logging:LogLevel:Marten", "Warning"), new("Logging:LogLevel:MassTransit.Messages", "None"),
                new("Logging:LogLevel:OpenIddict", "Warning"), new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"),
            ],
        });
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Name, "Marten", "MassTransit", "Npgsql", "Yarp.ReverseProxy"))
            .WithTracing(tracing => tracing
                .AddProcessor<LeaveOutTheDaemon>()
                .AddSource(Name, "Marten", "MassTransit", "Yarp.ReverseProxy")
                .AddAspNetCoreInstrumentation(options =>
                    // Probes would drown the traces that people look for.
                    options.Filter = http => !http.Request.Path.StartsWithSegments("/health") && !http.Request.Path.StartsWithSegments("/alive"))
                .AddHttpClientInstrumentation(options =>
                    options.FilterHttpRequestMessage = request => request.RequestUri?.AbsolutePath is not ("/health" or "/alive" or "/integration-events")));

        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }
}

/// <summary>
/// Leaves out what Marten's daemon does of its own accord, several times a second: it belongs to no request, and would drown the traces that people look for.
/// How far it is has its own metrics.
/// </summary>
internal sealed class LeaveOutTheDaemon : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Source.Name == "Marten" && data.Parent is null && !data.HasRemoteParent)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            data.IsAllDataRequested = false;
        }
    }
}
