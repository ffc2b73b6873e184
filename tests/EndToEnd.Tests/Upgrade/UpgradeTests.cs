using System.Net.Http.Headers;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.AppHost.Operations;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests.Upgrade;

/// <summary>
/// Today's system on the stores of an earlier version: everything that it had said, issued and promised stands, and what was under way arrives.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class UpgradeTests : IDisposable
{
    private const string Version = "8e246d1";
    private static readonly DateTimeOffset Then = new(2026, 11, 30, 2, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("volunteerbook-upgrade-").FullName;
    private readonly JsonElement said = OldState.Said(Version);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task what_8e246d1_kept_stands_and_what_was_under_way_arrives_once()
    {
        var options = RunningGraph.Options(folder);
        await OldState.RestoreAsync(Version, folder);
        await using var mail = await MailServer.CreateAsync();
        await using var hook = await WebhookReceiver.StartAsync(Text("webhookSecret"));
        IReadOnlyDictionary<string, string> before;
        await using (var postgres = await StatePostgres.OpenAsync(folder, options.PortBase, TestContext.Current.CancellationToken))
        {
            before = await EventsAsync(postgres.Database);
        }

        var environment = new Dictionary<string, string>
        {
            ["Mail__Host"] = "127.0.0.1",
            ["Mail__Port"] = $"{mail.Port}",
            ["Mail__Security"] = "none",
            ["Mail__From"] = "volunteerbook@example.org",
        };
        await using (var system = await RunningGraph.StartAsync(options with { Variables = environment }, TestContext.Current.CancellationToken))
        {
            using var nobody = new Api(system.Gateway);
            await WhatWasUnderWayArrivesAsync(system, nobody, mail, hook);
            await EveryEntryStandsAsync(nobody);
            await DocumentsAndLinksStandAsync(nobody);
            await NewWorkIsDoneAsync(nobody);
            (await EventsAsync(database => $"{system.Postgres};Database={database}", before)).ShouldBe(before);
            foreach (var service in new[] { "profiles", "ledger", "ledger-2", "verification", "vacancies", "reporting" })
            {
                await Eventually.Is(async () => (await HealthAsync(system, service)).ShouldBe("Healthy"));
            }
        }

        // With what was kept outside from before: the log has grown, and nothing of it has changed.
        var checkpoint = Path.Combine(folder, "checkpoint");
        await File.WriteAllTextAsync(checkpoint, Text("checkpoint"));
        var audit = await Operation.AuditAsync(folder, options.PortBase, "--checkpoint", checkpoint, "--key", Text("logKey").Trim());
        audit.Code.ShouldBe(0, string.Join(Environment.NewLine, audit.Lines));
        audit.Lines[^1].ShouldStartWith("audit: ok");
    }

    private async Task WhatWasUnderWayArrivesAsync(RunningGraph system, Api nobody, MailServer mail, WebhookReceiver hook)
    {
        var (anna, pavel, pending) = (nobody.Person(DemoAccounts.Anna), nobody.Person(DemoAccounts.Pavel), said.GetProperty("pending"));

        // A confirmation that the ledger had not heard of.
        var confirmed = pending.GetProperty("confirmed").GetGuid();
        await Eventually.Is(async () => (await anna.GetAsync<Entry>($"entries/{confirmed}")).Status.ShouldBe("confirmed"));
        (await anna.GetAsync<IReadOnlyList<Change>>($"entries/{confirmed}/history")).Select(change => change.Type)
            .ShouldBe(["entry_logged", "entry_submitted", "entry_confirmed"]);

        // A submission and a withdrawal that nobody had heard of.
        (await pavel.CaseAsync(CaseIds.Of(pending.GetProperty("submitted").GetGuid(), 1))).Case.Status.ShouldBe("open");
        await Eventually.Is(async () => (await pavel.CaseAsync(CaseIds.Of(pending.GetProperty("withdrawn").GetGuid(), 1))).Case.Status.ShouldBe("cancelled"));

        // Each counts once.
        var counted = said.GetProperty("statistics");
        var minutes = (await anna.GetAsync<Entry>($"entries/{confirmed}")).Minutes;
        await Eventually.Is(async () =>
        {
            var now = await nobody.GetAsync<JsonElement>("statistics");
            (now.GetProperty("minutes").GetInt64(), now.GetProperty("entries").GetInt64(), now.GetProperty("registeredVolunteers").GetInt64()).ShouldBe(
                (
                    counted.GetProperty("minutes").GetInt64() + minutes,
                    counted.GetProperty("entries").GetInt64() + 1,
                    counted.GetProperty("registeredVolunteers").GetInt64() + 1));
        });

        // Mail that no server had taken.
        await Eventually.Is(() =>
        {
            mail.To("dean@university.example").ShouldHaveSingleItem();
            mail.To("petrova@example.org").ShouldHaveSingleItem().Message.TextBody!.ShouldContain(Text("inquiry"));
            return Task.CompletedTask;
        });

        // Messages that the agency's receiver had not taken, signed with the secret that it was told then.
        var agency = nobody.Machine(Text("agency"), system.Secrets.AgencyClient(Text("agency")));
        await agency.PutAsync("agency/webhook", new { url = hook.Url }, (await agency.GetAsync("agency/webhook")).ETag);
        await Eventually.Is(() => Task.FromResult(hook.Taken.Contains("grant.given") && hook.Taken.Contains("entry.confirmed")));
        hook.Forged.ShouldBe(0);
        await agency.GetAsync($"agency/records/{Text("volunteer")}?purpose={Text("purpose")}");
    }

    private async Task EveryEntryStandsAsync(Api nobody)
    {
        var pending = said.GetProperty("pending").GetProperty("confirmed").GetGuid();
        foreach (var book in said.GetProperty("books").EnumerateObject())
        {
            var reader = nobody.Person(book.Name);
            var now = await reader.AllAsync<JsonElement>("book").ToDictionaryAsync(entry => entry.GetProperty("id").GetGuid());
            foreach (var then in book.Value.EnumerateArray())
            {
                var id = then.GetProperty("id").GetGuid();
                var status = id == pending ? "confirmed" : then.GetProperty("status").GetString();
                (now[id].GetProperty("status").GetString(), now[id].GetProperty("minutes").GetInt32())
                    .ShouldBe((status, then.GetProperty("minutes").GetInt32()));
                if (id != pending && then.GetProperty("grade") is { ValueKind: JsonValueKind.String } grade)
                {
                    now[id].GetProperty("grade").GetString().ShouldBe(grade.GetString());
                }
            }

            (await reader.GetAsync<JsonElement>("book/replay")).GetProperty("same").GetBoolean().ShouldBeTrue();
        }

        // Personal data under the person's key.
        var profile = await nobody.Person(DemoAccounts.Anna).GetAsync<JsonElement>("volunteers/me");
        profile.GetProperty("name").GetProperty("family").GetString()
            .ShouldBe(said.GetProperty("profile").GetProperty("name").GetProperty("family").GetString());
        profile.GetProperty("birthDate").GetString().ShouldBe(said.GetProperty("profile").GetProperty("birthDate").GetString());
    }

    private async Task DocumentsAndLinksStandAsync(Api nobody)
    {
        var anna = nobody.Person(DemoAccounts.Anna);
        var extract = said.GetProperty("extract");
        var file = (await anna.GetAsync($"extracts/{extract.GetProperty("id").GetGuid()}/file")).Body.ToArray();
        Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe(extract.GetProperty("sha256").GetString());
        (await nobody.GetAsync<JsonElement>($"checks/{extract.GetProperty("number").GetString()}")).GetProperty("valid").GetBoolean().ShouldBeTrue();

        // What a stranger has kept from then, without us, at that time; and with us.
        var log = NoteVerifier.Parse(Text("logKey").Trim());
        var trust = new CheckTrust([new X509CertificateParser().ReadCertificate(Encoding.ASCII.GetBytes(Text("root")))], Log: new LogInclusion(log));
        foreach (var kept in new[] { file, Encoding.ASCII.GetBytes(Text("credential")) })
        {
            var report = Check.Offline(kept, trust, Then);
            report.Ok.ShouldBeTrue($"{report.Refusal}");
        }

        using var handedIn = new ByteArrayContent(file);
        handedIn.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        var check = (await nobody.SendAsync(HttpMethod.Post, "checks", handedIn)).Success().Read<JsonElement>();
        check.GetProperty("valid").GetBoolean().ShouldBeTrue(check.GetRawText());
        (await nobody.GetAsync("issuer/root")).Text.Trim().ShouldBe(Text("root").Trim());
        (await nobody.GetAsync("log/key")).Text.Trim().ShouldBe(Text("logKey").Trim());

        // Proofs in the log of now, which is the log of then.
        var proofs = (await anna.GetAsync<JsonElement>($"entries/{Text("entry")}/proofs"))
            .GetProperty("events").EnumerateArray().Select(proof => proof.GetProperty("type").GetString());
        proofs.ShouldBe(said.GetProperty("history").EnumerateArray().Select(type => type.GetString()));

        var shared = await nobody.GetAsync($"shared-extracts/{Text("link")}/file");
        shared.Body.ToArray().ShouldBe(file);
        (await nobody.GetAsync<JsonElement>($"inquiries/{Text("inquiry")}")).GetProperty("minutes").GetInt32().ShouldBe(180);
    }

    private static async Task NewWorkIsDoneAsync(Api nobody)
    {
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = nobody.Person(DemoAccounts.Volunteer(1));
        var entry = (await volunteer.PostAsync<EntryReceipt>("entries", world.AnEntry())).Id;
        await world.Coordinator.ConfirmAsync(CaseIds.Of(entry, 1), world.Key);
        await Eventually.Is(async () => (await volunteer.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        await Eventually.Is(async () => (await nobody.GetAsync<Statistics>($"statistics?organisationId={world.Organisation.Id}")).Minutes.ShouldBe(120));
    }

    /// <summary>Of each store what stands in its log, up to where it ended: nothing of that is ever written again.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> EventsAsync(Func<string, string> database, IReadOnlyDictionary<string, string>? upTo = null)
    {
        var found = new Dictionary<string, string>();
        foreach (var name in OldState.Databases.Except(["identity"]))
        {
            await using var connection = new NpgsqlConnection(database(name) + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(
                """
                select coalesce(max(seq_id), 0) || ' ' || count(*) || ' '
                    || md5(string_agg(concat_ws('|', seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, user_name, headers,
                    mt_dotnet_type), ' ' order by seq_id))
                from mt_events where seq_id <= $1
                """, connection);
            command.Parameters.Add(
                new() { Value = upTo is null ? long.MaxValue : long.Parse(upTo[name].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) });
            found[name] = (string)(await command.ExecuteScalarAsync())!;
        }

        return found;
    }

    private static async Task<string?> HealthAsync(RunningGraph system, string service)
    {
        using var http = new HttpClient();
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(system.Address(service), "/health")));
        return answer.RootElement.GetProperty("status").GetString();
    }

    private string Text(string name) => said.GetProperty(name).GetString()!;
}
