using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Applications;

namespace VolunteerBook.Vacancies.Tests.Applications;

/// <summary>When a shift counts as worked.</summary>
[Trait("Feature", "F25")]
public sealed class AttendanceDecisions
{
    private static Decision Recording(
        ApplicationStatus status = ApplicationStatus.Accepted, Guid? shift = null, int minutes = 115, DateTimeOffset? now = null,
        Application? application = null, Guid? by = null) =>
        RecordAttendanceEndpoint.Decide(
            application ?? Given.AnApplication(status), Given.AVacancy(), by ?? Guid.CreateVersion7(),
            new RecordAttendance(shift ?? Given.UnderWay, minutes), now ?? Given.Now);

    [Fact]
    public void recorded_is_the_vacancys_work_for_the_minutes_that_were_worked()
    {
        var application = Given.AnApplication(ApplicationStatus.Accepted);
        var recorded = Recording().Events.ShouldHaveSingleItem().ShouldBeOfType<AttendanceRecorded>();

        recorded.AttendanceId.ShouldBe(Uuid.V5(application.Id, "attendance/" + Given.UnderWay));
        (recorded.VacancyId, recorded.VolunteerId, recorded.ShiftId, recorded.At).ShouldBe((Given.VacancyId, Given.Volunteer, Given.UnderWay, Given.Now));
        (recorded.Facts.OrganisationId, recorded.Facts.Project, recorded.Facts.TaskType, recorded.Facts.Region)
            .ShouldBe((Given.Organisation, "Субботник в парке", "E12", "RU-MOW"));
        recorded.Facts.Shifts.ShouldBe([new Shift(Given.At("2026-05-20T13:00:00"), "Europe/Moscow", 115)]);
        application.Apply(recorded).Attendance.ShouldBe([new Attendance(recorded.AttendanceId, Given.UnderWay, 115, Given.Now)]);
    }

    [Theory]
    [InlineData(ApplicationStatus.Submitted)]
    [InlineData(ApplicationStatus.Declined)]
    [InlineData(ApplicationStatus.Withdrawn)]
    public void only_an_accepted_applicant_attends(ApplicationStatus status) => Recording(status).Refusal.ShouldBe(ApplicationRefusals.NotAccepted);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1441)]
    [InlineData(int.MinValue)]
    public void minutes_are_1_to_1440(int minutes)
    {
        var refusal = Recording(minutes: minutes).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field, refusal.Status).ShouldBe(("minutes-out-of-range", "minutes", 400));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1440)]
    public void the_limits_themselves_are_allowed(int minutes) => Recording(minutes: minutes, now: Given.Now.AddDays(1)).Events.ShouldHaveSingleItem();

    [Fact]
    public void a_shift_that_the_vacancy_lacks_is_bad_input()
    {
        var refusal = Recording(shift: Guid.CreateVersion7(), minutes: 0).Refusal.ShouldNotBeNull();
        (refusal.Code, refusal.Field, refusal.Status).ShouldBe(("unknown-shift", "shiftId", 400));
        refusal.Others.ShouldHaveSingleItem().Field.ShouldBe("minutes");
    }

    [Fact]
    public void a_shift_that_was_not_applied_for_is_refused() => Recording(shift: Given.Over).Refusal.ShouldBe(ApplicationRefusals.ShiftNotApplied);

    // 13:00 in Moscow is two hours before now.
    [Theory]
    [Trait("Feature", "F15")]
    [InlineData(120, 0, true)]
    [InlineData(121, 0, true)]
    [InlineData(122, 0, false)]
    [InlineData(122, 60, true)]
    [InlineData(1440, 0, false)]
    public void work_is_recorded_once_it_is_over_and_a_clock_a_minute_ahead_is_forgiven(int minutes, int later, bool recorded)
    {
        var decision = Recording(minutes: minutes, now: Given.Now.AddSeconds(later));
        decision.Refusal.ShouldBe(recorded ? null : ApplicationRefusals.ShiftNotOver);
        decision.Events.Count.ShouldBe(recorded ? 1 : 0);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public void nobody_records_their_own_attendance() => Recording(by: Given.Volunteer).Refusal.ShouldBe(OwnHours.Refused);

    [Fact]
    public void a_shift_is_recorded_once_and_its_minutes_stay()
    {
        var application = Given.AnApplication(ApplicationStatus.Accepted);
        application = application.After(application.Id, Recording(application: application));

        Recording(application: application).ShouldBeSameAs(Decision.Nothing);
        Recording(application: application, minutes: 100).Refusal.ShouldBe(ApplicationRefusals.AttendanceRecorded);
        Recording(application: application, shift: Given.ToCome, now: Given.Now.AddDays(2)).Events.ShouldHaveSingleItem();
    }
}
