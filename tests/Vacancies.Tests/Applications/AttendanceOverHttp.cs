using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Testing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Tests.Host;

namespace VolunteerBook.Vacancies.Tests.Applications;

/// <summary>Attendance as it is recorded over HTTP and told to others.</summary>
[Trait("Feature", "F25")]
[Collection(OverHttp.Name)]
public sealed class AttendanceOverHttp(VacanciesHost vacancies)
{
    [Fact]
    public async Task attendance_is_published_exactly_once_however_often_it_is_recorded()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(-2));
        var volunteer = Guid.CreateVersion7();
        var application = await vacancies.AcceptedAsync(volunteer, vacancy, organisation);
        var coordinator = vacancies.Person(organisation.Coordinator);
        var path = $"/api/v1/applications/{application}/attendance";
        var worked = new RecordAttendance(vacancy.ShiftIds()[0], 95);
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => coordinator.PostJsonAsync(path, worked, version: 2, idempotencyKey: key)));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.NoContent && answer.Version() == 3);
        await (await coordinator.PostJsonAsync(path, worked, version: 2)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        (await (await coordinator.PostJsonAsync(path, worked, version: 3)).ShouldBeAsync(HttpStatusCode.NoContent)).Version().ShouldBe(3);
        await (await coordinator.PostJsonAsync(path, worked with { Minutes = 100 }, version: 3))
            .ProblemAsync(HttpStatusCode.Conflict, "attendance-already-recorded");

        // What is published after it is published too, so that a second one would have been seen.
        var later = await vacancies.ApplyAsync(Guid.CreateVersion7(), vacancy);
        var published = await Eventually.Value(async () =>
        {
            var all = await vacancies.PublishedAsync();
            all.ShouldContain(message => message.Text("type") == nameof(ApplicationSubmittedV1)
                && message.GetProperty("data").GetProperty("applicationId").GetGuid() == later);
            return all;
        });
        var recorded = published.Where(message => message.Text("type") == nameof(AttendanceRecordedV1))
            .Select(message => message.GetProperty("data").Deserialize<AttendanceRecordedV1>(Http.Json)!)
            .Where(message => message.ApplicationId == application).ShouldHaveSingleItem();
        recorded.AttendanceId.ShouldBe(RecordAttendanceEndpoint.AttendanceId(application, worked.ShiftId));
        (recorded.VolunteerId, recorded.VacancyId, recorded.Facts.OrganisationId, recorded.Facts.Project, recorded.Facts.Minutes())
            .ShouldBe((volunteer, vacancy.Id(), organisation.Id, "Субботник в парке", 95));

        var seen = await vacancies.Person(volunteer).GetJsonAsync($"/api/v1/applications/{application}");
        seen.GetProperty("shifts")[0].GetProperty("attendance").GetProperty("minutes").GetInt32().ShouldBe(95);
        seen.GetProperty("shifts")[0].GetProperty("attendance").Id().ShouldBe(recorded.AttendanceId);
    }

    [Fact]
    public async Task attendance_is_refused_before_acceptance_before_the_shift_and_for_another_shift()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(-2), VacanciesHost.AShift(2), VacanciesHost.AShift(-1));
        var shifts = vacancy.ShiftIds();
        var volunteer = vacancies.Person();
        var application = await (await volunteer.PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply([shifts[0], shifts[1]]))).IdAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var path = $"/api/v1/applications/{application}/attendance";

        await (await coordinator.PostJsonAsync(path, new RecordAttendance(shifts[0], 60), version: 1))
            .ProblemAsync(HttpStatusCode.Conflict, "application-not-accepted");
        await (await coordinator.PostJsonAsync($"/api/v1/applications/{application}/acceptance", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await coordinator.PostJsonAsync(path, new RecordAttendance(shifts[1], 60), version: 2)).ProblemAsync(HttpStatusCode.Conflict, "shift-not-over");
        await (await coordinator.PostJsonAsync(path, new RecordAttendance(shifts[2], 60), version: 2))
            .ProblemAsync(HttpStatusCode.Conflict, "shift-not-in-application");
        foreach (var (body, field) in new (object, string)[]
        {
            (new { shiftId = shifts[0], minutes = 0 }, "minutes"),
            (new { shiftId = shifts[0], minutes = 1441 }, "minutes"),
            (new { shiftId = shifts[0], minutes = 1.5 }, "minutes"),
            (new { shiftId = shifts[0] }, "minutes"),
            (new { shiftId = Guid.CreateVersion7(), minutes = 60 }, "shiftId"),
        })
        {
            (await (await coordinator.PostJsonAsync(path, body, version: 2)).ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys
                .ShouldBe([field]);
        }

        await (await coordinator.PostJsonAsync(path, new RecordAttendance(shifts[0], 60), version: 2)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await volunteer.PostJsonAsync($"/api/v1/applications/{application}/withdrawal", version: 3))
            .ProblemAsync(HttpStatusCode.Conflict, "attendance-recorded");
    }

    [Fact]
    public async Task what_a_vacancy_goes_through_is_published_in_order()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(-2));
        var application = await vacancies.AcceptedAsync(Guid.CreateVersion7(), vacancy, organisation);
        var coordinator = vacancies.Person(organisation.Coordinator);
        await coordinator.PostJsonAsync($"/api/v1/applications/{application}/attendance", new RecordAttendance(vacancy.ShiftIds()[0], 60), version: 2);
        (await coordinator.PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/closure", new { }, version: 2)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await Eventually.Is(async () =>
        {
            var about = (await vacancies.PublishedAsync())
                .Where(message => message.GetProperty("data").GetProperty("vacancyId").GetGuid() == vacancy.Id()).ToList();
            about.Select(message => message.Text("type")).ShouldBe(
                [
                    nameof(VacancyPublishedV1),
                    nameof(ApplicationSubmittedV1),
                    nameof(ApplicationAcceptedV1),
                    nameof(AttendanceRecordedV1),
                    nameof(VacancyClosedV1),
                ]);
            about[0].GetProperty("data").Deserialize<VacancyPublishedV1>(Http.Json)!.Shifts.Single().Places.ShouldBe(5);
            about[2].GetProperty("data").Deserialize<ApplicationAcceptedV1>(Http.Json)!.ShiftIds.ShouldBe(vacancy.ShiftIds());
        });
    }
}
