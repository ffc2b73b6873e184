using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>How many cases wait, and how long the oldest has: <c>volunteerbook.cases.open</c>, <c>volunteerbook.cases.oldest_age</c> in seconds.</summary>
internal sealed partial class OpenCasesMetrics(IDocumentStore store, TimeProvider clock, ILogger<OpenCasesMetrics> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);
    private int open;
    private DateTimeOffset? oldest;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Telemetry.Meter.CreateObservableGauge("volunteerbook.cases.open", () => Volatile.Read(ref open), "{case}", "Cases that wait for a decision");
        Telemetry.Meter.CreateObservableGauge(
            "volunteerbook.cases.oldest_age", () => oldest is { } at ? (clock.GetUtcNow() - at).TotalSeconds : 0, "s", "Age of the oldest open case");
        return clock.EveryAsync(Look, CountAsync, exception => NotCounted(exception.Message), stoppingToken);
    }

    private async Task CountAsync(CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var waiting = session.Query<Case>().Where(found => found.Status == CaseStatus.Open);
        Volatile.Write(ref open, await waiting.CountAsync(ct));
        oldest = await waiting.OrderBy(found => found.OpenedAt).Take(1).ToListAsync(ct) is [var first] ? first.OpenedAt : null;
    }

    [LoggerMessage(LogLevel.Warning, "The open cases could not be counted: {Error}")]
    private partial void NotCounted(string error);
}
