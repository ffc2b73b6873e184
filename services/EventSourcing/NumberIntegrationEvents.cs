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

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var published = page.Events
            .Select(stored => (Stored: stored, Contract: source.ToContract(stored)))
            .Where(pair => pair.Contract is not null)
            .ToList();
        if (published.Count == 0)
        {
            return NullChangeListener.Instance;
        }

        var last = (await operations.AdvancedSql.QueryAsync<long>("select coalesce(max(number), 0) from integration_events", cancellationToken))[0];
        operations.QueueSqlCommand(
            """
            insert into integration_events (number, id, type, at, by, correlation_id, trace_parent, data)
            select * from unnest(?::bigint[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::jsonb[])
            """,
            published.Select((_, index) => last + 1 + index).ToArray(),
            published.Select(pair => pair.Stored.Id).ToArray(),
            published.Select(pair => pair.Contract!.GetType().Name).ToArray(),
            published.Select(pair => pair.Stored.Timestamp.ToUniversalTime()).ToArray(),
            published.Select(pair => pair.Stored.UserName ?? "").ToArray(),
            published.Select(pair => pair.Stored.CorrelationId ?? "").ToArray(),
            published.Select(pair => pair.Stored.GetHeader(Attribution.TraceHeader)?.ToString() ?? "").ToArray(),
            published.Select(pair => JsonSerializer.Serialize(pair.Contract, pair.Contract!.GetType(), Json.Options)).ToArray());
        return new SignalAfterCommit(signals);
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

/// <summary>Wakes the sender as soon as something was numbered, so that it need not wait for its next look.</summary>
internal sealed class StoreSignals
{
    private TaskCompletionSource numbered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Numbered() => Interlocked.Exchange(ref numbered, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Completes at the next numbering. Taken before looking at the table, so that nothing slips between.</summary>
    public Task NextNumbering => Volatile.Read(ref numbered).Task;
}
