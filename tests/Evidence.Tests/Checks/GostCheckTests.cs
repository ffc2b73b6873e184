using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Evidence.Tests.Documents;
using VolunteerBook.Testing;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>Documents about entries whose organisation signed under ГОСТ Р 34.10-2012.</summary>
[Trait("Feature", "F15")]
[Trait("Feature", "N3")]
public sealed class GostCheckTests
{
    private static readonly GostSigner Root = GostSigner.New("CN=Удостоверяющий центр", null, Samples.Now.AddDays(-1), Samples.Now.AddYears(1));
    private static readonly GostSigner Signer = GostSigner.New("CN=АНО «Ёж»", Root, Samples.Now.AddDays(-1), Samples.Now.AddYears(1));
    private static readonly ExtractEntry Entry = Sign(Samples.Entry(0, EvidenceGrade.Signed), CanonicalJson.Bytes(Samples.Statement(Samples.Entry(0))));

    private static ExtractEntry Sign(ExtractEntry entry, byte[] statement) => entry with
    {
        Grade = EvidenceGrade.Signed,
        Signature = new OrganisationSignature(
            Convert.ToBase64String(Signer.Sign(statement)), null, new JsonObject { ["leafIndex"] = 5 }, Statement: Encoding.UTF8.GetString(statement)),
    };

    private static async Task<CheckReport> CheckAsync(ExtractEntry entry, ILogInclusion? log = null)
    {
        var made = await Samples.Pdf(Samples.Certificate() with { Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points });
        return Check.Offline(made, new CheckTrust(Samples.Roots, Log: log), Samples.Now);
    }

    private static async Task ShouldBeRefusedAsync(ExtractEntry entry, string text)
    {
        var refusal = (await CheckAsync(entry)).Refusal.ShouldNotBeNull();
        (refusal.About, refusal.Text.Contains(text, StringComparison.Ordinal)).ShouldBe(("organisation", true), refusal.Text);
    }

    [Fact]
    public async Task a_signed_entry_stands_and_it_is_told_under_whose_certificate()
    {
        var report = await CheckAsync(Entry);
        report.Ok.ShouldBeTrue(report.Refusal?.Text);
        report.Findings.ShouldContain(finding => finding.About == "organisations" && finding.Text.StartsWith("1 of 1"));
        var told = report.Findings.Single(finding => finding.About == "organisation");
        told.Stands.ShouldBeNull();
        told.Text.ShouldContain("under the certificate of CN=АНО «Ёж», issued by CN=Удостоверяющий центр");
        told.Text.ShouldContain("its issuer is not checked");
    }

    [Fact]
    public void the_attached_data_are_read_as_they_were_written()
    {
        var document = Samples.Extract(3);
        var written = ExtractJson.Write(document with { Entries = [.. document.Entries, Entry] });
        var read = ExtractJson.Read(written).ShouldNotBeNull().Entries[^1].Signature.ShouldNotBeNull();
        (read.Text, read.Statement, read.Key, read.Kid)
            .ShouldBe((Entry.Signature!.Text, Entry.Signature.Statement, null, GostCertificate.KidOf(Signer.Certificate)));
        foreach (var (member, other) in new[]
        {
            ("\"cms\"", "\"jws\""),
            ("\"cms\"", "\"Cms\""),
            ("\"kid\":\"", "\"kid\":\"A"),
            ("\"statement\":\"{", "\"statements\":\"{"),
        })
        {
            ExtractJson.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(written).Replace(member, other, StringComparison.Ordinal))).ShouldBeNull(member);
        }
    }

    [Fact]
    public async Task an_organisation_that_signed_something_else_is_seen()
    {
        var statement = Samples.Statement(Entry);
        statement["minutes"] = 1;
        await ShouldBeRefusedAsync(Sign(Entry, CanonicalJson.Bytes(statement)), "minutes differs");
        // The statement says what the entry says, and the signature is over another.
        await ShouldBeRefusedAsync(
            Entry with { Signature = Entry.Signature! with { Text = Convert.ToBase64String(Signer.Sign(CanonicalJson.Bytes(statement))) } }, "is not valid");
        await ShouldBeRefusedAsync(Entry with { Signature = Entry.Signature with { Statement = Entry.Signature.Statement + " " } }, "is not valid");
    }

    [Fact]
    public async Task what_is_no_gost_signature_is_seen()
    {
        await ShouldBeRefusedAsync(Entry with { Signature = Entry.Signature! with { Text = "MIIB" } }, "not a CMS signature in canonical form");
        await ShouldBeRefusedAsync(
            Entry with { Signature = Entry.Signature with { Text = Entry.Signature.Text + "\n" } }, "not a CMS signature in canonical form");
        var es256 = await CadesSignature.Sign(
            Encoding.UTF8.GetBytes(Entry.Signature.Statement!), Samples.Portal.Documents, ct: TestContext.Current.CancellationToken);
        await ShouldBeRefusedAsync(Entry with { Signature = Entry.Signature with { Text = Convert.ToBase64String(es256) } }, "is not valid");
        var root = Root.Sign(Encoding.UTF8.GetBytes(Entry.Signature.Statement!));
        await ShouldBeRefusedAsync(Entry with { Signature = Entry.Signature with { Text = Convert.ToBase64String(root) } }, "is not valid");
    }

    // The certificate comes along unchecked: who it is may change, and nothing else.
    [Fact]
    public void no_changed_bit_outside_the_certificate_is_accepted_and_none_fails_the_check()
    {
        var (statement, cms) = (Encoding.UTF8.GetBytes(Entry.Signature!.Statement!), Convert.FromBase64String(Entry.Signature.Text));
        var certificate = Signer.Certificate.GetEncoded();
        var from = cms.AsSpan().IndexOf(certificate);
        from.ShouldBeGreaterThan(0);
        for (var bit = 0; bit < cms.Length * 8; bit += 5)
        {
            cms[bit / 8] ^= (byte)(1 << (bit % 8));
            var stands = CmsSignature.Read(cms) is { Signer: { } signer } read && GostSignature.Verify(read, statement, signer) is null;
            (stands && !(bit / 8 >= from && bit / 8 < from + certificate.Length)).ShouldBeFalse($"bit {bit} was changed, and it was accepted");
            cms[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task a_manifest_that_was_signed_as_a_whole_shows_the_entrys_line()
    {
        byte[][] statements = [CanonicalJson.Bytes(Samples.Statement(Samples.Entry(2))), CanonicalJson.Bytes(Samples.Statement(Entry))];
        var (list, tree) = ListStatement.OfManifest(Entry.OrganisationId, statements);
        var signed = Sign(Entry, list);
        var report = await CheckAsync(signed with { Signature = signed.Signature! with { Lines = [tree.Line(1, statements[1])] } });
        report.Ok.ShouldBeTrue(report.Refusal?.Text);
        await ShouldBeRefusedAsync(signed with { Signature = signed.Signature with { Lines = [tree.Line(0, statements[0])] } }, "entryId differs");
        await ShouldBeRefusedAsync(signed with { Signature = signed.Signature with { Lines = [tree.Line(0, statements[1])] } }, "the list differs");
        await ShouldBeRefusedAsync(signed, "the form differs");
    }

    [Fact]
    public async Task the_log_is_asked_for_the_signature_as_it_was_handed_in()
    {
        (await CheckAsync(Entry, new Log(Entry.Signature!.Text))).Findings
            .ShouldContain(finding => finding.About == "log" && finding.Text.StartsWith("1 of 1 signatures"));
        (await CheckAsync(Entry, new Log("another"))).Refusal.ShouldNotBeNull().About.ShouldBe("log");
    }

    [Fact]
    public void a_credential_holds_the_signature_and_what_it_is_over()
    {
        var evidence = AchievementCredential.OfEntry(
            Entry, "ru", "urn:uuid:1", new CredentialIssuer(new Uri("https://book.example/"), "Портал"),
            new CredentialRecipient("urn:uuid:2"), Samples.Now, null)["evidence"]![0]!;
        evidence["genre"]!.GetValue<string>().ShouldBe("CMS");
        var cms = evidence["id"]!.GetValue<string>()["data:application/pkcs7-signature;base64,".Length..];
        GostSignature.Verify(Convert.FromBase64String(cms), Encoding.UTF8.GetBytes(evidence["description"]!.GetValue<string>()), Signer.Certificate)
            .ShouldBeNull();
    }

    private sealed record Log(string Known) : ILogInclusion
    {
        public bool Proves(JsonNode proof, string signature) => signature == Known;
    }
}
