using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Aggregation;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// An aggregate kept as a document, changed in the transaction of its events. It is made of its own streams and of no other's, and every event stored in these moves its version, which is
/// the ETag: also one of a name that is no longer written. Another aggregate's event in them is a mistake of who appends it, and is refused before it is stored.
/// </summary>
/// <typeparam name="T">The aggregate: its <c>Create</c> and <c>Apply</c> say which events are its own.</typeparam>
public sealed class OwnStreams<T> : SingleStreamProjection<T, Guid> where T : notnull
{
    // For what does not run inline: a rebuild.
    public OwnStreams() => StreamType = typeof(T);

    /// <summary>The events that the aggregate is made of.</summary>
    public IReadOnlyCollection<Type> Events => base.determineEventTypes();

    // None named is all of them.
    protected override Type[] determineEventTypes() => [];

    protected override IInlineProjection<IDocumentOperations> buildForInline() => new Inline(base.buildForInline(), [.. Events]);

    private sealed class Inline(IInlineProjection<IDocumentOperations> aggregate, HashSet<Type> own) : IInlineProjection<IDocumentOperations>
    {
        public Task ApplyAsync(IDocumentOperations session, IEnumerable<StreamAction> streams, CancellationToken cancellation)
        {
            var mine = streams.Where(IsMine).ToList();
            if (mine.SelectMany(stream => stream.Events).FirstOrDefault(stored => !own.Contains(stored.EventType)) is { } foreign)
            {
                throw new InvalidOperationException($"{foreign.EventType.Name} is no event of {typeof(T).Name}.");
            }

            return mine.Count == 0 ? Task.CompletedTask : aggregate.ApplyAsync(session, mine, cancellation);
        }

        // Who appends without saying to what is known by the events: each belongs to one aggregate.
        private bool IsMine(StreamAction stream) => stream.AggregateType is { } type ? type == typeof(T) : stream.Events.Any(stored => own.Contains(stored.EventType));
    }
}
