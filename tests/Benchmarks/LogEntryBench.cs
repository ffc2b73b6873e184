using System.Net.Http.Json;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>Logging an entry, sixteen at once, against a raw single-row insert of the same payload into the same PostgreSQL.</summary>
internal static class LogEntryBench
{
    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var entry = Payload(ground);
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(100)).WithANameAsync(ct);
        using var gateway = await Ground.ClientAsync(ground.System.Gateway, person, ct);
        using var service = await Ground.ClientAsync(ground.System.Address("ledger"), person, ct);
        var raw = await RawInserts.RateAsync(ground, "ledger", System.Text.Json.JsonSerializer.Serialize(entry, Api.Json), ct);
        Ground.Report("log-entry-at-the-service", await Ground.RateAsync(4000, (_, token) => PostAsync(service, entry, token), ct), raw, "writes/s");
        Ground.Report("log-entry-through-the-gateway", await Ground.RateAsync(4000, (_, token) => PostAsync(gateway, entry, token), ct), raw, "writes/s");
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
