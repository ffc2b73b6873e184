using System.Collections.Frozen;
using System.Text.Json;
using JasperFx.Events;
using Marten;
using Marten.Internal;
using Npgsql;
using NpgsqlTypes;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Reads many streams at once, for what is made of their events alone. Who appended them and why is left out: with that, and by Marten's way of reading, a
/// thousand events cost twice as much. What is stored under a name that nothing is stored under any more is read by Marten, which knows as what (it is upcast).
/// </summary>
public sealed class EventsOfStreams
{
    private readonly IDocumentStore store;
    private readonly FrozenDictionary<string, Type> plain;

    public EventsOfStreams(IDocumentStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        this.store = store;
        plain = store.Options.Events.AllKnownEventTypes().ToFrozenDictionary(known => known.EventTypeName, known => known.EventType);
    }

    /// <summary>
    /// The events of streams that were recorded until a moment, stream by stream, in the order of each. Where the clocks of two instances differ, an
    /// event can bear an earlier time than the one before it: it was recorded no sooner than that.
    /// </summary>
    /// <param name="connection">An open connection, so that others' reads may be in one snapshot with this.</param>
    /// <param name="streams">The streams.</param>
    /// <param name="until">The moment; null for all events.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<Happened>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Guid> streams, DateTimeOffset? until, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(streams);
        var events = new List<Happened>();
        if (streams.Count == 0)
        {
            return events;
        }

        Dictionary<long, int>? toUpcast = null;
        await using (var command = new NpgsqlCommand(
            """
            select stream_id, version, type, data, seq_id from mt_events
            where stream_id = any($1) and is_archived = false and ($2::timestamptz is null or timestamp <= $2 and not exists (
                select 1 from mt_events earlier
                where earlier.stream_id = mt_events.stream_id and earlier.version < mt_events.version and earlier.timestamp > $2))
            order by stream_id, version
            """, connection))
        {
            command.Parameters.Add(new() { Value = streams.ToArray() });
            command.Parameters.Add(new() { Value = (object?)until?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                if (plain.TryGetValue(rows.GetString(2), out var type))
                {
                    events.Add(new(
                        rows.GetGuid(0), rows.GetInt64(1),
                        JsonSerializer.Deserialize(rows.GetFieldValue<byte[]>(3), type, EventSourcingExtensions.StoredJson)!));
                }
                else
                {
                    (toUpcast ??= []).Add(rows.GetInt64(4), events.Count);
                    events.Add(new(rows.GetGuid(0), rows.GetInt64(1), ""));
                }
            }
        }

        if (toUpcast is not null)
        {
            await UpcastAsync(connection, events, toUpcast, ct);
        }

        return events;
    }

    private async Task UpcastAsync(NpgsqlConnection connection, List<Happened> events, Dictionary<long, int> places, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var storage = ((IMartenSession)session).EventStorage();
        Weasel.Storage.ISelector<IEvent> read = storage;
        await using var command = new NpgsqlCommand($"select {string.Join(", ", storage.SelectFields())} from mt_events where seq_id = any($1)", connection)
        {
            Parameters = { new() { Value = places.Keys.ToArray() } },
        };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var stored = read.Resolve(rows);
            events[places[stored.Sequence]] = Happened.Of(stored);
        }
    }
}
