using System.Text;
using System.Text.Json.Nodes;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Evidence.Tests.Issued;

/// <summary>One of each kind of document as the system issued it at commit 8e246d1, on 2026-11-28. They are in people's hands, and check for ever.</summary>
[Trait("Feature", "F15")]
[Trait("Feature", "F32")]
public sealed class IssuedDocumentsTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 28, 1, 40, 0, TimeSpan.Zero);
    private static readonly NoteVerifier LogKey = NoteVerifier.Parse(Text("log.key").Trim());
    private static readonly CheckTrust Trust = new(
        [new X509CertificateParser().ReadCertificate(Bytes("root.pem"))],
        Keys: [PublicJwk.Read(JsonNode.Parse(Text("organisation.jwk")))!],
        Log: new LogInclusion(LogKey));

    [Theory]
    [InlineData("extract.pdf", CheckedKind.Pdf, "VB-2026-FMVWX-34GMA")]
    [InlineData("certificate.pdf", CheckedKind.Pdf, "90 min")]
    [InlineData("credential.jwt", CheckedKind.Credential, "did:web:localhost%3A26000")]
    [InlineData("gost-credential.jwt", CheckedKind.Credential, "90 min")]
    [InlineData("extract-credential.jwt", CheckedKind.Credential, "did:web:localhost%3A26000")]
    [InlineData("status-list.jwt", CheckedKind.Credential, "did:web:localhost%3A26000")]
    [InlineData("confirmation.jws", CheckedKind.Jws, "240")]
    [InlineData("list.jws", CheckedKind.Jws, ListStatement.ManifestForm)]
    [InlineData("sheet.jws", CheckedKind.Jws, ListStatement.SheetForm)]
    public void what_was_issued_checks(string file, CheckedKind kind, string told)
    {
        var report = Check.Offline(Bytes(file), Trust, Then);
        report.Ok.ShouldBeTrue(report.Refusal?.Text);
        report.Kind.ShouldBe(kind);
        report.Findings.ShouldContain(finding => finding.Text.Contains(told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("extract.pdf")]
    [InlineData("certificate.pdf")]
    [InlineData("credential.jwt")]
    [InlineData("extract-credential.jwt")]
    public void nothing_else_checks(string file)
    {
        var bytes = Bytes(file);
        bytes[bytes.Length / 3] ^= 1;
        Check.Offline(bytes, Trust, Then).Ok.ShouldBeFalse();
        Check.Offline(Bytes(file), new CheckTrust([]), Then).Ok.ShouldBeFalse();
    }

    [Fact]
    public void an_extract_holds_each_way_to_confirm_and_its_proofs()
    {
        var findings = Check.Offline(Bytes("extract.pdf"), Trust, Then).Findings;
        // By a statement, by a list, by a sheet, and under ГОСТ Р 34.10-2012; what the sheet only matched is not signed.
        findings.ShouldContain(finding => finding.About == "organisations" && finding.Text.StartsWith("19 of 24", StringComparison.Ordinal), string.Join(
            '\n', findings.Select(one => one.Text)));
        findings.ShouldContain(finding => finding.About == "log" && finding.Text.StartsWith("19 of 19 signatures", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.About == "organisation" && finding.Text.Contains("GOST R 34.10-2012", StringComparison.Ordinal));
    }

    [Fact]
    public void a_gost_signature_stands_over_its_statement()
    {
        var cms = CmsSignature.Read(Bytes("gost-signature.p7s")).ShouldNotBeNull();
        GostSignature.Verify(cms, Bytes("gost-statement.json"), GostCertificate.Read(Convert.ToBase64String(cms.Signer!.GetEncoded()))!.X509).ShouldBeNull();
        GostSignature.Verify(cms, Bytes("list.json"), cms.Signer).ShouldBe(CmsFault.ContentDiffers);
    }

    [Fact]
    public void a_list_and_a_sheet_hold_their_lines()
    {
        var manifest = JsonNode.Parse(Text("list.json"))!;
        var statements = manifest["statements"]!.AsArray().Select(one => Encoding.UTF8.GetBytes(one!.GetValue<string>())).ToList();
        var (statement, tree) = ListStatement.OfManifest(new Guid("6bb30024-980c-5403-bc7c-25e1f08de102"), statements);
        Encoding.UTF8.GetString(statement).ShouldBe(manifest["statement"]!.GetValue<string>());
        CompactJws.Read(Text("list.jws"))!.Verify(Trust.Keys![0], statement).ShouldBeNull();
        ListStatement.Holds(JsonNode.Parse(statement)!, tree.Line(1, statements[1])).ShouldBeTrue();
        CompactJws.Read(Text("sheet.jws"))!.Verify(Trust.Keys[0], Bytes("sheet-statement.json")).ShouldBeNull();
    }

    [Fact]
    public void the_log_holds_the_entrys_events()
    {
        var checkpoint = Checkpoint.Open(Bytes("checkpoint"), LogKey).ShouldNotBeNull();
        var proofs = JsonNode.Parse(Text("inclusion.json"))!;
        Checkpoint.Open(Encoding.UTF8.GetBytes(proofs["checkpoint"]!.GetValue<string>()), LogKey)
            .ShouldNotBeNull().Size.ShouldBeLessThanOrEqualTo(checkpoint.Size);
        var confirmed = proofs["events"]!.AsArray().Single(one => one!["type"]!.GetValue<string>() == "entry_confirmed")!;
        var proof = new JsonObject
        {
            ["checkpoint"] = proofs["checkpoint"]!.DeepClone(),
            ["index"] = confirmed["index"]!.ToString(),
            ["record"] = confirmed["record"]!.DeepClone(),
            ["salt"] = confirmed["salt"]!.DeepClone(),
            ["hashes"] = confirmed["inclusion"]!.DeepClone(),
        };
        new LogInclusion(LogKey).Proves(proof, Text("confirmation.jws")).ShouldBeTrue();
        new LogInclusion(LogKey).Proves(proof, Text("list.jws")).ShouldBeFalse();
    }

    [Fact]
    public void the_status_list_says_that_nothing_was_revoked()
    {
        var list = StatusList.Decode(JsonNode.Parse(CompactJws.Read(Text("status-list.jwt"))!.Payload)!["credentialSubject"]!["encodedList"]!
            .GetValue<string>()).ShouldNotBeNull();
        var status = JsonNode.Parse(CompactJws.Read(Text("credential.jwt"))!.Payload)!["credentialStatus"]!;
        list.IsSet(int.Parse(status["statusListIndex"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)).ShouldBeFalse();
    }

    private static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Issued", "Files", name));

    private static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Issued", "Files", name));
}
