using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>What is found to be wrong is what is wrong.</summary>
[Trait("Feature", "F32")]
public sealed class FindingTests
{
    private static readonly CompactJws Genuine = CompactJws.Read(CheckTests.Credential())!;

    [Theory]
    [InlineData("\"none\"", "signed with none; only ES256 is accepted")]
    [InlineData("\"HS256\"", "signed with HS256; only ES256 is accepted")]
    [InlineData("\"ES384\"", "signed with ES384; only ES256 is accepted")]
    [InlineData("\"RS256\"", "signed with RS256; only ES256 is accepted")]
    [InlineData("\"ES256 and nothing else\"", "signed with another algorithm; only ES256 is accepted")]
    [InlineData("5", "signed with no algorithm; only ES256 is accepted")]
    public void another_algorithm_is_called_one(string algorithm, string said)
    {
        var header = (JsonObject)Genuine.Header.DeepClone();
        header["alg"] = JsonNode.Parse(algorithm);
        using var key = Samples.Portal.Credentials.Certificate.GetECDsaPrivateKey()!;
        Refusal(Signed(header, key)).ShouldBe(("signature", $"It says that it is {said}."));

        var statement = CompactJws.Read(Samples.Entry(0, Contracts.Vocabulary.EvidenceGrade.Signed).Signature!.Text)!;
        var alone = new JsonObject { ["alg"] = JsonNode.Parse(algorithm), ["kid"] = statement.Kid };
        var trust = new CheckTrust([], Keys: [Samples.Entry(0, Contracts.Vocabulary.EvidenceGrade.Signed).Signature!.Key!]);
        Check.Offline(Signed(alone, key, statement.Payload), trust, Samples.Now).Refusal!.Text.ShouldBe($"It says that it is {said}.");
    }

    [Fact]
    public void a_key_that_is_not_named_is_said_to_be_none()
    {
        using var key = Samples.Portal.Credentials.Certificate.GetECDsaPrivateKey()!;
        var header = (JsonObject)Genuine.Header.DeepClone();
        header.Remove("kid");
        Refusal(Signed(header, key)).ShouldBe(("issuer", "The key that signed, which it does not name, is not the issuer's, did:web:book.volunteer.example."));
        Check.Offline(Signed(new JsonObject { ["alg"] = "ES256" }, key, "{}"u8.ToArray()), new CheckTrust([]), Samples.Now).Refusal!.Text
            .ShouldBe("It does not name the key that signed.");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("late", "CN=Leaf was not valid at 2026-11-22T11:05:09Z.")]
    [InlineData("over", "CN=Leaf was not valid at 2026-11-22T11:05:09Z.")]
    [InlineData("over between", "CN=Between was not valid at 2026-11-22T11:05:09Z.")]
    [InlineData("over root", "CN=Root was not valid at 2026-11-22T11:05:09Z.")]
    [InlineData(
        "no authority",
        "CN=Leaf leads to a trusted root only through a certificate that may not certify it or has an unknown critical extension.")]
    [InlineData(
        "critical", "CN=Leaf leads to a trusted root only through a certificate that may not certify it or has an unknown critical extension.")]
    [InlineData(
        "critical between",
        "CN=Leaf leads to a trusted root only through a certificate that may not certify it or has an unknown critical extension.")]
    public void what_is_amiss_with_certificates_is_said(string amiss, string? said)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = Certificate("Root", rootKey, null, null, authority: true, over: amiss == "over root");
        var between = Certificate(
            "Between", betweenKey, root, rootKey, amiss != "no authority", over: amiss == "over between", critical: amiss == "critical between");
        var leaf = Certificate("Leaf", key, between, betweenKey, authority: false, over: amiss == "over", late: amiss == "late", critical: amiss == "critical");
        var (header, own) = ((JsonObject)Genuine.Header.DeepClone(), PublicJwk.Of(key));
        header["kid"] = $"did:web:book.volunteer.example#{own.Kid()}";
        header["jwk"] = own.ToJson();
        header["x5c"] = new JsonArray(Convert.ToBase64String(leaf.RawData), Convert.ToBase64String(between.RawData));
        var refusal = Check.Offline(Signed(header, key), new CheckTrust([new(root.RawData)]), Samples.Now).Refusal;
        (refusal?.About, refusal?.Text).ShouldBe((said is null ? null : "certificate", said));
    }

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\r\n", true)]
    [InlineData("\n\n", false)]
    [InlineData("\r", false)]
    [InlineData(" ", false)]
    public void a_line_may_end_as_editors_end_it(string end, bool ok) =>
        Check.Offline(Encoding.ASCII.GetBytes(CheckTests.Credential() + end), new CheckTrust(Samples.Roots), Samples.Now).Ok.ShouldBe(ok);

    private static (string?, string?) Refusal(byte[] credential)
    {
        var refusal = Check.Offline(credential, new CheckTrust(Samples.Roots), Samples.Now).Refusal;
        return (refusal?.About, refusal?.Text);
    }

    private static byte[] Signed(JsonObject header, ECDsa key, byte[]? payload = null)
    {
        var signed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString())) + "." + Base64Url.EncodeToString(payload ?? Genuine.Payload);
        return Encoding.ASCII.GetBytes(signed + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256)));
    }

    private static X509Certificate2 Certificate(
        string name, ECDsa key, X509Certificate2? issuer, ECDsa? by, bool authority, bool over = false, bool late = false, bool critical = false)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            authority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, critical: true));
        if (critical)
        {
            request.CertificateExtensions.Add(new X509Extension("2.999.1", [5, 0], critical: true));
        }

        var (from, until) = (Samples.Now.AddDays(late ? 1 : -9), Samples.Now.AddDays(over ? -1 : 9));
        return issuer is null
            ? request.CreateSelfSigned(from, until)
            : request.Create(issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(by!), from, until, [1, 2, 3, (byte)name.Length]);
    }
}
