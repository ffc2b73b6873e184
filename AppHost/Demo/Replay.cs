using System.Text.Json;

namespace VolunteerBook.Demo;

/// <summary>Books made again from the ledger's events alone.</summary>
internal sealed class Replay
{
    private readonly Dictionary<string, (Guid Volunteer, string Status, int Minutes)> _entries = [];

    public long Events { get; private set; }

    /// <summary>The number of the last event.</summary>
    public string? Last { get; private set; }

    /// <summary>Takes one CloudEvent of the ledger's feed.</summary>
    public void Apply(JsonElement line)
    {
        Events++;
        Last = line.GetProperty("sequence").GetString();
        var stream = line.GetProperty("subject").GetString()!;
        var data = line.GetProperty("data");
        var entry = _entries.GetValueOrDefault(stream);
        switch (line.GetProperty("type").GetString())
        {
            case "entry_logged":
                _entries[stream] = (data.GetProperty("volunteerId").GetGuid(), "draft", MinutesOf(data));
                break;
            case "entry_corrected":
                _entries[stream] = entry with { Minutes = MinutesOf(data) };
                break;
            case "entry_submitted":
                _entries[stream] = entry with { Status = "submitted" };
                break;
            case "entry_withdrawn":
                _entries[stream] = entry with { Status = "withdrawn" };
                break;
            case "entry_confirmed":
                _entries[stream] = entry with { Status = "confirmed", Minutes = MinutesOf(data) };
                break;
            case "entry_rejected":
                _entries[stream] = entry with { Status = "rejected" };
                break;
            case "entry_revoked":
                _entries[stream] = entry with { Status = "revoked" };
                break;
            case "entry_returned":
                _entries[stream] = entry with { Status = "returned" };
                break;
        }
    }

    /// <summary>A volunteer's totals by status.</summary>
    public IReadOnlyDictionary<string, Total> BookOf(Guid volunteer) => _entries.Values
        .Where(entry => entry.Volunteer == volunteer)
        .GroupBy(entry => entry.Status)
        .ToDictionary(group => group.Key, group => new Total(group.Key, group.Sum(entry => (long)entry.Minutes), group.Count()));

    private static int MinutesOf(JsonElement data) =>
        data.GetProperty("facts").GetProperty("shifts").EnumerateArray().Sum(shift => shift.GetProperty("minutes").GetInt32());
}
