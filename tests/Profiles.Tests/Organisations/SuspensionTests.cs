using System.Net;
using Shouldly;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

/// <summary>An approved organisation is suspended, and reinstated.</summary>
[Trait("Feature", "F37")]
public sealed class SuspensionTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private const string Why = "Проверяем жалобы";
    private static readonly object Suspended = new OrganisationSuspended(Given.OrganisationId, Why, Given.Now.AddDays(-1));

    private static string Of(Guid id, string part = "") => $"/api/v1/organisations/{id}{part}";

    [Fact]
    public void it_is_suspended_beside_being_approved_and_reinstated()
    {
        SuspendOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), new SuspendOrganisation($" {Why} "), Given.Now).Events
            .ShouldBe([new OrganisationSuspended(Given.OrganisationId, Why, Given.Now)]);
        var suspended = Given.Organisation([.. Given.Approved, Suspended]);
        (suspended.Status, suspended.Suspension).ShouldBe((OrganisationStatus.Approved, new Suspension(Why, Given.Now.AddDays(-1))));

        var lifted = ReinstateOrganisationEndpoint.Decide(suspended, new ReinstateOrganisation("Проверили"), Given.Now);
        lifted.Events.ShouldBe([new OrganisationReinstated(Given.OrganisationId, "Проверили", Given.Now)]);
        Given.Organisation([.. Given.Approved, Suspended, .. lifted.Events]).Suspension.ShouldBeNull();
    }

    [Fact]
    public void doing_it_twice_changes_nothing()
    {
        SuspendOrganisationEndpoint.Decide(Given.Organisation([.. Given.Approved, Suspended]), new SuspendOrganisation("Снова"), Given.Now)
            .ShouldBe(Decision.Nothing);
        ReinstateOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), new ReinstateOrganisation("Снова"), Given.Now).ShouldBe(Decision.Nothing);
    }

    [Fact]
    public void one_that_waits_is_not_suspended() =>
        SuspendOrganisationEndpoint.Decide(Given.Organisation(Given.Registered), new SuspendOrganisation(Why), Given.Now).Refusal.ShouldNotBeNull().Code
            .ShouldBe("organisation-not-approved");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\u0007")]
    public void neither_is_done_without_a_reason(string reason)
    {
        SuspendOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), new SuspendOrganisation(reason), Given.Now).Refusal.ShouldNotBeNull().Field
            .ShouldBe("reason");
        ReinstateOrganisationEndpoint.Decide(Given.Organisation([.. Given.Approved, Suspended]), new ReinstateOrganisation(reason), Given.Now).Refusal
            .ShouldNotBeNull().Field.ShouldBe("reason");
    }

    [Fact]
    public async Task everybody_reads_that_it_is_suspended_and_its_own_people_read_why()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner, "Тихий двор");
        await (await host.Administrator().PostJsonAsync(Of(id, "/suspension"), new { reason = Why }, version: 3)).ShouldBeAsync(HttpStatusCode.NoContent);

        var seen = await host.Anonymous().GetJsonAsync<OrganisationView>(Of(id));
        (seen.Status, seen.SuspendedAt is null, seen.Reason).ShouldBe((OrganisationStatus.Approved, false, null));
        (await host.Anonymous().GetJsonAsync<Page<OrganisationView>>($"/api/v1/organisations?q={Uri.EscapeDataString("тихий двор")}&limit=100")).Items
            .Single(one => one.Id == id).Reason.ShouldBeNull();
        foreach (var client in new[] { host.Person(owner), host.Administrator() })
        {
            (await client.GetJsonAsync<OrganisationView>(Of(id))).Reason.ShouldBe(Why);
        }

        (await host.Person(owner).GetJsonAsync<List<OrganisationView>>("/api/v1/organisations/mine")).Single().Reason.ShouldBe(Why);
        (await host.Administrator().GetJsonAsync<Admission>(Of(id, "/admission"))).Organisation.Reason.ShouldBe(Why);

        await (await host.Administrator().PostJsonAsync(Of(id, "/reinstatement"), new { reason = "Проверили" }, version: 4))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await host.Person(owner).GetJsonAsync<OrganisationView>(Of(id))).ShouldSatisfyAllConditions(
            one => one.SuspendedAt.ShouldBeNull(), one => one.Reason.ShouldBeNull());
    }

    [Fact]
    public async Task its_coordinators_are_told_of_both_once()
    {
        await Eventually.Is(async () => (await host.QueryAsync<long>(
            "select count(*) from reader_positions where reader = 'suspension-notifications' and log is not null")).ShouldBe([1]));
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner, "Тихий двор");
        await (await host.Administrator().PostJsonAsync(Of(id, "/suspension"), new { reason = Why }, version: 3)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await host.Administrator().PostJsonAsync(Of(id, "/reinstatement"), new { reason = "Проверили" }, version: 4))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await Eventually.Is(async () => (await host.Person(owner).GetJsonAsync<Page<NotificationView>>("/api/v1/notifications?language=ru")).Items
            .Where(one => one.Kind == NotificationKind.OrganisationSuspended).Select(one => (one.Text, one.Link)).ShouldBe(
            [
                ("Тихий двор: работа организации возобновлена", $"/coordination/{id}"),
                ("Тихий двор: работа организации приостановлена администратором", $"/coordination/{id}"),
            ]));
    }

    [Fact]
    public async Task only_the_administrator_does_it_and_on_what_they_have_seen()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        foreach (var part in new[] { "/suspension", "/reinstatement" })
        {
            var body = new { reason = Why };
            await (await host.Anonymous().PostJsonAsync(Of(id, part), body, version: 3)).ProblemAsync(HttpStatusCode.Unauthorized);
            await (await host.Person(owner).PostJsonAsync(Of(id, part), body, version: 3)).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
            await (await host.Administrator().PostJsonAsync(Of(Guid.NewGuid(), part), body, version: 3)).ProblemAsync(HttpStatusCode.NotFound);
            await (await host.Administrator().PostJsonAsync(Of(id, part), body)).ProblemAsync(HttpStatusCode.PreconditionRequired);
            await (await host.Administrator().PostJsonAsync(Of(id, part), body, version: 2)).ProblemAsync(HttpStatusCode.PreconditionFailed);
        }

        (await host.Anonymous().GetJsonAsync<OrganisationView>(Of(id))).SuspendedAt.ShouldBeNull();
    }
}
