using System.Net;
using Shouldly;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

/// <summary>A coordinator's deputy (N9).</summary>
[Trait("Feature", "N9")]
public sealed class DeputyTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private static readonly Guid Person = new("0198c0de-0000-7000-8000-000000000003");

    private static readonly Deputy Delegated = new(
        Guid.NewGuid(), Given.OrganisationId, Given.Registrant, Person, Given.Now.AddDays(-2), Given.Now.AddDays(2), Given.Now.AddDays(-3));

    [Fact]
    public void a_deputy_is_one_within_the_period()
    {
        var organisation = Given.Organisation(Given.Approved);

        Delegated.IsInForce(organisation, Given.Now.AddDays(-2).AddTicks(-1)).ShouldBeFalse();
        Delegated.IsInForce(organisation, Given.Now.AddDays(-2)).ShouldBeTrue();
        Delegated.IsInForce(organisation, Given.Now.AddDays(2).AddTicks(-1)).ShouldBeTrue();
        Delegated.IsInForce(organisation, Given.Now.AddDays(2)).ShouldBeFalse();
    }

    [Fact]
    public void a_deputy_goes_with_the_coordinator_and_does_not_come_back()
    {
        var removed = new CoordinatorRemoved(Given.OrganisationId, Given.Registrant, Given.Now.AddDays(-1));
        Delegated.IsInForce(Given.Organisation([.. Given.Approved, removed]), Given.Now).ShouldBeFalse();
        Delegated.IsInForce(Given.Organisation([.. Given.Approved, removed, Given.Appointed(Given.Registrant, Given.Now.AddHours(-1))]), Given.Now)
            .ShouldBeFalse();
    }

    [Fact]
    public void a_period_that_follows_on_the_old_one_keeps_the_deputies_and_one_after_a_break_does_not()
    {
        var bounded = Given.Appointed(Given.Registrant, Given.Now.AddDays(-29), Given.Now.AddDays(-1));
        Delegated.IsInForce(Given.Organisation([.. Given.Approved, bounded, Given.Appointed(Given.Registrant, Given.Now.AddDays(-1))]), Given.Now)
            .ShouldBeTrue();
        Delegated.IsInForce(Given.Organisation([.. Given.Approved, bounded, Given.Appointed(Given.Registrant, Given.Now.AddHours(-1))]), Given.Now)
            .ShouldBeFalse();
    }

    [Fact]
    public async Task a_deputy_reads_names_and_keys_changes_no_key_and_ends_with_the_withdrawal()
    {
        var (coordinator, deputy, stranger, volunteer, delegation) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        using var registered = await host.Person(volunteer).PostJsonAsync(
            "/api/v1/volunteers", new { name = new { family = "Смирнова", given = "Анна" }, birthDate = "1999-01-31", region = "RU-MOW" });
        await registered.ShouldBeAsync(HttpStatusCode.Created);
        host.Vacancies.Publish(new ApplicationSubmittedV1(Guid.NewGuid(), Guid.NewGuid(), organisation, volunteer, DateTimeOffset.UtcNow));
        var keys = $"/api/v1/organisations/{organisation}/keys";
        var now = DateTimeOffset.UtcNow;
        (await host.Person(deputy).GetResponseAsync(keys)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        host.Verification.Publish(new QueueDelegatedV1(organisation, delegation, coordinator, deputy, now, now.AddDays(7), now));
        // Who delegated it is no coordinator: it counts for nothing.
        host.Verification.Publish(new QueueDelegatedV1(organisation, Guid.NewGuid(), stranger, stranger, now, now.AddDays(7), now));

        await Eventually.Is(async () => (await NamesAsync(deputy, volunteer)).ShouldBe([new VolunteerName(volunteer, "Смирнова Анна", false)]));
        await (await host.Person(deputy).GetResponseAsync(keys)).ShouldBeAsync(HttpStatusCode.OK);
        using var attempt = await host.Person(deputy).PostJsonAsync(keys, new { name = "Ключ", certificate = "x" }, version: 3);
        await attempt.ShouldBeAsync(HttpStatusCode.NotFound);
        (await host.Person(deputy).GetResponseAsync($"/api/v1/organisations/{organisation}/coordinators")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await NamesAsync(stranger, volunteer)).ShouldBeEmpty();
        (await host.Person(stranger).GetResponseAsync(keys)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        host.Verification.Publish(new DelegationWithdrawnV1(organisation, delegation, now));
        await Eventually.Is(async () => (await NamesAsync(deputy, volunteer)).ShouldBeEmpty());
        (await host.Person(deputy).GetResponseAsync(keys)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<IReadOnlyList<VolunteerName>> NamesAsync(Guid caller, Guid volunteer) =>
        host.Person(caller).GetJsonAsync<IReadOnlyList<VolunteerName>>($"/api/v1/volunteers/names?ids={volunteer}");
}
