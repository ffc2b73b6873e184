using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>A process's clock that is ahead of the database's, or behind it, by as much as a test says.</summary>
internal sealed class ClockAhead : TimeProvider
{
    private readonly WholeMicroseconds right = new();

    public TimeSpan By { get; set; }

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + By;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(By.TotalSeconds * TimestampFrequency);
}
