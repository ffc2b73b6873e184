using System.Globalization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Which version of each read model answers a query.</summary>
public sealed class Answering : IEquatable<Answering>
{
    private readonly IReadOnlyDictionary<string, (int Version, int Edition)> versions;
    private readonly Refusal none;

    internal Answering(IReadOnlyDictionary<string, (int Version, int Edition)> versions, Refusal none) => (this.versions, this.none) = (versions, none);

    /// <summary>Whether there is no other version or edition of any of them, so that none can be switched to.</summary>
    internal bool IsAlone { get; init; }

    /// <summary>
    /// SQL: a text that is another one whenever what these versions say may be another. It is how far their readers have come and what they could not handle,
    /// which changes in the transactions that change the tables. A failure without a key holds up the whole reader and has changed
    /// no table: if it were counted, it could make up for one that was handled meanwhile.
    /// </summary>
    public string Standing => versions.Count == 0 ? "'0'" :
        $"""
        coalesce((
            select string_agg(concat_ws('.', version, edition, log, sequence, (
                select count(*) from reader_failures f
                where f.reader = p.reader and f.version = p.version and f.edition = p.edition and f.publisher = p.publisher and f.log = p.log
                    and f.key is not null and f.state in ('blocked', 'waiting'))), '-' order by reader, publisher)
            from reader_positions p where (reader, version, edition) in ({string.Join(", ", versions.Select(Row))})), '0')
        """;

    /// <summary>The schema in which a read model's tables lie.</summary>
    /// <exception cref="RefusedException">No version of it has been filled yet.</exception>
    public string this[string name] => ReadModels.SchemaOf(name, Of(name).Version, Of(name).Edition);

    /// <summary>The version of a read model that answers, for a query that depends on it.</summary>
    /// <exception cref="RefusedException">No version of it has been filled yet.</exception>
    public int VersionOf(string name) => Of(name).Version;

    /// <inheritdoc />
    public bool Equals(Answering? other) => other is not null && versions.Count == other.versions.Count && !versions.Except(other.versions).Any();

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Answering);

    /// <inheritdoc />
    public override int GetHashCode() => versions.Count;

    internal bool Has(string name) => versions.ContainsKey(name);

    private (int Version, int Edition) Of(string name) => versions.TryGetValue(name, out var at) ? at : throw new RefusedException(none);

    private static string Row(KeyValuePair<string, (int Version, int Edition)> of) =>
        string.Create(CultureInfo.InvariantCulture, $"('{of.Key}', {of.Value.Version}, {of.Value.Edition})");
}
