using System.Diagnostics;
using Marten;
using Marten.Services;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Carries out what a reader does with a message, in a transaction that somebody else commits.</summary>
internal sealed class CarryOut(Reader reader, string publisher, IDocumentStore store, StoreSignals signals)
{
    private bool hasAppended;

    /// <summary>Of a read model what is collected to be run in the transaction; null for a reader that does anything else.</summary>
    public Filling? Into(NpgsqlTransaction transaction) => reader.Model is null ? null : new(reader.Schema, transaction);

    /// <summary>Runs what was collected.</summary>
    public static Task RunAsync(Filling? into, CancellationToken ct) => into?.RunAsync(ct) ?? Task.CompletedTask;

    /// <summary>Does what the reader does with one message.</summary>
    public async Task HandleAsync(IntegrationMessage message, NpgsqlTransaction transaction, Filling? into, CancellationToken ct)
    {
        // Always under the append's own trace: a message that is read from the feed is handled while another one, often of another trace, made us look.
        using var span = Telemetry.Continue($"handle {message.Type}", ActivityKind.Consumer, IsOfThisTrace(message) ? null : message.TraceParent);
        span?.SetTag("volunteerbook.reader", reader.Name);
        var handling = reader.Handlings[(publisher, message.Type)];
        var received = new Received(message.Id, message.Publisher, message.Sequence, message.At, message.By);
        if (into is not null)
        {
            handling.Fill!(message.Data, received, into);
            return;
        }

        var within = new WithinATransaction();
        var options = SessionOptions.ForTransaction(transaction);
        options.Listeners.Add(within);
        await using var session = store.LightweightSession(options);
        session.Attribute(message.By ?? message.Publisher, "service", message.CorrelationId, message.Id.ToString(), span?.Id ?? message.TraceParent);
        await handling.Handle!(message.Data, received, session, ct);
        await session.SaveChangesAsync(ct);
        hasAppended |= within.HasAppended;
    }

    /// <summary>The transaction is committed: what was appended in it is told.</summary>
    public void Committed()
    {
        if (hasAppended)
        {
            hasAppended = false;
            signals.Appended();
        }
    }

    private static bool IsOfThisTrace(IntegrationMessage message) =>
        Activity.Current is { } current
        && (!ActivityContext.TryParse(message.TraceParent, null, out var appended) || appended.TraceId == current.TraceId);
}
