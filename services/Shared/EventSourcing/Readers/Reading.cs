using System.Diagnostics;
using Marten;
using Marten.Services;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// One reader's reading of one publisher's log. It handles each of the integration events that it wants exactly once and in their order, whatever the broker
/// does: the position is locked, compared and moved on in the transaction of what the handlers append or fill. What it does not want it passes over, here in
/// memory, and writes that down now and then: after a restart it is read once more. A message that cannot be handled is written down with its error. It holds
/// up what comes after it or, where its type says what it is about, only what is about the same, which waits in the same table.
/// </summary>
internal sealed class Reading(Reader reader, string publisher, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals) : IDisposable
{
    private const long MostPassedOver = 500;
    private const int MostRetried = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(1);

    // A handler that lost a race, or a moment's trouble elsewhere, is not worth a note.
    private static readonly TimeSpan[] QuickRetries = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)];

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ReaderPositions positions = new(reader, publisher, database);
    private readonly ReaderFailures failures = new(reader, publisher);
    private ReaderPosition? at;
    private long kept;
    private long keptAt;
    private bool hasAppended;
    private TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Reader Reader => reader;

    public string Publisher => publisher;

    /// <summary>Where it stood when it last moved or looked.</summary>
    public ReaderPosition? Here => at;

    /// <summary>What somebody should look at: the publisher is not what it was, or for a while it could not be read. Null where all goes well.</summary>
    public string? Worry { get; set; }

    /// <summary>What it could not handle, when it last looked: how many with what waits behind them, and since when.</summary>
    public (long Count, DateTimeOffset? Oldest) Failed => at is { } here ? (here.Failed, here.Oldest) : (0, null);

    /// <summary>Completes when there is a reason to look at the feed. Taken before looking, so that nothing slips between.</summary>
    public Task Woken => Volatile.Read(ref woken).Task;

    public void Wake() => Interlocked.Exchange(ref woken, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Dispose() => turn.Dispose();

    /// <summary>Where it stands, as the database says where that is further: another instance may have been at work.</summary>
    public Task<ReaderPosition> PositionAsync(CancellationToken ct) => InTurnAsync(() => LookAsync(ct), ct);

    /// <summary>Does nothing more of this publisher, here and at other instances and after a restart, until somebody accepts what it has become.</summary>
    public Task StopAsync(ReaderPosition position, string why, CancellationToken ct) => positions.StopAsync(position, why, ct);

    /// <summary>Begins in a log, at a position of it. Where another instance has done so, that holds.</summary>
    public Task BeginAsync(Guid log, long sequence, CancellationToken ct) => InTurnAsync(
        async () =>
        {
            await positions.BeginAsync(log, sequence, ct);
            at = null;
            return await LookAsync(ct);
        }, ct);

    /// <summary>
    /// Handles what the broker delivered if that goes at once: in one attempt, and where the reader is not at work for long. Otherwise it is read from the
    /// feed: other readers wait for the same delivery.
    /// </summary>
    /// <returns><see cref="Handled.TooEarly"/> where it was not tried, or something is missing before some of them.</returns>
    public async Task<Handled> TakeAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken ct)
    {
        // One that is far behind, as a read model that is being filled, holds up nobody.
        if ((at is { } here && messages.All(message => message.Previous > here.Sequence)) || !await turn.WaitAsync(Patience, ct))
        {
            return Handled.TooEarly;
        }

        try
        {
            await MayGoOnAsync(ct);
            return await TogetherAsync([.. messages.OrderBy(message => message.Sequence)], ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Handles some messages, in any order, those whose turn it is: in one transaction or, where one of them fails, up to it.</summary>
    /// <returns><see cref="Handled.TooEarly"/> where something is missing before some of them.</returns>
    public Task<Handled> HandleAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken ct) => InTurnAsync(
        async () =>
        {
            await MayGoOnAsync(ct);
            return await InHalvesAsync([.. messages.OrderBy(message => message.Sequence)], ct);
        }, ct);

    /// <summary>Passes over what the publisher says is of no concern to anybody, where everything before was handled.</summary>
    public Task PassAsync(long after, long upTo, CancellationToken ct) => InTurnAsync(
        async () =>
        {
            if (at is { Stopped: null } here && here.Sequence >= after && here.Sequence < upTo)
            {
                await PassOverAsync(upTo, ct);
            }

            return at;
        }, ct);

    /// <summary>Has handled all that the publisher has: writes down where that is, though nothing was done on the way.</summary>
    public Task IsLevelAsync(CancellationToken ct) => InTurnAsync(
        async () =>
        {
            if (at is { Log: { } log, Stopped: null } && at.Sequence > kept)
            {
                await KeepAsync(log, ct);
            }

            await positions.NoteLevelAsync(ct);
            return at;
        }, ct);

    /// <summary>
    /// Tries what is about something of its own and could not be handled, and what waits behind it, as far as it is time to. Not much at once, and one by
    /// one: what comes meanwhile has its turn between.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> RetryAsync(CancellationToken ct)
    {
        for (var tried = 0; tried < MostRetried; tried++)
        {
            if (!await InTurnAsync(async () => at is { Failed: > 0, Log: not null, Stopped: null } && await RetryOneAsync(ct), ct))
            {
                return false;
            }
        }

        return true;
    }

    // A database that is away, full or restarted says nothing about the message. A statement that takes too long does: it is the handler's, and to note it
    // would fail as well where nothing is answered.
    public static bool IsOfTheDatabase(Exception exception)
    {
        var isOfIt = false;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is TimeoutException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled })
            {
                return false;
            }

            isOfIt |= cause is NpgsqlException and not PostgresException
                || cause is PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or "25P03" };
        }

        return isOfIt;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return await act();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<bool> RetryOneAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        IntegrationMessage? due = null;
        string? key = null;
        try
        {
            // Without the lock first: mostly there is nothing.
            if (await failures.DueAsync(connection, at!.Log!.Value, ct) is null)
            {
                return false;
            }

            await using var transaction = await connection.BeginTransactionAsync(ct);
            at = Further(await positions.LockAsync(transaction, ct));
            if (at is not { Log: { } log, Stopped: null } || await failures.DueAsync(connection, log, ct) is not { } first)
            {
                return false;
            }

            (key, due) = (first.Key, await failures.MessageAsync(connection, log, first.Sequence, ct));
            await using (var into = Into(transaction))
            {
                await HandleAsync(due, transaction, into, ct);
                await RunAsync(into, ct);
            }

            await failures.HandledAsync(transaction, due, ct);
            await transaction.CommitAsync(ct);
        }
        catch (Exception exception) when (due is not null && !ct.IsCancellationRequested && !IsOfTheDatabase(exception))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            at = Further(await positions.LockAsync(transaction, ct));
            await failures.FailedAsync(transaction, due, key, exception, ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        Committed();
        return true;
    }

    private async Task MayGoOnAsync(CancellationToken ct)
    {
        at ??= await LookAsync(ct);
        if (at.Stopped is { } why)
        {
            throw new PublisherChangedException(why);
        }
    }

    // None of the reader's own doing, or nothing to be tried again.
    private static bool IsSaid(Exception exception) => exception is ReaderBlockedException or PublisherChangedException or ReaderDroppedException;

    /// <summary>Together or, where one of them fails, in halves: what comes before it does not wait for it, and what comes after it may be many.</summary>
    private async Task<Handled> InHalvesAsync(List<IntegrationMessage> inOrder, CancellationToken ct)
    {
        if (inOrder.Count == 1)
        {
            return await AloneAsync(inOrder[0], ct);
        }

        try
        {
            return await TogetherAsync(inOrder, ct);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            await InHalvesAsync(inOrder[..(inOrder.Count / 2)], ct);
            return await InHalvesAsync(inOrder[(inOrder.Count / 2)..], ct);
        }
    }

    private async Task<Handled> AloneAsync(IntegrationMessage message, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await TogetherAsync([message], ct);
            }
            catch (Exception exception) when (!IsSaid(exception) && !ct.IsCancellationRequested && !IsOfTheDatabase(exception))
            {
                if (attempt == QuickRetries.Length)
                {
                    return await FailAsync(message, exception, ct);
                }

                await Task.Delay(QuickRetries[attempt], ct);
            }
        }
    }

    /// <summary>Writes down that it cannot be handled. What is about the same waits from now on; where nothing says what that is, everything does.</summary>
    private async Task<Handled> FailAsync(IntegrationMessage message, Exception failure, CancellationToken ct)
    {
        var key = KeyOf(message);
        await using (var connection = await database.OpenConnectionAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            var now = await positions.LockAsync(transaction, ct);
            if (now.Stopped is not null || now.Log != message.Log || now.Sequence < kept || now.Sequence >= message.Sequence)
            {
                // Another instance could, or has written down that it could not.
                at = Further(now);
                return Handled.Before;
            }

            await failures.FailedAsync(transaction, message, key, failure, ct);
            if (key is not null)
            {
                await positions.MoveAsync(transaction, message.Sequence, ct);
            }

            await transaction.CommitAsync(ct);
        }

        await LookAsync(ct);
        return key is not null
            ? Handled.Now
            : throw new ReaderBlockedException($"{message.Type} at position {message.Sequence} cannot be handled: {failure.Message}", failure);
    }

    // What cannot be read at all is about nothing that could be told.
    private string? KeyOf(IntegrationMessage message)
    {
        try
        {
            return reader.Handlings.TryGetValue((publisher, message.Type), out var handling) ? handling.Key?.Invoke(message.Data) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private async Task<Handled> TogetherAsync(List<IntegrationMessage> inOrder, CancellationToken ct)
    {
        // Of another log the position says nothing; the feed tells which one is the publisher's.
        if (at!.Log is not { } log || inOrder.Exists(message => message.Log != log))
        {
            return Handled.TooEarly;
        }

        var before = at.Sequence;
        var (upTo, wanted, isMissing) = Next(inOrder, before);
        if (wanted.Count == 0)
        {
            await PassOverAsync(upTo, ct);
        }
        else if (!await HandleAsync(before, upTo, wanted, ct))
        {
            return await TogetherAsync(inOrder, ct);
        }

        return isMissing ? Handled.TooEarly : upTo > before ? Handled.Now : Handled.Before;
    }

    /// <summary>How far these lead, and what is to be done on the way.</summary>
    private (long UpTo, List<IntegrationMessage> Wanted, bool IsMissing) Next(List<IntegrationMessage> inOrder, long position)
    {
        var wanted = new List<IntegrationMessage>();
        foreach (var message in inOrder.Where(message => message.Sequence > at!.Sequence))
        {
            if (message.Previous > position)
            {
                return (position, wanted, true);
            }

            if (message.Sequence > position && reader.Handlings.ContainsKey((publisher, message.Type)))
            {
                wanted.Add(message);
            }

            position = Math.Max(position, message.Sequence);
        }

        return (position, wanted, false);
    }

    /// <summary>Handles them in one transaction with the position; not where another instance has moved it meanwhile.</summary>
    private async Task<bool> HandleAsync(long before, long upTo, List<IntegrationMessage> wanted, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = await positions.LockAsync(transaction, ct);
        if (now.Stopped is { } why)
        {
            at = now;
            throw new PublisherChangedException(why);
        }

        if (now.Sequence > before || now.Sequence < kept || now.Log != at!.Log)
        {
            at = Further(now);
            return false;
        }

        await using (var into = Into(transaction))
        {
            foreach (var message in wanted)
            {
                await HandleOrWaitAsync(message, now, transaction, into, ct);
            }

            await RunAsync(into, ct);
        }

        if (now.Failed > 0)
        {
            await failures.HandledUpToAsync(transaction, now.Log!.Value, upTo, ct);
        }

        await positions.MoveAsync(transaction, upTo, ct);
        await transaction.CommitAsync(ct);
        (at, kept, keptAt) = (now with { Sequence = upTo }, upTo, Stopwatch.GetTimestamp());
        Committed();
        return true;
    }

    private void Committed()
    {
        if (hasAppended)
        {
            hasAppended = false;
            signals.Appended();
        }
    }

    private async Task HandleOrWaitAsync(IntegrationMessage message, ReaderPosition now, NpgsqlTransaction transaction, Filling? into, CancellationToken ct)
    {
        if (now.Skipped.Contains(message.Sequence))
        {
            return;
        }

        if (now.Held.Contains(message.Sequence))
        {
            throw new ReaderBlockedException($"{message.Type} at position {message.Sequence} could not be handled; it is not yet time to try again.");
        }

        if (now.Keys.Count > 0 && KeyOf(message) is { } key && now.Keys.Contains(key))
        {
            await failures.WaitsAsync(transaction, message, key, ct);
            return;
        }

        await HandleAsync(message, transaction, into, ct);
    }

    private Filling? Into(NpgsqlTransaction transaction) => reader.Model is null ? null : new(reader.Schema, transaction);

    private static Task RunAsync(Filling? into, CancellationToken ct) => into?.RunAsync(ct) ?? Task.CompletedTask;

    private async Task HandleAsync(IntegrationMessage message, NpgsqlTransaction transaction, Filling? into, CancellationToken ct)
    {
        // Always under the append's own trace: a message that is read from the feed is handled while another one, often of another trace, made us look.
        using var span = Telemetry.Continue($"handle {message.Type}", ActivityKind.Consumer, IsOfThisTrace(message) ? null : message.TraceParent);
        span?.SetTag("volunteerbook.reader", reader.Name);
        var handling = reader.Handlings[(publisher, message.Type)];
        var received = new Received(message.Id, message.Publisher, message.Sequence, message.At, message.By);
        if (into is not null)
        {
            handling.Fill!(message.Data, received, into);
            return;
        }

        var within = new WithinATransaction();
        var options = SessionOptions.ForTransaction(transaction);
        options.Listeners.Add(within);
        await using var session = store.LightweightSession(options);
        session.Attribute(message.By ?? message.Publisher, "service", message.CorrelationId, message.Id.ToString(), span?.Id ?? message.TraceParent);
        await handling.Handle!(message.Data, received, session, ct);
        await session.SaveChangesAsync(ct);
        hasAppended |= within.HasAppended;
    }

    // Where a read model stands is looked at when it is switched to, so it is written down a little more often.
    private async Task PassOverAsync(long upTo, CancellationToken ct)
    {
        at = at! with { Sequence = upTo };
        if (upTo - kept >= MostPassedOver || (reader.Model is not null && upTo > kept && Stopwatch.GetElapsedTime(keptAt) > ShownWithin))
        {
            await KeepAsync(at.Log!.Value, ct);
        }
    }

    private async Task KeepAsync(Guid log, CancellationToken ct)
    {
        var upTo = at!.Sequence;
        await positions.KeepAsync(log, upTo, ct);
        (kept, keptAt) = (upTo, Stopwatch.GetTimestamp());
    }

    private async Task<ReaderPosition> LookAsync(CancellationToken ct) => at = Further(await positions.ReadAsync(ct));

    // What was passed over in memory holds for as long as the log does, and as nobody began anew in it; and as the database is the one that it was: one that
    // was put back, or a standby that lacks the last commits, has forgotten what was done on the way as well.
    private ReaderPosition Further(ReaderPosition now)
    {
        if (at is not { } known || known.Log != now.Log || known.Accepted != now.Accepted || now.Sequence < kept)
        {
            kept = now.Sequence;
            return now;
        }

        kept = Math.Max(kept, now.Sequence);
        return known.Sequence > now.Sequence ? now with { Sequence = known.Sequence } : now;
    }

    private static bool IsOfThisTrace(IntegrationMessage message) =>
        Activity.Current is { } current
        && (!ActivityContext.TryParse(message.TraceParent, null, out var appended) || appended.TraceId == current.TraceId);
}
