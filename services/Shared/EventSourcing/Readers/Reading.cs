using System.Diagnostics;
using Marten;
using Npgsql;
using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// One reader's reading of one publisher's log. It handles each of the integration events that it wants exactly once and in their order, whatever the broker
/// does: the position is locked, compared and moved on in the transaction of what the handlers append or fill. What it does not want it passes over, here in
/// memory, and writes that down now and then: after a restart it is read once more. A message that cannot be handled is written down with its error. It holds
/// up what comes after it or, where its type says what it is about, only what is about the same, which waits in the same table.
/// </summary>
internal sealed class Reading(Reader reader, string publisher, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals, TimeProvider clock)
    : IDisposable
{
    private const int MostRetried = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A handler that lost a race, or a moment's trouble elsewhere, is not worth a note.
    private static readonly TimeSpan[] QuickRetries = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)];

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ReaderPositions positions = new(reader, publisher, database);
    private readonly ReaderPlace place = new(reader, new(reader, publisher, database));
    private readonly ReaderFailures failures = new(reader, publisher);
    private readonly CarryOut carryOut = new(reader, publisher, store, signals);
    private long begun;
    private TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Reader Reader => reader;

    public string Publisher => publisher;

    /// <summary>Where it stood when it last moved or looked.</summary>
    public ReaderPosition? Here => place.Here;

    /// <summary>What somebody should look at: the publisher is not what it was, or for a while it could not be read. Null where all goes well.</summary>
    public string? Worry { get; set; }

    /// <summary>For how long it has been at what it does now, where that is too long: a handler does not come to an end.</summary>
    public TimeSpan? Hangs => Volatile.Read(ref begun) is not 0 and var since && clock.GetElapsedTime(since) is var at && at > Readers.Worrying ? at : null;

    /// <summary>How many messages it could not handle when it last looked, with what waits behind them.</summary>
    public long Failed => Here?.Failed ?? 0;

    /// <summary>How long ago the first of them could not be handled.</summary>
    public TimeSpan FailedFor => Here?.FailedSince is { } since ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Completes when there is a reason to look at the feed. Taken before looking, so that nothing slips between.</summary>
    public Task Woken => Volatile.Read(ref woken).Task;

    public void Wake() => Interlocked.Exchange(ref woken, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Dispose() => turn.Dispose();

    /// <summary>Where it stands, as the database says where that is further: another instance may have been at work.</summary>
    public Task<ReaderPosition> PositionAsync(CancellationToken ct) => InTurnAsync(() => place.LookAsync(ct), ct);

    /// <summary>Does nothing more of this publisher, here and at other instances and after a restart, until somebody accepts what it has become.</summary>
    public Task StopAsync(ReaderPosition position, string why, CancellationToken ct) => positions.StopAsync(position, why, ct);

    /// <summary>Begins in a log, at a position of it. Where another instance has done so, that holds.</summary>
    public Task BeginAsync(Guid log, long sequence, CancellationToken ct) => InTurnAsync(
        async () =>
        {
            await positions.BeginAsync(log, sequence, ct);
            place.Forget();
            return await place.LookAsync(ct);
        }, ct);

    /// <summary>
    /// Handles what the broker delivered if that goes at once: in one attempt, and where the reader is not at work for long. Otherwise it is read from the
    /// feed: other readers wait for the same delivery.
    /// </summary>
    /// <returns><see cref="Handled.TooEarly"/> where it was not tried, or something is missing before some of them.</returns>
    public async Task<Handled> TakeAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken ct)
    {
        // One that is far behind, as a read model that is being filled, holds up nobody.
        if ((Here is { } here && messages.All(message => message.Previous > here.Sequence)) || !await turn.WaitAsync(Patience, ct))
        {
            return Handled.TooEarly;
        }

        return await ThenReleaseAsync(async () =>
        {
            await MayGoOnAsync(ct);
            return await TogetherAsync([.. messages.OrderBy(message => message.Sequence)], ct);
        });
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
            if (Here is { Stopped: null } here && here.Sequence >= after && here.Sequence < upTo)
            {
                await place.PassOverAsync(upTo, ct);
            }

            return Here;
        }, ct);

    /// <summary>Has handled all that the publisher has: writes down where that is, though nothing was done on the way.</summary>
    public Task IsLevelAsync(CancellationToken ct) => InTurnAsync(
        async () =>
        {
            if (Here is { Stopped: null })
            {
                await place.KeepAsync(ct);
            }

            await positions.NoteLevelAsync(ct);
            return Here;
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
            if (!await InTurnAsync(async () => Here is { Failed: > 0, Log: not null, Stopped: null } && await RetryOneAsync(ct), ct))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        return await ThenReleaseAsync(act);
    }

    private async Task<T> ThenReleaseAsync<T>(Func<Task<T>> act)
    {
        Volatile.Write(ref begun, clock.GetTimestamp());
        try
        {
            return await act();
        }
        finally
        {
            Volatile.Write(ref begun, 0);
            turn.Release();
        }
    }

    private async Task<bool> RetryOneAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        IntegrationMessage? due = null;
        try
        {
            // Without the lock first: mostly there is nothing.
            if (await failures.DueAsync(connection, Here!.Log!.Value, ct) is null)
            {
                return false;
            }

            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (place.Take(await positions.LockAsync(transaction, ct)) is not { Log: { } log, Stopped: null }
                || await failures.DueAsync(connection, log, ct) is not { } first)
            {
                return false;
            }

            due = await failures.MessageAsync(connection, log, first.Sequence, ct);
            await using (var into = carryOut.Into(transaction))
            {
                await carryOut.HandleAsync(due, transaction, into, ct);
                await CarryOut.RunAsync(into, ct);
            }

            await failures.HandledAsync(transaction, due, ct);
            await transaction.CommitAsync(ct);
        }
        catch (Exception exception) when (due is not null && !ct.IsCancellationRequested && !DatabaseTrouble.IsBehind(exception))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            place.Take(await positions.LockAsync(transaction, ct));
            await failures.FailedAgainAsync(transaction, due, exception, ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        carryOut.Committed();
        return true;
    }

    private async Task MayGoOnAsync(CancellationToken ct)
    {
        if ((Here ?? await place.LookAsync(ct)).Stopped is { } why)
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
            catch (Exception exception) when (!IsSaid(exception) && !ct.IsCancellationRequested && !DatabaseTrouble.IsBehind(exception))
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
        var key = reader.KeyOf(publisher, message);
        await using (var connection = await database.OpenConnectionAsync(ct))
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            var now = await positions.LockAsync(transaction, ct);
            if (now.Stopped is not null || now.Log != message.Log || place.HasForgotten(now) || now.Sequence >= message.Sequence)
            {
                // Another instance could, or has written down that it could not.
                place.Take(now);
                return Handled.Before;
            }

            await failures.FailedAsync(connection, message, key, failure, ct);
            if (key is not null)
            {
                await positions.MoveAsync(transaction, message.Sequence, ct);
            }

            await transaction.CommitAsync(ct);
        }

        await place.LookAsync(ct);
        return key is not null
            ? Handled.Now
            : throw new ReaderBlockedException($"{message.Type} at position {message.Sequence} cannot be handled: {failure.Message}", failure);
    }

    private async Task<Handled> TogetherAsync(List<IntegrationMessage> inOrder, CancellationToken ct)
    {
        // Of another log the position says nothing; the feed tells which one is the publisher's.
        if (Here!.Log is not { } log || inOrder.Exists(message => message.Log != log))
        {
            return Handled.TooEarly;
        }

        // One call of handlers after another may take long, and is no hang.
        Volatile.Write(ref begun, clock.GetTimestamp());
        var before = Here.Sequence;
        var (upTo, wanted, isMissing) = NextInOrder.Of(inOrder, before, message => reader.Handlings.ContainsKey((publisher, message.Type)));
        if (wanted.Count == 0)
        {
            await place.PassOverAsync(upTo, ct);
        }
        else if (!await HandleAsync(before, upTo, wanted, ct))
        {
            return await TogetherAsync(inOrder, ct);
        }

        return isMissing ? Handled.TooEarly : upTo > before ? Handled.Now : Handled.Before;
    }

    /// <summary>Handles them in one transaction with the position; not where another instance has moved it meanwhile.</summary>
    private async Task<bool> HandleAsync(long before, long upTo, IReadOnlyList<IntegrationMessage> wanted, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var now = await positions.LockAsync(transaction, ct);
        if (now.Stopped is { } why)
        {
            place.Is(now);
            throw new PublisherChangedException(why);
        }

        if (now.Sequence > before || place.HasForgotten(now) || now.Log != Here!.Log)
        {
            place.Take(now);
            return false;
        }

        await using (var into = carryOut.Into(transaction))
        {
            foreach (var message in wanted)
            {
                await HandleOrWaitAsync(message, now, transaction, into, ct);
            }

            await CarryOut.RunAsync(into, ct);
        }

        if (now.Failed > 0)
        {
            await failures.HandledUpToAsync(connection, now.Log!.Value, upTo, ct);
        }

        await positions.MoveAsync(transaction, upTo, ct);
        await transaction.CommitAsync(ct);
        place.Moved(now with { Sequence = upTo });
        carryOut.Committed();
        return true;
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

        if (now.Keys.Count > 0 && reader.KeyOf(publisher, message) is { } key && now.Keys.Contains(key))
        {
            await failures.WaitsAsync(transaction, message, key, ct);
            return;
        }

        await carryOut.HandleAsync(message, transaction, into, ct);
    }
}
