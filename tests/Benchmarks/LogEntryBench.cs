using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// Logging an entry, sixteen at once: at the service, against a raw single-row insert of the same payload into the same PostgreSQL; and through the gateway,
/// against the floor and the peer behind the same gateway, in turns.
/// </summary>
internal static class LogEntryBench
{
    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var entry = Payload(ground);
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(100)).WithANameAsync(ct);
        using (var service = await Ground.ClientAsync(ground.System.Address("ledger"), person, ct))
        {
            var raw = await RawInserts.RateAsync(ground, "ledger", System.Text.Json.JsonSerializer.Serialize(entry, Api.Json), ct);
            var rate = await Ground.RateAsync(Ground.Times(4000), (_, token) => PostAsync(service, entry, token), ct);
            Ground.Report("log-entry-at-the-service", rate, raw, "writes/s");
        }

        await using var floor = await Beside.FloorAsync(ground, ct);
        await using var peer = await Beside.PeerAsync(ground, ct);
        using var oursClient = await Ground.ClientAsync(ground.System.Gateway, person, ct);
        using var floorClient = await Ground.ClientAsync(floor.Gateway, person, ct);
        using var peerClient = await Ground.ClientAsync(peer.Gateway, person, ct);

        async Task<double> BurstAsync(HttpClient client)
        {
            await Ground.QuietAsync(ct);
            return await Ground.BurstAsync(Ground.Times(2000), (_, token) => PostAsync(client, entry, token), ct);
        }

        var rounds = await Ground.RoundsAsync(() => BurstAsync(oursClient), () => BurstAsync(floorClient), () => BurstAsync(peerClient));
        Ground.ReportRounds("log-entry-through-the-gateway-against-the-floor", rounds, 0, 1, "writes/s", "0.5");
        Ground.ReportRounds("log-entry-through-the-gateway-against-the-peer", rounds, 0, 2, "writes/s", "1.2");
    }

    public static NewEntry Payload(Ground ground, int day = 0, bool submit = false) => new(
        ground.Organisation.Id, "Забота рядом", "D12", "RU-MOW",
        [new Shift(new DateTime(2015, 3, 1, 10, 0, 0, DateTimeKind.Unspecified).AddDays(day), "Europe/Moscow", 120)], "Помощь на дому", submit);

    private static async ValueTask PostAsync(HttpClient client, NewEntry entry, CancellationToken ct)
    {
        using var response = await client.PostAsJsonAsync("/api/v1/entries", entry, Api.Json, ct);
        response.EnsureSuccessStatusCode();
    }
}
