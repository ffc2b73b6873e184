using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.EndToEnd.Tests.Upgrade;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Keys of the system are replaced by command, and what was done under the old ones stands.</summary>
[SupportedOSPlatform("linux")]
public sealed class RotationTests : IDisposable
{
    private const string Agency = "agency_education";
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-rotation-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task clients_that_got_other_secrets_sign_in_with_them_and_with_no_others_and_work_goes_on()
    {
        var options = RunningGraph.Options(data);
        var before = Secrets.Of(data);
        Guid confirmed;
        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            confirmed = await ConfirmedAsync(nobody, day: 1);
            await SignsInAsync(nobody, before);
            (await Operation.RunAsync(data, options.PortBase, "rotate", "clients")).ShouldSay(1, "The system runs with the keys that are to be replaced: end it first.");
        }

        (await Operation.RunAsync(data, options.PortBase, "rotate", "clients")).Code.ShouldBe(0);
        var after = Secrets.Of(data);
        new[] { after.PortalClient, after.ServicesClient, after.AnalystClient, after.OrganisationClient, after.AgencyClient(Agency), after.Role("ledger") }
            .Intersect([before.PortalClient, before.ServicesClient, before.AnalystClient, before.OrganisationClient, before.AgencyClient(Agency), before.Role("ledger")]).ShouldBeEmpty();
        (after.MasterKey, after.LogSigningKey, after.Postgres).ShouldBe((before.MasterKey, before.LogSigningKey, before.Postgres));

        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            await SignsInAsync(nobody, after);
            foreach (var (client, secret) in Machines(before))
            {
                (await Should.ThrowAsync<ApiException>(async () => await nobody.Machine(client, secret).TokenAsync())).Reply.Problem!.Code.ShouldBe("invalid_client", client);
            }

            // Services ask each other with theirs, and their roles own what they write.
            var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
            (await volunteer.GetAsync<Entry>($"entries/{confirmed}")).Status.ShouldBe("confirmed");
            await ConfirmedAsync(nobody, day: 2);
            await volunteer.PostAsync<Made>("extracts", new { language = "ru" });
        }

        var audit = await Operation.AuditAsync(data, options.PortBase);
        audit.Code.ShouldBe(0, string.Join(Environment.NewLine, audit.Lines));
    }

    [Fact]
    public async Task another_master_key_reads_all_that_was_kept_under_the_one_before_which_nothing_needs_any_more()
    {
        var options = RunningGraph.Options(data);
        var before = Secrets.Of(data);
        JsonElement profile;
        string root, secret;
        await using var hook = await WebhookReceiver.StartAsync();
        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            await ConfirmedAsync(nobody, day: 1);
            var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
            profile = await volunteer.GetAsync<JsonElement>("volunteers/me");
            root = (await nobody.GetAsync("issuer/root")).Text;
            await nobody.Person(DemoAccounts.Admin).PutAsync($"agencies/{Agency}", new { name = new { russian = "Приём", english = "Admissions" }, kind = "education", purposes = new[] { new { code = "admission", description = new { russian = "Приём", english = "Admission" } } } }, "\"0\"");
            var agency = nobody.Machine(Agency, before.AgencyClient(Agency));
            secret = (await agency.PutAsync("agency/webhook", new { url = hook.Url }, "\"0\"")).Read<JsonElement>().GetProperty("secret").GetString()!;
            await volunteer.PostAsync("grants", new { agency = Agency, purpose = "admission", gives = "entries", until = DateTime.UtcNow.AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) });
        }

        hook.Secret = secret;
        (await Operation.RunAsync(data, options.PortBase, "rotate", "master")).ShouldSay(0, "The master key is another one. Backups from before need the one before: keep it with their keys.");
        var after = Secrets.Of(data);
        after.MasterKey.ShouldNotBe(before.MasterKey);
        after.PreviousMasterKey.ShouldBeNull();
        (await File.ReadAllTextAsync(Path.Combine(data, "secrets.json"))).ShouldNotContain(before.MasterKey);

        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
            (await volunteer.GetAsync<JsonElement>("volunteers/me")).GetRawText().ShouldBe(profile.GetRawText());
            (await nobody.GetAsync("issuer/root")).Text.ShouldBe(root);
            var agency = nobody.Machine(Agency, after.AgencyClient(Agency));
            await agency.PutAsync("agency/webhook", new { url = hook.Url }, (await agency.GetAsync("agency/webhook")).ETag);
            await ConfirmedAsync(nobody, day: 2);
            await Eventually.Is(() => Task.FromResult(hook.Taken.Contains("entry.confirmed")));
            await volunteer.PostAsync<Made>("extracts", new { language = "ru" });
        }

        var audit = await Operation.AuditAsync(data, options.PortBase);
        audit.Code.ShouldBe(0, string.Join(Environment.NewLine, audit.Lines));
    }

    private static (string Client, string Secret)[] Machines(Secrets secrets) =>
        [("services", secrets.ServicesClient), ("analyst", secrets.AnalystClient), ("organisation", secrets.OrganisationClient), (Agency, secrets.AgencyClient(Agency))];

    private static async Task SignsInAsync(Api nobody, Secrets secrets)
    {
        foreach (var (client, secret) in Machines(secrets))
        {
            (await nobody.Machine(client, secret).TokenAsync()).ShouldNotBeNull(client);
        }
    }

    private static async Task<Guid> ConfirmedAsync(Api nobody, int day)
    {
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(DemoAccounts.Volunteer(1)).WithANameAsync();
        var entry = (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day))).Id;
        await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
        await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        return entry;
    }
}
