using JasperFx.Events;

namespace VolunteerBook.EventSourcing;

/// <summary>What happened in a stream: as much of a stored event as a state is made of.</summary>
/// <param name="StreamId">The stream.</param>
/// <param name="Version">The stream's version after it, from 1.</param>
/// <param name="Data">The event.</param>
public readonly record struct Happened(Guid StreamId, long Version, object Data)
{
    public static Happened Of(IEvent stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return new(stored.StreamId, stored.Version, stored.Data);
    }
}
