using System.Diagnostics;
using System.Globalization;
using System.Net;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// What others feel: how long one service's event takes to its effect in the next while three writers race on one stream of the first 2.5 times a second, and how long somebody's read takes while another sends four hundred
/// requests at once. Beside each the same while nothing happens.
/// </summary>
internal static class RacesBench
{
    private const int Times = 100;
    private const int AtOnce = 400;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(400);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var volunteer = ground.Nobody.Person(DemoAccounts.Volunteer(104));
        var racer = ground.Nobody.Person(DemoAccounts.Volunteer(105));
        var draft = await racer.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground), ct: ct);
        var (corrections, rules) = (1, 0);
        var day = 0;
        var cases = new List<Guid>();

        // The ledger's event opens a case in Verification.
        async Task SubmitAsync()
        {
            var entry = await volunteer.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground, day++, submit: true), ct: ct);
            cases.Add(entry.Id);
            await UntilAsync(async () => (await ground.Coordinator.SendAsync(HttpMethod.Get, $"cases/{CaseIds.Of(entry.Id, 1)}", ct: ct)).Status == HttpStatusCode.OK);
        }

        // Verification's event returns the entry in the ledger.
        async Task ReturnAsync()
        {
            var entry = cases[^1];
            cases.RemoveAt(cases.Count - 1);
            await ground.Coordinator.PostAsync($"cases/{CaseIds.Of(entry, 1)}/return", new { reason = "Какой день?" }, etag: "\"1\"", ct: ct);
            await UntilAsync(async () => (await volunteer.GetAsync($"entries/{entry}", ct)).Text.Contains("\"returned\"", StringComparison.Ordinal));
        }

        // Three at once, one of which wins.
        Task CorrectAsync() => ThreeAsync(() => racer.SendAsync(
            HttpMethod.Post, $"entries/{draft.Id}/corrections",
            new { project = $"Забота рядом {corrections}", taskType = "D12", region = "RU-MOW", shifts = new[] { new { start = "2015-03-01T10:00:00", zone = "Europe/Moscow", minutes = 60 } }, reason = "Ошибка" },
            etag: Tag(corrections), ct: ct), () => corrections++);
        Task SetRulesAsync() => ThreeAsync(() => ground.Coordinator.SendAsync(
            HttpMethod.Put, $"confirmation-rules/{ground.Organisation.Id}", new { decideWithinDays = (rules % 2) + 10 }, etag: Tag(rules), ct: ct), () => rules++);

        await P99Async(SubmitAsync);
        await CompareAsync("submission-to-case-while-others-race", SubmitAsync, CorrectAsync, ct);
        await CompareAsync("return-to-entry-while-others-race", ReturnAsync, SetRulesAsync, ct);
        await CrowdAsync(ground, volunteer, ct);
    }

    private static async Task CompareAsync(string name, Func<Task> once, Func<Task> race, CancellationToken ct)
    {
        var quiet = await P99Async(once);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var racing = RaceAsync(race, over.Token);
        var raced = await P99Async(once);
        await over.CancelAsync();
        await racing;
        Ground.Report(name, raced, quiet, "ms p99");
    }

    private static async Task RaceAsync(Func<Task> race, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Round);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                await race();
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Measured.
        }
    }

    private static async Task ThreeAsync(Func<Task<Reply>> request, Action won)
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => request()));
        if (replies.Any(reply => reply.IsSuccess))
        {
            won();
        }
    }

    private static async Task CrowdAsync(Ground ground, Api person, CancellationToken ct)
    {
        var bystander = ground.Nobody.Person(DemoAccounts.Volunteer(106));
        var quiet = await P99Async(() => bystander.GetAsync("book", ct));
        var all = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(number => person.PostAsync("entries", LogEntryBench.Payload(ground, number), key: Guid.NewGuid().ToString(), ct: ct)));
        var times = new List<double>();
        while (!all.IsCompleted)
        {
            times.Add(await TimeAsync(() => bystander.GetAsync("book", ct)));
        }

        await all;
        Ground.Report("read-while-four-hundred-write", times.Order().ElementAt(times.Count * 99 / 100), quiet, "ms p99");
    }

    private static async Task<double> P99Async(Func<Task> once)
    {
        var times = new List<double>();
        for (var i = 0; i < Times; i++)
        {
            times.Add(await TimeAsync(once));
        }

        return times.Order().ElementAt(Times * 99 / 100);
    }

    private static async Task<double> TimeAsync(Func<Task> once)
    {
        var begun = Stopwatch.GetTimestamp();
        await once();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static async Task UntilAsync(Func<Task<bool>> happened)
    {
        while (!await happened())
        {
            await Task.Delay(5);
        }
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
