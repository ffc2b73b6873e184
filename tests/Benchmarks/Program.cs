using VolunteerBook.Benchmarks;

// Every number beside its baseline, in the same run, on the same machine: the ratio is what counts, not the absolute.
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(20));
await using var ground = await Ground.StartAsync(stop.Token);
Console.WriteLine($"up to all healthy: {ground.UpWithin.TotalSeconds:0.0} s");
await LogEntryBench.RunAsync(ground, stop.Token);
await ReadBookBench.RunAsync(ground, stop.Token);
await EventFeedBench.RunAsync(ground, stop.Token);
await StatisticsLagBench.RunAsync(ground, stop.Token);
