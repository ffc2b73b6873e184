namespace VolunteerBook.EventSourcing;

/// <summary>Says what a read model is filled with.</summary>
public sealed class ReadModelBuilder
{
    private readonly string service;

    internal ReadModelBuilder(string service) => this.service = service;

    internal Dictionary<(string Publisher, string Type), Handling> Handlings { get; } = [];

    /// <summary>Is filled with the integration events of a type.</summary>
    /// <param name="publisher">Who publishes them.</param>
    /// <param name="fill">Adds the statements for one.</param>
    /// <param name="key">What one is about, as for <see cref="ReaderBuilder.On"/>.</param>
    public ReadModelBuilder On<T>(string publisher, Fill<T> fill, Func<T, Guid>? key = null)
    {
        Handlings.Add((publisher, typeof(T).Name), new(null, (data, received, into) => fill(Handling.Of<T>(data), received, into), Handling.KeyBy(key)));
        return this;
    }

    /// <summary>Is filled with the service's own events of a type; what is received says of which stream one is.</summary>
    /// <param name="fill">Adds the statements for one.</param>
    /// <param name="key">What one is about, made of its stream and itself, as for <see cref="ReaderBuilder.On"/>.</param>
    public ReadModelBuilder OnOwn<T>(Fill<T> fill, Func<Guid, T, Guid>? key = null)
    {
        Handlings.Add((service, typeof(T).Name), new(
            null,
            (data, received, into) => OwnEvent.Read<T, bool>(data, (stream, own) =>
            {
                fill(own, received with { Stream = stream }, into);
                return true;
            }),
            OwnEvent.KeyBy(key)));
        return this;
    }
}
