using System.Globalization;
using VolunteerBook.Benchmarks;

// Every number beside its baseline, in the same run, on the same machine: the ratio is what counts, not the absolute. Arguments name the benchmarks to run.
// --small does everything a tenth as often, to see that it runs; --minutes says for how long memory is watched under load.
var benchmarks = new (string Name, Func<Ground, CancellationToken, Task> RunAsync)[]
{
    ("extract", ExtractBench.RunAsync),
    ("log-proof", LogProofBench.RunAsync),
    ("log-entry", LogEntryBench.RunAsync),
    ("main-job", MainJobBench.RunAsync),
    ("commits", CommitsBench.RunAsync),
    ("growth", GrowthBench.RunAsync),
    ("read-book", ReadBookBench.RunAsync),
    ("event-feed", EventFeedBench.RunAsync),
    ("statistics-lag", StatisticsLagBench.RunAsync),
    ("book-as-of", BookAsOfBench.RunAsync),
    ("confirm", ConfirmBench.RunAsync),
    ("import-sheet", ImportSheetBench.RunAsync),
    ("races", RacesBench.RunAsync),
    ("crowds", CrowdsBench.RunAsync),
    ("check", CheckBench.RunAsync),
    ("pages", PagesBench.RunAsync),
    // They leave the most behind.
    ("rebuild", RebuildBench.RunAsync),
    ("memory", MemoryBench.RunAsync),
};
var names = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--small":
            Ground.IsSmall = true;
            break;
        case "--minutes" when i + 1 < args.Length && double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes):
            Ground.UnderLoad = TimeSpan.FromMinutes(minutes);
            i++;
            break;
        default:
            names.Add(args[i]);
            break;
    }
}

if (names.Except(benchmarks.Select(benchmark => benchmark.Name)).ToList() is { Count: > 0 } unknown)
{
    var asked = unknown is ["--help" or "-h"];
    var there = string.Join(", ", benchmarks.Select(benchmark => benchmark.Name));
    (asked ? Console.Out : Console.Error).WriteLine(asked
        ? $"[--small] [--minutes N] All benchmarks, or those that are named: {there}."
        : $"No such benchmark: {string.Join(", ", unknown)}. There are {there}.");
    return asked ? 0 : 2;
}

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(60) + Ground.UnderLoad);
// Whoever has seen enough leaves nothing running either.
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
await using var ground = await Ground.StartAsync(stop.Token);
Console.WriteLine($"up to all healthy: {ground.UpWithin.TotalSeconds:0.0} s");
foreach (var (_, runAsync) in benchmarks.Where(benchmark => names.Count == 0 || names.Contains(benchmark.Name)))
{
    await runAsync(ground, stop.Token);
}

return 0;
