using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// What an operation costs the databases at low load, and what the system costs them while nothing happens: commits, as PostgreSQL counts them over all
/// databases, and bytes of its log. Beside it the same at the peer. And which transactions ours are, as PostgreSQL's own log of statements tells them.
/// </summary>
internal static class CommitsBench
{
    // Backends report what they counted when they have been idle for ten seconds.
    private static readonly TimeSpan Reported = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private const int Few = 20;

    private static int Times => Ground.Times(200);

    private static TimeSpan Idle => TimeSpan.FromSeconds(Ground.Times(60));

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        await using var ours = await MainJob.AtOursAsync(ground, 140, ct);
        var our = await MeasureAsync(ground, ours, name => !name.StartsWith("peer_", StringComparison.Ordinal), ct);
        await TellAsync(ground, ours, ct);
        await using var peer = await Beside.PeerAsync(ground, ct);
        await using var theirs = await MainJob.AtAsync(peer, ground, 140, ct);
        var their = await MeasureAsync(ground, theirs, name => name.StartsWith("peer_", StringComparison.Ordinal), ct);
        Ground.Report("commits-of-log-and-submit", our.Submit.Commits, their.Submit.Commits, "commits", "ours 14");
        Ground.Report("commits-of-confirm", our.Confirm.Commits, their.Confirm.Commits, "commits", "ours 12");
        Ground.Report("commits-while-nothing-happens", our.Idle.Commits, their.Idle.Commits, "commits/s", "ours 5");
        Ground.Report("log-bytes-of-log-and-submit", our.Submit.Bytes, their.Submit.Bytes, "bytes of WAL");
        Ground.Report("log-bytes-of-confirm", our.Confirm.Bytes, their.Confirm.Bytes, "bytes of WAL");
    }

    /// <summary>Of each operation, what came beyond what comes in as long a time while nothing happens.</summary>
    private static async Task<(Cost Submit, Cost Confirm, Cost Idle)> MeasureAsync(
        Ground ground, MainJob job, Func<string, bool> isTheirs, CancellationToken ct)
    {
        // What is done for the first time, and what follows on it, is not the measure.
        var (_, first) = await job.SubmitAsync(20, ct);
        await job.ConfirmAsync(await job.SignAsync(first, ct), ct);
        await Task.Delay(TimeSpan.FromSeconds(Ground.Times(30)), ct);
        var idle = await CountAsync(ground, isTheirs, () => Task.Delay(Idle, ct), ct);

        var cases = new List<Guid>();
        var submit = await CountAsync(ground, isTheirs, async () =>
        {
            var before = await job.CasesAsync(ct);
            await PacedAsync(async () => cases.Add(await job.SubmitOneAsync(ct)), ct);
            await MainJob.UntilAsync(async () => await job.CasesAsync(ct) >= before + Times, ct);
        }, ct);
        var signed = await job.SignAsync(cases, ct);
        var confirm = await CountAsync(ground, isTheirs, async () =>
        {
            var before = await job.CountedAsync(ct);
            var next = 0;
            await PacedAsync(() => job.ConfirmOneAsync(signed[next++], ct), ct);
            await MainJob.UntilAsync(async () => await job.CountedAsync(ct) >= before + Times, ct);
        }, ct);
        return (submit.Beyond(idle) / Times, confirm.Beyond(idle) / Times, idle / idle.Seconds);
    }

    private static async Task PacedAsync(Func<Task> once, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Between);
        for (var done = 0; done < Times; done++)
        {
            await timer.WaitForNextTickAsync(ct);
            await once();
        }
    }

    private static async Task<Cost> CountAsync(Ground ground, Func<string, bool> isTheirs, Func<Task> what, CancellationToken ct)
    {
        await Task.Delay(Reported, ct);
        var clock = Stopwatch.StartNew();
        var (commitsBefore, bytesBefore) = await ReadAsync();
        await what();
        await Task.Delay(Reported, ct);
        var (commits, bytes) = await ReadAsync();
        return new(commits - commitsBefore, bytes - bytesBefore, clock.Elapsed.TotalSeconds);

        // A connection for each look, to a database that is nobody's: that it looked is counted only there, and only later.
        async Task<(long Commits, long Bytes)> ReadAsync()
        {
            await using var server = NpgsqlDataSource.Create($"{ground.System.Postgres};Database=template1;Pooling=false");
            await using var command = server.CreateCommand(
                "select datname, xact_commit, (pg_current_wal_lsn() - '0/0')::bigint from pg_stat_database where datname <> 'template1'");
            await using var reader = await command.ExecuteReaderAsync(ct);
            var (sum, log) = (0L, 0L);
            while (await reader.ReadAsync(ct))
            {
                sum += isTheirs(reader.GetString(0)) ? reader.GetInt64(1) : 0;
                log = reader.GetInt64(2);
            }

            return (sum, log);
        }
    }

    /// <summary>Prints where ours come from.</summary>
    private static async Task TellAsync(Ground ground, MainJob job, CancellationToken ct)
    {
        Print("a second, while nothing happens", await Transactions.WhileAsync(ground, () => Task.Delay(Idle, ct), ct), Idle.TotalSeconds);
        // What comes with nothing to do is in these too. Nobody asks meanwhile how far it is: that would be seen as well.
        var cases = new List<Guid>();
        var submitting = await Transactions.WhileAsync(ground, () => SlowlyAsync(async () => cases.Add(await job.SubmitOneAsync(ct))), ct);
        Print("for each log and submit", submitting, Few);
        var signed = await job.SignAsync(cases, ct);
        var next = 0;
        Print("for each confirmation", await Transactions.WhileAsync(ground, () => SlowlyAsync(() => job.ConfirmOneAsync(signed[next++], ct)), ct), Few);

        async Task SlowlyAsync(Func<Task> once)
        {
            for (var done = 0; done < Few; done++)
            {
                await once();
                await Task.Delay(TimeSpan.FromSeconds(0.5), ct);
            }
        }
    }

    private static void Print(string what, IEnumerable<(string Database, string First, int Times)> transactions, double by)
    {
        Console.WriteLine($"  transactions {what}:");
        foreach (var (database, first, times) in transactions)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {times / by,7:0.00}  {database,-13} {first}"));
        }
    }

    private sealed record Cost(double Commits, double Bytes, double Seconds)
    {
        public Cost Beyond(Cost idle) => new(Commits - (idle.Commits / idle.Seconds * Seconds), Bytes - (idle.Bytes / idle.Seconds * Seconds), Seconds);

        public static Cost operator /(Cost cost, double by) => new(cost.Commits / by, cost.Bytes / by, cost.Seconds);
    }
}
