using Microsoft.AspNetCore.Http;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The transaction in which a request saves, where it needs one beyond that of its session's save. It is opened no sooner than there is something to save or to
/// lock: never while a body is received, somebody else is asked, or another request is waited for.
/// </summary>
internal sealed class RequestTransaction(NpgsqlDataSource database, OneAtATime oneAtATime, StoreSignals signals) : IAsyncDisposable
{
    // How long another process's request is waited for before its stream is tried for again.
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource abandoned = new();
    private CancellationTokenRegistration hangingUp;
    private IDisposable? turn;
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;

    /// <summary>The request's Idempotency-Key: then the transaction ends with the answer that is kept.</summary>
    public IdempotencyKey? Key { get; set; }

    /// <summary>Whether the request has saved anything that waits for its answer.</summary>
    public bool HasEffect { get; private set; }

    /// <summary>Who hangs up ends the request, until it begins to save: an append that is broken off leaves a number unused.</summary>
    public void ListenTo(HttpContext http)
    {
        hangingUp = http.RequestAborted.UnsafeRegister(source => ((CancellationTokenSource)source!).Cancel(), abandoned);
        http.RequestAborted = abandoned.Token;
    }

    /// <summary>From here on it is carried out, whoever still listens.</summary>
    public void HoldOn() => hangingUp.Dispose();

    public async Task<NpgsqlTransaction> OpenAsync(CancellationToken ct)
    {
        if (transaction is not null)
        {
            return transaction;
        }

        connection = await database.OpenConnectionAsync(ct);
        try
        {
            transaction = await connection.BeginTransactionAsync(ct);
            if (Key is not null)
            {
                await Key.ClaimAsync(transaction, ct);
            }

            return transaction;
        }
        catch
        {
            await EndAsync();
            throw;
        }
    }

    /// <summary>
    /// Opens with a stream's row locked; where there is no such stream nothing is. It waits its turn in this process, and
    /// for other processes without the connection.
    /// </summary>
    public async Task LockAsync(Guid stream, CancellationToken ct)
    {
        while (true)
        {
            turn ??= await oneAtATime.EnterAsync($"stream {stream}", ct);
            await using var command = new NpgsqlCommand(
                "select 1 from mt_streams where id = $1 for update nowait", (await OpenAsync(ct)).Connection, transaction);
            command.Parameters.Add(new() { Value = stream });
            try
            {
                await command.ExecuteNonQueryAsync(ct);
                return;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await EndAsync();
                await Task.Delay(Again, ct);
            }
        }
    }

    /// <summary>A session has saved: it is committed, or waits for the answer.</summary>
    public async Task SavedAsync()
    {
        HasEffect = true;
        if (Key is null)
        {
            await CommitAsync();
        }
    }

    /// <summary>Keeps the answer and commits it with what it tells of.</summary>
    public async Task AnswerAsync(KeptAnswer answer)
    {
        await Key!.KeepAsync(transaction!, answer);
        await CommitAsync();
    }

    /// <summary>Rolls back what was not committed, and lets the next one in.</summary>
    public async Task EndAsync()
    {
        if (transaction is not null)
        {
            await transaction.DisposeAsync();
        }

        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        (transaction, connection, HasEffect) = (null, null, false);
        turn?.Dispose();
        turn = null;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await hangingUp.DisposeAsync();
        abandoned.Dispose();
    }

    private async Task CommitAsync()
    {
        await transaction!.CommitAsync(CancellationToken.None);
        await EndAsync();
        signals.Appended();
    }
}
