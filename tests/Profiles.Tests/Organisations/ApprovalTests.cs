using Shouldly;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Tests.Organisations;

public sealed class ApprovalTests
{
    private static readonly object Refused = new OrganisationRefused(Given.OrganisationId, "Не найдена", Given.Now.AddDays(-1));

    [Fact]
    public void on_approval_the_registrant_becomes_coordinator()
    {
        var decision = ApproveOrganisationEndpoint.Decide(Given.Organisation(Given.Registered), Given.Now);
        decision.Events.ShouldBe(
        [
            new OrganisationApproved(Given.OrganisationId, "Рука помощи", "RU-MOW", Given.Now),
            new CoordinatorAppointed(Given.OrganisationId, Given.Registrant, Given.Now, null, Given.Now),
        ]);

        var approved = Given.Organisation([Given.Registered, .. decision.Events]);
        approved.Status.ShouldBe(OrganisationStatus.Approved);
        approved.IsCoordinatedBy(Given.Registrant, Given.Now).ShouldBeTrue();
        approved.IsCoordinatedBy(Given.Registrant, Given.Now.AddTicks(-1)).ShouldBeFalse();
        approved.IsCoordinatedBy(Guid.NewGuid(), Given.Now).ShouldBeFalse();
    }

    [Fact]
    public void approving_twice_changes_nothing()
    {
        var decision = ApproveOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), Given.Now);
        (decision.Refusal, decision.Events.Count).ShouldBe((null, 0));
    }

    [Fact]
    public void a_refused_organisation_is_not_approved_before_it_is_registered_again()
    {
        ApproveOrganisationEndpoint.Decide(Given.Organisation(Given.Registered, Refused), Given.Now).Refusal.ShouldNotBeNull().Code
            .ShouldBe("organisation-refused");
        ApproveOrganisationEndpoint.Decide(
            Given.Organisation(Given.Registered, Refused, new OrganisationRegisteredAgain(Given.OrganisationId, "Рука", "RU-SPE", Guid.NewGuid(), Given.Now)),
            Given.Now).Events.Count.ShouldBe(2);
    }

    [Fact]
    public void a_refusal_has_its_reason() =>
        RefuseOrganisationEndpoint.Decide(Given.Organisation(Given.Registered), new RefuseOrganisation(" Не найдена "), Given.Now).Events
            .ShouldBe([new OrganisationRefused(Given.OrganisationId, "Не найдена", Given.Now)]);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("\u0007")]
    public void a_refusal_without_a_reason_is_refused(string reason) =>
        RefuseOrganisationEndpoint.Decide(Given.Organisation(Given.Registered), new RefuseOrganisation(reason), Given.Now).Refusal.ShouldNotBeNull().Field
            .ShouldBe("reason");

    [Fact]
    public void an_approved_organisation_is_not_refused() =>
        RefuseOrganisationEndpoint.Decide(Given.Organisation(Given.Approved), new RefuseOrganisation("Поздно"), Given.Now).Refusal.ShouldNotBeNull().Status
            .ShouldBe(409);

    [Fact]
    public void refusing_twice_changes_nothing() =>
        RefuseOrganisationEndpoint.Decide(Given.Organisation(Given.Registered, Refused), new RefuseOrganisation("Снова"), Given.Now)
            .ShouldBe(EventSourcing.Decision.Nothing);
}
