using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Microsoft.AspNetCore.Http;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Sessions that put who, why and under which trace on every append.</summary>
internal sealed class CallerSessions(IDocumentStore store, IHttpContextAccessor accessor, RequestTransaction transaction) : ISessionFactory
{
    public IQuerySession QuerySession() => store.QuerySession();

    public IDocumentSession OpenSession()
    {
        var options = new SessionOptions();
        options.Listeners.Add(new BeginsToSave(this, transaction));
        return Attributed(store.LightweightSession(options));
    }

    /// <summary>A session within the request's transaction: it reads and writes there.</summary>
    public async Task<IDocumentSession> OpenWithinAsync(CancellationToken ct)
    {
        var options = SessionOptions.ForTransaction(await transaction.OpenAsync(ct));
        options.Listeners.Add(new SavesWithin(transaction));
        return Attributed(store.LightweightSession(options));
    }

    private IDocumentSession Attributed(IDocumentSession session)
    {
        if (accessor.HttpContext is { } http)
        {
            var caller = new Caller(http.User);
            session.Attribute(caller.Subject, caller.Kind, Sane(http.Request.Headers["X-Correlation-Id"].FirstOrDefault()), http.TraceIdentifier, Activity.Current?.Id);
        }

        return session;
    }

    // What the gateway passes on it has checked; a service reached without it checks for itself.
    private static string? Sane(string? correlationId) =>
        correlationId is { Length: > 0 and <= 100 } && correlationId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? correlationId : null;

    /// <summary>An ordinary session reads on connections that it holds for a query each. What it saves under an Idempotency-Key is carried out in the transaction of the answer, opened now.</summary>
    private sealed class BeginsToSave(CallerSessions sessions, RequestTransaction transaction) : DocumentSessionListenerBase
    {
        public override async Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            transaction.HoldOn();
            if (transaction.Key is null)
            {
                return;
            }

            var work = session.PendingChanges.Operations().ToList();
            session.EjectAllPendingChanges();
            await using var within = await sessions.OpenWithinAsync(CancellationToken.None);
            work.ForEach(within.QueueOperation);
            try
            {
                await within.SaveChangesAsync(CancellationToken.None);
            }
            catch
            {
                // The endpoint may know what it means, and answer.
                await transaction.EndAsync();
                throw;
            }
        }
    }

    private sealed class SavesWithin(RequestTransaction transaction) : WithinATransaction
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            transaction.HoldOn();
            return Task.CompletedTask;
        }

        public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => transaction.SavedAsync();
    }
}

/// <summary>For a request that cannot decide on what it reads beside its save: one that writes more than events and documents, or that needs a stream to itself.</summary>
public sealed class OneTransaction
{
    private readonly CallerSessions sessions;
    private readonly RequestTransaction transaction;

    internal OneTransaction(CallerSessions sessions, RequestTransaction transaction) => (this.sessions, this.transaction) = (sessions, transaction);

    /// <summary>
    /// A session within a transaction that begins now and ends with the session's save, under an Idempotency-Key with the answer. Until then all is read by it alone, and nobody else is asked
    /// anything: the request has this one connection.
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

/// <summary>The metadata of every event: user, correlation, causation, trace.</summary>
public static class Attribution
{
    /// <summary>The header that says what kind of caller the author is: <c>person</c>, <c>machine</c>, <c>service</c>.</summary>
    public const string KindHeader = "kind";

    internal const string TraceHeader = "traceparent";

    /// <summary>What is appended is done by the service because of this event: its author, correlation and trace go on.</summary>
    public static void Because(this IDocumentSession session, IEvent cause)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(cause);
        session.Attribute(cause.UserName ?? "", "service", cause.CorrelationId, cause.Id.ToString(), cause.GetHeader(TraceHeader)?.ToString());
    }

    internal static void Attribute(this IDocumentSession session, string by, string kind, string? correlationId, string causationId, string? trace)
    {
        session.LastModifiedBy = by;
        session.CorrelationId = correlationId ?? Activity.Current?.TraceId.ToString() ?? causationId;
        session.CausationId = causationId;
        session.SetHeader(KindHeader, kind);
        if (trace is not null)
        {
            session.SetHeader(TraceHeader, trace);
        }
    }
}
