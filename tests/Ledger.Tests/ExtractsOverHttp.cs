using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>Extracts, certificates and credentials as a volunteer gets them and a stranger checks them.</summary>
[Trait("Feature", "F3")]
[Trait("Feature", "F8")]
[Trait("Feature", "F31")]
[Trait("Feature", "F33")]
public sealed class ExtractsOverHttp(IssuingHost host) : IClassFixture<IssuingHost>
{
    private static readonly Guid Organisation = Guid.CreateVersion7();

    [Fact]
    [Trait("Feature", "F1")]
    [Trait("Feature", "F12")]
    [Trait("Feature", "F41")]
    [Trait("Feature", "N8")]
    public async Task what_was_done_when_where_how_much_at_which_level_and_on_what_papers_is_in_the_book_with_its_points()
    {
        var client = host.Volunteer(Guid.CreateVersion7());
        var whole = new LogEntry(
            Organisation, "Сад у реки", "E12", "RU-CHU",
            [EntryDecisions.AShift(240, "2025-05-09T10:00:00"), EntryDecisions.AShift(60, "2025-05-10T09:00:00")], "слова волонтёра", Submit: true)
        {
            Level = ResponsibilityLevel.TeamLead,
            Place = "Ёлкино, парк № 3",
            Volume = new Volume(40, "trees"),
            Documents = [new DocumentReference("Благодарность", "№ 7", new DateOnly(2025, 5, 11), "https://example.org/7")],
        };
        var entry = await (await client.PostJsonAsync("/api/v1/entries", whole)).IdAsync();
        host.Verification.Publish(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, "kid", DateTimeOffset.UtcNow, Points: 12));
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "confirmed");

        var book = await client.GetJsonAsync("/api/v1/book");
        foreach (var shown in new[] { await client.GetJsonAsync($"/api/v1/entries/{entry}"), book.GetProperty("items")[0] })
        {
            shown.GetProperty("shifts").EnumerateArray()
                .Select(shift => (shift.GetProperty("start").GetString(), shift.GetProperty("zone").GetString(), shift.GetProperty("minutes").GetInt32()))
                .ShouldBe([("2025-05-09T10:00:00", "Europe/Moscow", 240), ("2025-05-10T09:00:00", "Europe/Moscow", 60)]);
            (shown.GetProperty("minutes").GetInt32(), shown.GetProperty("points").GetInt32()).ShouldBe((300, 12));
            (
                shown.GetProperty("organisationId").GetGuid(), shown.GetProperty("project").GetString(), shown.GetProperty("taskType").GetString(),
                shown.GetProperty("region").GetString())
                .ShouldBe((Organisation, "Сад у реки", "E12", "RU-CHU"));
            (shown.GetProperty("level").GetString(), shown.GetProperty("place").GetString()).ShouldBe(("teamLead", "Ёлкино, парк № 3"));
            (shown.GetProperty("volume").GetProperty("amount").GetDecimal(), shown.GetProperty("volume").GetProperty("unit").GetString())
                .ShouldBe((40, "trees"));
            var document = shown.GetProperty("documents").EnumerateArray().ShouldHaveSingleItem();
            (
                document.GetProperty("title").GetString(), document.GetProperty("number").GetString(), document.GetProperty("date").GetString(),
                document.GetProperty("uri").GetString())
                .ShouldBe(("Благодарность", "№ 7", "2025-05-11", "https://example.org/7"));
        }

        var totals = book.GetProperty("totals");
        (totals.GetProperty("minutes").GetInt64(), totals.GetProperty("points").GetInt64()).ShouldBe((300, 12));
        foreach (var (by, key) in new[] { ("byOrganisation", Organisation.ToString()), ("byTaskType", "E12"), ("byYear", "2025"), ("byStatus", "confirmed") })
        {
            var line = totals.GetProperty(by).EnumerateArray().ShouldHaveSingleItem();
            (line.GetProperty("key").GetString(), line.GetProperty("minutes").GetInt64(), line.GetProperty("grades").GetProperty("signed").GetInt64())
                .ShouldBe((key, 300, 300));
        }
    }

    [Fact]
    [Trait("Feature", "F15")]
    [Trait("Feature", "N3")]
    public async Task an_entry_signed_under_gost_stands_in_an_extract_with_its_proof()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        var now = DateTimeOffset.UtcNow;
        var signer = GostSigner.New(
            "CN=АНО «Ёж»", GostSigner.New("CN=Удостоверяющий центр", null, now.AddDays(-1), now.AddDays(1)), now.AddDays(-1), now.AddDays(1));
        var entry = await (await client.PostJsonAsync(
            "/api/v1/entries",
            new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(240, "2025-05-09T10:00:00")], Submit: true))).IdAsync();
        var statement = Statement(volunteer, entry, 1, 240);
        host.Verification.Publish(new CaseConfirmedV1(
            CaseIds.Of(entry, 1), entry, 1, Organisation, GostCertificate.KidOf(signer.Certificate), now,
            Signature: Convert.ToBase64String(signer.Sign(statement)), Statement: Encoding.UTF8.GetString(statement)));
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}/proofs")).GetProperty("events").GetArrayLength() == 3);

        var receipt = await (await (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).ShouldBeAsync(HttpStatusCode.Created))
            .JsonAsync<ExtractReceipt>();

        var file = await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{receipt.Id}/file", UriKind.Relative), TestContext.Current.CancellationToken);
        var log = NoteVerifier.Parse(
            (await host.Service.Client().GetStringAsync(new Uri("/api/v1/log/key", UriKind.Relative), TestContext.Current.CancellationToken)).Trim());
        var report = Check.Offline(file, new CheckTrust([await RootAsync()], Log: new LogInclusion(log)), now);
        report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
        report.Findings.ShouldContain(finding => finding.About == "total" && finding.Text == "signed: 240 min in 1 entries");
        report.Findings.ShouldContain(finding => finding.About == "organisation"
            && finding.Text.Contains("CN=АНО «Ёж»") && finding.Text.EndsWith("its issuer is not checked"));
        report.Findings.ShouldContain(finding => finding.About == "log" && finding.Text.StartsWith("1 of 1 signatures are proven"));
        (await PostFileAsync(file, "application/pdf")).GetProperty("valid").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [Trait("Feature", "N3")]
    public async Task an_extract_is_a_signed_file_that_a_stranger_checks_without_us()
    {
        var volunteer = Guid.CreateVersion7();
        using var key = Es256Key.Create();
        var (_, confirmed) = await ConfirmedAsync(volunteer, key, 240);
        var client = host.Volunteer(volunteer);
        await (await client.PostJsonAsync(
            "/api/v1/entries",
            new LogEntry(Organisation, "Черновик", "D12", "RU-MOW", [EntryDecisions.AShift(30, "2025-06-01T10:00:00")]))).ShouldBeAsync(HttpStatusCode.Created);

        foreach (var language in new[] { "ru", "en" })
        {
            var ordered = await client.PostJsonAsync("/api/v1/extracts", new OrderExtract(language));
            await ordered.ShouldBeAsync(HttpStatusCode.Created);
            var receipt = await ordered.JsonAsync();
            var file = await client.GetByteArrayAsync(
                new Uri($"/api/v1/extracts/{receipt.GetProperty("id").GetGuid()}/file", UriKind.Relative), TestContext.Current.CancellationToken);
            Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe(receipt.GetProperty("sha256").GetString());

            var report = Check.Offline(file, new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow);
            report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
            report.Findings.ShouldContain(finding => finding.About == "holder" && finding.Text == "Ёлкина Агния Щербаковна");
            report.Findings.ShouldContain(finding => finding.About == "total" && finding.Text == "signed: 240 min in 1 entries");
            report.Findings.ShouldContain(finding => finding.About == "total" && finding.Text == "self-declared: 0 min in 0 entries");
            report.Findings.ShouldContain(finding => finding.About == "organisations" && finding.Text.StartsWith("1 of 1"));
            (await PdfSigAsync(file)).ShouldContain("Signature is Valid.");

            var answer = await PostFileAsync(file, "application/pdf");
            (answer.GetProperty("valid").GetBoolean(), answer.GetProperty("issued").GetProperty("number").GetString())
                .ShouldBe((true, receipt.GetProperty("number").GetString()));
            file[file.Length / 3] ^= 1;
            var tampered = await PostFileAsync(file, "application/pdf");
            (tampered.GetProperty("valid").GetBoolean(), tampered.GetProperty("issued").ValueKind).ShouldBe((false, JsonValueKind.Null));
        }

        confirmed.ShouldNotBe(Guid.Empty);
        (await client.GetJsonAsync("/api/v1/extracts")).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await client.IdsOfAllPagesAsync("/api/v1/extracts?limit=1")).Count.ShouldBe(2);
        var number = (await client.GetJsonAsync("/api/v1/extracts")).GetProperty("items")[0].GetProperty("number").GetString()!;
        foreach (var (q, found) in new[] { (number, 1), (number[5..].ToLowerInvariant(), 1), ("VB-", 2), ("%25", 0), ("VB нет", 0) })
        {
            (await client.GetJsonAsync($"/api/v1/extracts?q={Uri.EscapeDataString(q)}")).GetProperty("items").GetArrayLength().ShouldBe(found, q);
        }

        await (await client.GetResponseAsync("/api/v1/extracts?q=" + new string('x', 101))).ShouldBeAsync(HttpStatusCode.BadRequest);
        (await host.Volunteer(Guid.CreateVersion7()).GetJsonAsync("/api/v1/extracts")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "F28")]
    [Trait("Feature", "N10")]
    public async Task a_revocation_reaches_the_check_the_credential_and_the_extract_that_spoke_of_it()
    {
        var volunteer = Guid.CreateVersion7();
        using var key = Es256Key.Create();
        var (entry, caseId) = await ConfirmedAsync(volunteer, key, 180);
        var client = host.Volunteer(volunteer);
        var pages = await client.GetByteArrayAsync(new Uri($"/api/v1/entries/{entry}/certificate", UriKind.Relative), TestContext.Current.CancellationToken);
        var credential = await client.GetStringAsync(new Uri($"/api/v1/entries/{entry}/credential", UriKind.Relative), TestContext.Current.CancellationToken);
        var extract = await (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).JsonAsync();
        var ofExtract = await client.GetStringAsync(
            new Uri($"/api/v1/extracts/{extract.GetProperty("id").GetGuid()}/credential", UriKind.Relative), TestContext.Current.CancellationToken);

        (await PostFileAsync(pages, "application/pdf")).GetProperty("valid").GetBoolean().ShouldBeTrue();
        foreach (var jwt in new[] { credential, ofExtract })
        {
            Check.Offline(Encoding.ASCII.GetBytes(jwt), new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow).Ok.ShouldBeTrue();
            (await PostFileAsync(Encoding.ASCII.GetBytes(jwt), VerifiableCredential.MediaType)).GetProperty("valid").GetBoolean().ShouldBeTrue();
            (await IsRevokedAsync(jwt)).ShouldBeFalse();
        }

        host.Verification.Publish(new ConfirmationRevokedV1(caseId, entry, 1, Organisation, DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "revoked");

        foreach (var jwt in new[] { credential, ofExtract })
        {
            // What was signed is as true to its signature as ever; it no longer stands.
            Check.Offline(Encoding.ASCII.GetBytes(jwt), new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow).Ok.ShouldBeTrue();
            (await PostFileAsync(Encoding.ASCII.GetBytes(jwt), VerifiableCredential.MediaType)).GetProperty("valid").GetBoolean().ShouldBeFalse();
            (await IsRevokedAsync(jwt)).ShouldBeTrue();
        }

        var asked = await host.Service.Client().GetJsonAsync($"/api/v1/checks/{extract.GetProperty("number").GetString()}");
        (asked.GetProperty("valid").GetBoolean(), asked.GetProperty("issued").GetProperty("changed")[0].GetProperty("entryId").GetGuid())
            .ShouldBe((false, entry));
        (await client.GetJsonAsync($"/api/v1/extracts/{extract.GetProperty("id").GetGuid()}")).GetProperty("stands").GetBoolean().ShouldBeFalse();
        (await PostFileAsync(pages, "application/pdf")).GetProperty("valid").GetBoolean().ShouldBeFalse();
        (await client.GetResponseAsync($"/api/v1/entries/{entry}/certificate")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetJsonAsync("/api/v1/book")).GetProperty("totals").GetProperty("points").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task a_document_that_cannot_be_written_is_refused_before_anything_is_issued()
    {
        var volunteer = Guid.CreateVersion7();
        using var key = Es256Key.Create();
        var (entry, _) = await ConfirmedAsync(volunteer, key, 240);
        var client = host.Volunteer(volunteer);
        host.Called[volunteer] = "محمد 😀𠮷";
        var problem = await (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract()))
            .ProblemAsync(HttpStatusCode.Conflict, "characters-not-written");
        problem.Errors!["holder.name"].ShouldBe(["Documents cannot print these characters: 😀 U+1F600, 𠮷 U+20BB7."]);
        (await client.GetJsonAsync("/api/v1/extracts")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await (await client.GetResponseAsync($"/api/v1/entries/{entry}/certificate")).ProblemAsync(HttpStatusCode.Conflict, "characters-not-written");

        host.Called[volunteer] = "محمد 王小明 გიორგი";
        (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.GetResponseAsync($"/api/v1/entries/{entry}/certificate")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task an_entry_that_no_document_could_write_is_refused()
    {
        var client = host.Volunteer(Guid.CreateVersion7());
        var refused = await (await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Сад 😀", "D12", "RU-MOW", [EntryDecisions.AShift(60)], Submit: true) { Place = "\ue000" }))
            .ProblemAsync(HttpStatusCode.BadRequest, "characters-not-written");
        refused.Errors!.Keys.ShouldBe(["project", "place"], ignoreOrder: true);
    }

    // Its project came in before there was a rule; nobody took it back, so it is confirmed.
    [Fact]
    public async Task an_old_entry_that_no_document_could_write_is_named_and_stands_in_the_way_of_no_other()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        using var key = Es256Key.Create();
        var (first, old) = (await LogAsync(client, "2025-05-09T10:00:00"), Guid.CreateVersion7());
        var last = await LogAsync(client, "2025-05-11T10:00:00");
        await using (var session = host.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            var facts = new EntryFacts(Organisation, "Сад 🌳", "D12", "RU-MOW", [EntryDecisions.AShift(60, "2025-05-10T10:00:00")]);
            session.SetHeader("kind", "person");
            session.Events.StartStream<Entry>(
                old,
                new EntryLogged(volunteer, EntrySource.Volunteer, facts, null, DateTimeOffset.UtcNow),
                new EntrySubmitted(1, volunteer, facts, DateTimeOffset.UtcNow));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        // One after another, as the ledger takes them in together.
        foreach (var entry in new[] { first, old, last })
        {
            host.Verification.Publish(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, key.Kid, DateTimeOffset.UtcNow));
        }

        foreach (var entry in new[] { first, old, last })
        {
            await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "confirmed");
        }

        foreach (var entry in new[] { first, last })
        {
            (await client.GetResponseAsync($"/api/v1/entries/{entry}/certificate")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await client.GetResponseAsync($"/api/v1/entries/{entry}/credential")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        foreach (var paper in new[] { "certificate", "credential" })
        {
            var none = await (await client.GetResponseAsync($"/api/v1/entries/{old}/{paper}")).ProblemAsync(HttpStatusCode.Conflict, "characters-not-written");
            none.Errors!["project"].ShouldBe(["Documents cannot print these characters: 🌳 U+1F333."]);
        }

        // Of a book of hundreds its holder must know which.
        var refused = await client.PostJsonAsync("/api/v1/extracts", new OrderExtract());
        var problem = await refused.JsonAsync<JsonElement>();
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (problem.GetProperty("characters").GetString(), problem.GetProperty("texts").EnumerateArray().Select(text => text.GetString()))
            .ShouldSatisfyAllConditions(
                told => told.Item1.ShouldBe("🌳"), told => told.Item2.ShouldBe(["Сад 🌳"]));
        problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe("entries[1].project");
        (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract(To: new DateOnly(2025, 5, 9)))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract(TotalsOnly: true))).StatusCode.ShouldBe(HttpStatusCode.Created);

        await (await client.PostJsonAsync(
            $"/api/v1/entries/{old}/amendments",
            new CorrectEntry("Сад", "D12", "RU-MOW", [EntryDecisions.AShift(60, "2025-05-10T10:00:00")], "знак не печатается"), 3))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        host.Verification.Publish(new CaseConfirmedV1(CaseIds.Of(old, 2), old, 2, Organisation, key.Kid, DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await client.GetResponseAsync($"/api/v1/entries/{old}/certificate")).StatusCode == HttpStatusCode.OK);
        (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task<Guid> LogAsync(HttpClient client, string start) => await (await client.PostJsonAsync(
        "/api/v1/entries", new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(60, start)], Submit: true))).IdAsync();

    [Fact]
    [Trait("Feature", "N10")]
    public async Task an_amended_entry_gets_a_new_certificate_and_the_old_one_is_superseded()
    {
        var volunteer = Guid.CreateVersion7();
        using var key = Es256Key.Create();
        var (entry, _) = await ConfirmedAsync(volunteer, key, 240);
        var client = host.Volunteer(volunteer);
        var before = await client.GetStringAsync(new Uri($"/api/v1/entries/{entry}/credential", UriKind.Relative), TestContext.Current.CancellationToken);
        await (await client.PostJsonAsync(
            $"/api/v1/entries/{entry}/amendments", new CorrectEntry("Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(200)], "ушёл раньше"),
            3)).ShouldBeAsync(HttpStatusCode.NoContent);
        // Until it is decided, all stands as it was.
        (await IsRevokedAsync(before)).ShouldBeFalse();
        (await client.GetJsonAsync("/api/v1/book")).GetProperty("totals").GetProperty("grades").GetProperty("signed").GetInt64().ShouldBe(240);

        Publish(volunteer, key, entry, 2, 200);
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("minutes").GetInt32() == 200);
        (await IsRevokedAsync(before)).ShouldBeTrue();
        var after = await client.GetStringAsync(new Uri($"/api/v1/entries/{entry}/credential", UriKind.Relative), TestContext.Current.CancellationToken);
        (await IsRevokedAsync(after)).ShouldBeFalse();
        (await client.GetJsonAsync("/api/v1/book")).GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(200);
    }

    [Fact]
    [Trait("Feature", "N6")]
    public async Task an_extract_discloses_a_period_an_organisation_or_totals_alone()
    {
        var volunteer = Guid.CreateVersion7();
        using var key = Es256Key.Create();
        var (_, _) = await ConfirmedAsync(volunteer, key, 240);
        var (_, _) = await ConfirmedAsync(volunteer, key, 60, "2024-02-01T10:00:00");
        foreach (var (order, minutes, entries) in new[]
        {
            (new OrderExtract(From: new DateOnly(2024, 1, 1), To: new DateOnly(2024, 12, 31)), 60, 1),
            (new OrderExtract(From: new DateOnly(2024, 2, 2)), 240, 1),
            (new OrderExtract(To: new DateOnly(2024, 2, 1)), 60, 1),
            (new OrderExtract(OrganisationId: Organisation), 300, 2),
            (new OrderExtract(OrganisationId: Guid.CreateVersion7()), 0, 0),
            (new OrderExtract(TotalsOnly: true, WithBirthDate: true), 300, 0),
            (new OrderExtract(AsOf: new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)), 0, 0),
        })
        {
            var receipt = await (await host.Volunteer(volunteer).PostJsonAsync("/api/v1/extracts", order)).JsonAsync();
            var file = await host.Volunteer(volunteer).GetByteArrayAsync(
                new Uri($"/api/v1/extracts/{receipt.GetProperty("id").GetGuid()}/file", UriKind.Relative), TestContext.Current.CancellationToken);
            var report = Check.Offline(file, new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow);
            report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
            report.Findings.Single(finding => finding.About == "total" && finding.Text.StartsWith("signed", StringComparison.Ordinal)).Text
                .ShouldStartWith($"signed: {minutes} min");
            report.Findings.Single(finding => finding.About == "holder").Text
                .ShouldBe(order.WithBirthDate ? "Ёлкина Агния Щербаковна, born 1999-01-31" : "Ёлкина Агния Щербаковна");
            if (entries > 0)
            {
                report.Findings.ShouldContain(finding => finding.About == "organisations" && finding.Text.StartsWith($"{entries} of {entries}"));
            }
        }
    }

    [Fact]
    [Trait("Feature", "N6")]
    [Trait("Feature", "F30")]
    public async Task a_year_has_the_same_minutes_in_book_as_of_extract_credential_certificate_resume_and_forms()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        var entry = await (await client.PostJsonAsync("/api/v1/entries", new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW",
            [EntryDecisions.AShift(300, "2024-12-31T22:00:00"), EntryDecisions.AShift(
                120, "2025-01-01T10:00:00"), EntryDecisions.AShift(120, "2025-01-02T10:00:00")], Submit: true))).IdAsync();
        host.Verification.Publish(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, "kid", DateTimeOffset.UtcNow, Points: 9));
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "confirmed");

        var book = await client.GetJsonAsync("/api/v1/book");
        foreach (var (year, minutes, points, first, last) in new[] { (2024, 120, 2, "2024-12-31", "2024-12-31"), (2025, 420, 7, "2025-01-01", "2025-01-02") })
        {
            var (from, to) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
            var query = $"from={from:yyyy-MM-dd}&to={to:yyyy-MM-dd}";
            book.GetProperty("totals").GetProperty("byYear")
                .EnumerateArray().Single(line => line.GetProperty("key").GetString() == $"{year}").GetProperty("minutes").GetInt32().ShouldBe(minutes);
            (await client.GetJsonAsync($"/api/v1/book?year={year}")).GetProperty("items").GetArrayLength().ShouldBe(1);
            var asOf = (await client.GetJsonAsync($"/api/v1/book/as-of?{query}")).GetProperty("totals");
            (asOf.GetProperty("minutes").GetInt32(), asOf.GetProperty("points").GetInt32()).ShouldBe((minutes, points));

            var social = await client.GetJsonAsync($"/api/v1/book/forms/social-protection?{query}");
            var line = social.GetProperty("years").EnumerateArray().ShouldHaveSingleItem();
            (social.GetProperty("minutes").GetInt32(), line.GetProperty("year").GetInt32(), line.GetProperty("minutes").GetInt32())
                .ShouldBe((minutes, year, minutes));
            var education = await client.GetJsonAsync($"/api/v1/book/forms/education?{query}");
            (
                education.GetProperty("minutes").GetInt32(), education.GetProperty("points").GetInt32(), education.GetProperty("from").GetString(),
                education.GetProperty("to").GetString())
                .ShouldBe((minutes, points, first, last));
            var employment = await client.GetJsonAsync($"/api/v1/book/forms/employment?{query}");
            (employment.GetProperty("totalMinutes").GetInt32(), employment.GetProperty("experience")[0].GetProperty("minutes").GetInt32())
                .ShouldBe((minutes, minutes));

            var (document, credential) = await OrderedAsync(client, new OrderExtract("en", from, to));
            (document.Totals.Sum(total => total.Minutes), document.Points, document.Entries.Single().OutsideMinutes).ShouldBe((minutes, points, 540 - minutes));
            document.Scope.ShouldBe(new Documents.Extracts.ExtractScope(Documents.Extracts.ExtractScopeKind.Period, from, to));
            credential["credentialSubject"]!["result"]!.AsArray()
                .Sum(result => int.Parse(result!["value"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(minutes);
            // Moscow's midnight is at nine in the evening of UTC.
            credential["credentialSubject"]![year == 2024 ? "activityEndDate" : "activityStartDate"]!.GetValue<string>().ShouldBe("2024-12-31T21:00:00Z");
            (await OrderedAsync(client, new OrderExtract("en", from, to, TotalsOnly: true))).Document.Totals.Sum(total => total.Minutes).ShouldBe(minutes);
        }

        (await OrderedAsync(client, new OrderExtract())).Document.Totals.Sum(total => total.Minutes).ShouldBe(540);
        (await client.GetJsonAsync("/api/v1/book?year=2023")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await client.GetJsonAsync("/api/v1/book/resume?language=en")).GetProperty("volunteer")[0].GetProperty("highlights")[0].GetString()
            .ShouldBe("Забота рядом: 9\u00a0h");
    }

    [Fact]
    [Trait("Feature", "N7")]
    public async Task a_shift_confirmed_in_two_entries_counts_once_in_every_paper()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        using var key = Es256Key.Create();
        var (first, _) = await ConfirmedAsync(volunteer, key, 240);
        var (second, _) = await ConfirmedAsync(volunteer, key, 240);

        var totals = (await client.GetJsonAsync("/api/v1/book")).GetProperty("totals");
        (totals.GetProperty("minutes").GetInt32(), totals.GetProperty("points").GetInt32()).ShouldBe((240, 4));
        var (document, _) = await OrderedAsync(client, new OrderExtract());
        (document.Totals.Sum(total => total.Minutes), document.Points).ShouldBe((240, 4));
        var (minutes, papers) = (0, 0);
        foreach (var entry in new[] { first, second })
        {
            var credential = StrictJson.Read(CompactJws.Read(await client.GetStringAsync(
                new Uri($"/api/v1/entries/{entry}/credential", UriKind.Relative), TestContext.Current.CancellationToken))!.Payload)!;
            minutes += int.Parse(
                credential["credentialSubject"]!["result"]![0]!["value"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
            var pages = await client.GetByteArrayAsync(
                new Uri($"/api/v1/entries/{entry}/certificate", UriKind.Relative), TestContext.Current.CancellationToken);
            var report = Check.Offline(pages, new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow);
            report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
            papers += Attached(pages).Totals.Sum(total => total.Minutes);
        }

        (minutes, papers).ShouldBe((240, 240));
        (await client.GetJsonAsync("/api/v1/book/resume?language=en")).GetProperty("volunteer")[0].GetProperty("highlights")[0].GetString()
            .ShouldBe("Забота рядом: 4\u00a0h");
    }

    [Fact]
    [Trait("Feature", "N8")]
    public async Task what_is_only_claimed_is_left_out_of_an_extract_unless_asked_for_and_then_stands_apart()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        using var key = Es256Key.Create();
        await ConfirmedAsync(volunteer, key, 240);
        // A draft that overlaps by an hour, and a submitted entry.
        await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Черновик", "D12", "RU-MOW", [EntryDecisions.AShift(120, "2025-05-09T13:00:00")]));
        await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Ждёт", "D12", "RU-MOW", [EntryDecisions.AShift(90, "2025-06-09T13:00:00")], Submit: true));

        var (plain, _) = await OrderedAsync(client, new OrderExtract("en"));
        (plain.Totals.Sum(total => total.Minutes), plain.Entries.Count, plain.Claimed).ShouldBe((240, 1, null));
        var (asked, credential) = await OrderedAsync(client, new OrderExtract("en", WithClaimed: true));
        (asked.Totals.Sum(total => total.Minutes), asked.Entries.Count).ShouldBe((240, 1));
        (asked.Claimed!.Totals.Sum(total => total.Minutes), asked.Claimed.Entries.Sum(entry => entry.CountedMinutes), asked.Claimed.Entries.Count)
            .ShouldBe((150, 150, 2));
        credential["credentialSubject"]!["result"]!.AsArray()
            .Sum(result => int.Parse(result!["value"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(240);
        (await OrderedAsync(client, new OrderExtract("ru", TotalsOnly: true, WithClaimed: true))).Document.Claimed!.Totals.Sum(total => total.Minutes)
            .ShouldBe(150);

        var listed = (await client.GetJsonAsync("/api/v1/extracts")).GetProperty("items").EnumerateArray().ToList();
        listed.ShouldAllBe(extract => extract.GetProperty("grades").GetProperty("selfDeclared").GetInt32() == 0
            && extract.GetProperty("entries").GetInt32() == 1);
        listed.Select(extract => extract.GetProperty("scope").TryGetProperty("withClaimed", out var with) && with.GetBoolean()).ShouldBe([true, true, false]);
    }

    [Fact]
    public async Task the_second_of_two_like_hours_is_said_kept_and_the_same_in_book_and_credential()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        var start = new DateTime(2025, 10, 26, 2, 30, 0, DateTimeKind.Unspecified);
        foreach (var (later, instant) in new[] { (false, "2025-10-26T00:30:00Z"), (true, "2025-10-26T01:30:00Z") })
        {
            var entry = await (await client.PostJsonAsync(
                "/api/v1/entries",
                new LogEntry(Organisation, "Ночь", "D12", "RU-MOW", [new Shift(start, "Europe/Berlin", 60, later)], Submit: true))).IdAsync();
            host.Verification.Publish(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, "kid", DateTimeOffset.UtcNow));
            await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "confirmed");
            (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("firstStart").GetDateTimeOffset()
                .ShouldBe(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));
            var credential = StrictJson.Read(CompactJws.Read(await client.GetStringAsync(
                new Uri($"/api/v1/entries/{entry}/credential", UriKind.Relative), TestContext.Current.CancellationToken))!.Payload)!;
            credential["credentialSubject"]!["activityStartDate"]!.GetValue<string>().ShouldBe(instant);
        }

        var (document, _) = await OrderedAsync(client, new OrderExtract());
        document.Entries.SelectMany(entry => entry.Shifts).Select(shift => shift.Later).ShouldBe([true, false]);
        (
            document.Totals.Sum(total => total.Minutes),
            (await client.GetJsonAsync("/api/v1/book")).GetProperty("totals").GetProperty("overlapMinutes").GetInt32()).ShouldBe((120, 0));
        await (await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Ночь", "D12", "RU-MOW", [new Shift(start.AddHours(1), "Europe/Berlin", 60, Later: true)])))
            .ProblemAsync(HttpStatusCode.BadRequest, "start-not-twice");
    }

    [Fact]
    [Trait("Feature", "F47")]
    public async Task the_confirmed_work_is_a_resume_by_organisation_and_project()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        using var key = Es256Key.Create();
        await ConfirmedAsync(volunteer, key, 240);
        await ConfirmedAsync(volunteer, key, 60, "2024-02-01T10:00:00");
        await (await client.PostJsonAsync(
            "/api/v1/entries",
            new LogEntry(Organisation, "Черновик", "D12", "RU-MOW", [EntryDecisions.AShift(30, "2025-06-01T10:00:00")]))).ShouldBeAsync(HttpStatusCode.Created);

        var resume = await client.GetJsonAsync("/api/v1/book/resume?language=en");
        resume.GetProperty("basics").GetProperty("name").GetString().ShouldBe("Ёлкина Агния Щербаковна");
        var item = resume.GetProperty("volunteer").EnumerateArray().ShouldHaveSingleItem();
        (item.GetProperty("organization").GetString(), item.GetProperty("startDate").GetString(), item.GetProperty("endDate").GetString())
            .ShouldBe(("АНО «Тёплый дом № 1»", "2024-02-01", "2025-05-09"));
        item.GetProperty("highlights").EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldStartWith("Забота рядом: ");
        await (await client.GetResponseAsync("/api/v1/book/resume?language=de")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-language");
        (await host.Volunteer(Guid.CreateVersion7()).GetJsonAsync("/api/v1/book/resume")).GetProperty("volunteer").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task bad_orders_and_strangers_are_refused_and_guessing_numbers_leads_nowhere()
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        foreach (var (order, code, field) in new[]
        {
            (new OrderExtract("de"), "unknown-language", "language"),
            (new OrderExtract(From: new DateOnly(2025, 2, 2), To: new DateOnly(2025, 2, 1)), "period-reversed", "to"),
            (new OrderExtract(AsOf: DateTimeOffset.UtcNow.AddDays(1)), "moment-in-the-future", "asOf"),
        })
        {
            (await (await client.PostJsonAsync("/api/v1/extracts", order)).ProblemAsync(HttpStatusCode.BadRequest, code)).Errors!.Keys.ShouldBe([field]);
        }

        host.Unregistered.Add(volunteer);
        await (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).ProblemAsync(HttpStatusCode.Conflict, "not-registered");
        var other = host.Volunteer(Guid.CreateVersion7());
        var id = (await (await other.PostJsonAsync("/api/v1/extracts", new OrderExtract())).JsonAsync()).GetProperty("id").GetGuid();
        foreach (var path in new[] { "", "/file", "/credential" })
        {
            (await client.GetResponseAsync($"/api/v1/extracts/{id}{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        var stranger = host.Service.Client();
        foreach (var number in new[] { "VB-2026-00000-00000", "1", "VB-2026-7QX4M-K2DT9", "нет", new string('9', 300) })
        {
            await (await stranger.GetResponseAsync($"/api/v1/checks/{number}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        }

        await (await stranger.PostJsonAsync("/api/v1/checks", new { })).ProblemAsync(HttpStatusCode.BadRequest, "malformed-json");
        (await PostFileAsync("Мусор"u8.ToArray(), "application/pdf")).GetProperty("valid").GetBoolean().ShouldBeFalse();
        // What a stranger hands in is bounded by what it begins like.
        await (await stranger.PostJsonAsync("/api/v1/checks", new { number = new string('9', 2000) }))
            .ProblemAsync(HttpStatusCode.BadRequest, "number-too-long");
        using var nothing = new StringContent("null", System.Text.Encoding.UTF8, "application/json");
        await (await stranger.PostAsync(new Uri("/api/v1/checks", UriKind.Relative), nothing, TestContext.Current.CancellationToken))
            .ProblemAsync(HttpStatusCode.BadRequest, "malformed-json");
        using var large = new ByteArrayContent(new byte[Check.MostTextBytes + 1]);
        await (await stranger.PostAsync(new Uri("/api/v1/checks", UriKind.Relative), large, TestContext.Current.CancellationToken))
            .ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
        // Whoever sends more than is looked at is let to send it, and hears why it is not.
        using var larger = new ByteArrayContent([.. "%PDF-"u8, .. new byte[40 * 1024 * 1024]]);
        await (await stranger.PostAsync(new Uri("/api/v1/checks", UriKind.Relative), larger, TestContext.Current.CancellationToken))
            .ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");
        (await PostFileAsync([.. "%PDF-"u8, .. new byte[2 * 1024 * 1024]], "application/pdf")).GetProperty("valid").GetBoolean().ShouldBeFalse();
        (await stranger.GetResponseAsync("/api/v1/status-lists/7")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.GetResponseAsync("/api/v1/status-lists/-1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Feature", "N4")]
    public async Task the_log_is_asked_as_often_for_many_entries_as_for_few_and_every_proof_holds()
    {
        var few = await CommandsOfOrderAsync(2);
        var many = await CommandsOfOrderAsync(20);
        // Of the log's tiles there may be another by then.
        many.ShouldBeLessThanOrEqualTo(few + 2);
    }

    [Theory]
    [InlineData(" vb 2026 7qx4m k2dt9 ", "VB-2026-7QX4M-K2DT9")]
    [InlineData("VB-2026-OQX4M-K2DTL", "VB-2026-0QX4M-K2DT1")]
    [InlineData("VB-2026-7QX4U-K2DT9", null)]
    [InlineData("VB-20X6-7QX4M-K2DT9", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void a_number_is_read_as_people_type_it(string? typed, string? number) => DocumentNumber.Read(typed).ShouldBe(number);

    [Fact]
    public async Task the_issuers_keys_are_published_and_verify_its_credentials()
    {
        var volunteer = Guid.CreateVersion7();
        using var key = Es256Key.Create();
        var (entry, _) = await ConfirmedAsync(volunteer, key, 240);
        var jwt = await host.Volunteer(volunteer)
            .GetStringAsync(new Uri($"/api/v1/entries/{entry}/credential", UriKind.Relative), TestContext.Current.CancellationToken);
        var jwk = (await host.Service.Client().GetJsonAsync("/.well-known/jwks.json")).GetProperty("keys")[0];
        CompactJws.Read(jwt)!.Verify(new PublicJwk(jwk.GetProperty("x").GetString()!, jwk.GetProperty("y").GetString()!)).ShouldBeNull();
        (await host.Service.Client().GetJsonAsync("/.well-known/did.json"))
            .GetProperty("verificationMethod")[0].GetProperty("publicKeyJwk").GetProperty("x").GetString().ShouldBe(jwk.GetProperty("x").GetString());
    }

    private async Task<ServiceSettings> OutsideDevelopmentAsync() =>
        host.Settings.With("ConnectionStrings:ledger", await TestInfrastructure.CreateDatabaseAsync("ledger"))
            .With("ConnectionStrings:bus", await TestInfrastructure.CreateVirtualHostAsync())
            .With("Log:SigningKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))) with
        { Environment = "Staging" };

    [Fact]
    public async Task a_credential_is_checked_under_the_published_keys_after_the_issuers_key_was_changed()
    {
        var outside = await OutsideDevelopmentAsync();
        var (old, today) = (outside.WithIssuer(), outside.WithIssuer());
        string before;
        await using (var service = await ServiceHost.StartAsync<Entry>(old.At(ServiceSettings.FreeAddress())))
        {
            before = await CredentialAsync(service);
        }

        var pem = Path.Combine(TemporaryFolders.New(), "earlier.pem");
        using (var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12FromFile(
            old.Configuration["Issuer:Credentials"], "secret"))
        {
            await File.WriteAllTextAsync(pem, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        }

        await using var changed = await ServiceHost.StartAsync<Entry>(today.With("Issuer:EarlierCredentials", pem).At(ServiceSettings.FreeAddress()));
        var after = await CredentialAsync(changed);
        var keys = (await changed.Client().GetJsonAsync("/.well-known/jwks.json")).GetProperty("keys").EnumerateArray()
            .ToDictionary(
                key => key.GetProperty("kid").GetString()!, key => new PublicJwk(key.GetProperty("x").GetString()!, key.GetProperty("y").GetString()!));
        var (first, second) = (CompactJws.Read(before)!, CompactJws.Read(after)!);
        first.Kid.ShouldNotBe(second.Kid);
        first.Verify(keys[first.Kid!]).ShouldBeNull();
        second.Verify(keys[second.Kid!]).ShouldBeNull();
        (await changed.Client().GetJsonAsync("/.well-known/did.json")).GetProperty("assertionMethod").EnumerateArray().Select(key => key.GetString())
            .ShouldBe([second.Kid, first.Kid]);

        async Task<string> CredentialAsync(ServiceHost<Entry> service)
        {
            var volunteer = service.Client(host.Authority.PersonToken(Guid.CreateVersion7()));
            var id = (await (await volunteer.PostJsonAsync("/api/v1/extracts", new OrderExtract("en"))).JsonAsync()).GetProperty("id").GetGuid();
            return await volunteer.GetStringAsync(new Uri($"/api/v1/extracts/{id}/credential", UriKind.Relative), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task outside_development_certificates_come_from_files_and_without_them_the_service_does_not_start()
    {
        var outside = await OutsideDevelopmentAsync();
        (await Should.ThrowAsync<Exception>(() => ServiceHost.StartAsync<Entry>(outside.At(ServiceSettings.FreeAddress())))).GetBaseException().Message
            .ShouldContain("Issuer:Documents");

        await using var service = await ServiceHost.StartAsync<Entry>(outside.WithIssuer().At(ServiceSettings.FreeAddress()));
        var volunteer = service.Client(host.Authority.PersonToken(Guid.CreateVersion7()));
        var id = (await (await volunteer.PostJsonAsync("/api/v1/extracts", new OrderExtract("en"))).JsonAsync()).GetProperty("id").GetGuid();
        var file = await volunteer.GetByteArrayAsync(new Uri($"/api/v1/extracts/{id}/file", UriKind.Relative), TestContext.Current.CancellationToken);
        var root = await service.Client().GetStringAsync(new Uri("/api/v1/issuer/root", UriKind.Relative), TestContext.Current.CancellationToken);
        Check.Offline(file, new CheckTrust([new X509CertificateParser().ReadCertificate(Encoding.ASCII.GetBytes(root))]), DateTimeOffset.UtcNow).Ok
            .ShouldBeTrue();
        // Another portal's root does not trust it.
        Check.Offline(file, new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow).Ok.ShouldBeFalse();
        (await service.Client().GetJsonAsync("/.well-known/did.json")).GetProperty("id").GetString().ShouldBe("did:web:book.example");
    }

    private async Task<(Guid Entry, Guid Case)> ConfirmedAsync(Guid volunteer, Es256Key key, int minutes, string start = "2025-05-09T10:00:00")
    {
        var client = host.Volunteer(volunteer);
        var entry = await (await client.PostJsonAsync(
            "/api/v1/entries", new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(minutes, start)], Submit: true))).IdAsync();
        Publish(volunteer, key, entry, 1, minutes, start);
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "confirmed");
        return (entry, CaseIds.Of(entry, 1));
    }

    // The statement that Verification has organisations sign.
    private static byte[] Statement(Guid volunteer, Guid entry, int revision, int minutes, string start = "2025-05-09T10:00:00") =>
        CanonicalJson.Bytes(JsonSerializer.SerializeToNode(new
        {
            form = "https://volunteerbook.example/statements/confirmation/1",
            caseId = CaseIds.Of(entry, revision),
            entryId = entry,
            revision,
            volunteerId = volunteer,
            organisationId = Organisation,
            project = "Забота рядом",
            taskType = "D12",
            region = "RU-MOW",
            level = "participant",
            minutes,
            shifts = new[] { new { start, zone = "Europe/Moscow", minutes } },
        }));

    // As Verification tells it.
    private void Publish(Guid volunteer, Es256Key key, Guid entry, int revision, int minutes, string start = "2025-05-09T10:00:00")
    {
        var statement = Statement(volunteer, entry, revision, minutes, start);
        host.Verification.Publish(new CaseConfirmedV1(
            CaseIds.Of(entry, revision), entry, revision, Organisation, key.Kid, DateTimeOffset.UtcNow, Signature: key.Sign(statement), Points: 4,
            Key: new SigningJwk(key.Public.X, key.Public.Y)));
    }

    /// <summary>Orders an extract of so many entries, whose signatures are in the log; says how many commands the database got for it.</summary>
    private async Task<int> CommandsOfOrderAsync(int entries)
    {
        var volunteer = Guid.CreateVersion7();
        var client = host.Volunteer(volunteer);
        using var key = Es256Key.Create();
        for (var entry = 0; entry < entries; entry++)
        {
            var (id, _) = await ConfirmedAsync(volunteer, key, 30 + entry);
            await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{id}/proofs")).GetProperty("events").GetArrayLength() == 3);
        }

        using var order = new Activity("order").Start();
        var commands = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => commands += activity.TraceId == order.TraceId ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        var receipt = await (await (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).ShouldBeAsync(HttpStatusCode.Created))
            .JsonAsync<ExtractReceipt>();
        order.Stop();
        commands.ShouldBeGreaterThan(0);

        var file = await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{receipt.Id}/file", UriKind.Relative), TestContext.Current.CancellationToken);
        var log = NoteVerifier.Parse(
            (await host.Service.Client().GetStringAsync(new Uri("/api/v1/log/key", UriKind.Relative), TestContext.Current.CancellationToken)).Trim());
        var report = Check.Offline(file, new CheckTrust([await RootAsync()], Log: new LogInclusion(log)), DateTimeOffset.UtcNow);
        report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
        report.Findings.ShouldContain(finding => finding.About == "log" && finding.Text.StartsWith($"{entries} of {entries} signatures are proven"));
        return commands;
    }

    /// <summary>Orders an extract that passes the check; what is attached to it, and its credential.</summary>
    private async Task<(Documents.Extracts.ExtractDocument Document, System.Text.Json.Nodes.JsonNode Credential)> OrderedAsync(
        HttpClient client, OrderExtract order)
    {
        var receipt = await (await (await client.PostJsonAsync("/api/v1/extracts", order)).ShouldBeAsync(HttpStatusCode.Created)).JsonAsync<ExtractReceipt>();
        var file = await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{receipt.Id}/file", UriKind.Relative), TestContext.Current.CancellationToken);
        var report = Check.Offline(file, new CheckTrust([await RootAsync()]), DateTimeOffset.UtcNow);
        report.Ok.ShouldBeTrue(string.Join('\n', report.Findings));
        var credential = await client.GetStringAsync(
            new Uri($"/api/v1/extracts/{receipt.Id}/credential", UriKind.Relative), TestContext.Current.CancellationToken);
        return (Attached(file), StrictJson.Read(CompactJws.Read(credential)!.Payload)!);
    }

    private static Documents.Extracts.ExtractDocument Attached(byte[] file)
    {
        using var pdf = UglyToad.PdfPig.PdfDocument.Open(file);
        pdf.Advanced.TryGetEmbeddedFiles(out var files).ShouldBeTrue();
        return Documents.Extracts.ExtractJson.Read(files.Single().Memory.Span).ShouldNotBeNull();
    }

    private async Task<X509Certificate> RootAsync()
    {
        var pem = await host.Service.Client().GetStringAsync(new Uri("/api/v1/issuer/root", UriKind.Relative), TestContext.Current.CancellationToken);
        return new X509CertificateParser().ReadCertificate(Encoding.ASCII.GetBytes(pem));
    }

    private async Task<JsonElement> PostFileAsync(byte[] file, string type)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        var answer = await host.Service.Client().PostAsync(new Uri("/api/v1/checks", UriKind.Relative), content, TestContext.Current.CancellationToken);
        await answer.ShouldBeAsync(HttpStatusCode.OK);
        return await answer.JsonAsync();
    }

    // As any verifier does: the list that the credential names, its bit.
    private async Task<bool> IsRevokedAsync(string jwt)
    {
        var status = StrictJson.Read(CompactJws.Read(jwt)!.Payload)!["credentialStatus"]!;
        var list = await host.Service.Client().GetStringAsync(
            new Uri(new Uri(status["statusListCredential"]!.GetValue<string>()).AbsolutePath, UriKind.Relative), TestContext.Current.CancellationToken);
        var encoded = StrictJson.Read(CompactJws.Read(list)!.Payload)!["credentialSubject"]!["encodedList"]!.GetValue<string>();
        return StatusList.Decode(encoded)!.IsSet(int.Parse(status["statusListIndex"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<string> PdfSigAsync(byte[] file)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, file);
            using var pdfsig = Process.Start(new ProcessStartInfo("pdfsig", [path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            return await pdfsig.StandardOutput.ReadToEndAsync();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
