using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>A credential's time, status, issuer and shape (W3C data model 2.0) are each judged and said, and no shape is a surprise.</summary>
[Trait("Feature", "F32")]
public sealed class CredentialShapeTests
{
    private const string Did = "did:web:book.volunteer.example";

    [Theory]
    // Legal, each a way to write one thing.
    [InlineData("""{"type":"VerifiableCredential"}""", null)]
    [InlineData("""{"type":["VerifiableCredential","OpenBadgeCredential","https://example.org/Other"]}""", null)]
    [InlineData("""{"@context":"https://www.w3.org/ns/credentials/v2"}""", null)]
    [InlineData("""{"@context":["https://www.w3.org/ns/credentials/v2",{"own":"https://example.org/own"}]}""", null)]
    [InlineData("""{"issuer":"did:web:book.volunteer.example"}""", null)]
    [InlineData(
        """{"issuer":{"id":"did:web:book.volunteer.example","name":[{"@value":"Книжка","@language":"ru"},{"@value":"Book","@language":"en"}]}}""", null)]
    [InlineData("""{"name":{"@value":"Часы","@language":"ru","@direction":"ltr"}}""", null)]
    [InlineData("""{"credentialSubject":{"hours":5}}""", null)]
    [InlineData("""{"credentialSubject":[{"id":"did:example:a","result":{"value":"5"}},{"id":"did:example:b","result":[{"value":7},"5",null]}]}""", null)]
    [InlineData("""{"credentialStatus":[{"type":"BitstringStatusListEntry","statusListIndex":"4"},{"id":"https://example.org/s#5","type":["Other"]}]}""", null)]
    [InlineData("""{"credentialStatus":null}""", null)]
    [InlineData("""{"evidence":{"type":["Evidence"]}}""", null)]
    [InlineData("""{"evidence":{"id":"data:application/jose,eyJ.e30.AA","type":["Evidence"]}}""", null)]
    [InlineData("""{"description":[{"@value":"Hours"},{"@value":"Часы","@language":"ru"}]}""", null)]
    [InlineData("""{"id":null}""", "shape")]
    [InlineData("""{"validFrom":null}""", "shape")]
    [InlineData("""{"iss":null,"nbf":null,"jti":null,"sub":null}""", "claims")]
    // Not legal.
    [InlineData("""{"type":"OpenBadgeCredential"}""", "shape")]
    [InlineData("""{"type":[]}""", "shape")]
    [InlineData("""{"type":["VerifiableCredential",5]}""", "shape")]
    [InlineData("""{"@context":["https://example.org/first","https://www.w3.org/ns/credentials/v2"]}""", "shape")]
    [InlineData("""{"@context":[[[]]]}""", "shape")]
    [InlineData("""{"@context":5}""", "shape")]
    [InlineData("""{"id":["urn:uuid:1","urn:uuid:2"]}""", "shape")]
    [InlineData("""{"id":"not a url"}""", "shape")]
    [InlineData("""{"issuer":["did:web:book.volunteer.example"]}""", "shape")]
    [InlineData("""{"issuer":{"name":"Никто"}}""", "shape")]
    [InlineData("""{"issuer":5}""", "shape")]
    [InlineData("""{"credentialSubject":[]}""", "shape")]
    [InlineData("""{"credentialSubject":{}}""", "shape")]
    [InlineData("""{"credentialSubject":"did:example:a"}""", "shape")]
    [InlineData("""{"credentialStatus":{"id":"https://example.org/s"}}""", "shape")]
    [InlineData("""{"credentialStatus":"https://example.org/s"}""", "shape")]
    [InlineData("""{"evidence":[{"type":"Evidence"},{"id":"https://example.org/e"}]}""", "shape")]
    [InlineData("""{"termsOfUse":{"id":"https://example.org/t"}}""", "shape")]
    [InlineData("""{"validFrom":"2026-11-22"}""", "shape")]
    [InlineData("""{"validFrom":"2026-11-22T10:00:00"}""", "shape")]
    [InlineData("""{"validFrom":["2026-11-22T10:00:00Z"]}""", "shape")]
    [InlineData("""{"validUntil":{}}""", "shape")]
    [InlineData("""{"validFrom":"2026-11-22T11:00:00Z","validUntil":"2026-11-22T10:30:00Z"}""", "shape")]
    [InlineData("""{"@context":["https://www.w3.org/ns/credentials/v2",7]}""", "shape")]
    [InlineData("""{"@context":["https://www.w3.org/ns/credentials/v2","https ://no.example/v1"]}""", "shape")]
    [InlineData("""{"@context":[{"@value":"https://www.w3.org/ns/credentials/v2"}]}""", "shape")]
    [InlineData("""{"credentialSchema":{"type":"JsonSchema"}}""", "shape")]
    [InlineData("""{"credentialSchema":[{"id":"https://example.org/a","type":"JsonSchema"},{"id":"not a url","type":"JsonSchema"}]}""", "shape")]
    [InlineData("""{"credentialStatus":{"id":["urn:a","urn:b"],"type":"Other"}}""", "shape")]
    [InlineData("""{"credentialStatus":{"id":"not a url","type":"Other"}}""", "shape")]
    [InlineData("""{"evidence":{"id":7,"type":"Evidence"}}""", "shape")]
    [InlineData("""{"name":{"@value":"Hours","@language":"en","url":"urn:a"}}""", "shape")]
    [InlineData("""{"name":["Hours","Часы"]}""", "shape")]
    [InlineData("""{"description":{"@language":"en"}}""", "shape")]
    [InlineData("""{"issuer":{"id":"did:web:book.volunteer.example","name":{"@value":"Book","extra":"x"}}}""", "shape")]
    // Of somebody else.
    [InlineData("""{"issuer":"did:web:other.example"}""", "issuer")]
    [InlineData("""{"issuer":{"id":"did:web:book.volunteer.example:path"}}""", "issuer")]
    public void a_shape_is_judged(string change, string? refused)
    {
        var report = Of(change);
        (report.Kind, report.Refusal?.About).ShouldBe((CheckedKind.Credential, refused), report.Refusal?.Text);
    }

    [Theory]
    [InlineData("2026-11-22T11:05:09Z", null, "valid since 2026-11-22T11:05:09Z, without an end")]
    [InlineData("2026-11-22T14:05:09+03:00", "2026-11-22T11:05:10Z", "until 2026-11-22T11:05:10Z")]
    [InlineData("2026-11-22T11:05:10Z", null, "not yet")]
    [InlineData("2026-11-22T11:00:00Z", "2026-11-22T11:05:09Z", "expired")]
    public void the_time_is_judged(string from, string? until, string said)
    {
        var change = new JsonObject
        {
            ["validFrom"] = from,
            ["nbf"] = DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds(),
        };
        if (until is not null)
        {
            change["validUntil"] = until;
        }

        var report = Of(change.ToJsonString());
        var time = report.Findings.Single(finding => finding.About == "time");
        time.Text.ShouldContain(said);
        report.Ok.ShouldBe(said.StartsWith("valid", StringComparison.Ordinal) || said.StartsWith("until", StringComparison.Ordinal), report.Refusal?.Text);
    }

    [Fact]
    public void what_needs_the_network_is_said()
    {
        var status = Of("{}").Findings.Single(finding => finding.About == "status");
        status.Stands.ShouldBeNull();
        status.Text.ShouldStartWith("cannot be checked offline: revocation is entry 7 of https://");
        Of("""{"credentialStatus":[{"type":"A"},{"type":"B"}]}""").Findings.Count(finding => finding.About == "status").ShouldBe(2);
    }

    // Any value in the place of any member: it may be refused, and nothing is thrown.
    [Fact]
    public void no_shape_is_a_surprise()
    {
        string[] values =
        [
            "null",
            "5",
            "-0",
            "\"\"",
            "\"x\"",
            "[]",
            "[null]",
            "[[]]",
            "{}",
            """{"@value":{}}""",
            """{"id":{}}""",
            """{"id":[1]}""",
            """{"type":{}}""",
            """[{"result":[{"resultDescription":[],"value":{}}]}]""",
            "1e999",
        ];
        var members = JsonNode.Parse(CompactJws.Read(CheckTests.Credential())!.Payload)!
            .AsObject().Select(member => member.Key).Append("validUntil").Append("exp").ToList();
        foreach (var (member, value) in members.SelectMany(member => values.Select(value => (member, value))))
        {
            Of($$"""{"{{member}}":{{value}}}""").Findings.ShouldNotBeEmpty();
        }
    }

    private static CheckReport Of(string change)
    {
        var jws = CompactJws.Read(CheckTests.Credential())!;
        var payload = JsonNode.Parse(jws.Payload)!.AsObject();
        var changed = JsonNode.Parse(change)!.AsObject();
        // What the registered claims say follows what is changed, unless they are what is changed.
        foreach (var claim in new[] { "iss", "jti", "nbf", "sub" }.Where(claim => changed.Count > 0 && !changed.ContainsKey(claim)))
        {
            payload.Remove(claim);
        }

        foreach (var (name, value) in changed)
        {
            payload[name] = value?.DeepClone();
        }

        using var key = Es256Key.Of(Samples.Portal.Credentials);
        return Check.Offline(
            Encoding.ASCII.GetBytes(key.Sign(Encoding.UTF8.GetBytes(payload.ToJsonString()), (JsonObject)jws.Header.DeepClone())),
            new CheckTrust(Samples.Roots), Samples.Now);
    }
}
