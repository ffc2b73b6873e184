using System.Text.Json;
using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>What a handler may want to know of the message beside the contract.</summary>
/// <param name="Id">The id of the publisher's stored event.</param>
/// <param name="Publisher">The service that published it.</param>
/// <param name="Sequence">Its position in the publisher's log.</param>
/// <param name="At">When the publisher stored the event, UTC.</param>
/// <param name="By">The subject of who caused it.</param>
public sealed record Received(Guid Id, string Publisher, long Sequence, DateTimeOffset At, string? By)
{
    /// <summary>Of an event of the service's own: its stream.</summary>
    public Guid Stream { get; init; }
}

/// <summary>Handles one integration event: appends to the session, which is saved with the reader's position in one transaction.</summary>
public delegate Task Handle<in T>(T message, Received received, IDocumentSession session, CancellationToken cancellationToken);

/// <summary>Fills a read model with what one event says: adds statements, which are carried out with the reader's position in one transaction.</summary>
public delegate void Fill<in T>(T message, Received received, Filling into);

/// <summary>Where a reader begins that has read nothing yet.</summary>
public enum Start
{
    /// <summary>With all of the past.</summary>
    Beginning,

    /// <summary>With what is published from now on.</summary>
    Now,
}

/// <summary>Says which readers a service has.</summary>
public sealed class InboxBuilder
{
    private readonly string service;

    internal InboxBuilder(string service) => this.service = service;

    internal List<Reader> Readers { get; } = [];

    /// <summary>
    /// A reader of one concern: what it handles comes in each publisher's order, in one transaction with the reader's position, and what it cannot handle is
    /// in the way of itself alone.
    /// </summary>
    /// <param name="name">Its name, for ever.</param>
    /// <param name="version">Another version is another reader: it begins anew.</param>
    /// <param name="reads">What it handles.</param>
    /// <param name="from">Where it begins.</param>
    public InboxBuilder Reader(string name, int version, Action<ReaderBuilder> reads, Start from = Start.Beginning)
    {
        ArgumentNullException.ThrowIfNull(reads);
        var builder = new ReaderBuilder();
        reads(builder);
        return Add(new(name, version, from, builder.Handlings));
    }

    /// <summary>
    /// A reader that fills tables of its own, in a schema of its own, and does nothing else. Its next version is declared beside it and filled while this one
    /// answers, is switched to when it is level (<c>readers switch</c>), and then this one is dropped (<c>readers drop</c>). Which one answers, <see
    /// cref="ReadModels"/> says.
    /// </summary>
    /// <param name="name">Its name, for ever; begins the schema's name, so it is written in small letters.</param>
    /// <param name="version">Another version has other tables, and is filled from the beginning.</param>
    /// <param name="tables">The statements that make the tables in a schema.</param>
    /// <param name="reads">What it is filled with.</param>
    public InboxBuilder ReadModel(string name, int version, Func<string, string> tables, Action<ReadModelBuilder> reads)
    {
        ArgumentNullException.ThrowIfNull(reads);
        var builder = new ReadModelBuilder(service);
        reads(builder);
        return Add(new Reader(name, version, Start.Beginning, builder.Handlings) { Model = tables });
    }

    private InboxBuilder Add(Reader reader)
    {
        if (Readers.Any(other => other.Name == reader.Name && other.Version == reader.Version))
        {
            throw new ArgumentException($"There is a reader {reader.Name} of version {reader.Version} already.", nameof(reader));
        }

        Readers.Add(reader);
        return this;
    }
}

/// <summary>Says what a reader handles.</summary>
public sealed class ReaderBuilder
{
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
}

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
            (data, received, into) => OwnEvent.Read<T>(data, (stream, own) => fill(own, received with { Stream = stream }, into)),
            key is null ? null : data =>
            {
                var about = Guid.Empty;
                OwnEvent.Read<T>(data, (stream, own) => about = key(stream, own));
                return about.ToString();
            }));
        return this;
    }
}

/// <summary>What a reader does with a type of events.</summary>
/// <param name="Handle">Handles one; null where a read model is filled.</param>
/// <param name="Fill">Fills a read model with one; null where anything else is done.</param>
/// <param name="Key">What one is about; null where each holds up all.</param>
internal sealed record Handling(UntypedHandle? Handle, Action<JsonElement, Received, Filling>? Fill, Func<JsonElement, string>? Key)
{
    public static T Of<T>(JsonElement data) => data.Deserialize<T>(Json.Options) ?? throw new JsonException($"{typeof(T).Name} is null");

    public static Func<JsonElement, string>? KeyBy<T>(Func<T, Guid>? key) => key is null ? null : data => key(Of<T>(data)).ToString();
}

internal delegate Task UntypedHandle(JsonElement data, Received received, IDocumentSession session, CancellationToken cancellationToken);

/// <summary>A reader as a service declares it.</summary>
internal sealed record Reader(string Name, int Version, Start From, IReadOnlyDictionary<(string Publisher, string Type), Handling> Handlings)
{
    /// <summary>The statements that make the tables which it fills; null where it does anything else.</summary>
    public Func<string, string>? Model { get; init; }

    /// <summary>Of a read model: which filling of this version it is, from 1.</summary>
    public int Edition { get; init; } = 1;

    /// <summary>Where its tables lie.</summary>
    public string Schema => ReadModels.SchemaOf(Name, Version, Edition);

    public IEnumerable<string> Publishers => Handlings.Keys.Select(key => key.Publisher).Distinct();
}
