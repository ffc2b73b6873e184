using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// A stored event as the transparency log commits to it: read from the table's columns, with nothing between that could smooth over a change.
/// </summary>
/// <param name="Sequence">Its place in the event store.</param>
/// <param name="Id">The event.</param>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The stream's version after it, from 1.</param>
/// <param name="Type">Its stored name.</param>
/// <param name="At">When it was stored: UTC, ISO 8601, to the microsecond.</param>
/// <param name="By">The author's subject.</param>
/// <param name="Correlation">The correlation id.</param>
/// <param name="Causation">The causation id.</param>
/// <param name="Headers">JSON.</param>
/// <param name="Data">JSON.</param>
public sealed record EventRecord(
    long Sequence, Guid Id, Guid Stream, long Version, string Type, string At, string? By, string? Correlation, string? Causation, string? Headers, string Data)
{
    internal const string Columns =
        """
        e.seq_id, e.id, e.stream_id, e.version, e.type, to_json(e.timestamp at time zone 'UTC') #>> '{}' || 'Z',
        e.user_name, e.correlation_id, e.causation_id, e.headers::text, e.data::text
        """;

    /// <summary>The canonical JSON (RFC 8785) that the leaf commits to, UTF-8.</summary>
    public byte[] Bytes()
    {
        var record = new JsonObject
        {
            ["sequence"] = Sequence,
            ["id"] = Id.ToString(),
            ["stream"] = Stream.ToString(),
            ["version"] = Version,
            ["type"] = Type,
            ["at"] = At,
            ["by"] = By,
            ["correlation"] = Correlation,
            ["causation"] = Causation,
        };
        Add(record, "headers", Headers);
        Add(record, "data", Data);
        return CanonicalJson.Bytes(record);
    }

    /// <summary>The leaf of this event with a salt of its own, see <see cref="LeafCommitment"/>.</summary>
    public byte[] Commitment(ReadOnlySpan<byte> salt) => LeafCommitment.Of(salt, Bytes());

    // What has no canonical form (a fraction: no event of ours holds one) stands there as text, under another name. One odd event must not hold up the log.
    private static void Add(JsonObject record, string name, string? json)
    {
        try
        {
            var node = json is null ? null : JsonNode.Parse(json);
            CanonicalJson.Bytes(node);
            record[name] = node;
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException or JsonException)
        {
            record[name + "Text"] = json;
        }
    }

    /// <summary>The events after a place in the store, at most up to another.</summary>
    internal static NpgsqlBatchCommand After(long sequence, long last, int limit) =>
        new($"select {Columns} from mt_events e where e.seq_id > $1 and e.seq_id <= $2 order by e.seq_id limit $3")
        {
            Parameters = { new() { Value = sequence }, new() { Value = last }, new() { Value = limit } },
        };

    internal static EventRecord Read(NpgsqlDataReader row)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        return new EventRecord(
            row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), row.GetString(4),
            row.GetString(5), Text(6), Text(7), Text(8), Text(9), row.GetString(10));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"event sequence={Sequence} stream={Stream} version={Version} type={Type} id={Id}");
}
