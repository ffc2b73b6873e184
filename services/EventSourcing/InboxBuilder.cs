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
public sealed record Received(Guid Id, string Publisher, long Sequence, DateTimeOffset At, string? By);

/// <summary>Handles one integration event: appends to the session, which is saved with the reader's position in one transaction.</summary>
public delegate Task Handle<in T>(T message, Received received, IDocumentSession session, CancellationToken cancellationToken);

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
    internal List<Reader> Readers { get; } = [];

    /// <summary>
    /// A reader of one concern: what it handles comes in each publisher's order, in one transaction with the reader's position, and what it cannot handle is in the way of itself alone.
    /// </summary>
    /// <param name="name">Its name, for ever.</param>
    /// <param name="version">Another version is another reader: it begins anew.</param>
    /// <param name="reads">What it handles.</param>
    /// <param name="from">Where it begins.</param>
    public InboxBuilder Reader(string name, int version, Action<ReaderBuilder> reads, Start from = Start.Beginning)
    {
        ArgumentNullException.ThrowIfNull(reads);
        if (Readers.Any(other => other.Name == name && other.Version == version))
        {
            throw new ArgumentException($"There is a reader {name} of version {version} already.", nameof(name));
        }

        var builder = new ReaderBuilder();
        reads(builder);
        Readers.Add(new(name, version, from, builder.Handlings));
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
    /// What one is about, where order matters among those that are about the same alone: then one that cannot be handled holds up what is about the same, and without it all that comes after it.
    /// </param>
    public ReaderBuilder On<T>(string publisher, Handle<T> handle, Func<T, Guid>? key = null)
    {
        Handlings.Add((publisher, typeof(T).Name), new(
            (data, received, session, ct) => handle(Of<T>(data), received, session, ct),
            key is null ? null : data => key(Of<T>(data)).ToString()));
        return this;
    }

    private static T Of<T>(JsonElement data) => data.Deserialize<T>(Json.Options) ?? throw new JsonException($"{typeof(T).Name} is null");
}

/// <summary>What a reader does with a type of integration events.</summary>
/// <param name="Handle">Handles one.</param>
/// <param name="Key">What one is about; null where each holds up all.</param>
internal sealed record Handling(UntypedHandle Handle, Func<JsonElement, string>? Key);

internal delegate Task UntypedHandle(JsonElement data, Received received, IDocumentSession session, CancellationToken cancellationToken);

/// <summary>A reader as a service declares it.</summary>
internal sealed record Reader(string Name, int Version, Start From, IReadOnlyDictionary<(string Publisher, string Type), Handling> Handlings)
{
    public IEnumerable<string> Publishers => Handlings.Keys.Select(key => key.Publisher).Distinct();
}
