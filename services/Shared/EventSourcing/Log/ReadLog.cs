using JasperFx.Events;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// One of them at work. What it cannot handle it writes down, tries again and does nothing beyond, until somebody has it passed over on record
/// (<c>readers skip</c>).
/// </summary>
internal sealed partial class ReadLog(
    IReadLog reader, EventSource source, EventLog log, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals, Leadership leadership,
    TimeProvider clock, ILogger<ReadLog> logger) : IWhileLeading
{
    private const string Of = "reader = $1 and version = 1 and edition = 1 and publisher = $2";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly HashSet<Type> wants = [.. reader.Wants];
    // What follows is handled one by one: something of it could not be handled with the rest.
    private bool oneByOne = true;

    public async Task RunAsync(CancellationToken leading)
    {
        KeptNowAndThen? kept = null;
        var position = 0L;
        leadership.Failing.TryRemove(reader.Name, out _);
        while (true)
        {
            leading.ThrowIfCancellationRequested();
            var appended = signals.NextAppend;
            var told = signals.Told;
            try
            {
                if (kept is null)
                {
                    position = await PositionAsync(leading);
                    kept = new(position);
                }

                var page = await log.ReadAsync(position, told, leading);
                page.MustNotEndBefore(position);
                var wanted = page.Events.Where(stored => wants.Contains(stored.EventType)).ToList();
                if (wanted.Count > 0 && await HandleAsync(wanted, position, page.UpTo, leading))
                {
                    kept.Is(page.UpTo);
                }

                oneByOne &= wanted.Count == 0;

                position = page.UpTo;
                leadership.Failing.TryRemove(reader.Name, out _);
                await kept.KeepAsync(position, wanted.Count > 0 && reader.ActsByItself, () => KeepAsync(position, leading));
                await kept.WaitAsync(page, appended, signals.Look, () => KeepAsync(position, leading), leading);
            }
            catch (Exception exception) when (!leading.IsCancellationRequested)
            {
                NotHandled(exception, reader.Name, position);
                leadership.Fails(reader.Name, clock.GetUtcNow(), exception);
                (kept, oneByOne) = (null, true);
                await Task.Delay(Pause, leading);
            }
        }
    }

    /// <summary>Says whether the position was written down with what was done.</summary>
    private async Task<bool> HandleAsync(IReadOnlyList<IEvent> wanted, long position, long upTo, CancellationToken ct)
    {
        if (!oneByOne)
        {
            return await TogetherAsync(wanted, position, upTo, ct);
        }

        var skipped = await SkippedAsync(wanted, ct);
        foreach (var stored in wanted.Where(stored => !skipped.Contains(stored.Sequence)))
        {
            try
            {
                if (await TogetherAsync([stored], position, stored.Sequence, ct))
                {
                    position = stored.Sequence;
                }
            }
            catch (Exception exception) when (!ct.IsCancellationRequested && exception is not LogChangedException && !DatabaseTrouble.IsBehind(exception))
            {
                await HandledAfterAllAsync(stored.Sequence - 1, ct);
                await NoteAsync(stored, exception, ct);
                throw new ReaderBlockedException($"{stored.EventTypeName} at position {stored.Sequence} cannot be handled: {exception.Message}", exception);
            }
        }

        await HandledAfterAllAsync(upTo, ct);
        return false;
    }

    private async Task<bool> TogetherAsync(IReadOnlyList<IEvent> wanted, long position, long upTo, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        await reader.HandleAsync(wanted, session, ct);
        if (session.PendingChanges.Operations().Any() || session.PendingChanges.Streams().Count > 0)
        {
            // Fails, and all with it, where another instance that believes to lead has moved it.
            session.QueueSqlCommand(
                """
                with moved as (
                    update reader_positions set sequence = ? where reader = ? and version = 1 and publisher = ? and sequence <= ? returning 1)
                select public.inserted_once(count(*)) from moved
                """,
                upTo, reader.Name, source.Name, position);
            await session.SaveChangesAsync(ct);
            reader.Saved();
            return true;
        }

        return false;
    }

    private async Task<HashSet<long>> SkippedAsync(IReadOnlyList<IEvent> wanted, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select sequence from reader_failures where {Of} and log = $3 and state = 'skipped' and sequence = any($4)");
        await AddAsync(command, ct);
        command.Parameters.Add(new() { Value = wanted.Select(stored => stored.Sequence).ToArray() });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var skipped = new HashSet<long>();
        while (await rows.ReadAsync(ct))
        {
            skipped.Add(rows.GetInt64(0));
        }

        return skipped;
    }

    private async Task NoteAsync(IEvent stored, Exception failure, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            insert into reader_failures as failed (reader, version, publisher, log, sequence, type, message, error, attempts, next_at, state)
            values ($1, 1, $2, $3, $4, $5, jsonb_build_object('id', $6::uuid), left($7, 1000), 1, now(), 'blocked')
            on conflict (reader, version, edition, publisher, log, sequence) do update
            set error = excluded.error, last_at = now(), attempts = failed.attempts + 1 where failed.state = 'blocked'
            """);
        await AddAsync(command, ct);
        command.Parameters.Add(new() { Value = stored.Sequence });
        command.Parameters.Add(new() { Value = stored.EventTypeName });
        command.Parameters.Add(new() { Value = stored.Id });
        command.Parameters.Add(new() { Value = $"{failure.GetType().Name}: {failure.Message}" });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task HandledAfterAllAsync(long upTo, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"delete from reader_failures where {Of} and log = $3 and state = 'blocked' and sequence <= $4");
        await AddAsync(command, ct);
        command.Parameters.Add(new() { Value = upTo });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task AddAsync(NpgsqlCommand command, CancellationToken ct)
    {
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = source.Name });
        command.Parameters.Add(new() { Value = await log.IdAsync(ct) });
    }

    private async Task<long> PositionAsync(CancellationToken ct)
    {
        // A store of before has one of a subscription of Marten's.
        await using var command = database.CreateCommand(
            """
            with begun as (
                insert into reader_positions (reader, version, publisher, sequence)
                values ($1, 1, $2, coalesce((select last_seq_id from mt_event_progression where name = $1 || ':All'), 0))
                    on conflict do nothing returning sequence)
            select sequence from reader_positions where reader = $1 and version = 1 and publisher = $2 union all select sequence from begun
            """);
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = source.Name });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task KeepAsync(long position, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update reader_positions set sequence = greatest(sequence, $3) where reader = $1 and version = 1 and publisher = $2");
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = source.Name });
        command.Parameters.Add(new() { Value = position });
        await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Reader {Reader} could not handle the events after position {Position} of its own log.")]
    private partial void NotHandled(Exception exception, string reader, long position);
}
