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
/// </summary>
internal sealed class Reading(Reader reader, string publisher, IDocumentStore store, NpgsqlDataSource database, StoreSignals signals) : IDisposable
{
    private const long MostPassedOver = 500;

    private readonly SemaphoreSlim turn = new(1, 1);
    private ReaderPosition? at;
    private long kept;
    private TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Reader Reader => reader;

    public string Publisher => publisher;

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

    /// <summary>Handles some messages, in any order, those whose turn it is: in one transaction or, where one of them fails, one by one up to it.</summary>
    /// <returns><see cref="Handled.TooEarly"/> where something is missing before some of them.</returns>
    public async Task<Handled> HandleAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken ct)
    {
        var inOrder = messages.OrderBy(message => message.Sequence).ToList();
        await turn.WaitAsync(ct);
        try
        {
            at ??= await LookAsync(ct);
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
            if (at is { } here && here.Sequence >= after && here.Sequence < upTo)
            {
                await PassOverAsync(upTo, ct);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Handled> OneByOneWhereOneFailsAsync(List<IntegrationMessage> inOrder, CancellationToken ct)
    {
        try
        {
            return await TogetherAsync(inOrder, ct);
        }
        catch (Exception) when (inOrder.Count > 1 && !ct.IsCancellationRequested)
        {
            // What comes before the one that fails does not wait for it.
            var handled = Handled.Before;
            foreach (var message in inOrder)
            {
                handled = await TogetherAsync([message], ct);
            }

            return handled;
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
        if (await LockAsync(transaction, ct) is var now && (now.Sequence > before || now.Log != at!.Log))
        {
            at = now;
            return false;
        }

        foreach (var message in wanted)
        {
            await HandleAsync(message, transaction, ct);
        }

        await using (var move = new NpgsqlCommand(
            "update reader_positions set sequence = $4 where reader = $1 and version = $2 and publisher = $3", connection, transaction))
        {
            AddKey(move);
            move.Parameters.Add(new() { Value = upTo });
            await move.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        (at, kept) = (at with { Sequence = upTo }, upTo);
        signals.Appended();
        return true;
    }

    private async Task HandleAsync(IntegrationMessage message, NpgsqlTransaction transaction, CancellationToken ct)
    {
        // Always under the append's own trace: a message that is read from the feed is handled while another one, often of another trace, made us look.
        using var span = Telemetry.Continue($"handle {message.Type}", ActivityKind.Consumer, IsOfThisTrace(message) ? null : message.TraceParent);
        span?.SetTag("volunteerbook.reader", reader.Name);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        session.Attribute(message.By ?? message.Publisher, "service", message.CorrelationId, message.Id.ToString(), span?.Id ?? message.TraceParent);
        await reader.Handlings[(publisher, message.Type)](message.Data, new Received(message.Id, message.Publisher, message.Sequence, message.At, message.By), session, ct);
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
            "update reader_positions set sequence = greatest(sequence, $4) where reader = $1 and version = $2 and publisher = $3 and log = $5");
        AddKey(command);
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = at.Log!.Value });
        await command.ExecuteNonQueryAsync(ct);
        kept = upTo;
    }

    // What was passed over in memory holds for as long as the log does.
    private async Task<ReaderPosition> LookAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            with begun as (insert into reader_positions (reader, version, publisher, sequence) values ($1, $2, $3, 0) on conflict do nothing returning log, sequence, number)
            select log, sequence, number from reader_positions where reader = $1 and version = $2 and publisher = $3
            union all select log, sequence, number from begun
            """);
        AddKey(command);
        var now = await ReadAsync(command, ct);
        kept = Math.Max(kept, now.Sequence);
        return at = at is { } known && known.Log == now.Log && known.Sequence > now.Sequence ? known : now;
    }

    private async Task<ReaderPosition> LockAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select log, sequence, number from reader_positions where reader = $1 and version = $2 and publisher = $3 for update", transaction.Connection, transaction);
        AddKey(command);
        return await ReadAsync(command, ct);
    }

    private static async Task<ReaderPosition> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return new(
            await reader.IsDBNullAsync(0, ct) ? null : reader.GetGuid(0),
            reader.GetInt64(1),
            await reader.IsDBNullAsync(2, ct) ? null : reader.GetInt64(2));
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
internal sealed record ReaderPosition(Guid? Log, long Sequence, long? Number);
