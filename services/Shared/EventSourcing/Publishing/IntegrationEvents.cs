using System.Text.Json;
using JasperFx.Events;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>What of the log concerns others, as they are told it.</summary>
internal sealed class IntegrationEvents(EventLog log, EventSource source, NpgsqlDataSource database)
{
    // An answer looks through no more than this for something to tell; the next one goes on from there.
    private const int MostPages = 10;

    /// <summary>The messages of a part of the log.</summary>
    /// <param name="page">The part.</param>
    /// <param name="previous">The position up to which everything that is published comes before this part.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<IReadOnlyList<IntegrationMessage>> OfAsync(LogPage page, long previous, CancellationToken ct)
    {
        var id = await log.IdAsync(ct);
        var messages = new List<IntegrationMessage>();
        foreach (var stored in page.Events)
        {
            if (source.ToContract?.Invoke(stored) is { } contract)
            {
                messages.Add(Of(stored, contract, id, previous));
                previous = stored.Sequence;
            }
        }

        return messages;
    }

    /// <summary>What is published after a position, at most so many.</summary>
    public async Task<IntegrationPage> AfterAsync(long after, int limit, CancellationToken ct)
    {
        var id = await log.IdAsync(ct);
        var messages = new List<IntegrationMessage>();
        LogPage page;
        var upTo = after;
        var pages = 0;
        do
        {
            page = await log.ReadAsync(upTo, null, ct);
            upTo = page.UpTo;
            messages.AddRange(await OfAsync(page, messages.Count > 0 ? messages[^1].Sequence : after, ct));
        }
        while (page.Then == Follows.More && messages.Count < limit && ++pages < MostPages);

        return messages.Count > limit ? new(id, messages[limit - 1].Sequence, await log.MarkAsync(ct), messages[..limit])
            : new(id, upTo, page.Then == Follows.More ? await log.MarkAsync(ct) : upTo, messages);
    }

    /// <summary>
    /// The position of what bore a number when integration events were numbered, for a subscriber that stood there; null where nothing bore it. A
    /// store that was made since has no such table.
    /// </summary>
    public async Task<IntegrationPage?> OfNumberAsync(long number, CancellationToken ct)
    {
        var position = number == 0 ? 0L : await PositionOfNumberAsync(number, ct);
        return position is { } at ? new(await log.IdAsync(ct), at, await log.MarkAsync(ct), []) : null;
    }

    /// <summary>The position of what bore a number when integration events were numbered.</summary>
    public async Task<long?> PositionOfNumberAsync(long number, CancellationToken ct)
    {
        if (!await database.IsThereAsync("integration_events", ct))
        {
            return null;
        }

        await using var command = database.CreateCommand(
            "select e.seq_id from integration_events numbered join mt_events e on e.id = numbered.id where numbered.number = $1");
        command.Parameters.Add(new() { Value = number });
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    private IntegrationMessage Of(IEvent stored, object contract, Guid id, long previous) => new(
        source.Name,
        stored.Id,
        contract.GetType().Name,
        stored.Timestamp.ToUniversalTime(),
        NullIfEmpty(stored.UserName),
        NullIfEmpty(stored.CorrelationId),
        NullIfEmpty(stored.GetHeader(Attribution.TraceHeader)?.ToString()),
        JsonSerializer.SerializeToElement(contract, contract.GetType(), Json.Options),
        id,
        stored.Sequence,
        previous);

    private static string? NullIfEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
