using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>Reading a book of 200 entries through the gateway, against the same bytes from the floor behind the same gateway.</summary>
internal static class ReadBookBench
{
    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(101)).WithANameAsync(ct);
        for (var i = 0; i < 200; i++)
        {
            await person.PostAsync("entries", LogEntryBench.Payload(ground, day: i), ct: ct);
        }

        using var ours = await Ground.ClientAsync(ground.System.Gateway, person, ct);
        var book = await ours.GetByteArrayAsync(new Uri("/api/v1/book?limit=200", UriKind.Relative), ct);
        await using var floor = await Beside.FloorAsync(ground, ct, book, person);
        using var baseline = await Ground.ClientAsync(floor.Gateway, person, ct);
        var (rate, bareRate) = await Ground.RatesInTurnsAsync(Ground.Times(1000), token => GetAsync(ours, token), token => GetAsync(baseline, token), ct);
        Ground.Report("read-book-of-200-through-the-gateway", rate, bareRate, "reads/s", "0.5");
    }

    private static async ValueTask GetAsync(HttpClient client, CancellationToken ct) =>
        await client.GetByteArrayAsync(new Uri("/api/v1/book?limit=200", UriKind.Relative), ct);
}
