using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shouldly;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.Profiles.Tests.Organisations;

[Trait("Feature", "F15")]
public sealed class SigningKeyTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly Jwk Jwk = JwkTests.Fresh();

    private static EventSourcing.Decision Register(RegisterSigningKey command, KnownKey? known = null, params object[] also) =>
        RegisterSigningKeyEndpoint.Decide(Given.Organisation([.. Given.Approved, .. also]), command, known, Now);

    private static SigningKeyRegistered Registered(Jwk jwk, DateTimeOffset? until = null) =>
        new(Given.OrganisationId, jwk.Thumbprint(), "Ключ", jwk.X, jwk.Y, Now.AddDays(-1), until, Now.AddDays(-1));

    [Fact]
    public void a_key_is_registered_from_now_without_an_end() => Register(new RegisterSigningKey(" Ноутбук ", Jwk)).Events
        .ShouldBe([new SigningKeyRegistered(Given.OrganisationId, Jwk.Thumbprint(), "Ноутбук", Jwk.X, Jwk.Y, Now, null, Now)]);

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
        (Register(new RegisterSigningKey("Ключ", Jwk, from is { } f ? Now.AddMinutes(f) : null, until is { } u ? Now.AddMinutes(u) : null)).Refusal?.Field).ShouldBe(field);

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
        Register(new RegisterSigningKey("Ключ", Jwk), new KnownKey(Jwk.Thumbprint(), Guid.NewGuid())).Refusal.ShouldNotBeNull().Code.ShouldBe("key-already-registered");
        Register(new RegisterSigningKey("Ключ", JwkTests.Fresh()), also: Registered(Jwk)).Refusal.ShouldBeNull();
    }

    [Fact]
    public void an_organisation_that_is_not_approved_has_no_keys() =>
        RegisterSigningKeyEndpoint.Decide(Given.Organisation(Given.Registered), new RegisterSigningKey("Ключ", Jwk), null, Now)
            .Refusal.ShouldNotBeNull().Code.ShouldBe("organisation-not-approved");

    [Fact]
    public void an_organisation_has_at_most_100_keys_in_force()
    {
        static object Some(int number, DateTimeOffset? until = null) =>
            new SigningKeyRegistered(Given.OrganisationId, $"kid-{number}", "Ключ", "x", "y", Now.AddDays(-1), until, Now.AddDays(-1));
        object[] many = [.. Enumerable.Range(0, 100).Select(number => Some(number))];
        Register(new RegisterSigningKey("Ключ", Jwk), also: many).Refusal.ShouldNotBeNull().Code.ShouldBe("too-many-keys");
        Register(new RegisterSigningKey("Ключ", Jwk), also: [.. many, new SigningKeyRevoked(Given.OrganisationId, "kid-7", "Потерян", Now)]).Refusal.ShouldBeNull();
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
        var organisation = Given.Organisation([.. Given.Approved, Registered(Jwk), Registered(other), new SigningKeyRevoked(Given.OrganisationId, Jwk.Thumbprint(), "Потерян", Now)]);
        organisation.Keys.Where(key => key.RevokedAt is null).Select(key => key.Kid).ShouldBe([other.Thumbprint()]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void a_revocation_has_a_reason(string reason)
    {
        var organisation = Given.Organisation([.. Given.Approved, Registered(Jwk)]);
        RevokeSigningKeyEndpoint.Decide(organisation, organisation.Keys[0], new RevokeSigningKey(reason), Now).Refusal.ShouldNotBeNull().Field.ShouldBe("reason");
    }

    private static GostSigner Certified(string subject = "O=АНО «Ёж»,CN=АНО «Ёж»", int from = -30, int until = 335, int? usage = null) =>
        GostSigner.New(subject, GostSigner.New("CN=Удостоверяющий центр", null, Now.AddYears(-5), Now.AddYears(5)), Now.AddDays(from), Now.AddDays(until), usage);

    private static EventSourcing.Decision Register(string certificate, int? from = null, int? until = null) =>
        Register(new RegisterSigningKey("Токен", null, from is { } f ? Now.AddDays(f) : null, until is { } u ? Now.AddDays(u) : null, certificate));

    [Fact]
    public void a_gost_certificate_is_registered_for_its_own_validity_in_either_spelling()
    {
        var signer = Certified();
        var kid = GostCertificate.KidOf(signer.Certificate);
        var expected = new SigningKeyRegistered(Given.OrganisationId, kid, "Токен", "", "", Now, Now.AddDays(335), Now, signer.Base64);
        Register(signer.Base64).Events.ShouldBe([expected]);
        Register(PemEncoding.WriteString("CERTIFICATE", signer.Certificate.GetEncoded())).Events.ShouldBe([expected]);

        var key = Given.Organisation([.. Given.Approved, expected]).Keys.ShouldHaveSingleItem();
        var view = SigningKeyView.Of(key);
        (view.Jwk, view.Certificate).ShouldBe((null, new CertificateView("CN=АНО «Ёж»,O=АНО «Ёж»", "CN=Удостоверяющий центр", Now.AddDays(335), signer.Base64)));
    }

    // Days from now; the certificate is valid from the 30th day before to the 335th after.
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0, 335, null)]
    [InlineData(0, 336, "validUntil")]
    [InlineData(335, null, "validFrom")]
    [InlineData(300, 200, "validUntil")]
    public void validity_is_within_the_certificates_own(int? from, int? until, string? field) => (Register(Certified().Base64, from, until).Refusal?.Field).ShouldBe(field);

    [Fact]
    public void a_certificate_that_begins_later_is_registered_from_then() =>
        Register(Certified(from: 5).Base64).Events.ShouldHaveSingleItem().ShouldBeOfType<SigningKeyRegistered>().ValidFrom.ShouldBe(Now.AddDays(5));

    [Fact]
    public void a_key_before_its_certificate_begins_is_refused() => Register(Certified(from: 5).Base64, from: 1).Refusal.ShouldNotBeNull().Field.ShouldBe("validFrom");

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
    public void a_certificate_of_which_any_bit_was_changed_is_taken_or_refused_as_another()
    {
        var signer = Certified();
        var der = signer.Certificate.GetEncoded();
        for (var bit = 0; bit < der.Length * 8; bit += 3)
        {
            der[bit / 8] ^= (byte)(1 << (bit % 8));
            var decision = Register(Convert.ToBase64String(der));
            der[bit / 8] ^= (byte)(1 << (bit % 8));
            (decision.Refusal is { Field: "certificate" or "validFrom" } || decision.Events is [SigningKeyRegistered other] && other.Kid != GostCertificate.KidOf(signer.Certificate)).ShouldBeTrue($"bit {bit}");
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
        var first = Register(signer.Base64).Events.ShouldHaveSingleItem();
        Register(new RegisterSigningKey("Ключ", Certificate: signer.Base64), also: first).Refusal.ShouldNotBeNull().Code.ShouldBe("key-already-registered");
        Register(new RegisterSigningKey("Ключ", Certificate: Certified().Base64), also: first).Refusal.ShouldBeNull();
    }
}
