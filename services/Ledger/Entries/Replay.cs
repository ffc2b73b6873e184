using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using VolunteerBook.Evidence;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Entries made anew from their events alone (N1).</summary>
public static class Replay
{
    /// <summary>The entries of a book as they stood at a moment, from the events recorded until then.</summary>
    /// <returns>The entries, and how many events they were made from.</returns>
    public static async Task<(IReadOnlyList<Entry> Entries, int Events)> EntriesAsync(IQuerySession session, IReadOnlyCollection<Guid> entries, DateTimeOffset at, CancellationToken ct)
    {
        if (entries.Count == 0)
        {
            return ([], 0);
        }

        var ids = entries.ToArray();
        var events = await session.Events.QueryAllRawEvents().Where(stored => ids.Contains(stored.StreamId) && stored.Timestamp <= at).OrderBy(stored => stored.Version).ToListAsync(ct);
        return ([.. events.GroupBy(stored => stored.StreamId).Select(EntryOf)], events.Count);
    }

    /// <summary>An entry from its events in their order.</summary>
    public static Entry EntryOf(IEnumerable<IEvent> history)
    {
        Entry? entry = null;
        foreach (var stored in history)
        {
            entry = stored.Data switch
            {
                EntryLogged e => Entry.Create(e) with { Id = stored.StreamId },
                EntryCorrected e => entry!.Apply(e),
                EntrySubmitted e => entry!.Apply(e),
                EntryWithdrawn e => entry!.Apply(e),
                EntryConfirmed e => entry!.Apply(e),
                EntryMatched e => entry!.Apply(e),
                EntryRejected e => entry!.Apply(e),
                EntryReturned e => entry!.Apply(e),
                EntryAmended e => entry!.Apply(e),
                EntryDescribed e => entry!.Apply(e),
                AmendmentWithdrawn e => entry!.Apply(e),
                AmendmentDeclined e => entry!.Apply(e),
                EntryRevoked e => entry!.Apply(e),
                _ => throw new InvalidOperationException($"{stored.EventTypeName} is no event of an entry."),
            };
            entry.Version = (int)stored.Version;
        }

        return entry ?? throw new InvalidOperationException("An entry has at least one event.");
    }

    /// <summary>SHA-256 over the entries in the order of their ids as canonical JSON (RFC 8785), hexadecimal: equal states have equal hashes, wherever they come from.</summary>
    public static string Hash(IEnumerable<Entry> entries)
    {
        var state = new JsonArray([.. entries.OrderBy(entry => entry.Id).Select(entry => JsonSerializer.SerializeToNode(entry, Json.Options))]);
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(state)));
    }
}
