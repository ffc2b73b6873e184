using Marten;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// For a request that cannot decide on what it reads beside its save: one that writes more than events and documents, or that needs a stream to itself.
/// </summary>
public sealed class OneTransaction
{
    private readonly CallerSessions sessions;
    private readonly RequestTransaction transaction;

    internal OneTransaction(CallerSessions sessions, RequestTransaction transaction) => (this.sessions, this.transaction) = (sessions, transaction);

    /// <summary>
    /// A session within a transaction that begins now and ends with the session's save, under an Idempotency-Key with the answer. Until then all is read by it
    /// alone, and nobody else is asked anything: the request has this one connection.
    /// </summary>
    public Task<IDocumentSession> SessionAsync(CancellationToken ct) => sessions.OpenWithinAsync(ct);

    /// <summary>The connection of this transaction.</summary>
    public async Task<NpgsqlConnection> ConnectionAsync(CancellationToken ct) => (await transaction.OpenAsync(ct)).Connection!;

    /// <summary>The same with a stream locked: the next request that wants it waits, without a connection, until this one's transaction has ended.</summary>
    public async Task<IDocumentSession> AloneWithAsync(Guid stream, CancellationToken ct)
    {
        await transaction.LockAsync(stream, ct);
        return await sessions.OpenWithinAsync(ct);
    }
}
