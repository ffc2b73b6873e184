using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Documents.Checks;
using VolunteerBook.EndToEnd.Tests.Upgrade;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Keys of the system are replaced by command, and what was done under the old ones stands.</summary>
[SupportedOSPlatform("linux")]
public sealed class RotationTests : IDisposable
{
    private const string Agency = "agency_education";
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-rotation-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    // One system before and one after all rotations: each start is a minute of a test machine.
    [Fact]
    public async Task with_every_secret_and_key_replaced_work_goes_on_and_what_was_kept_and_issued_before_stands()
    {
        var options = RunningGraph.Options(data);
        var before = Secrets.Of(data);
        Guid confirmed;
        Held held;
        JsonElement profile;
        await using var hook = await WebhookReceiver.StartAsync();
        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            confirmed = await ConfirmedAsync(nobody, day: 1);
            await SignsInAsync(nobody, before);
            held = await Held.OfAsync(nobody, confirmed);
            profile = await nobody.Person(DemoAccounts.Volunteer(1)).GetAsync<JsonElement>("volunteers/me");
            hook.Secret = await HookedAsync(nobody, before, hook);
            foreach (var keys in new[] { "clients", "log", "issuer", "master" })
            {
                (await Operation.RunAsync(data, options.PortBase, "rotate", keys))
                    .ShouldSay(1, "The system is running with the keys that are to be replaced. Stop it first.");
            }
        }

        (await Operation.RunAsync(data, options.PortBase, "rotate", "clients")).Code.ShouldBe(0);
        var after = Secrets.Of(data);
        new[] { after.PortalClient, after.ServicesClient, after.AnalystClient, after.OrganisationClient, after.AgencyClient(Agency), after.Role("ledger") }
            .Intersect([before.PortalClient, before.ServicesClient, before.AnalystClient, before.OrganisationClient, before
                .AgencyClient(Agency), before.Role("ledger")]).ShouldBeEmpty();
        (after.MasterKey, after.LogSigningKey, after.Postgres).ShouldBe((before.MasterKey, before.LogSigningKey, before.Postgres));

        // As a kill leaves it that came after the new key was kept: nothing starts before it is the log's.
        var next = await BrokenOffAsync();
        (await Operation.UpAsync(data, options.PortBase))
            .ShouldSay(1, "Replacing the log's key was interrupted. Run `./volunteerbook ops rotate log` to finish it.");
        (await Operation.RunAsync(data, options.PortBase, "rotate", "log"))
            .ShouldSay(
                0, "The log has a new key, which its followers find at /api/v1/log/keys. Earlier backups still need the previous key: keep it with them.");
        (Secrets.Of(data).LogSigningKey, Secrets.Of(data).NextLogSigningKey).ShouldBe((next, null));
        (await Operation.RunAsync(data, options.PortBase, "rotate", "issuer")).ShouldSay(0, "The issuer has new keys under the same root.");
        (await Operation.RunAsync(data, options.PortBase, "rotate", "master"))
            .ShouldSay(0, "The master key has been replaced. Earlier backups still need the previous key: keep it with their keys.");
        after = Secrets.Of(data);
        after.MasterKey.ShouldNotBe(before.MasterKey);
        after.PreviousMasterKey.ShouldBeNull();
        var kept = await File.ReadAllTextAsync(Path.Combine(data, "secrets.json"));
        kept.ShouldNotContain(before.LogSigningKey);
        kept.ShouldNotContain(before.MasterKey);

        await using (var system = await RunningGraph.StartAsync(options, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            await SignsInAsync(nobody, after);
            foreach (var (client, secret) in Machines(before))
            {
                (await Should.ThrowAsync<ApiException>(async () => await nobody.Machine(client, secret).TokenAsync())).Reply.Problem!.Code
                    .ShouldBe("invalid_client", client);
            }

            // Services ask each other with their new secrets, their roles own what they write, and what was kept under the master key before is read.
            var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
            (await volunteer.GetAsync<Entry>($"entries/{confirmed}")).Status.ShouldBe("confirmed");
            (await volunteer.GetAsync<JsonElement>("volunteers/me")).GetRawText().ShouldBe(profile.GetRawText());
            var agency = nobody.Machine(Agency, after.AgencyClient(Agency));
            await agency.PutAsync("agency/webhook", new { url = hook.Url }, (await agency.GetAsync("agency/webhook")).ETag);
            await ConfirmedAsync(nobody, day: 2);
            await Eventually.Is(() => Task.FromResult(hook.Taken.Contains("entry.confirmed")));
            await held.StandsAsync(nobody, await Held.OfAsync(nobody, confirmed));
        }

        // Whoever kept the log's key and a checkpoint of before finds nothing changed, either.
        await File.WriteAllTextAsync(Path.Combine(data, "checkpoint"), held.Checkpoint);
        var audit = await Operation.AuditAsync(data, options.PortBase, "--key", held.LogKey, "--checkpoint", Path.Combine(data, "checkpoint"));
        audit.Code.ShouldBe(0, string.Join(Environment.NewLine, audit.Lines));
    }

    /// <summary>An agency with the volunteer's consent is told of entries at the receiver; the secret that it was given.</summary>
    private static async Task<string> HookedAsync(Api nobody, Secrets secrets, WebhookReceiver hook)
    {
        await nobody.Person(DemoAccounts.Admin).PutAsync($"agencies/{Agency}", new
        {
            name = new { russian = "Приём", english = "Admissions" },
            kind = "education",
            purposes = new[] { new { code = "admission", description = new { russian = "Приём", english = "Admission" } } },
        }, "\"0\"");
        var agency = nobody.Machine(Agency, secrets.AgencyClient(Agency));
        var made = (await agency.PutAsync("agency/webhook", new { url = hook.Url }, "\"0\"")).Read<JsonElement>();
        await nobody.Person(DemoAccounts.Volunteer(1)).PostAsync("grants", new
        {
            agency = Agency,
            purpose = "admission",
            gives = "entries",
            until = DateTime.UtcNow.AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        });
        return made.GetProperty("secret").GetString()!;
    }

    private async Task<string> BrokenOffAsync()
    {
        var path = Path.Combine(data, "secrets.json");
        var secrets = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        var next = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        secrets["nextLogSigningKey"] = next;
        await File.WriteAllTextAsync(path, secrets.ToJsonString());
        return next;
    }

    private static (string Client, string Secret)[] Machines(Secrets secrets) =>
        [("services", secrets.ServicesClient), (
            "analyst", secrets.AnalystClient), ("organisation", secrets.OrganisationClient), (Agency, secrets.AgencyClient(Agency))];

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

    /// <summary>What somebody has kept that was issued and published at one time.</summary>
    private sealed record Held(byte[] Extract, string Credential, string Root, string LogKey, string Checkpoint)
    {
        public static async Task<Held> OfAsync(Api nobody, Guid entry)
        {
            var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
            // Only what was issued after that carries a proof of it.
            await Eventually.Is(async () =>
                (await volunteer.GetAsync<JsonElement>($"entries/{entry}/proofs")).GetProperty("events").EnumerateArray()
                    .Select(logged => logged.GetProperty("type").GetString()).ShouldContain("entry_confirmed"));
            var extract = (await volunteer.PostAsync<Made>("extracts", new { language = "ru" })).Id;
            return new(
                (await volunteer.GetAsync($"extracts/{extract}/file")).Body.ToArray(),
                (await volunteer.GetAsync($"entries/{entry}/credential")).Text,
                (await nobody.GetAsync("issuer/root")).Text,
                (await nobody.GetAsync("log/key")).Text.Trim(),
                (await nobody.GetAsync("log/checkpoint")).Text);
        }

        /// <summary>
        /// By the root and the log's key that were kept then, what is held from then and what is issued now is taken, by a stranger alone and by the portal.
        /// </summary>
        public async Task StandsAsync(Api nobody, Held now)
        {
            now.Root.ShouldBe(Root);
            now.LogKey.ShouldNotBe(LogKey);
            now.Credential.ShouldNotBe(Credential);
            var published = (await nobody.GetAsync<JsonElement>("log/keys")).GetProperty("keys").EnumerateArray().ToList();
            published.Select(key => key.GetProperty("key").GetString()).ShouldBe([LogKey, now.LogKey]);
            var log = LogKeys.Of(NoteVerifier.Parse(LogKey), [published[1].GetProperty("succession").GetString()!]);
            log.Open(Encoding.UTF8.GetBytes(Checkpoint)).ShouldNotBeNull();
            await Eventually.Is(async () =>
                log.Open((await nobody.GetAsync("log/checkpoint")).Body.ToArray()).ShouldNotBeNull().Size.ShouldBeGreaterThan(log.Successions[0].Size));
            var trust = new CheckTrust([new X509CertificateParser().ReadCertificate(Encoding.ASCII.GetBytes(Root))], Log: new LogInclusion(log));
            foreach (var (file, type) in new[]
            {
                (Extract, "application/pdf"), (now.Extract, "application/pdf"),
                (Encoding.ASCII.GetBytes(Credential), "application/vc+jwt"), (Encoding.ASCII.GetBytes(now.Credential), "application/vc+jwt"),
            })
            {
                var report = Check.Offline(file, trust, DateTimeOffset.UtcNow);
                report.Ok.ShouldBeTrue($"{report.Refusal}");
                if (type == "application/pdf")
                {
                    report.Findings.ShouldContain(finding => finding.About == "log" && !finding.Text.StartsWith("0 of ", StringComparison.Ordinal));
                }

                using var handedIn = new ByteArrayContent(file);
                handedIn.Headers.ContentType = new MediaTypeHeaderValue(type);
                var check = (await nobody.SendAsync(HttpMethod.Post, "checks", handedIn)).Success().Read<JsonElement>();
                check.GetProperty("valid").GetBoolean().ShouldBeTrue(check.GetRawText());
            }
        }
    }
}
