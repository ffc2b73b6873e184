using VolunteerBook.Benchmarks;

// Every number beside its baseline, in the same run, on the same machine: the ratio is what counts, not the absolute. Arguments name the benchmarks to run.
var benchmarks = new (string Name, Func<Ground, CancellationToken, Task> RunAsync)[]
{
    ("extract", ExtractBench.RunAsync),
    ("log-proof", LogProofBench.RunAsync),
    ("log-entry", LogEntryBench.RunAsync),
    ("read-book", ReadBookBench.RunAsync),
    ("event-feed", EventFeedBench.RunAsync),
    ("statistics-lag", StatisticsLagBench.RunAsync),
    ("book-as-of", BookAsOfBench.RunAsync),
    ("confirm", ConfirmBench.RunAsync),
    ("import-sheet", ImportSheetBench.RunAsync),
    ("races", RacesBench.RunAsync),
    ("crowds", CrowdsBench.RunAsync),
    ("check", CheckBench.RunAsync),
};
if (args.Except(benchmarks.Select(benchmark => benchmark.Name)).ToList() is { Count: > 0 } unknown)
{
    var asked = unknown is ["--help" or "-h"];
    var there = string.Join(", ", benchmarks.Select(benchmark => benchmark.Name));
    (asked ? Console.Out : Console.Error).WriteLine(asked ? $"All benchmarks, or those that are named: {there}." : $"No such benchmark: {string.Join(", ", unknown)}. There are {there}.");
    return asked ? 0 : 2;
}

using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(20));
await using var ground = await Ground.StartAsync(stop.Token);
Console.WriteLine($"up to all healthy: {ground.UpWithin.TotalSeconds:0.0} s");
foreach (var (_, runAsync) in benchmarks.Where(benchmark => args.Length == 0 || args.Contains(benchmark.Name)))
{
    await runAsync(ground, stop.Token);
}

return 0;
