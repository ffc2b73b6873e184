using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;

namespace VolunteerBook.Evidence.Tests.Credentials;

/// <summary>Open Badges 3.0, W3C VC 2.0, did:web and JSON Resume.</summary>
[Trait("Feature", "F47")]
public sealed class CredentialTests
{
    private const string Id = "urn:uuid:0192f3a1-9999-7abc-8def-000000000001";

    private static readonly CredentialIssuer Issuer = new(new Uri("https://book.volunteer.example/"), "Электронная книжка волонтёра");
    private static readonly CredentialRecipient Recipient = new("urn:uuid:0192f3a1-8888-7abc-8def-000000000001", "Алёна Ёлкина", "alyona@example.org");
    private static readonly CredentialStatus Status = new("https://book.volunteer.example/status/1", 94567);

    private static JsonObject OfEntry(CredentialRecipient? recipient = null) =>
        AchievementCredential.OfEntry(Samples.Entry(4), "ru", Id, Issuer, recipient ?? Recipient, Samples.Now, Status);

    // The library that half of JavaScript verifies tokens with, from the key set that we publish.
    [Fact]
    [Trait("Feature", "N3")]
    public async Task jose_verifies_the_credentials_by_the_published_keys()
    {
        using var folder = new Folder();
        var key = PublicJwkOf(Samples.Portal.Credentials);
        folder.Write("package.json", """{"private":true,"type":"module"}""");
        folder.Write("jwks.json", Issuer.Jwks([key]).ToJsonString());
        folder.Write("did.json", Issuer.DidDocument([key]).ToJsonString());
        folder.Write("entry.jwt", VerifiableCredential.Sign(OfEntry(), Issuer, Samples.Portal.Credentials));
        folder.Write(
            "extract.jwt",
            VerifiableCredential.Sign(AchievementCredential.OfExtract(Samples.Extract(5), Id, Issuer, Recipient, Status), Issuer, Samples.Portal.Credentials));
        folder.Write("list.jwt", VerifiableCredential.Sign(
            StatusList.Of([94567]).Credential(Status.ListUrl, Issuer, Samples.Now, Samples.Now.AddDays(1)), Issuer, Samples.Portal.Credentials));
        folder.Write("verify.mjs", """
            import { readFileSync } from 'node:fs';
            import { gunzipSync } from 'node:zlib';
            import { createLocalJWKSet, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
            const read = name => readFileSync(name, 'utf8');
            const keys = createLocalJWKSet(JSON.parse(read('jwks.json')));
            const options = { algorithms: ['ES256'], issuer: 'did:web:book.volunteer.example', currentDate: new Date('2026-11-22T12:00:00Z') };
            for (const name of ['entry.jwt', 'extract.jwt', 'list.jwt']) {
              const { payload } = await jwtVerify(read(name), keys, options);
              console.log(name, payload.type[1], payload.jti);
            }
            const { kid } = decodeProtectedHeader(read('entry.jwt'));
            const method = JSON.parse(read('did.json')).verificationMethod.find(one => one.id === kid);
            await jwtVerify(read('entry.jwt'), await importJWK(method.publicKeyJwk, 'ES256'), options);
            const entry = (await jwtVerify(read('entry.jwt'), keys, options)).payload;
            const list = (await jwtVerify(read('list.jwt'), keys, options)).payload;
            const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'));
            const at = Number(entry.credentialStatus.statusListIndex);
            console.log('revoked', (bits[at >> 3] & (0x80 >> (at & 7))) !== 0, bits.length);
            let refused = false;
            try { await jwtVerify(read('entry.jwt').replace('.ey', '.fy'), keys, options); } catch { refused = true; }
            console.log('changed refused', refused);
            """);
        // Version 5, for version 6 does not run on Debian 12's Node.js 18.
        await Tool.Run(
            "npm", folder.Path, "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--fetch-retries=5", "jose@5.10.0");
        var said = await Tool.Run("node", folder.Path, "verify.mjs");
        said.ShouldContain($"entry.jwt AchievementCredential {Id}");
        said.ShouldContain($"extract.jwt AchievementCredential {Id}");
        said.ShouldContain("list.jwt BitstringStatusListCredential https://book.volunteer.example/status/1");
        said.ShouldContain("revoked true 16384");
        said.ShouldContain("changed refused true");
    }

    // What 1EdTech's JSON Schema of an AchievementCredential requires, member by member.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void a_credential_has_the_members_that_open_badges_requires(bool ofExtract)
    {
        var credential = ofExtract ? AchievementCredential.OfExtract(Samples.Extract(5), Id, Issuer, Recipient, Status) : OfEntry();
        credential["@context"]!.AsArray().Select(Text)
            .ShouldBe(["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]);
        credential["type"]!.AsArray().Select(Text).ShouldBe(["VerifiableCredential", "AchievementCredential"]);
        Text(credential["id"]).ShouldBe(Id);
        Text(credential["validFrom"]).ShouldBe("2026-11-22T11:05:09Z");
        Text(credential["issuer"]!["type"]![0]).ShouldBe("Profile");
        Text(credential["credentialStatus"]!["type"]).ShouldBe("BitstringStatusListEntry");
        Text(credential["credentialStatus"]!["statusListIndex"]).ShouldBe("94567");
        var subject = credential["credentialSubject"]!;
        Text(subject["type"]![0]).ShouldBe("AchievementSubject");
        foreach (var required in new[] { "id", "type", "criteria", "description", "name" })
        {
            subject["achievement"]![required].ShouldNotBeNull(required);
        }

        Text(subject["achievement"]!["achievementType"]).ShouldBe("CommunityService");
        var described = subject["achievement"]!["resultDescription"]!.AsArray().ToDictionary(one => Text(one!["id"]), one => one!);
        foreach (var description in described.Values)
        {
            new[] { "id", "type", "name", "resultType" }.ShouldAllBe(required => description[required] != null);
        }

        foreach (var result in subject["result"]!.AsArray())
        {
            described.ShouldContainKey(Text(result!["resultDescription"]));
        }
    }

    [Fact]
    public void it_says_of_the_person_only_what_is_asked()
    {
        var identifiers = OfEntry()["credentialSubject"]!["identifier"]!.AsArray();
        Text(identifiers[0]!["identityHash"]).ShouldBe("Алёна Ёлкина");
        Text(identifiers[1]!["identityHash"]).ShouldBe(AchievementCredential.IdentityHash("alyona@example.org", Text(identifiers[1]!["salt"])));
        OfEntry().ToJsonString().ShouldNotContain("alyona@example.org");

        var bare = OfEntry(new CredentialRecipient(Recipient.Id));
        bare["credentialSubject"]!["identifier"].ShouldBeNull();
        // The statement that the organisation signed names the volunteer's id, and nothing else of the person.
        bare["credentialSubject"]!.ToJsonString().ShouldNotContain(Samples.Holder.VolunteerId.ToString());
    }

    // Open Badges 3.0, B.1.13 (IdentityHash): its example.
    [Fact]
    public void an_identity_is_hashed_as_the_standard_does() =>
        AchievementCredential.IdentityHash("a@example.com", "Kosher").ShouldBe("sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399");

    [Theory]
    [InlineData(EvidenceGrade.SelfDeclared)]
    [InlineData(EvidenceGrade.CheckedIn)]
    [InlineData(EvidenceGrade.Matched)]
    public void an_entry_that_nobody_confirmed_gets_none(EvidenceGrade grade) =>
        Should.Throw<ArgumentException>(() => AchievementCredential.OfEntry(Samples.Entry(1, grade), "ru", Id, Issuer, Recipient, Samples.Now, null));

    [Fact]
    public void the_organisations_signature_is_evidence_and_stands_by_itself()
    {
        var evidence = Text(OfEntry()["evidence"]![0]!["id"]);
        CompactJws.Read(evidence["data:application/jose,".Length..])!.Verify(Samples.Entry(4).Signature!.Key!).ShouldBeNull();
    }

    [Theory]
    [InlineData("https://book.example/", "did:web:book.example")]
    [InlineData("https://book.example:8443/", "did:web:book.example%3A8443")]
    [InlineData("https://book.example/portal/ru", "did:web:book.example:portal:ru")]
    public void an_issuer_is_named_after_its_address(string address, string did) => new CredentialIssuer(new Uri(address), "Книжка").Did.ShouldBe(did);

    [Fact]
    public void a_status_list_reads_back_as_what_was_set()
    {
        int[] set = [0, 7, 8, 94567, StatusList.FewestPlaces - 1];
        var list = StatusList.Decode(StatusList.Of(set).Encode()).ShouldNotBeNull();
        list.Places.ShouldBe(131_072);
        Enumerable.Range(0, list.Places).Where(list.IsSet).ShouldBe(set);
    }

    // W3C Bitstring Status List v1.0, the example of a list of 131,072 places with none set.
    [Fact]
    public void the_example_of_the_standard_reads_as_an_empty_list()
    {
        var list = StatusList.Decode("uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA").ShouldNotBeNull();
        list.Places.ShouldBe(131_072);
        Enumerable.Range(0, list.Places).Where(list.IsSet).ShouldBeEmpty();
    }

    [Fact]
    public void what_is_no_status_list_is_none()
    {
        StatusList.Decode("").ShouldBeNull();
        StatusList.Decode("zH4sIAAAA").ShouldBeNull();
        StatusList.Decode("uAAAA").ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => StatusList.Of([], 1024));
        Should.Throw<ArgumentOutOfRangeException>(() => StatusList.Of([-1]));
        Should.Throw<ArgumentOutOfRangeException>(() => StatusList.Of([StatusList.FewestPlaces]));
    }

    [Fact]
    public void a_list_that_unpacks_without_end_is_none()
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(new byte[(16 * 1024 * 1024) + 1]);
        }

        StatusList.Decode("u" + System.Buffers.Text.Base64Url.EncodeToString(packed.ToArray())).ShouldBeNull();
    }

    [Fact]
    [Trait("Feature", "F47")]
    public void a_resume_has_an_item_for_each_organisation_with_its_days_and_hours()
    {
        var document = Samples.Extract(12);
        var resume = JsonResume.Of(document);
        Text(resume["basics"]!["name"]).ShouldBe(Samples.Holder.Name);
        var items = resume["volunteer"]!.AsArray();
        items.Count.ShouldBe(3);
        var hedgehog = items.Single(item => Text(item!["organization"]) == "АНО «Ёж»")!;
        Text(hedgehog["startDate"]).ShouldBe("2024-01-07");
        Text(hedgehog["endDate"]).ShouldBe("2024-01-11");
        Text(hedgehog["summary"]).ShouldContain("Сверено с учётом: 1\u00a0ч\u00a050\u00a0мин");
        hedgehog["highlights"]!.AsArray().Count.ShouldBe(4);
    }

    private static PublicJwk PublicJwkOf(CertifiedKey key)
    {
        using var own = Es256Key.Of(key);
        return own.Public;
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
