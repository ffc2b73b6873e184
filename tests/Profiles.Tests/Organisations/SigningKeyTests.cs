using Shouldly;
using VolunteerBook.Profiles.Organisations;
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
}
