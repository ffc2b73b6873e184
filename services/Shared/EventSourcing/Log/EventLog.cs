using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The service's own log, read in order and never beyond the mark: the position up to which every number is either an event that everybody sees or one
/// that nobody will ever use. Transactions commit in another order than they take their numbers in, so a number that is missing may yet come. What
/// follows without a gap on what is settled is settled too. Of a gap this is asked: which transactions have taken any number and not ended? PostgreSQL
/// knows, since who takes one keeps a lock on the sequence to the end. When those have ended, what is still missing stays so. No other transaction, a
/// backup's or an analyst's, holds anything up.
/// </summary>
public sealed class EventLog(IDocumentStore store, NpgsqlDataSource database) : IDisposable
{
    internal const int PageSize = 500;

    // So far the mark that the database knows may be behind: from there on what follows without a gap is counted.
    private const long KeptWithin = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(5);

    // Who looks because a while has passed, and not because something was told, wants to know it anew.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turn = new(1, 1);
    private LogPage latest = new(0, [], 0, Follows.Nothing);
    private long? latestTold;
    private long latestAt;
    private Guid? id;
    private long mark;
    private long kept;
    private long looked;
    private long end;

    /// <summary>The position up to which the log is settled.</summary>
    public async Task<long> MarkAsync(CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return await LookAsync(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    /// <summary>Which log this is: made once with the store, and another for every other store.</summary>
    internal async Task<Guid> IdAsync(CancellationToken ct)
    {
        if (id is null)
        {
            await MarkAsync(ct);
        }

        return id!.Value;
    }

    /// <summary>The next events after a position that the log has had; where the position is beyond the mark, none, up to the mark.</summary>
    /// <param name="after">The position.</param>
    /// <param name="told">Of who is woken by <see cref="StoreSignals"/>, <see cref="StoreSignals.Told"/> from before; null for anybody else.</param>
    /// <param name="ct">Ends it.</param>
    internal async Task<LogPage> ReadAsync(long after, long? told, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            // Several read the same end of the log at the same time: who was first has read it for all. Where nothing was told between the two, that is the
            // end for the other too; otherwise what was told may have been appended since, so who gets the copy looks once more.
            var nothingSince = told is not null && told == latestTold;
            if (latest.After <= after && after <= latest.UpTo && Stopwatch.GetElapsedTime(latestAt) < Fresh)
            {
                if (nothingSince && latest.Then == Follows.Nothing)
                {
                    return Copy(Follows.Nothing);
                }

                if (after < latest.UpTo)
                {
                    return Copy(latest.Then == Follows.Nothing ? Follows.More : latest.Then);
                }
            }

            var at = Stopwatch.GetTimestamp();
            var page = await ReadPageAsync(after, latest.Then == Follows.Nothing && (told is null || nothingSince), ct);
            (latest, latestTold, latestAt) = (page, told, at);
            return page;
        }
        finally
        {
            turn.Release();
        }

        LogPage Copy(Follows then) => latest with { After = after, Events = [.. latest.Events.Where(stored => stored.Sequence > after)], Then = then };
    }

    private async Task<LogPage> ReadPageAsync(long after, bool hardlyAny, CancellationToken ct)
    {
        if ((id is null || after > mark) && await LookAsync(ct) < after)
        {
            return new(after, [], mark, Follows.Nothing);
        }

        // Mostly there is nothing: one question tells that, and that the log is still the one that it was.
        if (hardlyAny && after == mark && await LookAsync(ct) == after && end <= after)
        {
            return new(after, [], after, Follows.Nothing);
        }

        var markBefore = mark;
        var rows = await RowsAsync(after, ct);
        var page = await SettledAsync(after, rows, ct);
        var isShort = rows.Count < PageSize && (rows.Count > 0 ? rows[^1].Sequence : after) < markBefore;
        if (isShort || (rows.Count == 0 && Stopwatch.GetElapsedTime(looked) > LookAfter))
        {
            // Less came than there was, or nothing: the database may have forgotten what this process remembers.
            await LookAsync(ct);
        }

        if (page.Events.Count > 0 || rows.Count == 0 || !await PassAsync(rows[^1].Sequence, ct))
        {
            return page;
        }

        return await SettledAsync(after, await RowsAsync(after, ct), ct);
    }

    /// <summary>Those of the rows that are settled; the mark moves on with them.</summary>
    private async Task<LogPage> SettledAsync(long after, IReadOnlyList<IEvent> rows, CancellationToken ct)
    {
        var settled = Math.Max(after, mark);
        var count = 0;
        while (count < rows.Count && rows[count].Sequence <= settled + 1)
        {
            settled = Math.Max(settled, rows[count].Sequence);
            count++;
        }

        await MoveAsync(settled);
        return count < rows.Count ? new(after, [.. rows.Take(count)], settled, Follows.AnOpenAppend)
            : count < PageSize ? new(after, rows, settled, Follows.Nothing)
            // What comes after its last row was not read.
            : new(after, rows, rows[^1].Sequence, Follows.More);
    }

    private async Task<IReadOnlyList<IEvent>> RowsAsync(long after, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Events.QueryAllRawEvents()
            .Where(stored => stored.Sequence > after).OrderBy(stored => stored.Sequence).Take(PageSize).ToListAsync(ct);
    }

    private async Task<long> LookAsync(CancellationToken ct)
    {
        if (id is null)
        {
            id = await BeginAsync(ct);
        }

        await using var command = database.CreateCommand(
            """
            with known as (select id, mark as written, greatest(mark, $1) as mark from event_log)
            select known.id = $2 and written >= $3 and (written >= $1 or (select max(seq_id) from mt_events) >= $1),
                coalesce((select max(seq_id) from (select seq_id, row_number() over (order by seq_id) as place from mt_events where seq_id > known.mark) run
                    where seq_id = known.mark + place), known.mark),
                coalesce((select max(seq_id) from mt_events), 0)
            from known
            """);
        command.Parameters.Add(new() { Value = mark });
        command.Parameters.Add(new() { Value = id.Value });
        command.Parameters.Add(new() { Value = kept });
        long settled, last;
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            // A mark that is not written down is that of an event that was seen.
            if (!await reader.ReadAsync(ct) || await reader.IsDBNullAsync(0, ct) || !reader.GetBoolean(0))
            {
                (id, mark, kept, latest, latestTold) = (null, 0, 0, new(0, [], 0, Follows.Nothing), null);
                throw new LogChangedException("The database is not the one it was: its log is a different one, or shorter than what was recorded of it.");
            }

            looked = Stopwatch.GetTimestamp();
            (settled, last) = (reader.GetInt64(1), reader.GetInt64(2));
            end = last;
        }

        await MoveAsync(settled);
        if (last > mark)
        {
            await PassAsync(last, ct);
        }

        return mark;
    }

    // The first look at a store makes what it is known by. A store of before has a mark of Marten's.
    private async Task<Guid> BeginAsync(CancellationToken ct)
    {
        await using (var begin = database.CreateCommand(
            """
            insert into event_log (one, id, mark)
            values (true, gen_random_uuid(), coalesce((select last_seq_id from mt_event_progression where name = 'HighWaterMark'), 0)) on conflict do nothing
            """))
        {
            await begin.ExecuteNonQueryAsync(ct);
        }

        await using var command = database.CreateCommand("select id from event_log");
        return (Guid)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Waits until nobody can use a number up to the one that was seen; not for long, a transaction may be.</summary>
    /// <param name="seen">The number of an event that was seen: all lower ones were taken before.</param>
    /// <param name="ct">Ends it.</param>
    private async Task<bool> PassAsync(long seen, CancellationToken ct)
    {
        var open = await OpenAsync(null, ct);
        for (var began = Stopwatch.GetTimestamp(); open.Length > 0; open = await OpenAsync(open, ct))
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
            {
                return false;
            }

            await Task.Delay(Again, ct);
        }

        // Before anybody is told what lies beyond: another instance must not wait for what this one has passed, nor say that the log ends before it.
        await KeepAsync(Math.Max(mark, seen));
        return true;
    }

    /// <summary>The transactions that have taken a number and not ended; where some are given, of these.</summary>
    private async Task<string[]> OpenAsync(string[]? of, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select coalesce(array_agg(virtualtransaction), '{}') from pg_locks
            where locktype = 'relation' and database = (select oid from pg_database where datname = current_database())
                and relation = 'public.mt_events_sequence'::regclass
              and mode = 'RowExclusiveLock' and ($1::text[] is null or virtualtransaction = any($1))
            """);
        command.Parameters.Add(new() { Value = (object?)of ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        return (string[])(await command.ExecuteScalarAsync(ct))!;
    }

    // What follows without a gap every instance can count for itself from where the mark was written down.
    private async Task MoveAsync(long settled)
    {
        if (settled - kept > KeptWithin)
        {
            await KeepAsync(settled);
        }

        mark = Math.Max(mark, settled);
    }

    // Whoever asked may have gone away meanwhile; that must not leave a mark in memory that is not written down.
    private async Task KeepAsync(long settled)
    {
        await using var command = database.CreateCommand("update event_log set mark = greatest(mark, $1)");
        command.Parameters.Add(new() { Value = settled });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
        (mark, kept) = (settled, settled);
    }
}
