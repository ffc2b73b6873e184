using System.Text.Json;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Reads the log in order and gives each event that concerns others the publisher's next number. The numbered row is written in the transaction of the
/// subscription's progress: a crash repeats the page with the same numbers, and nothing depends on the broker being there.
/// </summary>
internal sealed class NumberIntegrationEvents : SubscriptionBase
{
    public const string SubscriptionName = "integration-events";

    private readonly EventSource source;
    private readonly StoreSignals signals;

    public NumberIntegrationEvents(EventSource source, StoreSignals signals)
    {
        this.source = source;
        this.signals = signals;
        Name = SubscriptionName;
        Options.BatchSize = 500;
    }

    public override Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var published = page.Events
            .Select(stored => (Stored: stored, Contract: source.ToContract(stored)))
            .Where(pair => pair.Contract is not null)
            .ToList();
        if (published.Count == 0)
        {
            return Task.FromResult<IChangeListener>(NullChangeListener.Instance);
        }

        // One at a time, and what bears a number already gets no other: an instance that lost the lead and has not noticed may be at the same page. (Marten's own
        // check of the progress counts the rows of the whole batch, ours among them, and does not see that none was its own.)
        operations.QueueSqlCommand("select pg_advisory_xact_lock(hashtextextended('integration_events', 0))");
        operations.QueueSqlCommand(
            """
            insert into integration_events (number, id, type, at, by, correlation_id, trace_parent, data)
            select (select coalesce(max(number), 0) from integration_events) + row_number() over (order by page.place),
                page.id, page.type, page.at, page.by, page.correlation_id, page.trace_parent, page.data
            from unnest(?::uuid[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::jsonb[])
                with ordinality page (id, type, at, by, correlation_id, trace_parent, data, place)
            where not exists (select 1 from integration_events numbered where numbered.id = page.id)
            """,
            published.Select(pair => pair.Stored.Id).ToArray(),
            published.Select(pair => pair.Contract!.GetType().Name).ToArray(),
            published.Select(pair => pair.Stored.Timestamp.ToUniversalTime()).ToArray(),
            published.Select(pair => pair.Stored.UserName ?? "").ToArray(),
            published.Select(pair => pair.Stored.CorrelationId ?? "").ToArray(),
            published.Select(pair => pair.Stored.GetHeader(Attribution.TraceHeader)?.ToString() ?? "").ToArray(),
            published.Select(pair => JsonSerializer.Serialize(pair.Contract, pair.Contract!.GetType(), Json.Options)).ToArray());
        return Task.FromResult<IChangeListener>(new SignalAfterCommit(signals));
    }

    private sealed class SignalAfterCommit(StoreSignals signals) : IChangeListener
    {
        public Task BeforeCommitAsync(IDocumentSession session, Marten.Services.IChangeSet commit, CancellationToken token) => Task.CompletedTask;

        public Task AfterCommitAsync(IDocumentSession session, Marten.Services.IChangeSet commit, CancellationToken token)
        {
            signals.Numbered();
            return Task.CompletedTask;
        }
    }
}
