using System.Diagnostics;
using Marten;
using Marten.Services;
using Microsoft.AspNetCore.Http;
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
            session.Attribute(
                caller.Subject, caller.Kind, Sane(http.Request.Headers["X-Correlation-Id"].FirstOrDefault()), http.TraceIdentifier, Activity.Current?.Id);
        }

        return session;
    }

    // What the gateway passes on it has checked; a service reached without it checks for itself.
    private static string? Sane(string? correlationId) =>
        correlationId is { Length: > 0 and <= 100 } && correlationId.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? correlationId : null;

    /// <summary>
    /// An ordinary session reads on connections that it holds for a query each. What it saves under an Idempotency-Key is carried out in
    /// the transaction of the answer, opened now.
    /// </summary>
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
