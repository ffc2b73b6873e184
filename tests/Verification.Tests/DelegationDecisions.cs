using Shouldly;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Tests;

/// <summary>Who may work on an organisation's queue, and when it ends (N9).</summary>
[Trait("Feature", "N9")]
public sealed class DelegationDecisions
{
    private static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Anna = Guid.CreateVersion7();
    private static readonly Guid Boris = Guid.CreateVersion7();
    private static readonly Guid Vera = Guid.CreateVersion7();
    private static readonly Guid Gleb = Guid.CreateVersion7();

    private static readonly Organisation TwoCoordinators = new Organisation { Id = Guid.CreateVersion7() }
        .Apply(new CoordinatorKnown(Anna, Now.AddYears(-1), null))
        .Apply(new CoordinatorKnown(Boris, Now.AddYears(-1), Now.AddDays(20)));

    private static Organisation Delegate(Organisation organisation, Guid by, Guid to, double from, double until, Guid? id = null)
    {
        var command = new DelegateQueue(organisation.Id, to, Now.AddDays(until), Now.AddDays(from));
        return organisation.Apply(
            (QueueDelegated)DelegateQueueEndpoint.Decide(organisation, command, by, id ?? Guid.CreateVersion7(), Now).Events.ShouldHaveSingleItem());
    }

    private static IEnumerable<int> DaysOf(Organisation organisation, Guid person) =>
        Enumerable.Range(0, 40).Where(day => organisation.IsCoordinator(person, Now.AddDays(day)));

    private static IEnumerable<int> Days(int from, int until) => Enumerable.Range(from, until - from);

    [Fact]
    public void a_deputy_works_on_the_queue_within_the_period_and_is_never_appointed()
    {
        var organisation = Delegate(TwoCoordinators, Anna, Vera, 3, 10);
        DaysOf(organisation, Vera).ShouldBe(Days(3, 10));
        organisation.IsCoordinator(Vera, Now.AddDays(10).AddMicroseconds(-1)).ShouldBeTrue();
        organisation.IsAppointed(Vera, Now.AddDays(5)).ShouldBeFalse();
        // The coordinator may decide meanwhile.
        organisation.IsCoordinator(Anna, Now.AddDays(5)).ShouldBeTrue();
        organisation.IsCoordinator(Gleb, Now.AddDays(5)).ShouldBeFalse();
    }

    [Fact]
    public void several_deputies_and_periods_that_overlap_each_count_for_themselves()
    {
        var organisation = Delegate(Delegate(Delegate(TwoCoordinators, Anna, Vera, 0, 5), Boris, Vera, 3, 12), Anna, Gleb, 4, 6);
        DaysOf(organisation, Vera).ShouldBe(Days(0, 12));
        DaysOf(organisation, Gleb).ShouldBe(Days(4, 6));
        DaysOf(organisation.Apply(new CoordinatorGone(Anna)), Vera).ShouldBe(Days(3, 12));
        DaysOf(organisation.Apply(new CoordinatorGone(Anna)), Gleb).ShouldBeEmpty();
    }

    [Fact]
    public void a_withdrawn_delegation_ends_at_once_and_the_others_stay()
    {
        var withdrawn = Guid.CreateVersion7();
        var organisation = Delegate(Delegate(TwoCoordinators, Anna, Vera, 0, 5, withdrawn), Anna, Gleb, 0, 5);
        organisation = organisation.Apply((DelegationWithdrawn)WithdrawDelegationEndpoint.Decide(organisation, withdrawn, Now).Events.ShouldHaveSingleItem());
        DaysOf(organisation, Vera).ShouldBeEmpty();
        DaysOf(organisation, Gleb).ShouldBe(Days(0, 5));
        WithdrawDelegationEndpoint.Decide(organisation, withdrawn, Now).Events.ShouldBeEmpty();
    }

    [Fact]
    public void a_delegation_ends_with_the_coordinators_own_right()
    {
        var organisation = Delegate(TwoCoordinators, Boris, Vera, 0, 30);
        DaysOf(organisation, Vera).ShouldBe(Days(0, 20));
        // Appointed on before the end: the deputy goes on too.
        DaysOf(organisation.Apply(new CoordinatorKnown(Boris, Now.AddDays(15), null)), Vera).ShouldBe(Days(15, 30));
        // Removed, or after a break: appointing again does not bring the deputy back.
        DaysOf(organisation.Apply(new CoordinatorGone(Boris)).Apply(new CoordinatorKnown(Boris, Now, null)), Vera).ShouldBeEmpty();
        DaysOf(organisation.Apply(new CoordinatorKnown(Boris, Now.AddDays(22), null)), Vera).ShouldBeEmpty();
    }

    [Fact]
    public void a_period_is_at_most_90_days_begins_now_at_the_earliest_and_is_for_another_person()
    {
        string[] Codes(DelegateQueue command) =>
            DelegateQueueEndpoint.Decide(TwoCoordinators, command, Anna, Guid.CreateVersion7(), Now).Refusal is { } refusal
                ? [refusal.Code, .. refusal.Others.Select(other => other.Code)]
                : [];
        var id = TwoCoordinators.Id;
        Codes(new DelegateQueue(id, Vera, Now.AddDays(90))).ShouldBeEmpty();
        Codes(new DelegateQueue(id, Vera, Now.AddDays(90).AddMicroseconds(1))).ShouldBe(["period-too-long"]);
        Codes(new DelegateQueue(id, Vera, Now)).ShouldBe(["period-empty", "period-over"]);
        Codes(new DelegateQueue(id, Vera, Now.AddDays(1), Now.AddDays(-2))).ShouldBe(["period-backdated"]);
        Codes(new DelegateQueue(id, Anna, Now.AddDays(1))).ShouldBe(["delegation-to-oneself"]);
        Codes(new DelegateQueue(id, Guid.Empty, Now.AddDays(1))).ShouldBe(["person-missing"]);
        Codes(new DelegateQueue(id, Vera, Now.AddDays(1), Reason: new string('a', 1001))).ShouldBe(["text-too-long"]);
    }
}
