using System.Net;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Volunteers;

public sealed class GiveConsentTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private const string Me = "/api/v1/volunteers/me", Consents = "/api/v1/volunteers/me/consents";

    [Fact]
    public void a_consent_says_to_which_text_and_when() =>
        GiveConsentEndpoint.Decide(Given.Volunteer(), new(ConsentTexts.Current), Given.Now).Events
            .ShouldHaveSingleItem().ShouldBe(new ConsentGiven(Given.Volunteer().Id, ConsentTexts.Current, Given.Now));

    [Fact]
    public void the_same_text_again_says_nothing_new()
    {
        var agreed = Given.Volunteer().Apply(new ConsentGiven(Given.Volunteer().Id, ConsentTexts.Current, Given.Now));
        GiveConsentEndpoint.Decide(agreed, new(ConsentTexts.Current), Given.Now.AddDays(1)).Events.ShouldBeEmpty();
        GiveConsentEndpoint.Decide(agreed with { Consent = new("2020-01-01", Given.Now) }, new(ConsentTexts.Current), Given.Now).Events.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2019-01-01")]
    [InlineData("latest")]
    public void a_text_that_there_is_not_is_not_agreed_to(string version)
    {
        var refusal = GiveConsentEndpoint.Decide(Given.Volunteer(), new(version), Given.Now).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field).ShouldBe(("consent-unknown", "version"));
    }

    [Fact]
    public async Task who_registers_with_a_consent_has_given_it()
    {
        var person = host.Person(Guid.NewGuid());
        using var registered = await person.PostJsonAsync("/api/v1/volunteers", Body(ConsentTexts.Current));
        await registered.ShouldBeAsync(HttpStatusCode.Created);
        registered.Version().ShouldBe(2);

        var me = await person.GetJsonAsync(Me);
        me.GetProperty("consent").GetProperty("version").GetString().ShouldBe(ConsentTexts.Current);
        me.GetProperty("consent").GetProperty("at").GetDateTimeOffset().ShouldBe(me.GetProperty("registeredAt").GetDateTimeOffset());
        (await person.GetJsonAsync("/api/v1/people/me")).GetProperty("consent").GetString().ShouldBe(ConsentTexts.Current);
        (await person.GetJsonAsync(Me + "/history")).EnumerateArray().Select(change => change.GetProperty("type").GetString())
            .ShouldBe(["volunteer_registered", "consent_given"]);
    }

    [Fact]
    public async Task who_registered_without_one_gives_it_later_once()
    {
        var person = host.Person(Guid.NewGuid());
        (await person.PostJsonAsync("/api/v1/volunteers", Body(null))).Dispose();
        (await person.GetJsonAsync(Me)).GetProperty("consent").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);

        await (await person.PostJsonAsync(Consents, new { version = "2019-01-01" }, version: 1)).ProblemAsync(HttpStatusCode.BadRequest, "consent-unknown");
        await (await person.PostJsonAsync(Consents, new { version = ConsentTexts.Current }, version: 7)).ShouldBeAsync(HttpStatusCode.PreconditionFailed);
        using var given = await person.PostJsonAsync(Consents, new { version = ConsentTexts.Current }, version: 1);
        await given.ShouldBeAsync(HttpStatusCode.NoContent);
        given.Version().ShouldBe(2);
        using var again = await person.PostJsonAsync(Consents, new { version = ConsentTexts.Current }, version: 2);
        again.Version().ShouldBe(2);
    }

    [Fact]
    public async Task a_registration_by_a_text_that_there_is_not_is_refused_and_nobody_is_registered()
    {
        var person = host.Person(Guid.NewGuid());
        await (await person.PostJsonAsync("/api/v1/volunteers", Body("2019-01-01"))).ProblemAsync(HttpStatusCode.BadRequest, "consent-unknown");
        await (await person.GetResponseAsync(Me)).ShouldBeAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task who_is_no_volunteer_has_nothing_to_consent_to() =>
        await (await host.Person(Guid.NewGuid()).PostJsonAsync(Consents, new { version = ConsentTexts.Current }, version: 1))
            .ShouldBeAsync(HttpStatusCode.NotFound);

    private static object Body(string? consent) => new
    {
        name = new { family = "Иванова", given = "Анна" },
        birthDate = "1999-01-31",
        region = "RU-MOW",
        consent,
    };
}
