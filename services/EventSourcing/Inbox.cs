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
/// locked, compared and moved on in the transaction of what the handlers append. A repeat is before it, a gap is too early.
/// </summary>
internal sealed class Inbox(IDocumentStore store, NpgsqlDataSource database, Subscriptions subscriptions, StoreSignals signals)
{
    /// <summary>Handles some messages of one publisher, in any order, those whose turn it is: in one transaction or, where one of them fails, one by one up to it.</summary>
    /// <returns><see cref="Handled.TooEarly"/> where one is missing before some of them.</returns>
    public async Task<Handled> HandleAsync(IReadOnlyList<IntegrationMessage> messages, CancellationToken cancellationToken)
    {
        var inOrder = messages.OrderBy(message => message.Number).ToList();
        try
        {
            return await TogetherAsync(inOrder, cancellationToken);
        }
        catch (Exception) when (inOrder.Count > 1 && !cancellationToken.IsCancellationRequested)
        {
            // What comes before the one that fails does not wait for it.
            var handled = Handled.Before;
            foreach (var message in inOrder)
            {
                handled = await TogetherAsync([message], cancellationToken);
            }

            return handled;
        }
    }

    private async Task<Handled> TogetherAsync(List<IntegrationMessage> inOrder, CancellationToken cancellationToken)
    {
        var publisher = inOrder[0].Publisher;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await LockAsync(transaction, publisher, cancellationToken);
        var position = before;
        var appended = false;
        foreach (var message in inOrder)
        {
            if (message.Number == position + 1)
            {
                appended |= await HandleAsync(message, transaction, cancellationToken);
                position = message.Number;
            }
        }

        if (position > before)
        {
            await MoveAsync(transaction, publisher, position, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        if (appended)
        {
            signals.Appended();
        }

        return inOrder[^1].Number > position ? Handled.TooEarly : position > before ? Handled.Now : Handled.Before;
    }

    // Where nothing is to be done with a message, it is enough to have seen it.
    private async Task<bool> HandleAsync(IntegrationMessage message, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        if (!subscriptions.Handlers.TryGetValue((message.Publisher, message.Type), out var handle))
        {
            return false;
        }

        // Always under the append's own trace: a message that is read from the feed is handled while another one, often of another trace, made us look.
        using var span = Telemetry.Continue($"handle {message.Type}", ActivityKind.Consumer, IsOfThisTrace(message) ? null : message.TraceParent);
        await using var session = store.LightweightSession(SessionOptions.ForTransaction(transaction));
        session.Attribute(message.By ?? message.Publisher, "service", message.CorrelationId, message.Id.ToString(), span?.Id ?? message.TraceParent);
        await handle(message.Data, new Received(message.Id, message.Publisher, message.Number, message.At, message.By), session, cancellationToken);
        await session.SaveChangesAsync(cancellationToken);
        return true;
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

    /// <summary>Locks the position until the transaction ends; it is 0 where nothing has come yet.</summary>
    private static async Task<long> LockAsync(NpgsqlTransaction transaction, string publisher, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "insert into inbox (publisher, number) values ($1, 0) on conflict (publisher) do update set number = inbox.number returning number", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = publisher });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task MoveAsync(NpgsqlTransaction transaction, string publisher, long number, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update inbox set number = $2 where publisher = $1", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = publisher });
        command.Parameters.Add(new() { Value = number });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
