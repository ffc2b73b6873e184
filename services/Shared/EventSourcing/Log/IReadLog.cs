using JasperFx.Events;
using Marten;

namespace VolunteerBook.EventSourcing;

/// <summary>Reads the service's own log, in its order, on the instance that leads.</summary>
public interface IReadLog
{
    /// <summary>Its name, for ever: its position is kept under it.</summary>
    string Name { get; }

    /// <summary>The events that it wants.</summary>
    IReadOnlyCollection<Type> Wants { get; }

    /// <summary>
    /// Whether it does anything beside the session, which it would not do twice: so its position is written down soon, though nothing of the session says so.
    /// </summary>
    bool ActsByItself { get; }

    /// <summary>Does what these bring about. Where the session has anything to save it is saved, in one transaction with the position.</summary>
    Task HandleAsync(IReadOnlyList<IEvent> events, IDocumentSession session, CancellationToken ct);

    /// <summary>What was brought about is saved.</summary>
    void Saved();
}
