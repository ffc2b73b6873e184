using JasperFx.Events;

namespace VolunteerBook.EventSourcing;

/// <summary>What is shown of an aggregate, where that is something else than commands decide on.</summary>
/// <param name="after">What it is after an event: of what it was before, null before the first, and of nothing else.</param>
public sealed class ViewOf<TView, TAggregate>(Func<TView?, Happened, TView> after) : OfOwnStreams<TView, TAggregate>
    where TView : class where TAggregate : notnull
{
    public override IReadOnlyCollection<Type> Events { get; } = new OwnStreams<TAggregate>().Events;

    public override TView? Evolve(TView? snapshot, Guid id, IEvent e) => after(snapshot, Happened.Of(e));
}
