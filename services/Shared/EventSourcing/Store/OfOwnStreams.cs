using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// What is made of an aggregate's own streams and of no other's. Kept as a document it is changed in the transaction of its events, and every event stored in
/// these streams moves its version, which is the ETag: also one of a name that is no longer written. Another aggregate's event in them is a mistake of who
/// appends it, and is refused before it is stored.
/// </summary>
/// <typeparam name="TMade">What is made.</typeparam>
/// <typeparam name="TAggregate">The aggregate: its <c>Create</c> and <c>Apply</c> say which events are its own.</typeparam>
public abstract class OfOwnStreams<TMade, TAggregate> : SingleStreamProjection<TMade, Guid> where TMade : notnull where TAggregate : notnull
{
    // For what does not run inline: a rebuild.
    private protected OfOwnStreams() => StreamType = typeof(TAggregate);

    /// <summary>The events that the aggregate is made of.</summary>
    public abstract IReadOnlyCollection<Type> Events { get; }

    /// <summary>The events that what is made here says are its own.</summary>
    private protected Type[] Named() => base.determineEventTypes();

    // None named is all of them.
    protected override Type[] determineEventTypes() => [];

    protected override IInlineProjection<IDocumentOperations> buildForInline() => new Inline(base.buildForInline(), [.. Events]);

    private sealed class Inline(IInlineProjection<IDocumentOperations> made, HashSet<Type> own) : IInlineProjection<IDocumentOperations>
    {
        public Task ApplyAsync(IDocumentOperations session, IEnumerable<StreamAction> streams, CancellationToken cancellation)
        {
            var mine = streams.Where(IsMine).ToList();
            if (mine.SelectMany(stream => stream.Events).FirstOrDefault(stored => !own.Contains(stored.EventType)) is { } foreign)
            {
                throw new InvalidOperationException($"{foreign.EventType.Name} is not an event of {typeof(TAggregate).Name}.");
            }

            return mine.Count == 0 ? Task.CompletedTask : made.ApplyAsync(session, mine, cancellation);
        }

        // Who appends without saying to what is known by the events: each belongs to one aggregate.
        private bool IsMine(StreamAction stream) =>
            stream.AggregateType is { } type ? type == typeof(TAggregate) : stream.Events.Any(stored => own.Contains(stored.EventType));
    }
}
