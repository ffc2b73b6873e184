using System.Diagnostics;
using Marten;
using Marten.Services;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

internal enum Handled
{
    Now,
    Before,
    TooEarly,
}

/// <summary>
/// One reader's reading of one publisher's log. It handles each of the integration events that it wants exactly once and in their order, whatever the broker does: the position is locked, compared and
/// moved on in the transaction of what the handlers append. What it does not want it passes over, here in memory, and writes that down now and then: after a restart it is read once more.
/// A message that cannot be handled is written down with its error. It holds up what comes after it or, where its type says what it is about, only what is about the same, which waits in the same table.
/// </summary>
internal sealed class Reading(Reader reader, string publisher, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals) : IDisposable
{
    private const long MostPassedOver = 500;
    private const int MostRetried = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const string Select =
        $"select log, sequence, number, {ReaderFailures.Columns}, stopped, accepted_from, decided_at from reader_positions p where reader = $1 and version = $2 and publisher = $3";

    // A handler that lost a race, or a moment's trouble elsewhere, is not worth a note.
    private static readonly TimeSpan[] QuickRetries = [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)];

    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly ReaderFailures failures = new(reader, publisher);
    private ReaderPosition? at;
    private long kept;
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
    public async Task<ReaderPosition> PositionAsync(CancellationToken ct)
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

    /// <summary>Does nothing more of this publisher, here and at other instances and after a restart, until somebody accepts what it has become.</summary>
    public async Task StopAsync(ReaderPosition position, string why, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "update reader_positions set stopped = $4 where reader = $1 and version = $2 and publisher = $3 and log = $5 and sequence <= $6 and decided_at is not distinct from $7 and stopped is null");
        AddKey(command);
        command.Parameters.Add(new() { Value = why });
        command.Parameters.Add(new() { Value = position.Log!.Value });
        command.Parameters.Add(new() { Value = position.Sequence });
        command.Parameters.Add(new() { Value = (object?)position.Accepted?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Begins in a log, at a position of it. Where another instance has done so, that holds.</summary>
    public async Task BeginAsync(Guid log, long sequence, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await using var command = database.CreateCommand(
                "update reader_positions set log = $4, sequence = $5, number = null where reader = $1 and version = $2 and publisher = $3 and log is null");
            AddKey(command);
            command.Parameters.Add(new() { Value = log });
            command.Parameters.Add(new() { Value = sequence });
            await command.ExecuteNonQueryAsync(ct);
            at = null;
            await LookAsync(ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Handles what the broker delivered if that goes at once: in one attempt, and where the reader is not at work for long. Otherwise it is read from the feed: other readers wait for the same delivery.
    /// </summary>
    /// <returns><see cref="Handled.TooEarly"/> where it was not tried, or something is missing before some of them.</returns>
    public async Task<Handled> TakeAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken ct)
    {
        if (!await turn.WaitAsync(Patience, ct))
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

    /// <summary>Handles some messages, in any order, those whose turn it is: in one transaction or, where one of them fails, one by one up to it.</summary>
    /// <returns><see cref="Handled.TooEarly"/> where something is missing before some of them.</returns>
    public async Task<Handled> HandleAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken ct)
    {
        var inOrder = messages.OrderBy(message => message.Sequence).ToList();
        await turn.WaitAsync(ct);
        try
        {
            await MayGoOnAsync(ct);
            return await OneByOneWhereOneFailsAsync(inOrder, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Passes over what the publisher says is of no concern to anybody, where everything before was handled.</summary>
    public async Task PassAsync(long after, long upTo, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (at is { Stopped: null } here && here.Sequence >= after && here.Sequence < upTo)
            {
                await PassOverAsync(upTo, ct);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Tries what is about something of its own and could not be handled, and what waits behind it, as far as it is time to. Not much at once, and one by one: what comes meanwhile has its turn between.
    /// </summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> RetryAsync(CancellationToken ct)
    {
        for (var tried = 0; tried < MostRetried; tried++)
        {
            await turn.WaitAsync(ct);
            try
            {
                if (at is not { Failed: > 0, Log: not null, Stopped: null } || !await RetryOneAsync(ct))
                {
                    return false;
                }
            }
            finally
            {
                turn.Release();
            }
        }

        return true;
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
            at = Further(await LockAsync(transaction, ct));
            if (at is not { Log: { } log, Stopped: null } || await failures.DueAsync(connection, log, ct) is not { } first)
            {
                return false;
            }

            (key, due) = (first.Key, await failures.MessageAsync(connection, log, first.Sequence, ct));
            await HandleAsync(due, transaction, ct);
            await failures.HandledAsync(transaction, due, ct);
            await transaction.CommitAsync(ct);
        }
        catch (Exception exception) when (due is not null && !ct.IsCancellationRequested && !IsOfTheDatabase(exception))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            at = Further(await LockAsync(transaction, ct));
            await failures.FailedAsync(transaction, due, key, exception, ct);
            await transaction.CommitAsync(ct);
            return true;
        }

        signals.Appended();
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

    private async Task<Handled> OneByOneWhereOneFailsAsync(List<IntegrationMessage> inOrder, CancellationToken ct)
    {
        try
        {
            return await TogetherAsync(inOrder, ct);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && exception is not (ReaderBlockedException or PublisherChangedException) || inOrder.Count > 1)
        {
            ct.ThrowIfCancellationRequested();
            // What comes before the one that fails does not wait for it.
            var handled = Handled.Before;
            foreach (var message in inOrder)
            {
                handled = await AloneAsync(message, ct);
            }

            return handled;
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
            catch (Exception exception) when (exception is not (ReaderBlockedException or PublisherChangedException) && !ct.IsCancellationRequested && !IsOfTheDatabase(exception))
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
            var now = await LockAsync(transaction, ct);
            if (now.Stopped is not null || now.Log != message.Log || now.Sequence < kept || now.Sequence >= message.Sequence)
            {
                // Another instance could, or has written down that it could not.
                at = Further(now);
                return Handled.Before;
            }

            await failures.FailedAsync(transaction, message, key, failure, ct);
            if (key is not null)
            {
                await MoveAsync(transaction, message.Sequence, ct);
            }

            await transaction.CommitAsync(ct);
        }

        await LookAsync(ct);
        return key is not null ? Handled.Now : throw new ReaderBlockedException($"{message.Type} at position {message.Sequence} cannot be handled: {failure.Message}", failure);
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

    // A database that is away, full or restarted says nothing about the message. A statement that takes too long does: it is the handler's, and to note it would fail as well where nothing is answered.
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
        var now = await LockAsync(transaction, ct);
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

        foreach (var message in wanted)
        {
            await HandleOrWaitAsync(message, now, transaction, ct);
        }

        await MoveAsync(transaction, upTo, ct);
        await transaction.CommitAsync(ct);
        (at, kept) = (now with { Sequence = upTo }, upTo);
        signals.Appended();
        return true;
    }

    private async Task HandleOrWaitAsync(IntegrationMessage message, ReaderPosition now, NpgsqlTransaction transaction, CancellationToken ct)
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

        await HandleAsync(message, transaction, ct);
        if (now.Failed > 0)
        {
            await failures.HandledAsync(transaction, message, ct);
        }
    }

    private async Task MoveAsync(NpgsqlTransaction transaction, long upTo, CancellationToken ct)
    {
        await using var move = new NpgsqlCommand(
            "update reader_positions set sequence = $4 where reader = $1 and version = $2 and publisher = $3", transaction.Connection, transaction);
        AddKey(move);
        move.Parameters.Add(new() { Value = upTo });
        await move.ExecuteNonQueryAsync(ct);
    }

    private async Task HandleAsync(IntegrationMessage message, NpgsqlTransaction transaction, CancellationToken ct)
    {
        // Always under the append's own trace: a message that is read from the feed is handled while another one, often of another trace, made us look.
        using var span = Telemetry.Continue($"handle {message.Type}", ActivityKind.Consumer, IsOfThisTrace(message) ? null : message.TraceParent);
        span?.SetTag("volunteerbook.reader", reader.Name);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        session.Attribute(message.By ?? message.Publisher, "service", message.CorrelationId, message.Id.ToString(), span?.Id ?? message.TraceParent);
        await reader.Handlings[(publisher, message.Type)].Handle(message.Data, new Received(message.Id, message.Publisher, message.Sequence, message.At, message.By), session, ct);
        await session.SaveChangesAsync(ct);
    }

    private async Task PassOverAsync(long upTo, CancellationToken ct)
    {
        at = at! with { Sequence = upTo };
        if (upTo - kept < MostPassedOver)
        {
            return;
        }

        await using var command = database.CreateCommand(
            "update reader_positions set sequence = greatest(sequence, $4) where reader = $1 and version = $2 and publisher = $3 and log = $5 and stopped is null");
        AddKey(command);
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = at.Log!.Value });
        await command.ExecuteNonQueryAsync(ct);
        kept = upTo;
    }

    private async Task<ReaderPosition> LookAsync(CancellationToken ct)
    {
        await using (var command = database.CreateCommand(Select))
        {
            AddKey(command);
            if (await ReadAsync(command, ct) is { } now)
            {
                return at = Further(now);
            }
        }

        await using var begin = database.CreateCommand("insert into reader_positions (reader, version, publisher, sequence) values ($1, $2, $3, 0) on conflict do nothing");
        AddKey(begin);
        await begin.ExecuteNonQueryAsync(ct);
        return await LookAsync(ct);
    }

    // What was passed over in memory holds for as long as the log does, and as nobody began anew in it; and as the database is the one that it was: one that was put back, or a standby that lacks the last
    // commits, has forgotten what was done on the way as well.
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

    private async Task<ReaderPosition> LockAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        // In two statements: what others wrote about failures while this one waited is seen by the second.
        await using (var wait = new NpgsqlCommand("select 1 from reader_positions where reader = $1 and version = $2 and publisher = $3 for update", transaction.Connection, transaction))
        {
            AddKey(wait);
            await wait.ExecuteNonQueryAsync(ct);
        }

        await using var command = new NpgsqlCommand(Select, transaction.Connection, transaction);
        AddKey(command);
        return (await ReadAsync(command, ct))!;
    }

    private static async Task<ReaderPosition?> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        return !await reader.ReadAsync(ct) ? null : new(
            await reader.IsDBNullAsync(0, ct) ? null : reader.GetGuid(0),
            reader.GetInt64(1),
            await reader.IsDBNullAsync(2, ct) ? null : reader.GetInt64(2))
        {
            Failed = reader.GetInt64(3),
            Oldest = await reader.IsDBNullAsync(4, ct) ? null : new DateTimeOffset(reader.GetDateTime(4), TimeSpan.Zero),
            Keys = [.. reader.GetFieldValue<string[]>(5)],
            Skipped = reader.GetFieldValue<long[]>(6),
            Held = reader.GetFieldValue<long[]>(7),
            Stopped = await reader.IsDBNullAsync(8, ct) ? null : reader.GetString(8),
            From = await reader.IsDBNullAsync(9, ct) ? null : reader.GetString(9) == "end" ? Start.Now : Start.Beginning,
            Accepted = await reader.IsDBNullAsync(10, ct) ? null : new DateTimeOffset(reader.GetDateTime(10), TimeSpan.Zero),
        };
    }

    private void AddKey(NpgsqlCommand command)
    {
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = reader.Version });
        command.Parameters.Add(new() { Value = publisher });
    }

    private static bool IsOfThisTrace(IntegrationMessage message) =>
        Activity.Current is { } current
        && (!ActivityContext.TryParse(message.TraceParent, null, out var appended) || appended.TraceId == current.TraceId);
}

/// <summary>Where a reader stands in a publisher's log.</summary>
/// <param name="Log">Which log; null where it has not begun.</param>
/// <param name="Sequence">The position up to which it has handled what it wants.</param>
/// <param name="Number">What it stood at when integration events were numbered, until the publisher says which position that is.</param>
internal sealed record ReaderPosition(Guid? Log, long Sequence, long? Number)
{
    /// <summary>How many messages it could not handle, with what waits behind them.</summary>
    public long Failed { get; init; }

    /// <summary>Since when the first of them could not be handled.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>What it does nothing about until then.</summary>
    public HashSet<string> Keys { get; init; } = [];

    /// <summary>The positions that somebody decided to pass over.</summary>
    public IReadOnlyCollection<long> Skipped { get; init; } = [];

    /// <summary>The position that holds up all, until it is time to try again.</summary>
    public IReadOnlyCollection<long> Held { get; init; } = [];

    /// <summary>Why it does nothing at all, until somebody accepts that the publisher is not what it was.</summary>
    public string? Stopped { get; init; }

    /// <summary>From where the publisher's log is taken up, where somebody said so.</summary>
    public Start? From { get; init; }

    /// <summary>When somebody said so.</summary>
    public DateTimeOffset? Accepted { get; init; }
}
