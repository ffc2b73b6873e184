using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;

namespace VolunteerBook.Benchmarks;

/// <summary>What the benchmarks stand on: the whole system without a dashboard, an organisation that can confirm, a volunteer.</summary>
internal sealed class Ground : IAsyncDisposable
{
    // The limit protects against one caller; here one caller is the load.
    private static readonly Dictionary<string, string> Unlimited =
        new[] { "PerSecond", "Burst", "AtOnce", "ChecksAtOnceAndAddress", "PerSecondAndAddress", "BurstOfAddress" }.ToDictionary(
            name => $"Gateway__RateLimit__{name}", _ => "1000000");

    private Ground(RunningGraph system, Api nobody, string data, TimeSpan upWithin) => (System, Nobody, Data, UpWithin) = (system, nobody, data, upWithin);

    /// <summary>Whether everything is done a tenth as often: to see that the benchmarks run, not to measure.</summary>
    public static bool IsSmall { get; set; }

    /// <summary>For how long memory is watched under load.</summary>
    public static TimeSpan UnderLoad { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The state folder.</summary>
    public string Data { get; }

    public RunningGraph System { get; }

    public Api Nobody { get; }

    public TimeSpan UpWithin { get; }

    public required Organisation Organisation { get; init; }

    public required Api Coordinator { get; init; }

    public required OrganisationKey Key { get; init; }

    /// <summary>So often, or a tenth as often.</summary>
    public static int Times(int number) => IsSmall ? Math.Max(number / 10, Math.Min(number, 20)) : number;

    /// <summary>Starts it, with the gateway's limits as they are or without.</summary>
    public static async Task<Ground> StartAsync(CancellationToken ct, bool limited = false)
    {
        var data = Directory.CreateTempSubdirectory("volunteerbook-bench-").FullName;
        var options = RunningGraph.Options(data) with
        {
            Variables = new Dictionary<string, string>(limited ? [] : Unlimited) { ["Logging__LogLevel__Default"] = "Warning" },
        };
        var clock = Stopwatch.StartNew();
        var system = await RunningGraph.StartAsync(options, ct);
        var up = clock.Elapsed;
        var nobody = new Api(system.Gateway);
        var coordinator = nobody.Person(DemoAccounts.Pavel);
        var organisation = await coordinator.FoundOrganisationAsync(
            nobody.Person(DemoAccounts.Admin), new NewOrganisation("Тёплый дом", "1027700000008", "RU-MOW"), ct);
        var key = new OrganisationKey();
        await coordinator.RegisterKeyAsync(organisation.Id, key, "Ключ", ct: ct);
        return new Ground(system, nobody, data, up) { Organisation = organisation, Coordinator = coordinator, Key = key };
    }

    /// <summary>A client with a person's token, at an address of choice: the gateway's or a service's own.</summary>
    public static async Task<HttpClient> ClientAsync(Uri address, Api person, CancellationToken ct)
    {
        var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 32, UseCookies = false, UseProxy = false }) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await person.TokenAsync(ct));
        return client;
    }

    /// <summary>Waits, at most a minute, until the machine idles: after what was acknowledged come the projections and the messages.</summary>
    public static async Task QuietAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        for (var before = Jiffies(); clock.Elapsed < TimeSpan.FromSeconds(IsSmall ? 2 : 60);)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), ct);
            var now = Jiffies();
            if (now.Idle - before.Idle > 0.85 * (now.All - before.All))
            {
                return;
            }

            before = now;
        }

        // The first line of /proc/stat: all processors' time, of which the fourth figure is idle and the fifth waits for the disk (proc_stat(5)).
        static (long Idle, long All) Jiffies()
        {
            var figures = File.ReadLines("/proc/stat")
                .First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(each => long.Parse(each, CultureInfo.InvariantCulture)).ToList();
            return (figures[3] + figures[4], figures.Sum());
        }
    }

    /// <summary>How often a second something can be done, sixteen at once, after it was done as often to warm up.</summary>
    public static async Task<double> RateAsync(int times, Func<int, CancellationToken, ValueTask> once, CancellationToken ct)
    {
        await BurstAsync(times, once, ct);
        return await BurstAsync(times, once, ct);
    }

    /// <summary>The same without a warm-up.</summary>
    public static async Task<double> BurstAsync(int times, Func<int, CancellationToken, ValueTask> once, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct }, once);
        return times / clock.Elapsed.TotalSeconds;
    }

    /// <summary>
    /// The rates of several things that leave something behind, in turns, so that whatever else the machine does meets all: a round to warm up, and five that
    /// count, each with a rate for each.
    /// </summary>
    public static async Task<List<double[]>> RoundsAsync(params Func<Task<double>>[] all)
    {
        var rounds = new List<double[]>();
        for (var round = 0; round < 6; round++)
        {
            var rates = new double[all.Length];
            for (var each = 0; each < all.Length; each++)
            {
                rates[each] = await all[each]();
            }

            rounds.Add(rates);
        }

        return rounds[1..];
    }

    /// <summary>Reports of the rounds that with the median ratio of the two that are compared.</summary>
    public static void ReportRounds(string name, List<double[]> rounds, int ours, int baseline, string unit, string? aim = null)
    {
        var median = rounds.OrderBy(rates => rates[ours] / rates[baseline]).ElementAt(rounds.Count / 2);
        Report(name, median[ours], median[baseline], unit, aim);
    }

    /// <summary>
    /// The rates of two things that change nothing, in turns, so that whatever else the machine does meets both: of five rounds the one with the median ratio.
    /// </summary>
    public static async Task<(double Ours, double Baseline)> RatesInTurnsAsync(
        int times, Func<CancellationToken, ValueTask> ours, Func<CancellationToken, ValueTask> baseline, CancellationToken ct)
    {
        var rounds = new List<(double Ours, double Baseline)>();
        for (var round = 0; round < 5; round++)
        {
            rounds.Add((await RateAsync(times, (_, token) => ours(token), ct), await RateAsync(times, (_, token) => baseline(token), ct)));
        }

        return rounds.OrderBy(round => round.Ours / round.Baseline).ElementAt(rounds.Count / 2);
    }

    /// <summary>The line that a benchmark ends with.</summary>
    /// <param name="name">What was measured, against what.</param>
    /// <param name="ours">Ours.</param>
    /// <param name="baseline">What it is measured beside.</param>
    /// <param name="unit">Of both.</param>
    /// <param name="aim">What it should be, of the ratio unless it says otherwise.</param>
    public static void Report(string name, double ours, double baseline, string unit, string? aim = null) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"bench {name} ratio {ours / baseline:0.000} ours {ours:0.#} baseline {baseline:0.#} {unit}{(aim is null ? "" : $" aim {aim}")}"));

    /// <summary>
    /// The lines of a benchmark of single times, in milliseconds: their medians, and their ninety-ninths of a hundred, for which a few would only give the
    /// worst.
    /// </summary>
    public static void ReportTimes(string name, List<double> ours, List<double> baseline)
    {
        foreach (var (percent, unit) in new[] { (50, "ms p50"), (99, "ms p99") })
        {
            Report(name, At(ours, percent), At(baseline, percent), unit);
        }

        static double At(List<double> times, int percent) => times.Order().ElementAt(times.Count * percent / 100);
    }

    public async ValueTask DisposeAsync()
    {
        Nobody.Dispose();
        Key.Dispose();
        await System.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}
