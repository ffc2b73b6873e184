using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;

namespace VolunteerBook.EventSourcing;

/// <summary>How a store keeps its aggregates.</summary>
public static class Aggregates
{
    /// <summary>Keeps the aggregate as a document that commands decide on and its reader sees at once (<see cref="OwnStreams{T}"/>).</summary>
    public static void Snapshot<T>(this StoreOptions options) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Schema.For<T>();
        options.Projections.Add(new OwnStreams<T>(), ProjectionLifecycle.Inline);
    }
}
