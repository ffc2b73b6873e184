using System.Net;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Testing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Tests.Host;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests.Organisations;

/// <summary>A suspended organisation seeks nobody and records nobody's attendance.</summary>
[Collection(OverHttp.Name)]
public sealed class SuspensionTests(VacanciesHost vacancies)
{
    private static readonly OrganisationSuspendedV1 Suspended = new(Given.Organisation, 5, Given.Now);
    private static readonly OrganisationReinstatedV1 Reinstated = new(Given.Organisation, 6, Given.Now.AddDays(1));

    [Fact]
    public void facts_in_any_order_and_twice_come_to_the_latest()
    {
        var suspended = (OrganisationSuspended)WhenOrganisationChanged.Decide(null, Suspended).Events.Single();
        var reinstated = (OrganisationReinstated)WhenOrganisationChanged.Decide(null, Reinstated).Events.Single();
        var known = Coordination.Create(suspended);
        known.IsSuspended.ShouldBeTrue();
        WhenOrganisationChanged.Decide(known, Suspended).Events.ShouldBeEmpty();
        WhenOrganisationChanged.Decide(known, Reinstated).Events.ShouldBe([reinstated]);

        known = known.Apply(reinstated);
        known.IsSuspended.ShouldBeFalse();
        WhenOrganisationChanged.Decide(known, Reinstated).Events.ShouldBeEmpty();
        WhenOrganisationChanged.Decide(Coordination.Create(reinstated), Suspended).Events.ShouldBeEmpty();
    }

    [Fact]
    public void it_publishes_no_vacancy()
    {
        var id = Guid.CreateVersion7();
        PublishVacancyEndpoint.Decide(id, Given.AnOrganisation().Apply(new OrganisationSuspended(5, Given.Now)), Given.ACall(), Given.Now).Refusal
            .ShouldBe(VacancyRefusals.OrganisationSuspended);
        PublishVacancyEndpoint.Decide(
            id, Given.AnOrganisation().Apply(new OrganisationSuspended(5, Given.Now)).Apply(new OrganisationReinstated(6, Given.Now)), Given.ACall(), Given.Now)
            .Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task nobody_applies_is_accepted_or_recorded_while_it_is_suspended_and_who_applied_can_be_declined()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var vacancy = await vacancies.VacancyAsync(organisation);
        var (accepted, submitted) = (
            await vacancies.AcceptedAsync(Guid.CreateVersion7(), vacancy, organisation), await vacancies.ApplyAsync(Guid.CreateVersion7(), vacancy));

        await vacancies.TellAsync(new OrganisationSuspendedV1(organisation.Id, 5, DateTimeOffset.UtcNow));
        foreach (var (client, path, body, version) in new (HttpClient, string, object?, int?)[]
        {
            (coordinator, "/api/v1/vacancies", VacanciesHost.ACall(organisation), null),
            (coordinator, $"/api/v1/applications/{submitted}/acceptance", null, 1),
            (coordinator, $"/api/v1/applications/{accepted}/attendance", new RecordAttendance(vacancy.ShiftIds()[0], 60), 2),
            (vacancies.Person(), $"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds()), null),
        })
        {
            await (await client.PostJsonAsync(path, body, version)).ProblemAsync(HttpStatusCode.Conflict, "organisation-suspended");
        }

        await (await vacancies.Person().PostJsonAsync($"/api/v1/applications/{submitted}/acceptance", version: 1)).ProblemAsync(HttpStatusCode.NotFound);
        await (await coordinator.PostJsonAsync($"/api/v1/applications/{submitted}/refusal", new DeclineApplication("Не можем принять"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        await vacancies.TellAsync(new OrganisationReinstatedV1(organisation.Id, 6, DateTimeOffset.UtcNow));
        await (await coordinator.PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation))).ShouldBeAsync(HttpStatusCode.Created);
    }
}
