using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Demo.World;

/// <summary>
/// Makes the demo world on an empty store, through the use cases that everybody has. Broken off, it goes on where it was: requests carry Idempotency-Keys made
/// from what they say, and what has no key is looked up first.
/// </summary>
internal sealed class Seed(Uri gateway, Action<string> tell) : IDisposable
{
    private const int AtOnce = 8;

    private readonly Api _nobody = new(gateway, new Untraced());
    private readonly ConcurrentDictionary<string, Api> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<int, OrganisationKey> _keys = [];
    private readonly Dictionary<int, Guid> _organisations = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public async Task RunAsync(CancellationToken ct)
    {
        if (await WorldEndAsync(ct) is not { } end)
        {
            return;
        }

        var plan = new WorldPlan(end);
        await PhaseAsync("organisations", Cast.Hosts.Count, () => OrganisationsAsync(ct));
        await PhaseAsync("agencies", Cast.Agencies.Count, () => AgenciesAsync(ct));
        await PhaseAsync("volunteers", plan.Volunteers.Count, () => EachAsync(plan.Volunteers, RegisterAsync, ct));
        var entries = new Dictionary<PlannedEntry, Guid>(ReferenceEqualityComparer.Instance);
        await PhaseAsync("entries", plan.Entries.Count, () => EachAsync(plan.Entries, async (entry, token) =>
        {
            var id = await LogAsync(entry, token);
            lock (entries)
            {
                entries[entry] = id;
            }
        }, ct));
        // Anna's application is the very last thing: by it a finished world is known. Everything else about vacancies passes the time until the cases are open.
        var (annas, others) = (plan.Vacancies[0], plan.Vacancies.Skip(1).ToList());
        await PhaseAsync("vacancies", others.Count, () => EachAsync(others, OfferAsync, ct));

        // Decisions reach the ledger in their order: what is returned first is to be corrected first.
        var decided = plan.Entries
            .Where(entry => entry.Outcome is Outcome.Confirmed or Outcome.Rejected or Outcome.Returned or Outcome.Mended)
            .OrderByDescending(entry => entry.Outcome == Outcome.Mended)
            .ToList();
        // Cases open in the order of the submissions, so nobody need ask for each of them until it is there: the last one was.
        var last = decided[^1];
        await PhaseAsync("cases", null, () => As(last.Host.Coordinators[0]).CaseAsync(CaseIds.Of(entries[last], 1), Patient, ct));
        await PhaseAsync("decisions", decided.Count, () => EachAsync(decided, (entry, token) => DecideAsync(entry, entries[entry], token), ct));
        var mended = decided.TakeWhile(entry => entry.Outcome == Outcome.Mended).ToList();
        await PhaseAsync("corrections", mended.Count, () => EachAsync(mended, (entry, token) => MendAsync(entry, entries[entry], token), ct));
        await OfferAsync(annas, ct);
        await PhaseAsync("statistics", null, () => CountedAsync(plan, ct));

        var minutes = plan.Entries.Sum(entry => entry.Shifts.Sum(shift => shift.Minutes));
        var regions = plan.Volunteers.Select(volunteer => volunteer.Profile.Region).Distinct().Count();
        tell(string.Create(CultureInfo.InvariantCulture,
            $"the demo world is ready after {_clock.Elapsed.TotalSeconds:0.0} s: {Cast.Hosts.Count} organisations, {plan.Volunteers.Count} volunteers "
                + $"in {regions} regions, {plan.Entries.Count} entries of {minutes / 60} hours, {plan.Vacancies.Count} vacancies"));
    }

    private async Task AgenciesAsync(CancellationToken ct)
    {
        foreach (var (client, kind, russian, english, purpose) in Cast.Agencies)
        {
            var reply = await As(DemoAccounts.Admin).SendAsync(
                HttpMethod.Put, $"agencies/{client}", new { name = new { russian, english }, kind, purposes = new[] { purpose } }, etag: "\"0\"", ct: ct);
            // It may be there already: a world is gone on with where it was broken off.
            if (reply.Status != HttpStatusCode.PreconditionFailed)
            {
                reply.Success();
            }
        }
    }

    public void Dispose()
    {
        foreach (var person in _people.Values)
        {
            person.Dispose();
        }

        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }

        _nobody.Dispose();
    }

    // When the world ends: now for a new one; for one that was begun, when it was begun, so that the same is made again. Null where nothing is to be made.
    private async Task<DateTimeOffset?> WorldEndAsync(CancellationToken ct)
    {
        var first = Cast.Hosts[0];
        var begun = (await As(DemoAccounts.Pavel).GetAsync<IReadOnlyList<Organisation>>("organisations/mine", ct))
            .FirstOrDefault(mine => mine.Ogrn == first.Ogrn);
        if (begun is null)
        {
            var statistics = await _nobody.GetAsync<Statistics>("statistics", ct);
            var organisations = await _nobody.GetAsync<Page<Organisation>>("organisations?limit=1", ct);
            if (statistics.Minutes == 0 && organisations.Items.Count == 0)
            {
                return DateTimeOffset.UtcNow;
            }

            tell("the store already holds other data; no demo world was added to it");
            return null;
        }

        if ((await As(DemoAccounts.Anna).GetAsync<Page<JsonElement>>("applications", ct)).Items.Count > 0)
        {
            var statistics = await _nobody.GetAsync<Statistics>("statistics", ct);
            tell(string.Create(CultureInfo.InvariantCulture,
                $"the demo world is already there: {statistics.Organisations} organisations, {statistics.Volunteers} "
                    + $"volunteers, {statistics.Minutes / 60} confirmed hours"));
            return null;
        }

        tell("a demo world was begun here earlier; it is being completed now");
        var history = await As(DemoAccounts.Pavel).GetAsync<IReadOnlyList<Change>>($"organisations/{begun.Id}/history", ct);
        return history[0].At;
    }

    private async Task OrganisationsAsync(CancellationToken ct)
    {
        var administrator = As(DemoAccounts.Admin);
        // The first alone: its date is the world's.
        await FoundAsync(Cast.Hosts[0], administrator, ct);
        await EachAsync(Cast.Hosts.Skip(1), (host, token) => FoundAsync(host, administrator, token), ct);
    }

    private async Task FoundAsync(Host host, Api administrator, CancellationToken ct)
    {
        var coordinator = As(host.Coordinators[0]);
        var organisation = await coordinator.FoundOrganisationAsync(administrator, host.Registration, ct);
        foreach (var other in host.Coordinators.Skip(1).Select(DemoAccounts.Id))
        {
            var reply = await coordinator.GetAsync($"organisations/{organisation.Id}/coordinators", ct);
            if (reply.Read<IReadOnlyList<Membership>>().All(member => member.PersonId != other))
            {
                await coordinator.PostAsync($"organisations/{organisation.Id}/coordinators", new Membership(other), etag: reply.ETag, ct: ct);
            }
        }

        // A new pair each time: a private key that could be made again from the program's text would be no secret.
        var key = new OrganisationKey();
        await coordinator.RegisterKeyAsync(organisation.Id, key, "Система учёта", ct: ct);
        lock (_keys)
        {
            _keys[host.Number] = key;
            _organisations[host.Number] = organisation.Id;
        }
    }

    private Task RegisterAsync(PlannedVolunteer volunteer, CancellationToken ct) =>
        As(volunteer.UserName).RegisterVolunteerAsync(volunteer.Profile, KeyOf("volunteers", volunteer.Profile), ct);

    private async Task<Guid> LogAsync(PlannedEntry entry, CancellationToken ct)
    {
        var volunteer = As(entry.Volunteer);
        var body = new NewEntry(
            _organisations[entry.Host.Number], entry.Project.Name, entry.Project.TaskType, entry.Region, entry.Shifts, entry.Words,
            Submit: entry.Outcome != Outcome.Draft);
        var reply = await PostAsync(volunteer, "entries", body, null, ct);
        var id = reply.Read<EntryReceipt>().Id;
        if (entry.Outcome == Outcome.Withdrawn)
        {
            await PostAsync(volunteer, $"entries/{id}/withdrawal", new Because(entry.Reason), reply.ETag, ct);
        }

        return id;
    }

    private async Task DecideAsync(PlannedEntry entry, Guid id, CancellationToken ct)
    {
        var coordinator = As(entry.Host.Coordinators[0]);
        var caseId = CaseIds.Of(id, 1);
        var found = await coordinator.CaseAsync(caseId, Patient, ct);
        if (found.Case.Status == "open")
        {
            await (entry.Outcome switch
            {
                Outcome.Confirmed => coordinator.ConfirmAsync(caseId, _keys[entry.Host.Number], found, ct),
                Outcome.Rejected => coordinator.RejectAsync(caseId, entry.Reason!, found, ct),
                _ => coordinator.ReturnAsync(caseId, entry.Reason!, found, ct),
            });
        }
    }

    private async Task MendAsync(PlannedEntry entry, Guid id, CancellationToken ct)
    {
        var volunteer = As(entry.Volunteer);
        var coordinator = As(entry.Host.Coordinators[0]);
        var reply = await Wait.UntilAsync(
            $"entry {id} is returned", token => volunteer.GetAsync($"entries/{id}", token),
            reply => reply.Read<Entry>().Status is not "submitted" || reply.Read<Entry>().CaseId == CaseIds.Of(id, 2), Patient, ct);
        var found = reply.Read<Entry>();
        if (found.Status == "returned")
        {
            var last = entry.Shifts[^1];
            IReadOnlyList<Shift> shifts = [.. entry.Shifts.SkipLast(1), last with { Minutes = Math.Max(last.Minutes - 30, 30) }];
            if (!found.Shifts.SequenceEqual(shifts))
            {
                reply = await PostAsync(
                    volunteer, $"entries/{id}/corrections",
                    new Correction(entry.Project.Name, entry.Project.TaskType, entry.Region, shifts, Cast.CorrectionReason, entry.Words), reply.ETag, ct);
            }

            await PostAsync(volunteer, $"entries/{id}/submission", null, reply.ETag, ct);
        }

        var again = CaseIds.Of(id, 2);
        var second = await coordinator.CaseAsync(again, Patient, ct);
        if (second.Case.Status == "open")
        {
            await coordinator.ConfirmAsync(again, _keys[entry.Host.Number], second, ct);
        }
    }

    private async Task OfferAsync(PlannedVacancy planned, CancellationToken ct)
    {
        var coordinator = As(planned.Host.Coordinators[0]);
        var body = new NewVacancy(
            _organisations[planned.Host.Number], planned.Title, planned.Description, planned.Project.TaskType, planned.Region, planned.Shifts);
        var published = await coordinator.SendAsync(HttpMethod.Post, "vacancies", body, KeyOf("vacancies", body), ct: ct);
        if (published.Status == HttpStatusCode.BadRequest && published.Problem!.Errors!.Keys.All(field => field.EndsWith(".start", StringComparison.Ordinal)))
        {
            // A world that was begun days ago: this shift is over by now.
            return;
        }

        var vacancy = await coordinator.GetAsync<Vacancy>($"vacancies/{published.Success().Read<Made>().Id}", ct);
        foreach (var application in planned.Applications)
        {
            await ApplyAsync(coordinator, vacancy, application, ct);
        }

        if (planned.Closed && vacancy.Status == "open")
        {
            var etag = (await coordinator.GetAsync($"vacancies/{vacancy.Id}", ct)).ETag;
            await PostAsync(coordinator, $"vacancies/{vacancy.Id}/closure", new Because("Набор завершён, спасибо всем"), etag, ct);
        }
    }

    private async Task ApplyAsync(Api coordinator, Vacancy vacancy, PlannedApplication planned, CancellationToken ct)
    {
        var volunteer = As(planned.Volunteer);
        var reply = await PostAsync(volunteer, $"vacancies/{vacancy.Id}/applications", new NewApplication(planned.Message, [vacancy.Shifts[0].Id]), null, ct);
        var path = $"applications/{reply.Read<Made>().Id}";
        var answered = planned.Answer switch
        {
            Answer.Accepted => await PostAsync(coordinator, path + "/acceptance", null, reply.ETag, ct),
            Answer.Refused => await PostAsync(coordinator, path + "/refusal", new Because("Все места заняты, ждём вас в следующий раз"), reply.ETag, ct),
            Answer.Withdrawn => await PostAsync(volunteer, path + "/withdrawal", null, reply.ETag, ct),
            _ => reply,
        };
        if (planned.Attended is { } minutes)
        {
            await PostAsync(coordinator, path + "/attendance", new Attendance(vacancy.Shifts[0].Id, minutes), answered.ETag, ct);
        }
    }

    // Until the statistics show what was confirmed: whoever opens the portal next finds the whole world.
    private Task<Statistics> CountedAsync(WorldPlan plan, CancellationToken ct)
    {
        var confirmed = plan.Entries.Count(entry => entry.Outcome is Outcome.Confirmed or Outcome.Mended);
        return Wait.UntilAsync(
            string.Create(CultureInfo.InvariantCulture, $"the statistics count {confirmed} confirmed entries"),
            token => _nobody.GetAsync<Statistics>("statistics", token), statistics => statistics.Entries >= confirmed, Patient, ct);
    }

    private static TimeSpan Patient => TimeSpan.FromSeconds(60);

    private static Task<Reply> PostAsync(Api caller, string path, object? body, string? etag, CancellationToken ct) =>
        caller.PostAsync(path, body, KeyOf(path, body), etag, ct);

    private static string KeyOf(string path, object? body) =>
        "world-" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(path + "\n" + JsonSerializer.Serialize(body, Api.Json))).AsSpan(0, 18));

    private static Task EachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> act, CancellationToken ct) =>
        Parallel.ForEachAsync(
            items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (item, token) => await act(item, token));

    private async Task PhaseAsync(string name, int? count, Func<Task> act)
    {
        var begun = _clock.Elapsed;
        await act();
        tell(string.Create(CultureInfo.InvariantCulture, $"{name,-13} {count,5}   {(_clock.Elapsed - begun).TotalSeconds,5:0.0} s"));
    }

    private Api As(string userName) => _people.GetOrAdd(userName, name => _nobody.Person(name));

    private sealed record Membership(Guid PersonId);
}
