namespace VolunteerBook.EventSourcing;

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
        var builder = new ReaderBuilder(service);
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
            throw new ArgumentException($"There is already a reader {reader.Name} of version {reader.Version}.", nameof(reader));
        }

        Readers.Add(reader);
        return this;
    }
}
