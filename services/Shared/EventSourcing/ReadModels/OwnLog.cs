using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>The service's own log in the form in which readers read others' feeds: for readers of its own events, which nobody else need be told.</summary>
internal sealed class OwnLog(EventLog log, EventSource source)
{
    /// <summary>Up to where it can be read now.</summary>
    public Task<long> EndAsync(CancellationToken ct) => log.MarkAsync(ct);

    /// <summary>What follows on a position, of the types that are wanted.</summary>
    public async Task<IntegrationPage> AfterAsync(long after, IReadOnlyDictionary<(string Publisher, string Type), Handling> wanted, CancellationToken ct)
    {
        var id = await log.IdAsync(ct);
        var page = await log.ReadAsync(after, null, ct);
        var messages = new List<IntegrationMessage>();
        foreach (var stored in page.Events.Where(stored => wanted.ContainsKey((source.Name, stored.EventType.Name))))
        {
            messages.Add(OwnEvent.Of(stored, source.Name, id, messages.Count > 0 ? messages[^1].Sequence : after));
        }

        return new(id, page.UpTo, page.Then == Follows.More ? page.UpTo + 1 : page.UpTo, messages);
    }
}
