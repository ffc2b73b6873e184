using Shouldly;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests.Applications;

/// <summary>What may be done with an application in each of its states: given, when, then events or a refusal.</summary>
[Trait("Feature", "F26")]
public sealed class ApplicationDecisions
{
    private static Decision Applying(Vacancy? vacancy = null, Application? earlier = null, string? message = "слова", params Guid[] shifts) =>
        ApplyEndpoint.Decide(
            vacancy ?? Given.AVacancy(), earlier is null ? [] : [earlier], Given.Volunteer,
            new Apply(shifts.Length == 0 ? [Given.ToCome] : shifts, message), Given.Now);

    private static string[] Names(Decision decision) => [.. decision.Events.Select(e => e.GetType().Name)];

    [Fact]
    public void applying_says_who_to_what_and_for_which_shifts()
    {
        var submitted = Applying(shifts: [Given.ToCome, Given.UnderWay]).Events.ShouldHaveSingleItem().ShouldBeOfType<ApplicationSubmitted>();

        (submitted.VacancyId, submitted.OrganisationId, submitted.VolunteerId, submitted.Message, submitted.At)
            .ShouldBe((Given.VacancyId, Given.Organisation, Given.Volunteer, "слова", Given.Now));
        submitted.ShiftIds.ShouldBe([Given.ToCome, Given.UnderWay]);
    }

    [Fact]
    public void the_applications_of_a_volunteer_to_a_vacancy_are_counted()
    {
        Application.IdOf(Given.VacancyId, Given.Volunteer).ShouldBe(Application.IdOf(Given.VacancyId, Given.Volunteer));
        Application.IdOf(Given.VacancyId, Guid.CreateVersion7()).ShouldNotBe(Application.IdOf(Given.VacancyId, Given.Volunteer));
        Application.IdOf(Guid.CreateVersion7(), Given.Volunteer).ShouldNotBe(Application.IdOf(Given.VacancyId, Given.Volunteer));
        Application.IdOf(Given.VacancyId, Given.Volunteer, 1).ShouldNotBe(Application.IdOf(Given.VacancyId, Given.Volunteer));
        // For ever: streams are found by it.
        Application.IdOf(new Guid("019a0000-0000-7000-8000-000000000001"), new Guid("019a0000-0000-7000-8000-000000000002"))
            .ShouldBe(new Guid("137fd8a6-93b3-5e6e-8360-507ca50f2a1b"));
    }

    [Theory]
    [InlineData(ApplicationStatus.Submitted)]
    [InlineData(ApplicationStatus.Accepted)]
    [InlineData(ApplicationStatus.Declined)]
    public void applying_twice_to_a_shift_is_refused_and_the_shift_is_named(ApplicationStatus earlier)
    {
        var refusal = Applying(earlier: Given.AnApplication(earlier, Given.ToCome), shifts: [Given.UnderWay, Given.ToCome]).Refusal.ShouldNotBeNull();

        (refusal.Code, refusal.Status).ShouldBe(("already-applied", 409));
        refusal.Extensions["shiftIds"].ShouldBe(new[] { Given.ToCome });
        Applying(earlier: Given.AnApplication(earlier, Given.ToCome), shifts: [Given.UnderWay]).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void after_a_withdrawal_one_applies_anew_with_other_shifts_and_words()
    {
        var earlier = Given.AnApplication(ApplicationStatus.Withdrawn);
        var again = earlier.After(earlier.Id, Applying(earlier: earlier, message: null, shifts: [Given.UnderWay]));

        (again.Status, again.Message, again.SubmittedAt, again.DecidedAt).ShouldBe((ApplicationStatus.Submitted, null, Given.Now, null));
        again.ShiftIds.ShouldBe([Given.UnderWay]);
    }

    [Fact]
    public void a_closed_vacancy_takes_no_application_not_even_again()
    {
        Applying(Given.AClosedVacancy()).Refusal.ShouldBe(VacancyRefusals.Closed);
        Applying(Given.AClosedVacancy(), Given.AnApplication(ApplicationStatus.Withdrawn)).Refusal.ShouldBe(VacancyRefusals.Closed);
    }

    [Fact]
    public void a_shift_that_is_over_takes_no_application_and_is_named()
    {
        var refusal = Applying(shifts: [Given.ToCome, Given.Over]).Refusal.ShouldNotBeNull();

        (refusal.Code, refusal.Status).ShouldBe(("shift-over", 409));
        refusal.Extensions["shiftIds"].ShouldBe(new[] { Given.Over });
    }

    [Fact]
    public void a_full_shift_still_takes_applications_since_places_come_free() =>
        Applying(Given.AVacancy(places: 1).Apply(new PlacesTaken(Guid.CreateVersion7(), [Given.ToCome], Given.Now))).Events.ShouldHaveSingleItem();

    [Fact]
    public void bad_input_is_refused_by_its_field()
    {
        var unknown = Guid.CreateVersion7();
        (Guid[] Shifts, string? Message, string Code, string Field)[] cases =
        [
            ([unknown], null, "unknown-shift", "shiftIds[0]"),
            ([Given.ToCome, unknown], null, "unknown-shift", "shiftIds[1]"),
            ([Given.ToCome, Given.ToCome], null, "shift-repeated", "shiftIds[1]"),
            ([Given.ToCome, Given.UnderWay, Given.Over, Given.ToCome], null, "shifts-out-of-range", "shiftIds"),
            ([Given.ToCome], new string('я', 2001), "text-too-long", "message"),
            ([Given.ToCome], "\u0001", "text-with-control-characters", "message"),
        ];
        foreach (var (shifts, message, code, field) in cases)
        {
            var refusal = Applying(message: message, shifts: shifts).Refusal.ShouldNotBeNull(field);
            (refusal.Code, refusal.Field, refusal.Status).ShouldBe((code, field, 400));
        }

        ApplyEndpoint.Decide(Given.AVacancy(), [], Given.Volunteer, new Apply([]), Given.Now).Refusal.ShouldNotBeNull().Field.ShouldBe("shiftIds");
    }

    [Fact]
    public void bad_input_is_told_before_the_state() =>
        Applying(Given.AClosedVacancy(), Given.AnApplication(), shifts: [Guid.CreateVersion7()]).Refusal.ShouldNotBeNull().Status.ShouldBe(400);

    public static TheoryData<ApplicationStatus, string[], string?> Accepting => new()
    {
        { ApplicationStatus.Submitted, [nameof(ApplicationAccepted), nameof(PlacesTaken)], null },
        { ApplicationStatus.Accepted, [], null },
        { ApplicationStatus.Declined, [], "application-declined" },
        { ApplicationStatus.Withdrawn, [], "application-withdrawn" },
    };

    [Theory]
    [MemberData(nameof(Accepting))]
    public void accepting_by_state(ApplicationStatus status, string[] events, string? refusal)
    {
        var decision = AcceptApplicationEndpoint.Decide(Given.AnApplication(status), Given.AVacancy(), Given.Now);
        (Names(decision), decision.Refusal?.Code).ShouldBe((events, refusal), Comparer);
    }

    public static TheoryData<ApplicationStatus, string[], string?> Declining => new()
    {
        { ApplicationStatus.Submitted, [nameof(ApplicationDeclined)], null },
        { ApplicationStatus.Accepted, [nameof(ApplicationDeclined), nameof(PlacesFreed)], null },
        { ApplicationStatus.Declined, [], "application-declined" },
        { ApplicationStatus.Withdrawn, [], "application-withdrawn" },
    };

    [Theory]
    [MemberData(nameof(Declining))]
    public void declining_by_state(ApplicationStatus status, string[] events, string? refusal)
    {
        var decision = DeclineApplicationEndpoint.Decide(Given.AnApplication(status), new DeclineApplication("нет"), Given.Now);
        (Names(decision), decision.Refusal?.Code).ShouldBe((events, refusal), Comparer);
    }

    public static TheoryData<ApplicationStatus, string[], string?> Withdrawing => new()
    {
        { ApplicationStatus.Submitted, [nameof(ApplicationWithdrawn)], null },
        { ApplicationStatus.Accepted, [nameof(ApplicationWithdrawn), nameof(PlacesFreed)], null },
        { ApplicationStatus.Declined, [], "application-declined" },
        { ApplicationStatus.Withdrawn, [], null },
    };

    [Theory]
    [MemberData(nameof(Withdrawing))]
    public void withdrawing_by_state(ApplicationStatus status, string[] events, string? refusal)
    {
        var decision = WithdrawApplicationEndpoint.Decide(Given.AnApplication(status), Given.Now);
        (Names(decision), decision.Refusal?.Code).ShouldBe((events, refusal), Comparer);
    }

    [Fact]
    public void an_application_with_recorded_attendance_is_neither_withdrawn_nor_declined()
    {
        var worked = Given.AnApplication(ApplicationStatus.Accepted);
        worked = worked.After(
            worked.Id, RecordAttendanceEndpoint.Decide(worked, Given.AVacancy(), Guid.Empty, new RecordAttendance(Given.UnderWay, 60), Given.Now));

        WithdrawApplicationEndpoint.Decide(worked, Given.Now).Refusal.ShouldBe(ApplicationRefusals.AlreadyWorked);
        DeclineApplicationEndpoint.Decide(worked, new DeclineApplication("нет"), Given.Now).Refusal.ShouldBe(ApplicationRefusals.AlreadyWorked);
    }

    [Fact]
    public void declining_again_in_the_same_words_changes_nothing() =>
        DeclineApplicationEndpoint.Decide(Given.AnApplication(ApplicationStatus.Declined), new DeclineApplication("мест нет"), Given.Now).Events
            .ShouldBeEmpty();

    [Theory]
    [InlineData("", "text-missing")]
    [InlineData("   ", "text-missing")]
    public void declining_needs_a_reason(string reason, string code)
    {
        var refusal = DeclineApplicationEndpoint.Decide(Given.AnApplication(), new DeclineApplication(reason), Given.Now).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field).ShouldBe((code, "reason"));
    }

    [Fact]
    public void accepting_takes_a_place_in_each_shift_applied_for_and_in_no_other()
    {
        var vacancy = Given.AVacancy();
        vacancy = vacancy.After(AcceptApplicationEndpoint.Decide(Given.AnApplication(), vacancy, Given.Now));

        vacancy.Shifts.Select(vacancy.Free).ShouldBe([2, 1, 1]);
    }

    [Fact]
    public void withdrawing_gives_the_places_back()
    {
        var application = Given.AnApplication();
        var accepting = AcceptApplicationEndpoint.Decide(application, Given.AVacancy(), Given.Now);
        var vacancy = Given.AVacancy().After(accepting);
        application = application.After(application.Id, accepting);

        vacancy = vacancy.After(WithdrawApplicationEndpoint.Decide(application, Given.Now));

        vacancy.Shifts.Select(vacancy.Free).ShouldBe([2, 2, 2]);
    }

    [Fact]
    public void accepting_beyond_the_places_of_one_shift_gives_none_at_all_and_names_the_shift()
    {
        var vacancy = Given.AVacancy(places: 1).Apply(new PlacesTaken(Guid.CreateVersion7(), [Given.ToCome], Given.Now));
        var refusal = AcceptApplicationEndpoint.Decide(Given.AnApplication(), vacancy, Given.Now).Refusal.ShouldNotBeNull();

        (refusal.Code, refusal.Status).ShouldBe(("no-places-left", 409));
        refusal.Extensions["shiftIds"].ShouldBe(new[] { Given.ToCome });
        AcceptApplicationEndpoint.Decide(Given.AnApplication(ApplicationStatus.Submitted, Given.UnderWay), vacancy, Given.Now).Refusal.ShouldBeNull();
    }

    [Fact]
    public void those_who_wait_are_accepted_also_after_the_closure() =>
        AcceptApplicationEndpoint.Decide(Given.AnApplication(), Given.AClosedVacancy(), Given.Now).Events.Count.ShouldBe(2);

    // Tuples compare arrays by reference; what is meant is their content.
    private static readonly EqualityComparer<(string[] Events, string? Refusal)> Comparer = EqualityComparer<(string[] Events, string? Refusal)>.Create(
        (one, other) => one.Events.SequenceEqual(other.Events) && one.Refusal == other.Refusal);
}
