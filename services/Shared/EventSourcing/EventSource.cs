using JasperFx.Events;

namespace VolunteerBook.EventSourcing;

/// <summary>What a service says of itself to the event store.</summary>
/// <param name="Name">The service's name: its database's connection string, its feed, its queues.</param>
/// <param name="ToContract">
/// Stored event → integration event, or null where it stays inside. One explicit switch; none where a service tells nobody anything.
/// </param>
/// <param name="Told">
/// Names of texts, lists and nested objects of stored events that the analysts' feed tells, at any depth (see <see cref="EventSourcing.Told"/>): no personal
/// data, and nothing that people type freely.
/// </param>
public sealed record EventSource(string Name, Func<IEvent, object?>? ToContract, params string[] Told)
{
    /// <summary>Names under which events were stored and none is any more, because they are upcast: analysts may still ask for them.</summary>
    public IReadOnlyCollection<string> Earlier { get; init; } = [];

    internal bool Publishes => ToContract is not null;
}
