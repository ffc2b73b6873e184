using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Documents.Pdf;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>What the offline check finds, and what it refuses.</summary>
[Trait("Feature", "N3")]
[Trait("Feature", "F3")]
public sealed class CheckTests
{
    private static readonly CheckTrust Trust = new(Samples.Roots);

    [Theory]
    [InlineData("ru", false)]
    [InlineData("en", true)]
    public async Task an_extract_and_a_certificate_stand_and_tell_what_they_are(string language, bool certificate)
    {
        var document = certificate ? Samples.Certificate(language) : Samples.Extract(20, language);
        var report = Of(await Samples.Pdf(document));
        report.Ok.ShouldBeTrue(report.Refusal?.Text);
        report.Kind.ShouldBe(CheckedKind.Pdf);
        Told(report, "document").ShouldContain(document.Number);
        Told(report, "holder").ShouldContain(document.Holder.Name);
        Told(report, "time-stamp").ShouldStartWith("2026-11-22T11:05:09Z");
        Told(report, "certificate").ShouldContain("VolunteerBook Documents");
        Told(report, "organisations").ShouldStartWith(certificate ? "1 of 1" : "4 of 20");
        report.Findings.Count(finding => finding.About == "total").ShouldBe(5);
    }

    [Fact]
    public async Task totals_only_say_that_they_cannot_be_added_up_again()
    {
        var report = Of(await Samples.Pdf(Samples.Extract(10, "ru", new ExtractScope(ExtractScopeKind.TotalsOnly)) with { Entries = [] }));
        report.Ok.ShouldBeTrue(report.Refusal?.Text);
        Told(report, "totals").ShouldContain("cannot be added up");
    }

    [Fact]
    public async Task a_document_without_a_time_stamp_is_checked_at_the_moment_of_the_check()
    {
        var pdf = await SignedExtract.Make(Samples.Certificate(), Samples.Portal.Documents);
        Of(pdf).Ok.ShouldBeTrue();
        Check.Offline(pdf, Trust, Samples.Now.AddYears(4)).Refusal!.About.ShouldBe("certificate");
        Check.Offline(await Samples.Pdf(Samples.Certificate()), Trust, Samples.Now.AddYears(4)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task under_another_root_nothing_stands()
    {
        var other = new CheckTrust([new(PortalCertificates.Issue("АНО «Книжка волонтёра»", Samples.Now).Root.RawData)]);
        Check.Offline(await Samples.Pdf(Samples.Certificate()), other, Samples.Now).Ok.ShouldBeFalse();
        Check.Offline(await SignedExtract.Make(Samples.Certificate(), Samples.Portal.Documents), other, Samples.Now).Refusal!.About.ShouldBe("certificate");
    }

    // Whoever trusts a public authority's root for time-stamps does not let everyone whom that root certifies issue extracts.
    [Fact]
    public async Task a_root_for_time_stamps_lets_nobody_sign_documents()
    {
        var outer = PortalCertificates.Issue("Другой", Samples.Now);
        Org.BouncyCastle.X509.X509Certificate root = new(outer.Root.RawData);
        var trust = Trust with { TimeStampRoots = [root] };
        var stamped = await SignedExtract.Make(
            Samples.Certificate(), Samples.Portal.Documents, new PortalTimeStampAuthority(outer.TimeStamps, new StoppedClock(Samples.Now)));
        Check.Offline(stamped, trust, Samples.Now).Ok.ShouldBeTrue();
        Check.Offline(stamped, Trust, Samples.Now).Refusal!.About.ShouldBe("time-stamp");
        Check.Offline(await SignedExtract.Make(Samples.Certificate(), outer.Documents), trust, Samples.Now).Refusal!.About.ShouldBe("certificate");
    }

    [Fact]
    public async Task totals_that_the_entries_do_not_add_up_to_are_refused()
    {
        var document = Samples.Extract(10);
        GradeTotal[] wrong = [.. document.Totals.Select(total => total.Grade == EvidenceGrade.Confirmed ? total with { Minutes = total.Minutes + 60 } : total)];
        Of(await Samples.Pdf(document with { Totals = wrong })).Refusal!.About.ShouldBe("totals");
        Of(await Samples.Pdf(document with { Points = document.Points + 1 })).Refusal!.About.ShouldBe("totals");
        Of(await Samples.Pdf(document with { Totals = [.. document.Totals.Take(4)] })).Ok.ShouldBeFalse();
    }

    [Theory]
    [InlineData("minutes")]
    [InlineData("project")]
    [InlineData("taskType")]
    [InlineData("region")]
    [InlineData("volunteerId")]
    [InlineData("organisationId")]
    [InlineData("entryId")]
    [InlineData("shifts")]
    [InlineData("form")]
    public async Task an_organisation_that_signed_something_else_is_seen(string fact)
    {
        var entry = Samples.Entry(0, EvidenceGrade.Signed);
        var statement = Samples.Statement(entry);
        statement[fact] = "другое";
        var refusal = Of(await Samples.Pdf(With(Samples.Sign(entry, statement)))).Refusal.ShouldNotBeNull();
        refusal.About.ShouldBe("organisation");
        refusal.Text.ShouldContain(fact);
    }

    [Fact]
    public async Task another_organisations_signature_or_none_is_seen()
    {
        var entry = Samples.Entry(0, EvidenceGrade.Signed);
        var other = Samples.Entry(1, EvidenceGrade.Signed);
        Of(await Samples.Pdf(With(entry with { Signature = entry.Signature! with { Key = other.Signature!.Key } }))).Refusal!.Text
            .ShouldContain("names another key");
        Of(await Samples.Pdf(With(entry with { Signature = other.Signature }))).Refusal!.Text.ShouldContain("differs");
        using var stranger = Es256Key.Create();
        var forged = stranger.Sign(CanonicalJson.Bytes(Samples.Statement(entry)), new JsonObject { ["kid"] = entry.Signature.Key!.Kid() });
        Of(await Samples.Pdf(With(entry with { Signature = entry.Signature with { Text = forged } }))).Refusal!.Text.ShouldContain("is not valid");
        Of(await Samples.Pdf(With(entry with { Signature = null }))).Refusal!.Text.ShouldContain("is not");
        Of(await Samples.Pdf(With(entry with { Grade = EvidenceGrade.Confirmed }))).Refusal!.Text.ShouldContain("says that it is not");
    }

    [Fact]
    [Trait("Feature", "F8")]
    public async Task a_proof_is_checked_where_the_logs_key_is_given()
    {
        var pdf = await Samples.Pdf(Samples.Extract(10));
        Told(Of(pdf), "log").ShouldContain("not checked");
        Told(Check.Offline(pdf, Trust with { Log = new Log(true) }, Samples.Now), "log").ShouldStartWith("2 of 2 signatures");
        Check.Offline(pdf, Trust with { Log = new Log(false) }, Samples.Now).Refusal!.About.ShouldBe("log");
    }

    // Signed by us, but of pages that say something else than the data.
    [Fact]
    public async Task pages_that_do_not_show_the_attached_totals_are_refused()
    {
        var pages = await Samples.Pdf(Samples.Extract(10));
        var data = ExtractJson.Write(Samples.Extract(11));
        var update = await PdfSignature.Sign(
            Unsigned(pages), new PdfAttachment(ExtractJson.FileName, "application/json", "", data), new PdfSigning("Портал", "", Samples.Now, "ru-RU"),
            Samples.Portal.Documents, Samples.Authority);
        var refusal = Of(update).Refusal.ShouldNotBeNull();
        refusal.About.ShouldBe("attachment");
        refusal.Text.ShouldContain("do not show");
    }

    [Fact]
    public async Task a_credential_stands_and_tells_what_it_is()
    {
        var report = Of(Encoding.ASCII.GetBytes(Credential()));
        report.Ok.ShouldBeTrue(report.Refusal?.Text);
        report.Kind.ShouldBe(CheckedKind.Credential);
        Told(report, "issuer").ShouldContain("did:web:book.volunteer.example");
        Told(report, "total").ShouldBe("signed: 160 min");
        Told(report, "status").ShouldContain("entry 7 of https://book.volunteer.example/status/1");
        Check.Offline(Encoding.ASCII.GetBytes(Credential() + "\n"), Trust, Samples.Now).Ok.ShouldBeTrue();
        Check.Offline(Encoding.ASCII.GetBytes(Credential()), new CheckTrust([]), Samples.Now).Refusal!.About.ShouldBe("certificate");
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData("jti")]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("nbf")]
    public void a_credential_whose_claims_say_something_else_is_refused(string claim)
    {
        var jws = CompactJws.Read(Credential())!;
        var payload = JsonNode.Parse(jws.Payload)!;
        payload[claim] = "другое";
        using var key = Es256Key.Of(Samples.Portal.Credentials);
        var forged = key.Sign(Encoding.UTF8.GetBytes(payload.ToJsonString()), (JsonObject)jws.Header.DeepClone());
        Of(Encoding.ASCII.GetBytes(forged)).Refusal!.About.ShouldBe("claims");
    }

    // The key in the header is anybody's; the certificate beside it says whose.
    [Fact]
    public void a_credential_by_a_key_without_its_certificate_is_refused()
    {
        var jws = CompactJws.Read(Credential())!;
        using var key = Es256Key.Create();
        var header = (JsonObject)jws.Header.DeepClone();
        header["jwk"] = key.Public.ToJson();
        header["kid"] = "did:web:book.volunteer.example#" + key.Kid;
        Of(Encoding.ASCII.GetBytes(key.Sign(jws.Payload, header))).Refusal!.About.ShouldBe("signature");
    }

    [Fact]
    public void an_organisations_statement_stands_under_its_key_only()
    {
        var signature = Samples.Entry(4).Signature!;
        var file = Encoding.ASCII.GetBytes(signature.Text);
        var report = Check.Offline(file, new CheckTrust([], Keys: [signature.Key!]), Samples.Now);
        report.Ok.ShouldBeTrue();
        report.Kind.ShouldBe(CheckedKind.Jws);
        Told(report, "minutes").ShouldBe("160");
        Of(file).Refusal!.About.ShouldBe("key");
    }

    [Fact]
    public async Task a_detached_signature_stands_over_its_content_only()
    {
        byte[] content = [1, 2, 3];
        var cms = await CadesSignature.Sign(content, Samples.Portal.Documents, Samples.Authority);
        Check.Offline(cms, Trust, Samples.Now, content).Ok.ShouldBeTrue();
        Check.Offline(cms, Trust, Samples.Now, [1, 2, 4]).Refusal!.About.ShouldBe("signature");
        Check.Offline(cms, Trust, Samples.Now).Refusal!.About.ShouldBe("content");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("%PDF-1.7")]
    [InlineData("0")]
    public void nonsense_is_refused(string file) => Of(Encoding.ASCII.GetBytes(file)).Ok.ShouldBeFalse();

    [Fact]
    public async Task the_command_line_prints_a_line_a_finding_and_ends_with_the_verdict()
    {
        using var folder = new Folder();
        folder.Write("root.pem", Samples.Portal.Root.ExportCertificatePem());
        folder.Write("root.cer", Samples.Portal.Root.RawData);
        var pdf = await Samples.Pdf(Samples.Certificate());
        folder.Write("good.pdf", pdf);
        pdf[pdf.Length / 3] ^= 1;
        folder.Write("bad.pdf", pdf);

        foreach (var root in new[] { "root.pem", "root.cer" })
        {
            var (code, said) = await Command(folder, "good.pdf", "--offline", "--root", root);
            code.ShouldBe(0, said);
            said.TrimEnd().ShouldEndWith("check: ok");
            said.ShouldContain("document: ВК-2026-000123-7QX4");
        }

        var refused = await Command(folder, "bad.pdf", "--offline", "--root", "root.pem");
        refused.Code.ShouldBe(1);
        refused.Output.TrimEnd().Split('\n')[^1].ShouldStartWith("check: REFUSED signature");
        (await Command(folder, "good.pdf", "--root", "root.pem")).Code.ShouldBe(2);
        (await Command(folder, "none.pdf", "--offline", "--root", "root.pem")).Code.ShouldBe(2);
        (await Command(folder, "good.pdf", "--offline", "--root", "good.pdf")).Code.ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "N4")]
    public async Task a_proof_under_the_logs_next_key_is_taken_by_who_knows_the_one_before_and_what_both_signed()
    {
        var (first, next, stranger) = (Signer(1), Signer(2), Signer(3));
        var entry = Samples.Entry(1, EvidenceGrade.Signed);
        var record = new JsonObject { ["data"] = new JsonObject { ["signature"] = entry.Signature!.Text } }.ToJsonString();
        var root = MerkleTree.Leaf(LeafCommitment.Of(new byte[32], Encoding.UTF8.GetBytes(record)));
        var proof = new JsonObject
        {
            ["checkpoint"] = Checkpoint.Sign(1, root, next),
            ["index"] = "0",
            ["record"] = record,
            ["salt"] = Convert.ToBase64String(new byte[32]),
            ["hashes"] = new JsonArray(),
        };
        var handed = KeySuccession.Sign(first, next, new Checkpoint("volunteerbook.example/ledger", 0, MerkleTree.EmptyRoot), Samples.Now);
        using var folder = new Folder();
        folder.Write("root.pem", Samples.Portal.Root.ExportCertificatePem());
        folder.Write("extract.pdf", await Samples.Pdf(With(entry with { Signature = entry.Signature with { LogInclusion = proof } })));
        folder.Write(
            "keys.json", new JsonObject { ["keys"] = new JsonArray(new JsonObject(), new JsonObject { ["succession"] = handed.Note }) }.ToJsonString());
        string[] check = ["extract.pdf", "--offline", "--root", "root.pem"];

        foreach (var known in new[] { first, next })
        {
            var (code, said) = await Command(folder, [.. check, "--log-key", known.Verifier.ToString(), "--log-keys", "keys.json"]);
            code.ShouldBe(0, said);
            said.ShouldContain("log: 1 of 1 signatures are proven to be in the log");
        }

        // Without it the next key is anybody's; and what is no such answer, or leads to no key that is trusted, is not gone by.
        (await Command(folder, [.. check, "--log-key", first.Verifier.ToString()])).Output.ShouldContain("check: REFUSED log");
        (await Command(folder, [.. check, "--log-keys", "keys.json"])).Code.ShouldBe(2);
        folder.Write("none.json", "{}");
        (await Command(folder, [.. check, "--log-key", first.Verifier.ToString(), "--log-keys", "none.json"])).Code.ShouldBe(2);
        (await Command(folder, [.. check, "--log-key", stranger.Verifier.ToString(), "--log-keys", "keys.json"])).Code.ShouldBe(2);
    }

    [Fact]
    public async Task the_projects_command_reads_the_files_of_the_folder_it_is_called_in()
    {
        using var folder = new Folder();
        folder.Write("root.pem", Samples.Portal.Root.ExportCertificatePem());
        folder.Write("good.pdf", await Samples.Pdf(Samples.Certificate()));
        var (code, said) = await Tool.Try(Path.Combine(Repository(), "volunteerbook"), folder.Path, "check", "good.pdf", "--offline", "--root", "root.pem");
        (code, said.TrimEnd().Split('\n')[^1]).ShouldBe((0, "check: ok"), said);
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private static Task<(int Code, string Output)> Command(Folder folder, params string[] arguments) =>
        Tool.Try("dotnet", folder.Path, [Path.Combine(AppContext.BaseDirectory, "VolunteerBook.Check.dll"), .. arguments]);

    private static NoteSigner Signer(byte key) => new("volunteerbook.example/ledger", [.. Enumerable.Repeat(key, 32)]);

    private static CheckReport Of(byte[] file) => Check.Offline(file, Trust, Samples.Now);

    private static string Told(CheckReport report, string about) => report.Findings.First(finding => finding.About == about).Text;

    private static ExtractDocument With(ExtractEntry entry) =>
        Samples.Extract(0) with { Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points };

    internal static string Credential(int entry = 4) => VerifiableCredential.Sign(
        AchievementCredential.OfEntry(
            Samples.Entry(entry, EvidenceGrade.Signed), "ru", $"urn:uuid:0192f3a1-9999-7abc-8def-{entry:D12}",
            new CredentialIssuer(new Uri("https://book.volunteer.example/"), "Электронная книжка волонтёра"),
            new CredentialRecipient("urn:uuid:0192f3a1-8888-7abc-8def-000000000001"), Samples.Now,
            new CredentialStatus("https://book.volunteer.example/status/1", 7)),
        new CredentialIssuer(new Uri("https://book.volunteer.example/"), "Электронная книжка волонтёра"), Samples.Portal.Credentials);

    // The file as it was before the update: up to and with its first end.
    private static byte[] Unsigned(byte[] pdf) => pdf[..(pdf.AsSpan().IndexOf("%%EOF"u8) + 5)];

    private sealed class Log(bool proves) : ILogInclusion
    {
        public bool Proves(JsonNode proof, string jws) => proves;
    }
}
