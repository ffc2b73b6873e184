using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// A book of 2,000 entries as of a past date, at the service, against the live book: pages of 50, totals of all. Half of the entries have changed since then.
/// </summary>
internal static class BookAsOfBench
{
    private static int Entries => Ground.Times(2000);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var person = await ground.Nobody.Person(DemoAccounts.Volunteer(103)).WithANameAsync(ct);
        using var service = await Ground.ClientAsync(ground.System.Address("ledger"), person, ct);
        var ids = new List<Guid>();
        for (var i = 0; i < Entries; i++)
        {
            ids.Add((await person.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground, day: i), ct: ct)).Id);
        }

        var then = DateTimeOffset.UtcNow;
        await Parallel.ForEachAsync(ids.Take(Entries / 2), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (id, token) =>
            await person.PostAsync($"entries/{id}/submission", etag: "\"1\"", ct: token));

        ValueTask Get(string path, CancellationToken token) => new(service.GetByteArrayAsync(new Uri(path, UriKind.Relative), token));
        var (asOf, live) = await Ground.RatesInTurnsAsync(
            Ground.Times(100), token => Get($"/api/v1/book/as-of?at={Uri.EscapeDataString(then.ToString("O"))}", token),
            token => Get("/api/v1/book", token), ct);
        Ground.Report("book-of-2000-as-of-a-past-date", asOf, live, "reads/s", "0.4");
    }
}
