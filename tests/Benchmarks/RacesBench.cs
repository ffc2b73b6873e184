using System.Diagnostics;
using System.Globalization;
using System.Net;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;

namespace VolunteerBook.Benchmarks;

/// <summary>
/// How long one service's event takes to its effect in the next while three writers race on one stream of the first 2.5 times a
/// second, beside the same while nothing happens.
/// </summary>
internal static class RacesBench
{
    private const int Times = 100;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(400);

    public static async Task RunAsync(Ground ground, CancellationToken ct)
    {
        var volunteer = await ground.Nobody.Person(DemoAccounts.Volunteer(104)).WithANameAsync(ct);
        var racer = await ground.Nobody.Person(DemoAccounts.Volunteer(105)).WithANameAsync(ct);
        var bystander = await ground.Nobody.Person(DemoAccounts.Volunteer(106)).WithANameAsync(ct);
        var namer = ground.Nobody.Person(DemoAccounts.Coordinator(3));
        var draft = await racer.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground), ct: ct);
        var (corrections, rules, names, days) = (1, 0, 0, 0);
        var cases = new Stack<Guid>();
        var raced = await VacancyAsync(ground, ct);
        var worked = new Queue<Guid>();
        Guid application = default;
        var attendances = 0;

        // The ledger's event opens a case in Verification.
        async Task SubmitAsync()
        {
            var entry = await volunteer.PostAsync<EntryReceipt>("entries", LogEntryBench.Payload(ground, days++, submit: true), ct: ct);
            cases.Push(entry.Id);
            await UntilAsync(() => FoundAsync(ground.Coordinator, $"cases/{CaseIds.Of(entry.Id, 1)}", ct), ct);
        }

        // Verification's event returns the entry in the ledger.
        async Task ReturnAsync()
        {
            var entry = cases.Pop();
            await ground.Coordinator.PostAsync($"cases/{CaseIds.Of(entry, 1)}/return", new { reason = "Какой день?" }, etag: "\"1\"", ct: ct);
            await UntilAsync(async () => (await volunteer.GetAsync($"entries/{entry}", ct)).Text.Contains("\"returned\"", StringComparison.Ordinal), ct);
        }

        // Profiles' event lets a coordinator into Verification, and the next one puts them out.
        async Task AppointAsync()
        {
            var organisation = $"organisations/{ground.Organisation.Id}";
            var queued = $"cases/{CaseIds.Of(cases.Last(), 1)}";
            var etag = (await ground.Coordinator.GetAsync($"{organisation}/coordinators", ct)).ETag;
            var person = DemoAccounts.Id(DemoAccounts.Volunteer(106));
            await ground.Coordinator.PostAsync($"{organisation}/coordinators", new { personId = person }, etag: etag, ct: ct);
            await UntilAsync(() => FoundAsync(bystander, queued, ct), ct);
            etag = (await ground.Coordinator.GetAsync($"{organisation}/coordinators", ct)).ETag;
            await ground.Coordinator.DeleteAsync($"{organisation}/coordinators/{person}", etag, ct);
            await UntilAsync(async () => !await FoundAsync(bystander, queued, ct), ct);
        }

        // Vacancies' event puts an entry into the volunteer's book.
        async Task AttendAsync()
        {
            if (worked.Count == 0)
            {
                var vacancy = await VacancyAsync(ground, ct);
                vacancy.Shifts.ToList().ForEach(shift => worked.Enqueue(shift.Id));
                var applied = await volunteer.PostAsync<EntryReceipt>(
                    $"vacancies/{vacancy.Id}/applications", new NewApplication(null, [.. vacancy.Shifts.Select(shift => shift.Id)]), ct: ct);
                application = applied.Id;
                await ground.Coordinator.PostAsync($"applications/{application}/acceptance", etag: "\"1\"", ct: ct);
                attendances = 2;
            }

            var shift = worked.Dequeue();
            await ground.Coordinator.PostAsync($"applications/{application}/attendance", new Attendance(shift, 30), etag: Tag(attendances++), ct: ct);
            await UntilAsync(() => FoundAsync(volunteer, $"entries/{Uuid.V5(application, "attendance/" + shift)}", ct), ct);
        }

        // Three at once, one of which wins.
        Task CorrectAsync() => ThreeAsync(() => racer.SendAsync(
            HttpMethod.Post, $"entries/{draft.Id}/corrections",
            new
            {
                project = $"Забота рядом {corrections}",
                taskType = "D12",
                region = "RU-MOW",
                shifts = new[] { new { start = "2015-03-01T10:00:00", zone = "Europe/Moscow", minutes = 60 } },
                reason = "Ошибка",
            },
            etag: Tag(corrections), ct: ct), () => corrections++);
        Task SetRulesAsync() => ThreeAsync(() => ground.Coordinator.SendAsync(
            HttpMethod.Put, $"confirmation-rules/{ground.Organisation.Id}",
            new { decideWithinDays = (rules % 2) + 10 }, etag: Tag(rules), ct: ct), () => rules++);
        Task GiveNameAsync() => ThreeAsync(
            () => namer.SendAsync(HttpMethod.Put, "people/me", new { name = new PersonName("Петров", $"Павел {names}") }, etag: Tag(names), ct: ct),
            () => names++);
        Task ApplyAsync() => ThreeAsync(() => racer.SendAsync(
            HttpMethod.Post, $"vacancies/{raced.Id}/applications", new NewApplication(null, [raced.Shifts[0].Id]), ct: ct), () => { });

        await P99Async(SubmitAsync);
        await CompareAsync("submission-to-case-while-others-race", SubmitAsync, CorrectAsync, ct);
        await CompareAsync("return-to-entry-while-others-race", ReturnAsync, SetRulesAsync, ct);
        await CompareAsync("appointment-to-queue-while-others-race", AppointAsync, GiveNameAsync, ct);
        await CompareAsync("attendance-to-entry-while-others-race", AttendAsync, ApplyAsync, ct);
    }

    // A hundred shifts that are going on: attendance is recorded of minutes that are over, and nobody publishes a shift that is.
    public static async Task<Vacancy> VacancyAsync(Ground ground, CancellationToken ct)
    {
        var begun = DateTime.SpecifyKind(DateTime.UtcNow.AddHours(-2), DateTimeKind.Unspecified);
        var shifts = Enumerable.Range(0, 100).Select(number => new NewVacancyShift(begun.AddSeconds(-number), "Etc/UTC", 24 * 60, 100)).ToList();
        var offer = new NewVacancy(ground.Organisation.Id, "Дежурство", "Дежурство по заявкам", "D12", "RU-MOW", shifts);
        var published = await Wait.UntilAsync(
            "the organisation is known there", token => ground.Coordinator.SendAsync(HttpMethod.Post, "vacancies", offer, ct: token),
            reply => reply.Status != HttpStatusCode.NotFound, ct: ct);
        return await ground.Coordinator.GetAsync<Vacancy>($"vacancies/{published.Success().Read<EntryReceipt>().Id}", ct);
    }

    private static async Task<bool> FoundAsync(Api person, string path, CancellationToken ct) =>
        (await person.SendAsync(HttpMethod.Get, path, ct: ct)).Status == HttpStatusCode.OK;

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

    private static async Task UntilAsync(Func<Task<bool>> happened, CancellationToken ct)
    {
        while (!await happened())
        {
            await Task.Delay(5, ct);
        }
    }

    private static string Tag(int version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
