using JasperFx.Events;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>One of them at work. What it cannot handle it tries again and says so, and does nothing beyond.</summary>
internal sealed partial class ReadLog(
    IReadLog reader, EventSource source, EventLog log, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals, Leadership leadership,
    TimeProvider clock, ILogger<ReadLog> logger) : IWhileLeading
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly HashSet<Type> wants = [.. reader.Wants];

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

                position = page.UpTo;
                leadership.Failing.TryRemove(reader.Name, out _);
                await kept.KeepAsync(position, wanted.Count > 0 && reader.ActsByItself, () => KeepAsync(position, leading));
                await kept.WaitAsync(page, appended, signals.Look, () => KeepAsync(position, leading), leading);
            }
            catch (Exception exception) when (!leading.IsCancellationRequested)
            {
                NotHandled(exception, reader.Name, position);
                leadership.Fails(reader.Name, clock.GetUtcNow(), exception);
                kept = null;
                await Task.Delay(Pause, leading);
            }
        }
    }

    /// <summary>Says whether the position was written down with what was done.</summary>
    private async Task<bool> HandleAsync(IReadOnlyList<IEvent> wanted, long position, long upTo, CancellationToken ct)
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
