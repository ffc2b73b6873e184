using JasperFx.Events;
using Marten;

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

    /// <summary>
    /// The types of events that the service stores or stored, in alphabetical order. Who stores nothing any more does not know what there was.
    /// </summary>
    internal IReadOnlyList<string> TypesOf(IDocumentStore store) => !Publishes ? []
        : [.. store.Options.Events.AllKnownEventTypes().Select(known => known.EventTypeName).Concat(Earlier).Distinct().Order(StringComparer.Ordinal)];
}
