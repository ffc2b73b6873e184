using System.Diagnostics;
using JasperFx.Events;
using Marten;

namespace VolunteerBook.EventSourcing;

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
