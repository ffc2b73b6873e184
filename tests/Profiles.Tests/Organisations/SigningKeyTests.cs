using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Shouldly;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

[Trait("Feature", "F15")]
public sealed class SigningKeyTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly Es256Key Key = Es256Key.Create();
    private static readonly Jwk Jwk = Key.Jwk();
    private static readonly byte[] Statement = StatementOf();

    private static byte[] StatementOf(Guid? account = null, Guid? organisation = null, long version = 0, int minutes = 30) =>
        Proofs.Statements.Of(account ?? Given.Registrant, organisation ?? Given.OrganisationId, version, Now.AddMinutes(minutes));

    private static EventSourcing.Decision Register(RegisterSigningKey command, KnownKey? known = null, params object[] also) =>
        Decide(command with { Proof = command.Proof ?? (command.Jwk == Jwk ? Key.Prove(Statement) : null) }, known, also);

    private static EventSourcing.Decision Decide(RegisterSigningKey command, KnownKey? known = null, params object[] also) =>
        RegisterSigningKeyEndpoint.Decide(Given.Organisation([.. Given.Approved, .. also]), command, known, Proofs.Statements, Given.Registrant, Now);

    private static RegisterSigningKey Another()
    {
        using var key = Es256Key.Create();
        return new RegisterSigningKey("Ключ", key.Jwk(), Proof: key.Prove(Statement));
    }

    private static SigningKeyRegistered Registered(Jwk jwk, DateTimeOffset? until = null) =>
        new(Given.OrganisationId, jwk.Thumbprint(), "Ключ", jwk.X, jwk.Y, Now.AddDays(-1), until, Now.AddDays(-1));

    [Fact]
    public void a_key_is_registered_from_now_without_an_end()
    {
        var proof = Key.Prove(Statement);
        Register(new RegisterSigningKey(" Ноутбук ", Jwk, Proof: proof)).Events
            .ShouldBe([new SigningKeyRegistered(Given.OrganisationId, Jwk.Thumbprint(), "Ноутбук", Jwk.X, Jwk.Y, Now, null, Now, Proof: proof.Signature)]);
    }

    // RFC 7800 has the word for it: who registers a key proves to possess it.
    [Fact]
    public void a_key_is_registered_only_with_a_proof_by_it_for_this_account_and_organisation_that_is_fresh()
    {
        using var other = Es256Key.Create();
        using var elsewhere = Es256Key.Create();
        var changed = Statement.ToArray();
        changed[^10] ^= 1;
        foreach (var (proof, rule, field) in new (KeyProof?, string, string)[]
        {
            (null, "proof-missing", "proof"),
            (new KeyProof(""), "proof-malformed", "proof.signature"),
            (new KeyProof("a.b.c"), "proof-malformed", "proof.signature"),
            (new KeyProof(new string('a', 100_000)), "proof-malformed", "proof.signature"),
            (new KeyProof(Key.Sign(Statement.AsSpan(), new() { ["alg"] = "none" })), "proof-algorithm", "proof.signature"),
            // Another key's, under its own name and under ours.
            (other.Prove(Statement), "proof-other-key", "proof.signature"),
            (new KeyProof(other.Sign(Statement.AsSpan(), new() { ["kid"] = Key.Kid })), "proof-signature", "proof.signature"),
            (new KeyProof(Key.Sign(Statement.AsSpan(), new() { ["kid"] = other.Kid })), "proof-other-key", "proof.signature"),
            // What a key of the organisation signs for other ends is no proof.
            (Key.Prove("{}"u8.ToArray()), "proof-statement", "proof.signature"),
            (Key.Prove([.. Statement, 0x20]), "proof-statement", "proof.signature"),
            (Key.Prove(changed), "proof-statement", "proof.signature"),
            (Key.Prove(StatementOf(account: Guid.NewGuid())), "proof-other-account", "proof.signature"),
            (Key.Prove(StatementOf(organisation: Guid.NewGuid())), "proof-other-organisation", "proof.signature"),
            (Key.Prove(StatementOf(minutes: 0)), "proof-expired", "proof.signature"),
            (Key.Prove(StatementOf(minutes: 61)), "proof-expired", "proof.signature"),
            (Key.Prove(StatementOf(version: 7)), "proof-used", "proof.signature"),
            // Of another installation, which has another master key, and of another address.
            (Key.Prove(Other("Cg==", null)), "proof-statement", "proof.signature"),
            (Key.Prove(Other(null, "https://other.example")), "proof-audience", "proof.signature"),
        })
        {
            var refusal = Decide(new RegisterSigningKey("Ключ", Jwk, Proof: proof)).Refusal.ShouldNotBeNull(rule);
            (refusal.Code, refusal.Field, refusal.Status).ShouldBe((rule, field, 400));
        }

        Decide(new RegisterSigningKey("Ключ", Jwk, Proof: Key.Prove(StatementOf(minutes: 60)))).Refusal.ShouldBeNull();
    }

    private static byte[] Other(string? master, string? address) => new KeyStatements(
        Profiles.People.PersonalData.MasterKey.From(master is null ? null : Convert.ToBase64String(SHA256.HashData("another"u8)), isDevelopment: true),
        new ConfigurationBuilder().AddInMemoryCollection([new("Issuer:Address", address)]).Build()).Of(
            Given.Registrant, Given.OrganisationId, 0, Now.AddMinutes(30));

    [Fact]
    public void a_certificate_is_registered_only_with_a_proof_by_its_key()
    {
        var (signer, other) = (Certified(), Certified());
        foreach (var (proof, rule, field) in new (KeyProof?, string, string)[]
        {
            (null, "proof-missing", "proof"),
            (signer.Prove(Statement) with { Statement = null }, "proof-statement", "proof.statement"),
            (new KeyProof("MIIB", "{}"), "proof-malformed", "proof.signature"),
            (Key.Prove(Statement) with { Statement = "{}" }, "proof-malformed", "proof.signature"),
            (other.Prove(Statement), "proof-other-key", "proof.signature"),
            ((signer with { Keys = other.Keys }).Prove(Statement), "proof-signature", "proof.signature"),
            (signer.Prove(Statement) with { Statement = "{}" }, "proof-signature", "proof.signature"),
            (signer.Prove("{}"u8.ToArray()), "proof-statement", "proof.statement"),
            (signer.Prove(StatementOf(account: Guid.NewGuid())), "proof-other-account", "proof.statement"),
            (signer.Prove(StatementOf(organisation: Guid.NewGuid())), "proof-other-organisation", "proof.statement"),
            (signer.Prove(StatementOf(minutes: 0)), "proof-expired", "proof.statement"),
            (signer.Prove(StatementOf(version: 7)), "proof-used", "proof.statement"),
        })
        {
            var refusal = Decide(new RegisterSigningKey("Токен", Certificate: signer.Base64, Proof: proof)).Refusal.ShouldNotBeNull(rule);
            (refusal.Code, refusal.Field, refusal.Status).ShouldBe((rule, field, 400));
        }
    }

    [Fact]
    public void a_key_from_before_a_proof_was_asked_for_serves_as_it_did()
    {
        var organisation = Given.Organisation([.. Given.Approved, Registered(Jwk), Registered(JwkTests.Fresh()) with { Proof = "a.b.c" }]);
        organisation.Keys.Select(key => key.Proven).ShouldBe([false, true]);
    }

    // Minutes from now.
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(-1440, null, null)]
    [InlineData(-1441, null, "validFrom")]
    [InlineData(100_000, 100_001, null)]
    [InlineData(60, 60, "validUntil")]
    [InlineData(60, 30, "validUntil")]
    [InlineData(-60, 0, "validUntil")]
    [InlineData(null, 1, null)]
    public void validity_begins_about_now_or_later_and_ends_after_that(int? from, int? until, string? field) =>
        (Register(new RegisterSigningKey("Ключ", Jwk, from is { } f ? Now.AddMinutes(f) : null, until is { } u ? Now.AddMinutes(u) : null)).Refusal?.Field)
            .ShouldBe(field);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\nb")]
    public void a_key_has_a_name(string name) => Register(new RegisterSigningKey(name, Jwk)).Refusal.ShouldNotBeNull().Field.ShouldBe("name");

    [Fact]
    public void the_same_key_is_not_registered_twice_not_even_revoked_or_elsewhere()
    {
        Register(new RegisterSigningKey("Ключ", Jwk), also: Registered(Jwk)).Refusal.ShouldNotBeNull().Code.ShouldBe("key-already-registered");
        Register(new RegisterSigningKey("Ключ", Jwk), also: [Registered(Jwk), new SigningKeyRevoked(Given.OrganisationId, Jwk.Thumbprint(), "Потерян", Now)])
            .Refusal.ShouldNotBeNull().Status.ShouldBe(409);
        Register(new RegisterSigningKey("Ключ", Jwk), new KnownKey(Jwk.Thumbprint(), Guid.NewGuid())).Refusal.ShouldNotBeNull().Code
            .ShouldBe("key-already-registered");
        Register(Another(), also: Registered(Jwk)).Refusal.ShouldBeNull();
    }

    [Fact]
    public void an_organisation_that_is_not_approved_has_no_keys() =>
        RegisterSigningKeyEndpoint.Decide(
            Given.Organisation(Given.Registered), new RegisterSigningKey("Ключ", Jwk), null, Proofs.Statements, Given.Registrant, Now)
            .Refusal.ShouldNotBeNull().Code.ShouldBe("organisation-not-approved");

    [Fact]
    public void an_organisation_has_at_most_100_keys_in_force()
    {
        static object Some(int number, DateTimeOffset? until = null) =>
            new SigningKeyRegistered(Given.OrganisationId, $"kid-{number}", "Ключ", "x", "y", Now.AddDays(-1), until, Now.AddDays(-1));
        object[] many = [.. Enumerable.Range(0, 100).Select(number => Some(number))];
        Register(new RegisterSigningKey("Ключ", Jwk), also: many).Refusal.ShouldNotBeNull().Code.ShouldBe("too-many-keys");
        Register(new RegisterSigningKey("Ключ", Jwk), also: [.. many, new SigningKeyRevoked(Given.OrganisationId, "kid-7", "Потерян", Now)]).Refusal
            .ShouldBeNull();
        Register(new RegisterSigningKey("Ключ", Jwk), also: [.. many[1..], Some(0, Now)]).Refusal.ShouldBeNull();
    }

    [Fact]
    public void a_key_is_revoked_once_for_the_first_reason()
    {
        var organisation = Given.Organisation([.. Given.Approved, Registered(Jwk)]);
        var revoked = RevokeSigningKeyEndpoint.Decide(organisation, organisation.Keys[0], new RevokeSigningKey(" Потерян "), Now)
            .Events.ShouldHaveSingleItem().ShouldBeOfType<SigningKeyRevoked>();
        revoked.ShouldBe(new SigningKeyRevoked(Given.OrganisationId, Jwk.Thumbprint(), "Потерян", Now));

        var after = organisation.Apply(revoked);
        (after.Keys[0].RevokedAt, after.Keys[0].RevocationReason).ShouldBe((Now, "Потерян"));
        RevokeSigningKeyEndpoint.Decide(after, after.Keys[0], new RevokeSigningKey("Снова"), Now).ShouldBe(EventSourcing.Decision.Nothing);
    }

    [Fact]
    public void only_the_named_key_is_revoked()
    {
        var other = JwkTests.Fresh();
        var organisation = Given.Organisation(
            [.. Given.Approved, Registered(Jwk), Registered(other), new SigningKeyRevoked(Given.OrganisationId, Jwk.Thumbprint(), "Потерян", Now)]);
        organisation.Keys.Where(key => key.RevokedAt is null).Select(key => key.Kid).ShouldBe([other.Thumbprint()]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void a_revocation_has_a_reason(string reason)
    {
        var organisation = Given.Organisation([.. Given.Approved, Registered(Jwk)]);
        RevokeSigningKeyEndpoint.Decide(organisation, organisation.Keys[0], new RevokeSigningKey(reason), Now).Refusal.ShouldNotBeNull().Field
            .ShouldBe("reason");
    }

    private static GostSigner Certified(string subject = "O=АНО «Ёж»,CN=АНО «Ёж»", int from = -30, int until = 335, int? usage = null) =>
        GostSigner.New(
            subject, GostSigner.New("CN=Удостоверяющий центр", null, Now.AddYears(-5), Now.AddYears(5)), Now.AddDays(from), Now.AddDays(until), usage);

    private static EventSourcing.Decision Register(string certificate, int? from = null, int? until = null, KeyProof? proof = null) =>
        Register(new RegisterSigningKey("Токен", null, from is { } f ? Now.AddDays(f) : null, until is { } u ? Now.AddDays(u) : null, certificate, proof));

    private static EventSourcing.Decision Register(GostSigner signer, int? from = null, int? until = null) =>
        Register(signer.Base64, from, until, signer.Prove(Statement));

    [Fact]
    public void a_gost_certificate_is_registered_for_its_own_validity_in_either_spelling()
    {
        var signer = Certified();
        var kid = GostCertificate.KidOf(signer.Certificate);
        var proof = signer.Prove(Statement);
        var expected = new SigningKeyRegistered(
            Given.OrganisationId, kid, "Токен", "", "", Now, Now.AddDays(335), Now, signer.Base64, proof.Signature, proof.Statement);
        Register(signer.Base64, proof: proof).Events.ShouldBe([expected]);
        Register(PemEncoding.WriteString("CERTIFICATE", signer.Certificate.GetEncoded()), proof: proof).Events.ShouldBe([expected]);

        var key = Given.Organisation([.. Given.Approved, expected]).Keys.ShouldHaveSingleItem();
        var view = SigningKeyView.Of(key);
        (view.Jwk, view.Certificate)
            .ShouldBe((null, new CertificateView("CN=АНО «Ёж»,O=АНО «Ёж»", "CN=Удостоверяющий центр", Now.AddDays(335), signer.Base64)));
    }

    // Days from now; the certificate is valid from the 30th day before to the 335th after.
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0, 335, null)]
    [InlineData(0, 336, "validUntil")]
    [InlineData(335, null, "validFrom")]
    [InlineData(300, 200, "validUntil")]
    public void validity_is_within_the_certificates_own(int? from, int? until, string? field) =>
        (Register(Certified(), from, until).Refusal?.Field).ShouldBe(field);

    [Fact]
    public void a_certificate_that_begins_later_is_registered_from_then() =>
        Register(Certified(from: 5)).Events.ShouldHaveSingleItem().ShouldBeOfType<SigningKeyRegistered>().ValidFrom.ShouldBe(Now.AddDays(5));

    [Fact]
    public void a_key_before_its_certificate_begins_is_refused() => Register(Certified(from: 5), from: 1).Refusal.ShouldNotBeNull().Field.ShouldBe("validFrom");

    [Fact]
    public void what_is_no_certificate_of_the_organisation_by_gost_is_refused_by_its_rule()
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = new CertificateRequest("CN=Ёж", p256, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var good = Certified();
        foreach (var (certificate, rule) in new[]
        {
            ("", "certificate-malformed"),
            ("ё", "certificate-malformed"),
            ("AAAA", "certificate-malformed"),
            (Convert.ToBase64String([.. good.Certificate.GetEncoded(), 0]), "certificate-malformed"),
            (Convert.ToBase64String(good.Certificate.GetEncoded()[..^1]), "certificate-malformed"),
            (PemEncoding.WriteString("PRIVATE KEY", good.Certificate.GetEncoded()), "certificate-malformed"),
            (PemEncoding.WriteString("CERTIFICATE", good.Certificate.GetEncoded()) + "и ещё", "certificate-malformed"),
            (new string(' ', 16 * 1024) + good.Base64, "certificate-malformed"),
            (Convert.ToBase64String(foreign.RawData), "certificate-algorithm"),
            (Certified(until: 0).Base64, "certificate-expired"),
            (Certified(usage: 1 << 2).Base64, "certificate-usage"),
            (Certified("SURNAME=Ёлкина,GIVENNAME=Агния,CN=АНО «Ёж»").Base64, "certificate-names-person"),
            (Certified("1.2.643.100.3=#120b3131323233333434353935,CN=АНО «Ёж»").Base64, "certificate-names-person"),
        })
        {
            var refusal = Register(certificate).Refusal.ShouldNotBeNull(rule);
            (refusal.Code, refusal.Field, refusal.Status).ShouldBe((rule, "certificate", 400));
        }
    }

    [Fact]
    public void a_certificate_of_which_any_bit_was_changed_is_refused_or_is_not_that_of_the_proof()
    {
        var signer = Certified();
        var proof = signer.Prove(Statement);
        var der = signer.Certificate.GetEncoded();
        for (var bit = 0; bit < der.Length * 8; bit += 3)
        {
            der[bit / 8] ^= (byte)(1 << (bit % 8));
            var decision = Register(Convert.ToBase64String(der), proof: proof);
            der[bit / 8] ^= (byte)(1 << (bit % 8));
            (decision.Refusal is { Field: "certificate" or "validFrom" or "proof.signature" }).ShouldBeTrue($"bit {bit}");
        }
    }

    [Fact]
    public void a_key_is_a_jwk_or_a_certificate()
    {
        Register(new RegisterSigningKey("Ключ")).Refusal.ShouldNotBeNull().Code.ShouldBe("key-or-certificate");
        Register(new RegisterSigningKey("Ключ", Jwk, Certificate: Certified().Base64)).Refusal.ShouldNotBeNull().Code.ShouldBe("key-or-certificate");
    }

    [Fact]
    public void the_same_certificate_is_not_registered_twice()
    {
        var signer = Certified();
        var other = Certified();
        var first = Register(signer).Events.ShouldHaveSingleItem();
        Register(new RegisterSigningKey("Ключ", Certificate: signer.Base64, Proof: signer.Prove(Statement)), also: first).Refusal.ShouldNotBeNull().Code
            .ShouldBe("key-already-registered");
        Register(new RegisterSigningKey("Ключ", Certificate: other.Base64, Proof: other.Prove(Statement)), also: first).Refusal.ShouldBeNull();
    }
}
