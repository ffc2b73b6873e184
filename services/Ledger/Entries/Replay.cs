using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Entries made anew from their events alone (N1).</summary>
public static class Replay
{
    /// <summary>What an entry's events in their order show.</summary>
    public static EntryView ViewOf(IEnumerable<Happened> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        EntryView? view = null;
        foreach (var happened in history)
        {
            view = EntryView.After(view, happened);
        }

        return view ?? throw new InvalidOperationException("An entry has at least one event.");
    }

    /// <summary>
    /// SHA-256 over the entries in the order of their ids as canonical JSON (RFC 8785), hexadecimal: equal states have equal hashes, wherever they come from.
    /// </summary>
    public static string Hash(IEnumerable<EntryView> entries)
    {
        var state = new JsonArray([.. entries.OrderBy(entry => entry.Id).Select(entry => JsonSerializer.SerializeToNode(entry, Json.Options))]);
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(state)));
    }
}
