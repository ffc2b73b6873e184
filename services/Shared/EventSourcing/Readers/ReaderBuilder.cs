namespace VolunteerBook.EventSourcing;

/// <summary>Says what a reader handles.</summary>
public sealed class ReaderBuilder
{
    private readonly string service;

    internal ReaderBuilder(string service) => this.service = service;

    internal Dictionary<(string Publisher, string Type), Handling> Handlings { get; } = [];

    /// <summary>Handles the integration events of a type.</summary>
    /// <param name="publisher">Who publishes them.</param>
    /// <param name="handle">Handles one.</param>
    /// <param name="key">
    /// What one is about, where order matters among those that are about the same alone: then one that cannot be handled holds up what is about the same, and
    /// without it all that comes after it.
    /// </param>
    public ReaderBuilder On<T>(string publisher, Handle<T> handle, Func<T, Guid>? key = null)
    {
        Handlings.Add((publisher, typeof(T).Name), new(
            (data, received, session, ct) => handle(Handling.Of<T>(data), received, session, ct), null, Handling.KeyBy(key)));
        return this;
    }

    /// <summary>Handles the service's own events of a type; what is received says of which stream one is.</summary>
    /// <param name="handle">Handles one.</param>
    /// <param name="key">What one is about, made of its stream and itself, as for <see cref="On"/>.</param>
    public ReaderBuilder OnOwn<T>(Handle<T> handle, Func<Guid, T, Guid>? key = null)
    {
        Handlings.Add((service, typeof(T).Name), new(
            (data, received, session, ct) => OwnEvent.Read<T, Task>(data, (stream, own) => handle(own, received with { Stream = stream }, session, ct)),
            null, OwnEvent.KeyBy(key)));
        return this;
    }
}
