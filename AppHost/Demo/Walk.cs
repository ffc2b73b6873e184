using System.Globalization;
using System.Text;
using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo.World;

namespace VolunteerBook.Demo;

/// <summary>
/// The main job on a running system, step by step, each with what came of it. Can be walked any number of times, on a store with or without the demo world.
/// </summary>
internal sealed class Walk(Uri gateway, string? analystSecret, Action<string> tell) : IDisposable
{
    private const string Project = "Обход главного сценария";
    private const string Statuses = "draft submitted confirmed rejected returned withdrawn revoked";

    private readonly Api _nobody = new(gateway);
    private int _step;

    public async Task RunAsync(CancellationToken ct)
    {
        var signedIn = await SignInByCode.SignInAsync(gateway, DemoAccounts.Anna, DemoAccounts.Password, ct);
        using var anna = _nobody.Bearer(DemoAccounts.Anna, signedIn.AccessToken);
        using var pavel = _nobody.Person(DemoAccounts.Pavel);
        using var administrator = _nobody.Person(DemoAccounts.Admin);
        using var analyst = analystSecret is null ? _nobody.Person(DemoAccounts.Analyst) : _nobody.Machine("analyst", analystSecret, "events");
        Tell("sign in", $"{DemoAccounts.Anna} signed in on the account pages: authorization code with PKCE, client mobile; token for {signedIn.ExpiresIn} s");

        var isNew = await anna.RegisterVolunteerAsync(WorldPlan.Anna.Profile, ct: ct);
        Tell(
            "volunteer",
            $"{WorldPlan.Anna.Profile.Name.Given} {WorldPlan.Anna.Profile.Name.Family}, {(isNew ? "registered now" : "registered before")}, "
                + $"id {DemoAccounts.Id(DemoAccounts.Anna)}");

        var organisation = (await pavel.GetAsync<IReadOnlyList<Organisation>>("organisations/mine", ct)).FirstOrDefault(mine => mine.Status == "approved")
            ?? await pavel.FoundOrganisationAsync(administrator, Cast.Hosts[0].Registration, ct);
        Tell("organisation", $"{organisation.Name}, OGRN {organisation.Ogrn}, coordinator {pavel.Who}, id {organisation.Id}");

        using var key = new OrganisationKey();
        await pavel.RegisterKeyAsync(organisation.Id, key, "Обход", DateTimeOffset.UtcNow.AddHours(1), ct);
        Tell("signing key", $"P-256, kid {key.Kid}, valid for an hour");

        var bookBefore = (await BookAsync(anna, ct)).Totals;
        var before = await StatisticsAsync(organisation.Id, ct);
        var entry = await LogAsync(anna, organisation.Id, ct);
        var (signature, statement) = await ConfirmAsync(anna, pavel, organisation.Id, entry, key, ct);
        await CheckSignatureAsync(anna, pavel, organisation.Id, entry, signature, statement, ct);

        await Wait.UntilAsync(
            $"entry {entry.Id} is confirmed", token => anna.GetAsync<Entry>($"entries/{entry.Id}", token), found => found.Status == "confirmed", ct: ct);
        var bookAfter = (await BookAsync(anna, ct)).Totals;
        Demand(
            bookAfter.MinutesOf("confirmed") == bookBefore.MinutesOf("confirmed") + entry.Minutes, "the book's confirmed minutes did not grow by the entry's");
        Tell(
            "book",
            $"confirmed {Hours(bookBefore.MinutesOf("confirmed"))} -> {Hours(bookAfter.MinutesOf("confirmed"))}, all {Hours(bookBefore.Minutes)} "
                + $"in {bookBefore.Entries} entries -> {Hours(bookAfter.Minutes)} in {bookAfter.Entries}");

        // Others may be confirming too: at least this entry is to be there.
        var after = await Wait.UntilAsync(
            "the statistics count the entry", token => StatisticsAsync(organisation.Id, token),
            found => found.Minutes >= before.Minutes + entry.Minutes && found.Entries > before.Entries, ct: ct);
        Tell(
            "statistics",
            $"of the organisation: {Hours(before.Minutes)} in {before.Entries} entries -> {Hours(after.Minutes)} "
                + $"in {after.Entries}, {after.Volunteers} volunteers");

        await HistoryAsync(anna, entry.Id, ct);
        await ReplayAsync(analyst, entry.Id, bookAfter, ct);
        var number = await new Documents(anna, _nobody, tell).TakeAsync(entry.Id, ct);
        var check = await _nobody.GetAsync<CheckAnswer>($"checks/{number}", ct);
        Demand(check.Valid, "the extract that was just issued does not stand");
        Tell("check", $"{number} was issued here and stands; asked without an account");
    }

    private sealed record CheckAnswer(bool Valid);

    public void Dispose() => _nobody.Dispose();

    private async Task<EntryReceipt> LogAsync(Api anna, Guid organisationId, CancellationToken ct)
    {
        // The next free days before those of earlier walks: nobody works two shifts at once.
        var book = await BookAsync(anna, ct);
        var earlier = book.Items.Count(item => item.Project == Project);
        var last = DateTime.SpecifyKind(DateTime.UtcNow.Date.AddDays(-2 - (2 * earlier)), DateTimeKind.Unspecified);
        Shift[] shifts = [new(last.AddDays(-1).AddHours(10), "Europe/Moscow", 150), new(last.AddHours(10), "Europe/Moscow", 90)];
        var logged = await anna.PostAsync(
            "entries", new NewEntry(organisationId, Project, "D12", "RU-MOW", shifts, "Два визита к подопечным", Submit: false),
            Guid.NewGuid().ToString(), ct: ct);
        var entry = logged.Read<EntryReceipt>();
        Tell("entry", $"{entry.Id}: {shifts.Length} shifts, {Hours(entry.Minutes)}, {entry.Status}");
        await anna.PostAsync($"entries/{entry.Id}/submission", etag: logged.ETag, ct: ct);
        return entry;
    }

    private async Task<(string Signature, byte[] Statement)> ConfirmAsync(
        Api anna, Api pavel, Guid organisationId, EntryReceipt entry, OrganisationKey key, CancellationToken ct)
    {
        var submitted = await anna.GetAsync<Entry>($"entries/{entry.Id}", ct);
        Demand(submitted is { Status: "submitted", CaseId: not null }, $"the entry is {submitted.Status} after its submission");
        var caseId = submitted.CaseId!.Value;
        await pavel.CaseAsync(caseId, ct: ct);
        var queue = await pavel.GetAsync<Queue>($"cases?organisationId={organisationId}&status=open&limit=1", ct);
        var statement = (await pavel.GetAsync($"cases/{caseId}/statement", ct)).Body.ToArray();
        Tell("case", $"{caseId}: opened by itself; {queue.Open} open in the queue of {pavel.Who}");
        var signature = await pavel.ConfirmAsync(caseId, key, ct: ct);
        Tell("confirmation", $"signed {statement.Length} bytes of canonical JSON, JWS ES256 of {signature.Length} characters, accepted");
        return (signature, statement);
    }

    // As anyone would who trusts nobody: the published key, the kept signature, the statement, and what the statement says.
    private async Task CheckSignatureAsync(
        Api anna, Api pavel, Guid organisationId, EntryReceipt entry, string signature, byte[] statement, CancellationToken ct)
    {
        var (kept, _) = await anna.CaseAsync(CaseIds.Of(entry.Id, 1), ct: ct);
        Demand(kept.Status == "confirmed" && kept.Decision?.Signature == signature, "the case does not keep the signature that was sent");
        Demand(Encoding.UTF8.GetBytes(kept.Statement).AsSpan().SequenceEqual(statement), "the case's statement is not the one that was signed");
        var published = (await pavel.GetAsync<IReadOnlyList<SigningKey>>($"organisations/{organisationId}/keys", ct))
            .FirstOrDefault(known => known.Kid == kept.Decision!.Kid);
        Demand(published is { RevokedAt: null }, "the organisation does not publish the key that signed");
        Demand(published!.Jwk.Kid() == published.Kid, "the published key's thumbprint is not its kid");
        Demand(published.Jwk.Verifies(kept.Decision!.Signature!, statement), "the signature does not verify with the published key");
        using var said = JsonDocument.Parse(statement);
        Demand(
            said.RootElement.GetProperty("entryId").GetGuid() == entry.Id && said.RootElement.GetProperty("minutes").GetInt32() == entry.Minutes,
            "the statement speaks of another entry");
        Demand(
            !published.Jwk.Verifies(kept.Decision.Signature!, [.. statement.AsSpan(0, statement.Length - 1), (byte)' ']),
            "the signature also verifies over a changed statement");
        Tell("signature", $"verified here with the published key {published.Kid}: over the case's statement yes, over a changed one no");
    }

    private async Task HistoryAsync(Api anna, Guid entryId, CancellationToken ct)
    {
        var history = await anna.GetAsync<IReadOnlyList<Change>>($"entries/{entryId}/history", ct);
        Demand(
            history.Select(change => change.Type).SequenceEqual(["entry_logged", "entry_submitted", "entry_confirmed"]),
            "the history is not logged, submitted, confirmed");
        Demand(history.All(change => change.By is not null), "the history does not say who");
        foreach (var change in history)
        {
            Tell(
                "history",
                $"{change.Version} {change.Type,-16} {change.At.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC "
                    + $"by {NameOf(change.By!)} ({change.ByKind})");
        }
    }

    private async Task ReplayAsync(Api analyst, Guid entryId, BookTotals book, CancellationToken ct)
    {
        // The feed follows the log by a moment: as far as this entry's confirmation it is to go.
        await Wait.UntilAsync("the feed holds the confirmation", async token =>
        {
            var types = new List<string?>();
            await foreach (var line in analyst.LinesAsync($"events/ledger?stream={entryId}", token))
            {
                types.Add(line.GetProperty("type").GetString());
            }

            return types;
        }, types => types.Contains("entry_confirmed"), ct: ct);

        var replay = new Replay();
        await foreach (var line in analyst.LinesAsync("events/ledger", ct))
        {
            replay.Apply(line);
        }

        Demand(replay.Events > 0, "the feed is empty");
        var recomputed = replay.BookOf(DemoAccounts.Id(DemoAccounts.Anna));
        foreach (var status in Statuses.Split(' '))
        {
            var live = book.ByStatus.FirstOrDefault(total => total.Key == status) ?? new Total(status, 0, 0);
            var own = recomputed.GetValueOrDefault(status) ?? new Total(status, 0, 0);
            Demand(live == own, $"replayed, {status} is {own.Minutes} min in {own.Entries} entries; the book says {live.Minutes} in {live.Entries}");
        }

        Tell("replay", $"{analyst.Who} read {replay.Events} events up to number {replay.Last}; the book's totals recomputed from them are equal: " +
            string.Join(
                ", ", recomputed.Values.OrderByDescending(total => total.Minutes).Select(total => $"{total.Key} {Hours(total.Minutes)} in {total.Entries}")));
    }

    private static async Task<Book> BookAsync(Api anna, CancellationToken ct)
    {
        var book = await anna.GetAsync<Book>("book?limit=200", ct);
        var items = book.Items.ToList();
        for (var next = book.Next; next is not null;)
        {
            var page = await anna.GetAsync<Book>("book?limit=200&after=" + Uri.EscapeDataString(next), ct);
            items.AddRange(page.Items);
            next = page.Next;
        }

        return book with { Items = items, Next = null };
    }

    private Task<Statistics> StatisticsAsync(Guid organisationId, CancellationToken ct) =>
        _nobody.GetAsync<Statistics>($"statistics?organisationId={organisationId}", ct);

    private void Tell(string what, string result) => tell(string.Create(CultureInfo.InvariantCulture, $"{++_step,2} {what,-13} {result}"));

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    private static string NameOf(string subject) =>
        new[] { DemoAccounts.Anna, DemoAccounts.Pavel }.FirstOrDefault(known => DemoAccounts.Id(known).ToString() == subject) ?? subject;

    private static string Hours(long minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h {minutes % 60:00} min");
}
