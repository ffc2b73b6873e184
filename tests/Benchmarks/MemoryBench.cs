using System.Globalization;
using System.Text;
using VolunteerBook.AppHost;
using VolunteerBook.SystemUnderTest;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// The resident memory of all our processes at half load for some minutes, beside the same a while after <c>up</c>, on a system of its own; and beside ours
/// PostgreSQL's and RabbitMQ's, where what processes share counts once. Half load: half as many entries a second, logged and confirmed, as can be sustained.
/// </summary>
internal static class MemoryBench
{
    private static TimeSpan Settled => TimeSpan.FromSeconds(Ground.Times(60));

    public static async Task RunAsync(Ground used, CancellationToken ct)
    {
        _ = used;
        await using var ground = await Ground.StartAsync(ct);
        await Task.Delay(Settled, ct);
        var (up, serversUp) = Read(ground, "after up");

        await using var job = await MainJob.AtOursAsync(ground, 220, ct);
        var rate = 0.0;
        for (var round = 0; round < 3; round++)
        {
            var times = Ground.Times(400);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var (_, cases) = await job.SubmitAsync(times, ct);
            await job.ConfirmAsync(await job.SignAsync(cases, ct), ct);
            rate = times / clock.Elapsed.TotalSeconds;
        }

        await LoadAsync(job, rate / 2, ct);
        var when = string.Create(CultureInfo.InvariantCulture, $"after {Ground.UnderLoad.TotalMinutes:0.#} minutes at {rate / 2:0.#} entries/s");
        var (loaded, serversLoaded) = Read(ground, when);
        Ground.Report("memory-of-our-processes-under-half-load-beside-after-up", loaded, up, "MB", "ours two thirds of 8e246d1's, both");
        Ground.Report("memory-of-the-servers-under-half-load-beside-after-up", serversLoaded, serversUp, "MB");
    }

    // A second's entries are logged, those of the second before are confirmed.
    private static async Task LoadAsync(MainJob job, double perSecond, CancellationToken ct)
    {
        using var over = new CancellationTokenSource(Ground.UnderLoad);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        IReadOnlyCollection<Guid> open = [];
        while (!over.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(ct);
            var submitting = job.SubmitAsync(Math.Max((int)perSecond, 1), ct);
            if (open.Count > 0)
            {
                await job.ConfirmAsync(await job.SignAsync(open, ct), ct);
            }

            open = (await submitting).Cases;
        }
    }

    private static (double Ours, double Servers) Read(Ground ground, string when)
    {
        var ours = RunningGraph.Names.Select(name => (Name: name, Megabytes: Of($"/proc/{ground.System.ProcessId(name)}/status", "VmRSS"))).ToList();
        var servers = Servers(ground).GroupBy(one => one.Name).Select(group => (Name: group.Key, Megabytes: group.Sum(one => one.Megabytes))).ToList();
        foreach (var (name, megabytes) in ours.Concat(servers))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {when}: {megabytes,5:0} MB {name}"));
        }

        return (ours.Sum(one => one.Megabytes), servers.Sum(one => one.Megabytes));
    }

    // Whatever else has the state folder in its environment: what Aspire started beside our services.
    private static IEnumerable<(string Name, double Megabytes)> Servers(Ground ground)
    {
        var mark = Encoding.UTF8.GetBytes($"{StateFolder.Mark}={ground.Data}\0");
        var ours = RunningGraph.Names.Select(ground.System.ProcessId).ToHashSet();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) || ours.Contains(id))
            {
                continue;
            }

            (string, double)? found = null;
            try
            {
                if (File.ReadAllBytes($"{folder}/environ").AsSpan().IndexOf(mark) >= 0)
                {
                    found = (File.ReadAllText($"{folder}/comm").Trim(), Of($"{folder}/smaps_rollup", "Pss"));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                // It has ended, or is somebody else's.
            }

            if (found is { } process)
            {
                yield return process;
            }
        }
    }

    private static double Of(string file, string what)
    {
        var line = File.ReadLines(file).First(line => line.StartsWith(what + ":", StringComparison.Ordinal));
        return double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
