using System.Diagnostics;
using JasperFx.Events;
using Marten;
using Marten.Services;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>The transaction that a request's session rides on, where the request opened one (Idempotency-Key).</summary>
internal sealed class RequestTransaction
{
    public NpgsqlTransaction? Current { get; set; }

    /// <summary>Whether the request has written anything: then its answer, whatever it is, must be remembered with it.</summary>
    public bool HasEffect { get; set; }
}

/// <summary>Sessions that put who, why and under which trace on every append.</summary>
internal sealed class CallerSessions(IDocumentStore store, IHttpContextAccessor accessor, RequestTransaction transaction) : ISessionFactory
{
    public IQuerySession QuerySession() => store.QuerySession();

    public IDocumentSession OpenSession()
    {
        var session = transaction.Current is { } current ? OpenOn(current) : store.LightweightSession();
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

    private IDocumentSession OpenOn(NpgsqlTransaction current)
    {
        var options = SessionOptions.ForTransaction(current);
        options.Listeners.Add(new NotesEffect(transaction));
        return store.LightweightSession(options);
    }

    private sealed class NotesEffect(RequestTransaction transaction) : DocumentSessionListenerBase
    {
        public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
        {
            transaction.HasEffect |= session.PendingChanges.Streams().Any() || session.PendingChanges.Operations().Any();
            return Task.CompletedTask;
        }
    }
}

/// <summary>For a request that writes more than events and documents.</summary>
public static class SessionTransaction
{
    /// <summary>
    /// The connection, within the transaction that the session will save in: the request's (Idempotency-Key), committed with its answer, or one begun here and committed by <c>SaveChangesAsync</c>.
    /// </summary>
    public static async Task<NpgsqlConnection> ConnectionInTransactionAsync(this IDocumentSession session, HttpContext http, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(http);
        if (http.RequestServices.GetRequiredService<RequestTransaction>().Current is { Connection: { } riding })
        {
            return riding;
        }

        await session.BeginTransactionAsync(ct);
        return session.Connection!;
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
