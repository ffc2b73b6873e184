using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// How far the broker is behind what was numbered: <c>volunteerbook.publishing.lag</c> in events, <c>volunteerbook.publishing.lag_time</c> in seconds.
/// </summary>
internal sealed class PublishingLag
{
    private long events;
    private DateTimeOffset? oldest;

    public PublishingLag(TimeProvider clock)
    {
        Telemetry.Meter.CreateObservableGauge(
            "volunteerbook.publishing.lag", () => Volatile.Read(ref events), "{event}", "Integration events that the broker has not confirmed");
        Telemetry.Meter.CreateObservableGauge(
            "volunteerbook.publishing.lag_time", () => oldest is { } at ? (clock.GetUtcNow() - at).TotalSeconds : 0, "s", "Age of the oldest of these");
    }

    /// <summary>Notes what waits: how many, and since when (UTC).</summary>
    public void Is(long waiting, DateTimeOffset? since)
    {
        Volatile.Write(ref events, waiting);
        oldest = since;
    }
}
