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

    /// <summary>
    /// Begins a span under one of another process, by its W3C traceparent. One that was not sampled is continued as not sampled, so that what is begun
    /// under this span is not either.
    /// </summary>
    public static Activity? Continue(string name, ActivityKind kind, string? traceParent) =>
        Source.StartActivity(name, kind, ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent) ? parent : default);

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
                new("Logging:LogLevel:Polly", "None"), new("Logging:LogLevel:Marten", "Warning"), new("Logging:LogLevel:MassTransit.Messages", "None"),
                new("Logging:LogLevel:OpenIddict", "Warning"), new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Warning"),
            ],
        });
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.AddProcessor(new HideBearersInLogs());
        });
        // Each writes whole addresses, on the console too, where nothing takes a link's token out of them: no configuration turns these on.
        foreach (var category in new[]
        {
            "Microsoft.AspNetCore.Hosting.Diagnostics",
            "Microsoft.AspNetCore.HttpLogging",
            "System.Net.Http.HttpClient",
            "Yarp.ReverseProxy.Forwarder",
        })
        {
            builder.Logging.AddFilter(category, LogLevel.Warning);
        }

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(Name, "Marten", "MassTransit", "Npgsql", "Yarp.ReverseProxy"))
            .WithTracing(tracing => tracing
                .AddProcessor<LeaveOutTheRoutine>()
                .AddProcessor(new HideBearersInSpans())
                .AddSource(Name, "Marten", "MassTransit", "Yarp.ReverseProxy")
                .AddAspNetCoreInstrumentation(options =>
                    // They would drown the traces that people look for.
                    options.Filter = http => !IsRoutine(http.Request.Path))
                .AddHttpClientInstrumentation(options =>
                    options.FilterHttpRequestMessage = request => !IsRoutine(request.RequestUri?.AbsolutePath)));

        if (!string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    // Probes, and services that look whether another has published anything: a message that was read there is part of the trace that it began in.
    private static bool IsRoutine(string? path) => path is "/health" or "/alive" or "/integration-events";
}
