namespace VolunteerBook.EventSourcing;

/// <summary>An aggregate, made of its streams (<see cref="OfOwnStreams{TMade, TAggregate}"/>).</summary>
public sealed class OwnStreams<T> : OfOwnStreams<T, T> where T : notnull
{
    public override IReadOnlyCollection<Type> Events => Named();
}
