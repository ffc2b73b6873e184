using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>A leaf with what names its event.</summary>
internal sealed record LoggedLeaf(long Index, long Sequence, Guid EventId, Guid Stream, long Version, string Type, byte[] Commitment, byte[]? Salt)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"event sequence={Sequence} stream={Stream} version={Version} type={Type} id={EventId}");

    /// <summary>Whether this is the leaf of that event, as it is.</summary>
    public bool CommitsTo(EventRecord stored) => Salt is not null && stored.Commitment(Salt).AsSpan().SequenceEqual(Commitment);

    /// <summary>Whether what is kept beside the commitment names that event.</summary>
    public bool Names(EventRecord stored) =>
        (stored.Sequence, stored.Id, stored.Stream, stored.Version, stored.Type) == (Sequence, EventId, Stream, Version, Type);
}

/// <summary>A checkpoint as the database keeps it.</summary>
internal sealed record StoredCheckpoint(long Size, string Note);

/// <summary>What the auditor reads: in order and by pages, or one row by its id.</summary>
internal sealed class LoggedRows(NpgsqlConnection connection)
{
    private const int PageSize = 1000;
    private const string Leaf =
        "l.index, l.sequence, l.event_id, l.stream_id, l.version, l.type, l.commitment, s.salt from log_leaves l left join log_salts s on s.index = l.index";

    public async Task<long> LastSequenceAsync(CancellationToken ct) => await OneAsync<long?>("select max(sequence) from log_leaves", ct) ?? 0;

    public IAsyncEnumerable<LoggedLeaf> LeavesAsync(CancellationToken ct) =>
        PagesAsync($"select {Leaf} where l.index > $1 order by l.index limit $2", Read, leaf => leaf.Index, [], ct);

    public IAsyncEnumerable<EventRecord> EventsAsync(long last, CancellationToken ct) =>
        PagesAsync(
            $"select {EventRecord.Columns} from mt_events e where e.seq_id > $1 and e.seq_id <= $3 order by e.seq_id limit $2",
            EventRecord.Read, stored => stored.Sequence, [last], ct);

    public IAsyncEnumerable<StoredCheckpoint> CheckpointsAsync(CancellationToken ct) =>
        PagesAsync(
            "select size, note from log_checkpoints where size > $1 order by size limit $2",
            row => new StoredCheckpoint(row.GetInt64(0), row.GetString(1)), checkpoint => checkpoint.Size, [], ct);

    /// <summary>The log's keys, of which one is trusted.</summary>
    /// <exception cref="FormatException">They do not lead to one another.</exception>
    public async Task<LogKeys> KeysAsync(NoteVerifier trusted, CancellationToken ct) =>
        // A database that no program of today has started on has no such table, nor more than one key.
        await OneAsync<bool>("select to_regclass('log_key_successions') is not null", ct)
            ? LogKeys.Of(trusted, await LogKey.SuccessionsAsync(connection, ct))
            : new LogKeys(trusted);

    public async Task<LoggedLeaf?> LeafOfAsync(Guid eventId, CancellationToken ct)
    {
        await using var command = Command($"select {Leaf} where l.event_id = $1", eventId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    public async Task<EventRecord?> EventOfAsync(Guid eventId, CancellationToken ct)
    {
        await using var command = Command($"select {EventRecord.Columns} from mt_events e where e.id = $1", eventId);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? EventRecord.Read(reader) : null;
    }

    public Task<byte[]?> HashAsync(CompletedHash place, CancellationToken ct) =>
        OneAsync<byte[]?>("select hash from log_hashes where level = $1 and index = $2", ct, place.Level, place.Index);

    public async Task<IReadOnlyList<(int Level, long Hashes)>> HashCountsAsync(CancellationToken ct)
    {
        await using var command = Command("select level, count(*) from log_hashes group by level");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var counts = new List<(int, long)>();
        while (await reader.ReadAsync(ct))
        {
            counts.Add((reader.GetInt32(0), reader.GetInt64(1)));
        }

        return counts;
    }

    public Task<long> NotLoggedAsync(CancellationToken ct) =>
        OneAsync<long>("select count(*) from mt_events where seq_id > (select coalesce(max(sequence), 0) from log_leaves)", ct)!;

    public async Task<(string Stream, string Detail)?> StreamFaultAsync(CancellationToken ct)
    {
        await using var command = Command(
            """
            select coalesce(s.id, e.stream_id), coalesce(s.version, 0), coalesce(e.version, 0), coalesce(e.events, 0)
            from mt_streams s full
                join (select stream_id, max(version) as version, count(*) as events from mt_events group by stream_id) e on e.stream_id = s.id
            where s.version is distinct from e.version or e.events <> e.version limit 1
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? ($"stream {reader.GetGuid(0)}", string.Create(
                CultureInfo.InvariantCulture, $"its row says version {reader.GetInt64(1)}, its {reader.GetInt64(3)} events end with {reader.GetInt64(2)}"))
            : null;
    }

    /// <summary>The first event that the store would pass over as put away, or as another tenant's; we never do either.</summary>
    public async Task<EventRecord?> HiddenAsync(CancellationToken ct)
    {
        await using var command = Command(
            $"""
            select {EventRecord.Columns} from mt_events e join mt_streams s on s.id = e.stream_id
            where e.is_archived or s.is_archived or e.tenant_id <> '*DEFAULT*' or s.tenant_id <> '*DEFAULT*' order by e.seq_id limit 1
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? EventRecord.Read(reader) : null;
    }

    private async IAsyncEnumerable<T> PagesAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, Func<T, long> place, object[] more, [EnumeratorCancellation] CancellationToken ct)
    {
        // Before everything that may stand there, also by hand.
        var after = long.MinValue;
        var page = new List<T>(PageSize);
        do
        {
            page.Clear();
            await using (var command = Command(sql, [after, PageSize, .. more]))
            await using (var reader = await command.ExecuteReaderAsync(ct))
            {
                while (await reader.ReadAsync(ct))
                {
                    page.Add(read(reader));
                }
            }

            foreach (var row in page)
            {
                yield return row;
            }

            after = page.Count == 0 ? after : place(page[^1]);
        }
        while (page.Count == PageSize);
    }

    private static LoggedLeaf Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt64(1), row.GetGuid(2), row.GetGuid(3), row.GetInt64(4), row.GetString(5), row.GetFieldValue<byte[]>(6),
        row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7));

    private async Task<T?> OneAsync<T>(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(ct) is T value ? value : default;
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
