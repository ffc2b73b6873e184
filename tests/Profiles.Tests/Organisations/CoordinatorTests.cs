using CsCheck;
using Shouldly;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Tests.Organisations;

public sealed class CoordinatorTests
{
    private static readonly Guid Boris = new("0198c0de-0000-7000-8000-0000000000b0");
    private static readonly DateTimeOffset Now = Given.Now;

    private static EventSourcing.Decision Appoint(Guid person, DateTimeOffset? from = null, DateTimeOffset? until = null, params object[] also) =>
        AppointCoordinatorEndpoint.Decide(Given.Organisation([.. Given.Approved, .. also]), new AppointCoordinator(person, from, until), Now);

    private static EventSourcing.Decision Remove(Guid person, params object[] also) =>
        RemoveCoordinatorEndpoint.Decide(Given.Organisation([.. Given.Approved, .. also]), person, Now);

    [Fact]
    public void a_coordinator_is_appointed_from_now_without_an_end() =>
        Appoint(Boris).Events.ShouldBe([new CoordinatorAppointed(Given.OrganisationId, Boris, Now, null, Now)]);

    [Fact]
    public void a_period_is_kept_in_utc()
    {
        var from = new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.FromHours(3));
        var appointed = Appoint(Boris, from, from.AddMonths(1)).Events.ShouldHaveSingleItem().ShouldBeOfType<CoordinatorAppointed>();
        (appointed.From, appointed.Until).ShouldBe((from, from.AddMonths(1)));
        (appointed.From.Offset, appointed.Until!.Value.Offset).ShouldBe((TimeSpan.Zero, TimeSpan.Zero));
    }

    // From and until in minutes from now; null is left out.
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(0, null, null)]
    [InlineData(-1440, null, null)]
    [InlineData(-1441, null, "from")]
    [InlineData(60, 61, null)]
    [InlineData(60, 60, "until")]
    [InlineData(60, 59, "until")]
    [InlineData(null, 1, null)]
    [InlineData(null, 0, "until")]
    [InlineData(-60, -30, "until")]
    [InlineData(-60, 0, "until")]
    [InlineData(-60, 1, null)]
    public void a_period_begins_about_now_and_ends_after_that(int? from, int? until, string? field) =>
        (Appoint(Boris, from is { } f ? Now.AddMinutes(f) : null, until is { } u ? Now.AddMinutes(u) : null).Refusal?.Field).ShouldBe(field);

    [Fact]
    public void nobody_is_not_appointed() => Appoint(Guid.Empty).Refusal.ShouldNotBeNull().Field.ShouldBe("personId");

    [Fact]
    public void an_organisation_that_is_not_approved_has_no_coordinators() =>
        AppointCoordinatorEndpoint.Decide(Given.Organisation(Given.Registered), new AppointCoordinator(Boris), Now).Refusal.ShouldNotBeNull().Code
            .ShouldBe("organisation-not-approved");

    [Fact]
    public void appointing_the_same_again_changes_nothing()
    {
        Appoint(Given.Registrant).ShouldBe(EventSourcing.Decision.Nothing);
        Appoint(Boris, Now.AddDays(1), Now.AddDays(2), Given.Appointed(Boris, Now.AddDays(1), Now.AddDays(2))).ShouldBe(EventSourcing.Decision.Nothing);
    }

    [Fact]
    public void appointing_again_replaces_the_period()
    {
        var events = Appoint(Boris, until: Now.AddDays(7), also: Given.Appointed(Boris, Now.AddDays(-3))).Events;
        events.ShouldBe([new CoordinatorAppointed(Given.OrganisationId, Boris, Now.AddDays(-3), Now.AddDays(7), Now)]);

        var organisation = Given.Organisation([.. Given.Approved, Given.Appointed(Boris, Now.AddDays(-3)), .. events]);
        organisation.Coordinators.Select(coordinator => coordinator.PersonId).ShouldBe([Given.Registrant, Boris]);
        organisation.IsCoordinatedBy(Boris, Now.AddDays(7).AddTicks(-1)).ShouldBeTrue();
        organisation.IsCoordinatedBy(Boris, Now.AddDays(7)).ShouldBeFalse();
    }

    [Fact]
    public void the_last_coordinator_in_force_is_not_moved_to_the_future()
    {
        Appoint(Given.Registrant, Now.AddDays(1)).Refusal.ShouldNotBeNull().Code.ShouldBe("last-coordinator");
        Appoint(Given.Registrant, Now.AddDays(1), also: Given.Appointed(Boris, Now.AddDays(-1))).Refusal.ShouldBeNull();
        Appoint(Given.Registrant, Now.AddDays(1), also: Given.Appointed(Boris, Now.AddDays(1))).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void an_organisation_has_at_most_200_coordinators()
    {
        object[] many = [.. Enumerable.Range(0, 199).Select(_ => Given.Appointed(Guid.NewGuid(), Now.AddDays(-1)))];
        Appoint(Boris, also: many[..198]).Refusal.ShouldBeNull();
        Appoint(Boris, also: many).Refusal.ShouldNotBeNull().Code.ShouldBe("too-many-coordinators");
        Appoint(Given.Registrant, until: Now.AddDays(1), also: many).Refusal.ShouldBeNull();
    }

    [Fact]
    public void a_coordinator_is_removed_while_another_is_in_force()
    {
        Remove(Given.Registrant, Given.Appointed(Boris, Now.AddDays(-1))).Events
            .ShouldBe([new CoordinatorRemoved(Given.OrganisationId, Given.Registrant, Now)]);
        Remove(Boris, Given.Appointed(Boris, Now.AddDays(-1))).Events.ShouldBe([new CoordinatorRemoved(Given.OrganisationId, Boris, Now)]);
    }

    [Fact]
    public void the_last_coordinator_in_force_is_not_removed()
    {
        Remove(Given.Registrant).Refusal.ShouldNotBeNull().Code.ShouldBe("last-coordinator");
        Remove(Given.Registrant, Given.Appointed(Boris, Now.AddDays(1))).Refusal.ShouldNotBeNull();
        Remove(Given.Registrant, Given.Appointed(Boris, Now.AddDays(-2), Now)).Refusal.ShouldNotBeNull();
    }

    [Fact]
    public void whoever_is_not_in_force_may_always_be_removed() => Remove(Boris, Given.Appointed(Boris, Now.AddDays(1))).Refusal.ShouldBeNull();

    [Fact]
    public void removing_a_stranger_changes_nothing() => Remove(Boris).ShouldBe(EventSourcing.Decision.Nothing);

    // Whatever is asked for, in whatever order: an approved organisation never loses its last coordinator by a decision.
    [Fact]
    public void somebody_is_always_in_force()
    {
        Guid[] people = [Given.Registrant, Boris, Guid.NewGuid(), Guid.NewGuid()];
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Int[-1440, 3000], Gen.Int[0, 3000]).List[1, 30].Sample(steps =>
        {
            var organisation = Given.Organisation(Given.Approved);
            foreach (var (who, remove, from, length) in steps)
            {
                var decision = remove
                    ? RemoveCoordinatorEndpoint.Decide(organisation, people[who], Now)
                    : AppointCoordinatorEndpoint.Decide(
                        organisation, new AppointCoordinator(people[who], Now.AddMinutes(from), length > 0 ? Now.AddMinutes(from + length) : null), Now);
                organisation = decision.Events.Aggregate(organisation, (before, e) => e switch
                {
                    CoordinatorAppointed appointed => before.Apply(appointed),
                    CoordinatorRemoved removed => before.Apply(removed),
                    _ => throw new InvalidOperationException(),
                });
                organisation.Coordinators.ShouldContain(coordinator => coordinator.IsInForce(Now));
            }
        });
    }
}
