using System.Diagnostics;
using System.Text.Json;
using Marten;
using Marten.Services;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>What a handler may want to know of the message beside the contract.</summary>
/// <param name="Id">The id of the publisher's stored event.</param>
/// <param name="Publisher">The service that published it.</param>
/// <param name="Number">The publisher's unbroken number.</param>
/// <param name="At">When the publisher stored the event, UTC.</param>
/// <param name="By">The subject of who caused it.</param>
public sealed record Received(Guid Id, string Publisher, long Number, DateTimeOffset At, string? By);

/// <summary>Handles one integration event: appends to the session, which is saved with the inbox's position in one transaction.</summary>
public delegate Task Handle<in T>(T message, Received received, IDocumentSession session, CancellationToken cancellationToken);

/// <summary>Says which integration events a service handles.</summary>
public sealed class InboxBuilder
{
    internal delegate Task UntypedHandle(JsonElement data, Received received, IDocumentSession session, CancellationToken cancellationToken);

    internal Dictionary<(string Publisher, string Type), UntypedHandle> Handlers { get; } = [];

    internal IEnumerable<string> Publishers => Handlers.Keys.Select(key => key.Publisher).Distinct();

    public InboxBuilder On<T>(string publisher, Handle<T> handle)
    {
        Handlers.Add((publisher, typeof(T).Name), (data, received, session, ct) =>
            handle(data.Deserialize<T>(Json.Options) ?? throw new JsonException($"{typeof(T).Name} is null"), received, session, ct));
        return this;
    }
}

internal sealed record Subscriptions(IReadOnlyDictionary<(string Publisher, string Type), InboxBuilder.UntypedHandle> Handlers)
{
    public IEnumerable<string> Publishers => Handlers.Keys.Select(key => key.Publisher).Distinct();
}

internal enum Handled
{
    Now,
    Before,
    TooEarly,
}

/// <summary>
/// Handles each publisher's integration events exactly once and in the publisher's order, whatever the broker does: the number of the last one handled is
/// locked, compared and moved on in the transaction of what the handler appends. A repeat is before it, a gap is too early.
/// </summary>
internal sealed class Inbox(IDocumentStore store, NpgsqlDataSource database, Subscriptions subscriptions, StoreSignals signals)
{
    public async Task<Handled> HandleAsync(IntegrationMessage message, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!subscriptions.Handlers.TryGetValue((message.Publisher, message.Type), out var handle))
        {
            // Nothing to do but to have seen it: the statement is a transaction of its own.
            return await TakeTurnAsync(connection, null, message, cancellationToken) ? Handled.Now : await NotOurTurnAsync(message, cancellationToken);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await TakeTurnAsync(connection, transaction, message, cancellationToken))
        {
            return await NotOurTurnAsync(message, cancellationToken);
        }

        // Always under the append's own trace: a message that is read from the feed is handled while another one, often of another trace, made us look.
        using var span = Telemetry.Continue($"handle {message.Type}", ActivityKind.Consumer, IsOfThisTrace(message) ? null : message.TraceParent);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        session.Attribute(message.By ?? message.Publisher, "service", message.CorrelationId, message.Id.ToString(), span?.Id ?? message.TraceParent);
        await handle(message.Data, new Received(message.Id, message.Publisher, message.Number, message.At, message.By), session, cancellationToken);
        await session.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signals.Appended();
        return Handled.Now;
    }

    public async Task<long> PositionAsync(string publisher, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select number from inbox where publisher = $1");
        command.Parameters.Add(new() { Value = publisher });
        return await command.ExecuteScalarAsync(cancellationToken) is long number ? number : 0;
    }

    private static bool IsOfThisTrace(IntegrationMessage message) =>
        Activity.Current is { } current
        && (!ActivityContext.TryParse(message.TraceParent, null, out var appended) || appended.TraceId == current.TraceId);

    private async Task<Handled> NotOurTurnAsync(IntegrationMessage message, CancellationToken cancellationToken) =>
        message.Number <= await PositionAsync(message.Publisher, cancellationToken) ? Handled.Before : Handled.TooEarly;

    /// <summary>Locks the position and moves it on by one, to this message; not, where it is another's turn.</summary>
    private static async Task<bool> TakeTurnAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IntegrationMessage message, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into inbox (publisher, number)
            select $1, $2 where $2 = 1 or exists (select 1 from inbox where publisher = $1)
            on conflict (publisher) do update set number = excluded.number where inbox.number = excluded.number - 1
            """, connection, transaction);
        command.Parameters.Add(new() { Value = message.Publisher });
        command.Parameters.Add(new() { Value = message.Number });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}
