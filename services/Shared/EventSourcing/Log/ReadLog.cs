using System.Text.Json;
using JasperFx.Events;
using Marten;
using Microsoft.Extensions.Logging;
using Npgsql;
using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// One of them at work. What it cannot handle it writes down, tries again and does nothing beyond, until somebody has it passed over on record
/// (<c>readers skip</c>).
/// </summary>
internal sealed partial class ReadLog(
    IReadLog reader, EventSource source, EventLog log, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals, Leadership leadership,
    TimeProvider clock, ILogger<ReadLog> logger) : IWhileLeading
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ReaderPositions positions = new(As(reader), source.Name, database);
    private readonly ReaderFailures failures = new(As(reader), source.Name);
    private readonly HashSet<Type> wants = [.. reader.Wants];
    // What follows is handled one by one: something of it could not be handled with the rest.
    private bool oneByOne = true;

    /// <summary>Under which its position is kept.</summary>
    public string Name => reader.Name;

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
                    position = await positions.ReachedAsync(leading);
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
                await kept.KeepAsync(position, wanted.Count > 0 && reader.ActsByItself, () => positions.ReachesAsync(position, leading));
                await kept.WaitAsync(page, appended, signals.Look, () => positions.ReachesAsync(position, leading), leading);
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

        var id = await log.IdAsync(ct);
        IReadOnlyCollection<long> skipped;
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            skipped = await failures.SkippedAsync(connection, id, wanted.Select(stored => stored.Sequence), ct);
        }

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
                await using var noting = await database.OpenConnectionAsync(ct);
                await failures.HandledUpToAsync(noting, id, stored.Sequence - 1, ct);
                await failures.FailedAsync(noting, Noted(stored, id), null, exception, ct);
                throw new ReaderBlockedException($"{stored.EventTypeName} at position {stored.Sequence} cannot be handled: {exception.Message}", exception);
            }
        }

        await using var after = await database.OpenConnectionAsync(ct);
        await failures.HandledUpToAsync(after, id, upTo, ct);
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
                    update reader_positions set sequence = ? where reader = ? and version = 1 and edition = 1 and publisher = ? and sequence <= ? returning 1)
                select public.inserted_once(count(*)) from moved
                """,
                upTo, reader.Name, source.Name, position);
            await session.SaveChangesAsync(ct);
            reader.Saved();
            return true;
        }

        return false;
    }

    private static Reader As(IReadLog reader) => new(reader.Name, 1, Start.Beginning, new Dictionary<(string, string), Handling>());

    // Which event it is; what it says, and by whom, the log has.
    private IntegrationMessage Noted(IEvent stored, Guid id) => new(
        source.Name, stored.Id, stored.EventTypeName, stored.Timestamp.ToUniversalTime(), null, null, null, JsonSerializer.SerializeToElement<object?>(null),
        id, stored.Sequence, stored.Sequence - 1);

    [LoggerMessage(LogLevel.Warning, "Reader {Reader} could not handle the events after position {Position} of its own log.")]
    private partial void NotHandled(Exception exception, string reader, long position);
}
