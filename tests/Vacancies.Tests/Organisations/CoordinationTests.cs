using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies.Tests.Organisations;

/// <summary>Who may act for an organisation, from what Profiles told, in whatever order it came.</summary>
public sealed class CoordinationTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly Guid Person = Guid.CreateVersion7();
    private static readonly Guid Another = Guid.CreateVersion7();

    private static Coordination? Told(Coordination? known, object fact)
    {
        var decision = fact switch
        {
            OrganisationApprovedV1 approved => WhenOrganisationChanged.Decide(known, approved),
            CoordinatorAppointedV1 appointed => WhenOrganisationChanged.Decide(known, appointed),
            CoordinatorRemovedV1 removed => WhenOrganisationChanged.Decide(known, removed),
            _ => throw new ArgumentException(fact.GetType().Name, nameof(fact)),
        };
        return decision.Events.Aggregate(known, (state, e) => e switch
        {
            OrganisationApproved approved => state is null ? Coordination.Create(approved) : state.Apply(approved),
            CoordinatorAppointed appointed => state is null ? Coordination.Create(appointed) : state.Apply(appointed),
            CoordinatorRemoved removed => state is null ? Coordination.Create(removed) : state.Apply(removed),
            _ => throw new ArgumentException(e.GetType().Name, nameof(fact)),
        });
    }

    private static Coordination Told(params object[] facts) => facts.Aggregate((Coordination?)null, Told)!;

    private static OrganisationApprovedV1 Approved(long version, string name = "Забота рядом") => new(Given.Organisation, name, "RU-MOW", version, Now);

    private static CoordinatorAppointedV1 Appointed(long version, Guid? person = null, double fromDays = -1, double? untilDays = null) =>
        new(Given.Organisation, person ?? Person, Now.AddDays(fromDays), untilDays is { } days ? Now.AddDays(days) : null, version, Now);

    private static CoordinatorRemovedV1 Removed(long version, Guid? person = null) => new(Given.Organisation, person ?? Person, version, Now);

    [Theory]
    [InlineData(-1, null, true)]
    [InlineData(0, null, true)]
    [InlineData(1, null, false)]
    [InlineData(-2, 1.0, true)]
    [InlineData(-2, 0.0, false)]
    [InlineData(-2, -1.0, false)]
    [InlineData(1, 2.0, false)]
    public void one_acts_from_the_first_instant_of_the_period_until_before_its_end(double from, double? until, bool acts) =>
        Told(Appointed(2, fromDays: from, untilDays: until)).IsCoordinator(Person, Now).ShouldBe(acts);

    [Fact]
    public void nobody_else_acts() => Told(Approved(1), Appointed(2)).IsCoordinator(Another, Now).ShouldBeFalse();

    [Fact]
    public void appointing_again_replaces_the_period() =>
        Told(Appointed(2), Appointed(3, fromDays: 5)).IsCoordinator(Person, Now).ShouldBeFalse();

    [Fact]
    public void one_who_was_removed_acts_no_more_and_can_be_appointed_again()
    {
        Told(Appointed(2), Removed(3)).IsCoordinator(Person, Now).ShouldBeFalse();
        Told(Appointed(2), Removed(3), Appointed(4)).IsCoordinator(Person, Now).ShouldBeTrue();
    }

    [Fact]
    public void an_older_fact_that_comes_late_changes_nothing()
    {
        Told(Removed(3), Appointed(2)).IsCoordinator(Person, Now).ShouldBeFalse();
        Told(Appointed(4), Removed(3)).IsCoordinator(Person, Now).ShouldBeTrue();
        Told(Approved(5, "Новое имя"), Approved(2, "Старое имя")).Name.ShouldBe("Новое имя");
    }

    // What is told of versions 6 and 7 is lost there, and known here.
    [Fact]
    public void a_store_of_profiles_that_was_put_back_is_believed_what_it_tells_from_then_on_and_not_what_it_told_before()
    {
        var known = Told(Appointed(2), Approved(6, "Имя до сбоя"), Removed(7));
        var later = Now.AddHours(1);
        Told(known, Appointed(2)).ShouldBe(known);
        var told = Told(Told(known, Appointed(3) with { At = later }), Approved(4, "Имя после сбоя") with { At = later });
        told.ShouldNotBeNull().IsCoordinator(Person, Now).ShouldBeTrue();
        told.Name.ShouldBe("Имя после сбоя");
    }

    [Fact]
    public void of_one_store_the_higher_version_is_later_whatever_the_clocks_of_its_instances_say() =>
        Told(Appointed(2) with { At = Now.AddHours(1) }, Removed(3)).IsCoordinator(Person, Now).ShouldBeFalse();

    [Fact]
    public void an_older_fact_about_another_person_still_counts() =>
        Told(Appointed(9), Appointed(2, Another)).IsCoordinator(Another, Now).ShouldBeTrue();

    [Fact]
    public void a_fact_told_twice_is_recorded_once() =>
        WhenOrganisationChanged.Decide(Told(Appointed(2)), Appointed(2)).Events.ShouldBeEmpty();

    [Fact]
    public void an_organisation_is_approved_by_being_told_so()
    {
        Told(Appointed(2)).IsApproved.ShouldBeFalse();
        Told(Appointed(2), Approved(1)).IsApproved.ShouldBeTrue();
    }

    [Fact]
    public void facts_repeated_and_in_any_order_come_to_the_same()
    {
        // Versions are those of one stream, so no two facts share one; so are times.
        var facts = Gen.OneOf<Func<long, object>>(
                Gen.Const<Func<long, object>>(version => Approved(version, $"Имя {version}")),
                Gen.Int[0, 2].Select(person => (Func<long, object>)(version => Appointed(version, People[person], fromDays: -version))),
                Gen.Int[0, 2].Select(person => (Func<long, object>)(version => Removed(version, People[person]))))
            .Array[1, 20]
            .Select(made => made.Select((fact, index) => Later(fact(index + 1), index)).ToArray());

        Gen.Select(facts, Gen.Int[0, 1_000_000]).Sample((inOrder, seed) =>
        {
            var shuffled = inOrder.Concat(inOrder).Concat(inOrder).ToArray();
            new Random(seed).Shuffle(shuffled);
            Summary(Told(shuffled)).ShouldBe(Summary(Told(inOrder)));
        });
    }

    private static object Later(object fact, int minutes) => fact switch
    {
        OrganisationApprovedV1 approved => approved with { At = Now.AddMinutes(minutes) },
        CoordinatorAppointedV1 appointed => appointed with { At = Now.AddMinutes(minutes) },
        CoordinatorRemovedV1 removed => removed with { At = Now.AddMinutes(minutes) },
        _ => throw new ArgumentException(fact.GetType().Name, nameof(fact)),
    };

    private static readonly Guid[] People = [Person, Another, Guid.CreateVersion7()];

    private static string Summary(Coordination coordination) =>
        $"{coordination.Name} {coordination.ApprovalVersion}: {string.Join("; ", coordination.Members.OrderBy(member => member.PersonId))}";
}
