using System.Text.Json;

namespace VolunteerBook.Portal.Api;

/// <summary>Up to where a service's log goes: its last position, when that event was stored, and the types of events that it may hold.</summary>
public sealed record LogState(long Position, DateTimeOffset? At, IReadOnlyList<string> Types);

/// <summary>A service's log: null where the service is away; and its last events, each as CloudEvents have it, indented.</summary>
public sealed record EventFeed(string Service, LogState? State, IReadOnlyList<string> Latest);

/// <summary>The logs of all services, for analysts.</summary>
public sealed class EventFeeds(GatewayApi api)
{
    /// <summary>The services that have one.</summary>
    public static readonly IReadOnlyList<string> Services = ["ledger", "verification", "vacancies", "profiles", "reporting"];

    // As many are shown as a sample.
    const int Few = 3;

    static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All),
    };

    /// <summary>All of them. A log whose service is away leaves the others as they are.</summary>
    public async Task<IReadOnlyList<EventFeed>> All()
    {
        var states = await Task.WhenAll(Services.Select(service => api.ReadOrNull<LogState>($"events/{service}/state")));
        List<EventFeed> feeds = [];
        // One after the other: whoever reads a feed is let in for a few at a time.
        foreach (var (service, state) in Services.Zip(states)) feeds.Add(new(service, state, state is { At: not null } ? await Latest(service, state) : []));
        return feeds;
    }

    async Task<IReadOnlyList<string>> Latest(string service, LogState state)
    {
        var text = await api.ReadText($"events/{service}?after={Math.Max(0, state.Position - Few)}");
        return
        [
            .. (text.Value ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(Few)
                .Select(line => JsonSerializer.Serialize(JsonDocument.Parse(line).RootElement, Indented)),
        ];
    }
}
