using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// From a confirmation's answer to the changed statistics, at fifty confirmations a second; beside it the time that the confirmation's own request took.
/// </summary>
internal static class StatisticsLagBench
{
    private static int WarmUp => Ground.Times(250);

    private static int Confirmations => Ground.Times(500);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var statements = await SubmitAsync(ground, WarmUp + Confirmations, ct);
        await MeasureAsync(ground, statements[..WarmUp], ct);
        var (lags, own) = await MeasureAsync(ground, statements[WarmUp..], ct);
        Ground.Report("confirmation-to-statistics-p50", lags[lags.Count / 2], own[own.Count / 2], "ms", "ours 40");
        Ground.Report("confirmation-to-statistics-p99", lags[lags.Count * 99 / 100], own[own.Count * 99 / 100], "ms", "ours 150");
    }

    private static async Task<(List<double> Lags, List<double> Requests)> MeasureAsync(
        Ground ground, List<(Guid Case, string Statement, string ETag)> statements, CancellationToken ct)
    {
        var before = await EntriesAsync(ground, ct);
        var answered = new ConcurrentQueue<long>();
        var requests = new ConcurrentBag<double>();
        var seen = WatchAsync(ground, statements.Count, before, ct);
        var all = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (var (caseId, statement, etag) in statements)
        {
            await timer.WaitForNextTickAsync(ct);
            all.Add(ConfirmAsync(caseId, statement, etag));
        }

        await Task.WhenAll(all);
        var visible = await seen;
        // The n-th answer is visible when the statistics count n more entries.
        var lags = answered.Zip(visible, (answer, shown) => Math.Max(0, Stopwatch.GetElapsedTime(answer, shown).TotalMilliseconds));
        return (lags.Order().ToList(), requests.Order().ToList());

        async Task ConfirmAsync(Guid caseId, string statement, string etag)
        {
            var signature = ground.Key.Sign(Encoding.UTF8.GetBytes(statement));
            var begun = Stopwatch.GetTimestamp();
            await ground.Coordinator.PostAsync($"cases/{caseId}/confirmation", new Confirmation(signature), etag: etag, ct: ct);
            answered.Enqueue(Stopwatch.GetTimestamp());
            requests.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    private static async Task<List<(Guid Case, string Statement, string ETag)>> SubmitAsync(Ground ground, int count, CancellationToken ct)
    {
        var volunteer = await ground.Nobody.Person(DemoAccounts.Volunteer(102)).WithANameAsync(ct);
        var statements = new List<(Guid, string, string)>();
        var ids = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            var entry = await volunteer.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground, day: i, submit: true), ct: ct);
            ids.Add(CaseIds.Of(entry.Id, 1));
        }

        foreach (var id in ids)
        {
            var (found, etag) = await ground.Coordinator.CaseAsync(id, TimeSpan.FromMinutes(1), ct);
            statements.Add((id, found.Statement, etag));
        }

        return statements;
    }

    private static async Task<long[]> WatchAsync(Ground ground, int count, long before, CancellationToken ct)
    {
        var shown = new long[count];
        var counted = 0;
        while (counted < count)
        {
            var now = (int)(await EntriesAsync(ground, ct) - before);
            var at = Stopwatch.GetTimestamp();
            for (; counted < Math.Min(now, count); counted++)
            {
                shown[counted] = at;
            }

            // Often enough to tell, seldom enough not to be the load.
            await Task.Delay(10, ct);
        }

        return shown;
    }

    private static async Task<long> EntriesAsync(Ground ground, CancellationToken ct) =>
        (await ground.Nobody.GetAsync<Statistics>(
            string.Create(CultureInfo.InvariantCulture, $"statistics?organisationId={ground.Organisation.Id}"), ct)).Entries;
}
