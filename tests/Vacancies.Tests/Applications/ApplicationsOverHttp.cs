using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Testing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Tests.Host;

namespace VolunteerBook.Vacancies.Tests.Applications;

/// <summary>Applications as they are made and decided over HTTP.</summary>
[Trait("Feature", "F26")]
[Collection(OverHttp.Name)]
public sealed class ApplicationsOverHttp(VacanciesHost vacancies)
{
    [Fact]
    public async Task names_and_addresses_lie_only_where_the_documents_say()
    {
        var (organisation, volunteer) = (await vacancies.OrganisationAsync(), Guid.CreateVersion7());
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift());
        var made = await vacancies.Person(volunteer).PostJsonAsync(
            $"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds(), "приду с лопатой"), idempotencyKey: "zoya.kept@example.org");
        // Refused, and so kept under its key in another way, if at all.
        await vacancies.Person(volunteer)
            .PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds()), idempotencyKey: "zoya.second@example.org");
        var id = await made.IdAsync();
        await vacancies.Person(organisation.Coordinator).PostJsonAsync($"/api/v1/applications/{id}/acceptance", version: 1);
        await vacancies.Person(organisation.Coordinator).GetJsonAsync($"/api/v1/applications/{id}/history");

        // What Profiles says of a caller's name, what the callers' tokens do, and what stands in a key that they choose.
        await PersonalDataTables.ShouldBeAsListedAsync(
            vacancies.Database, "Vacancies", "zoya.kept@example.org", "zoya.second@example.org", "Иванова", $"{volunteer:N}@example.org",
            $"{organisation.Coordinator:N}@example.org");
        (await PersonalDataTables.HoldingAsync(vacancies.Database, "приду с лопатой")).ShouldContain("public.mt_events");
    }

    [Fact]
    [Trait("Feature", "F42")]
    public async Task an_application_is_seen_by_both_sides_with_its_status()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(), VacanciesHost.AShift(48));
        var volunteer = Guid.CreateVersion7();
        var created = await vacancies.Person(volunteer)
            .PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply([vacancy.ShiftIds()[1]], "приду"));
        var id = await created.IdAsync();

        id.ShouldBe(Application.IdOf(vacancy.Id(), volunteer));
        (created.Version(), created.Headers.Location!.ToString()).ShouldBe((1, $"/api/v1/applications/{id}"));
        foreach (var side in new[] { vacancies.Person(volunteer), vacancies.Person(organisation.Coordinator) })
        {
            var read = await side.GetResponseAsync($"/api/v1/applications/{id}");
            read.Version().ShouldBe(1);
            var application = await read.JsonAsync();
            (application.Text("status"), application.Text("message"), application.Text("vacancyTitle")).ShouldBe(("submitted", "приду", "Субботник в парке"));
            application.ShiftIds().ShouldBe([vacancy.ShiftIds()[1]]);
        }

        (await vacancies.Person(volunteer).GetJsonAsync("/api/v1/applications")).GetProperty("items").EnumerateArray().Single().Id().ShouldBe(id);
        var queue = vacancies.Person(organisation.Coordinator);
        (await queue.GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications")).GetProperty("items").EnumerateArray().Single().Id().ShouldBe(id);
        (await (await queue.PostJsonAsync($"/api/v1/applications/{id}/acceptance", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent)).Version().ShouldBe(2);
        (await vacancies.Person(volunteer).GetJsonAsync($"/api/v1/applications/{id}")).Text("status").ShouldBe("accepted");
        (await queue.GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications?status=submitted")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await queue.GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications?status=accepted")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task one_applies_once_and_again_only_after_a_withdrawal()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var volunteer = vacancies.Person(Guid.CreateVersion7());
        var path = $"/api/v1/vacancies/{vacancy.Id()}/applications";
        var apply = new Apply(vacancy.ShiftIds());
        var id = await (await volunteer.PostJsonAsync(path, apply)).IdAsync();

        await (await volunteer.PostJsonAsync(path, apply)).ProblemAsync(HttpStatusCode.Conflict, "already-applied");
        (await volunteer.PostJsonAsync($"/api/v1/applications/{id}/withdrawal", version: 1)).Version().ShouldBe(2);
        var again = await volunteer.PostJsonAsync(path, apply);
        (await again.IdAsync(), again.Version()).ShouldBe((id, 3));
        await (await volunteer.PostJsonAsync(path, apply)).ProblemAsync(HttpStatusCode.Conflict, "already-applied");
        (await vacancies.Person(organisation.Coordinator).PostJsonAsync($"/api/v1/applications/{id}/refusal", new DeclineApplication("мест нет"), version: 3))
            .Version().ShouldBe(4);
        await (await volunteer.PostJsonAsync(path, apply)).ProblemAsync(HttpStatusCode.Conflict, "already-applied");
        (await volunteer.GetJsonAsync($"/api/v1/applications/{id}")).Text("reason").ShouldBe("мест нет");
    }

    [Fact]
    public async Task four_hundred_applications_at_once_are_all_answered_and_one_is_taken()
    {
        var vacancy = await vacancies.VacancyAsync(await vacancies.OrganisationAsync());
        var volunteer = vacancies.Person();
        // Whoever is known to have a name is not asked for it again: all at once would ask for longer than the service waits.
        var before = await vacancies.VacancyAsync(await vacancies.OrganisationAsync());
        await (await volunteer.PostJsonAsync($"/api/v1/vacancies/{before.Id()}/applications", new Apply(before.ShiftIds())))
            .ShouldBeAsync(HttpStatusCode.Created);
        var answers = await Crowd.ShouldBeAnsweredAsync(
            key => volunteer.PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds()), idempotencyKey: key),
            () => vacancies.Person().GetResponseAsync($"/api/v1/vacancies/{vacancy.Id()}"));
        answers.Order().ShouldBe(Enumerable.Repeat(HttpStatusCode.Conflict, 399).Prepend(HttpStatusCode.Created));
    }

    [Fact]
    public async Task who_worked_one_shift_applies_for_another_and_is_recorded_there_too()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(-2), VacanciesHost.AShift(-1), VacanciesHost.AShift());
        var volunteer = vacancies.Person();
        var path = $"/api/v1/vacancies/{vacancy.Id()}/applications";
        async Task<Guid> WorkAsync(Guid shift)
        {
            var id = await (await volunteer.PostJsonAsync(path, new Apply([shift]))).IdAsync();
            await (await coordinator.PostJsonAsync($"/api/v1/applications/{id}/acceptance", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
            await (await coordinator.PostJsonAsync($"/api/v1/applications/{id}/attendance", new RecordAttendance(shift, 60), version: 2))
                .ShouldBeAsync(HttpStatusCode.NoContent);
            return id;
        }

        var shifts = vacancy.ShiftIds();
        var (first, second) = (await WorkAsync(shifts[0]), await WorkAsync(shifts[1]));
        var third = await (await volunteer.PostJsonAsync(path, new Apply([shifts[2]]))).IdAsync();

        // Each shift once, whichever application it was in; several at once are refused for the one.
        var problem = await (await volunteer.PostJsonAsync(path, new Apply([shifts[0], shifts[2]]))).ProblemAsync(HttpStatusCode.Conflict, "already-applied");
        problem.More!["shiftIds"].EnumerateArray().Select(shift => shift.GetGuid()).ShouldBe([shifts[0], shifts[2]]);
        (await volunteer.GetJsonAsync($"/api/v1/applications?vacancyId={vacancy.Id()}"))
            .GetProperty("items").EnumerateArray().Select(item => (item.Id(), item.Text("status")))
            .ShouldBe([(third, "submitted"), (second, "accepted"), (first, "accepted")]);
        (await volunteer.GetJsonAsync($"/api/v1/applications?vacancyId={Guid.CreateVersion7()}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}")).Free(1).ShouldBe(4);
    }

    [Fact]
    public async Task a_refusal_for_one_shift_and_a_withdrawal_leave_the_others_open()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(), VacanciesHost.AShift(48));
        var volunteer = vacancies.Person();
        var path = $"/api/v1/vacancies/{vacancy.Id()}/applications";
        var shifts = vacancy.ShiftIds();
        var declined = await (await volunteer.PostJsonAsync(path, new Apply([shifts[0]]))).IdAsync();
        await (await vacancies.Person(organisation.Coordinator)
            .PostJsonAsync($"/api/v1/applications/{declined}/refusal", new DeclineApplication("мест нет"), version: 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        await (await volunteer.PostJsonAsync(path, new Apply([shifts[0]]))).ProblemAsync(HttpStatusCode.Conflict, "already-applied");
        var other = await (await volunteer.PostJsonAsync(path, new Apply([shifts[1]]))).IdAsync();
        other.ShouldNotBe(declined);
        await (await volunteer.PostJsonAsync($"/api/v1/applications/{other}/withdrawal", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        var again = await volunteer.PostJsonAsync(path, new Apply([shifts[1]]));
        (await again.IdAsync(), again.Version()).ShouldBe((other, 3));
    }

    [Fact]
    public async Task without_a_name_nobody_applies_and_whoever_gives_it_goes_on_at_once()
    {
        var vacancy = await vacancies.VacancyAsync(await vacancies.OrganisationAsync());
        var id = Guid.CreateVersion7();
        var path = $"/api/v1/vacancies/{vacancy.Id()}/applications";
        vacancies.Nameless.Add(id);
        await (await vacancies.Person(id).PostJsonAsync(path, new Apply(vacancy.ShiftIds()))).ProblemAsync(HttpStatusCode.Conflict, "no-name");
        await (await vacancies.Person(id).PostJsonAsync(path, new Apply(vacancy.ShiftIds()), idempotencyKey: "key"))
            .ProblemAsync(HttpStatusCode.Conflict, "no-name");
        (await vacancies.Person(id).GetJsonAsync("/api/v1/applications")).GetProperty("items").GetArrayLength().ShouldBe(0);

        vacancies.Nameless.Remove(id);
        vacancies.KnowsNames = false;
        var other = Guid.CreateVersion7();
        await (await vacancies.Person(other).PostJsonAsync(path, new Apply(vacancy.ShiftIds()))).ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        vacancies.KnowsNames = true;
        (await (await vacancies.Person(id).PostJsonAsync(path, new Apply(vacancy.ShiftIds()), idempotencyKey: "key")).ShouldBeAsync(HttpStatusCode.Created))
            .Version().ShouldBe(1);

        // Who was known once goes on while Profiles is away.
        vacancies.KnowsNames = false;
        await (await vacancies.Person(id).PostJsonAsync(path, new Apply(vacancy.ShiftIds()))).ProblemAsync(HttpStatusCode.Conflict, "already-applied");
        vacancies.KnowsNames = true;
    }

    [Fact]
    public async Task of_applications_made_at_the_same_moment_one_is_taken()
    {
        var vacancy = await vacancies.VacancyAsync(await vacancies.OrganisationAsync());
        var volunteer = vacancies.Person();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => volunteer.PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds()))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(7);
        (await volunteer.GetJsonAsync("/api/v1/applications")).GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task the_last_places_are_given_once_and_come_free_again()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(places: 3));
        var volunteers = Enumerable.Range(0, 12).Select(_ => Guid.CreateVersion7()).ToList();
        var applications = await Task.WhenAll(volunteers.Select(volunteer => vacancies.ApplyAsync(volunteer, vacancy)));
        var coordinator = vacancies.Person(organisation.Coordinator);

        var answers = await Task.WhenAll(applications.Select(id => coordinator.PostJsonAsync($"/api/v1/applications/{id}/acceptance", version: 1)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(3);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.NoContent))
        {
            // Whoever came too late hears of the places, not of a version: their own application had not changed.
            var problem = await refused.ProblemAsync(HttpStatusCode.Conflict, "no-places-left");
            problem.More!["shiftIds"].EnumerateArray().Select(id => id.GetGuid()).ShouldBe(vacancy.ShiftIds());
        }

        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}")).Free().ShouldBe(0);
        var given = Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        var waiting = Array.FindIndex(answers, answer => answer.StatusCode == HttpStatusCode.Conflict);
        await (await vacancies.Person(volunteers[given]).PostJsonAsync($"/api/v1/applications/{applications[given]}/withdrawal", version: 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}")).Free().ShouldBe(1);
        await (await coordinator.PostJsonAsync($"/api/v1/applications/{applications[waiting]}/acceptance", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}")).Free().ShouldBe(0);
    }

    [Fact]
    public async Task acceptances_and_withdrawals_at_the_same_moment_leave_places_and_applications_in_agreement()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(places: 4), VacanciesHost.AShift(48, places: 2));
        var volunteers = Enumerable.Range(0, 10).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(volunteers.Select(volunteer => vacancies.ApplyAsync(volunteer, vacancy)));
        var coordinator = vacancies.Person(organisation.Coordinator);

        var answers = await Task.WhenAll(volunteers.SelectMany(volunteer =>
        {
            var path = $"/api/v1/applications/{Application.IdOf(vacancy.Id(), volunteer)}";
            return new[]
            {
                coordinator.PostJsonAsync(path + "/acceptance", version: 1, idempotencyKey: Guid.NewGuid().ToString()),
                vacancies.Person(volunteer).PostJsonAsync(path + "/withdrawal", version: 1),
                vacancies.Person(volunteer).PostJsonAsync(path + "/withdrawal", version: 2),
            };
        }));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.NoContent
            || answer.StatusCode == HttpStatusCode.Conflict || answer.StatusCode == HttpStatusCode.PreconditionFailed);
        var list = await coordinator.GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications?status=accepted");
        var accepted = list.GetProperty("items").GetArrayLength();
        accepted.ShouldBeLessThanOrEqualTo(2);
        var after = await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}");
        (after.Free(0), after.Free(1)).ShouldBe((4 - accepted, 2 - accepted));
    }

    [Fact]
    public async Task everybody_sees_free_places_and_nobody_sees_who_holds_them()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var volunteer = Guid.CreateVersion7();
        var application = await vacancies.AcceptedAsync(volunteer, vacancy, organisation);

        foreach (var path in new[] { $"/api/v1/vacancies/{vacancy.Id()}", $"/api/v1/vacancies?organisationId={organisation.Id}" })
        {
            var text = (await vacancies.Anybody().GetJsonAsync(path)).ToString();
            text.ShouldContain("\"free\":4");
            text.ShouldNotContain(application.ToString());
            text.ShouldNotContain(volunteer.ToString());
        }
    }

    [Fact]
    public async Task a_foreign_application_looks_absent_whatever_is_done_with_it()
    {
        var organisation = await vacancies.OrganisationAsync();
        var volunteer = Guid.CreateVersion7();
        var vacancy = await vacancies.VacancyAsync(organisation, VacanciesHost.AShift(-1));
        var application = await vacancies.ApplyAsync(volunteer, vacancy);
        var strangers = new[] { vacancies.Person((await vacancies.OrganisationAsync()).Coordinator), vacancies.Person() };
        foreach (var (caller, id) in strangers.SelectMany(stranger => new[] { (stranger, application), (stranger, Guid.CreateVersion7()) })
            // The applicant is no coordinator, and the coordinator is not the applicant.
            .Append((vacancies.Person(volunteer), Guid.CreateVersion7())))
        {
            foreach (var path in new[] { "", "/history" })
            {
                await (await caller.GetResponseAsync($"/api/v1/applications/{id}{path}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
            }

            foreach (var version in new long[] { 1, 7 })
            {
                foreach (var (path, body) in Changes(vacancy))
                {
                    await (await caller.PostJsonAsync($"/api/v1/applications/{id}{path}", body, version)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
                }
            }
        }

        foreach (var (path, body) in Changes(vacancy).Where(change => change.Path != "/withdrawal"))
        {
            await (await vacancies.Person(volunteer).PostJsonAsync($"/api/v1/applications/{application}{path}", body, version: 1))
                .ProblemAsync(HttpStatusCode.NotFound, "not-found");
        }

        await (await vacancies.Person(organisation.Coordinator).PostJsonAsync($"/api/v1/applications/{application}/withdrawal", version: 1))
            .ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await vacancies.Person().PostJsonAsync($"/api/v1/vacancies/{Guid.CreateVersion7()}/applications", new Apply([Guid.CreateVersion7()])))
            .ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task a_missing_version_is_428_and_a_stale_one_412()
    {
        var organisation = await vacancies.OrganisationAsync();
        var volunteer = Guid.CreateVersion7();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var application = await vacancies.ApplyAsync(volunteer, vacancy);
        foreach (var (path, body) in Changes(vacancy))
        {
            var caller = vacancies.Person(path == "/withdrawal" ? volunteer : organisation.Coordinator);
            await (await caller.PostJsonAsync($"/api/v1/applications/{application}{path}", body))
                .ProblemAsync(HttpStatusCode.PreconditionRequired, "version-required");
            await (await caller.PostJsonAsync($"/api/v1/applications/{application}{path}", body, version: 9))
                .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        }
    }

    [Fact]
    public async Task a_repeated_key_gives_the_same_answer_and_one_application()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var volunteer = vacancies.Person();
        var path = $"/api/v1/vacancies/{vacancy.Id()}/applications";
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => volunteer.PostJsonAsync(path, new Apply(vacancy.ShiftIds(), "приду"), idempotencyKey: key)));

        var ids = await Task.WhenAll(answers.Select(answer => answer.IdAsync()));
        ids.Distinct().Count().ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Version() == 1);
        await (await volunteer.PostJsonAsync(path, new Apply(vacancy.ShiftIds(), "не приду"), idempotencyKey: key))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");

        var coordinator = vacancies.Person(organisation.Coordinator);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            (await (await coordinator.PostJsonAsync($"/api/v1/applications/{ids[0]}/acceptance", version: 1, idempotencyKey: key))
                .ShouldBeAsync(HttpStatusCode.NoContent)).Version().ShouldBe(2);
        }

        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}")).Free().ShouldBe(4);
    }

    [Fact]
    public async Task own_applications_are_paged_newest_first_and_a_vacancys_oldest_first()
    {
        var organisation = await vacancies.OrganisationAsync();
        var volunteer = Guid.CreateVersion7();
        var own = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            own.Add(await vacancies.ApplyAsync(volunteer, await vacancies.VacancyAsync(organisation)));
        }

        (await vacancies.Person(volunteer).IdsOfAllPagesAsync("/api/v1/applications?limit=3")).ShouldBe(Enumerable.Reverse(own));

        var vacancy = await vacancies.VacancyAsync(organisation);
        var received = new List<Guid>();
        for (var i = 0; i < 7; i++)
        {
            received.Add(await vacancies.ApplyAsync(Guid.CreateVersion7(), vacancy));
        }

        (await vacancies.Person(organisation.Coordinator).IdsOfAllPagesAsync($"/api/v1/vacancies/{vacancy.Id()}/applications?limit=3")).ShouldBe(received);
    }

    [Fact]
    [Trait("Feature", "F39")]
    public async Task the_history_shows_every_change_with_date_and_author()
    {
        var organisation = await vacancies.OrganisationAsync();
        var volunteer = Guid.CreateVersion7();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var application = await vacancies.AcceptedAsync(volunteer, vacancy, organisation);
        await vacancies.Person(volunteer).PostJsonAsync($"/api/v1/applications/{application}/withdrawal", version: 2);

        foreach (var side in new[] { volunteer, organisation.Coordinator })
        {
            var history = (await vacancies.Person(side).GetJsonAsync($"/api/v1/applications/{application}/history")).EnumerateArray().ToList();
            history.Select(change => change.Text("type")).ShouldBe(["application_submitted", "application_accepted", "application_withdrawn"]);
            history.Select(change => change.Text("by")).ShouldBe([volunteer.ToString(), organisation.Coordinator.ToString(), volunteer.ToString()]);
            history.Select(change => change.GetProperty("version").GetInt64()).ShouldBe([1, 2, 3]);
            history.ShouldAllBe(change => change.Text("byKind") == "person" && change.Text("correlationId") != null);
        }
    }

    [Fact]
    public async Task bad_input_names_the_field()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var path = $"/api/v1/vacancies/{vacancy.Id()}/applications";
        var volunteer = vacancies.Person();
        foreach (var (body, field) in new (object, string)[]
        {
            (new { shiftIds = new[] { "x" } }, "shiftIds[0]"),
            (new { shiftIds = new object?[] { null } }, "shiftIds[0]"),
            (new { message = "приду" }, "shiftIds"),
            (new { shiftIds = Array.Empty<Guid>() }, "shiftIds"),
            (new { shiftIds = vacancy.ShiftIds(), message = new string('a', 1024 * 1024) }, "message"),
            (new { shiftIds = vacancy.ShiftIds(), message = 5 }, "message"),
        })
        {
            (await (await volunteer.PostJsonAsync(path, body)).ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
        }

        var application = await vacancies.ApplyAsync(Guid.CreateVersion7(), vacancy);
        var refusal = await (await vacancies.Person(organisation.Coordinator)
            .PostJsonAsync($"/api/v1/applications/{application}/refusal", new { reason = " " }, version: 1))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-missing");
        refusal.Errors!.Keys.ShouldBe(["reason"]);
    }

    [Fact]
    public async Task a_volunteers_words_and_reasons_are_in_no_feed()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var application = await vacancies.ApplyAsync(Guid.CreateVersion7(), vacancy, "мой телефон 5550100");
        await vacancies.Person(organisation.Coordinator)
            .PostJsonAsync($"/api/v1/applications/{application}/refusal", new DeclineApplication("болел 5550100"), version: 1);

        var analyst = vacancies.Machine("analyst", "events");
        var log = await Eventually.Value(async () =>
        {
            var text = await analyst.GetStringAsync(new Uri($"/api/v1/events/vacancies?stream={application}", UriKind.Relative));
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
            return text;
        });
        var published = await Eventually.Value(async () =>
        {
            var about = (await vacancies.PublishedAsync())
                .Where(message => message.ToString().Contains(application.ToString(), StringComparison.Ordinal)).ToList();
            about.Select(message => message.Text("type")).ShouldBe(["ApplicationSubmittedV1", "ApplicationDeclinedV1"]);
            return string.Concat(about);
        });

        log.ShouldContain("\"application_declined\"");
        (log + published).ShouldNotContain("5550100");
    }

    private static (string Path, object? Body)[] Changes(JsonElement vacancy) =>
    [
        ("/withdrawal", null),
        ("/acceptance", null),
        ("/refusal", new DeclineApplication("нет")),
        ("/attendance", new RecordAttendance(vacancy.ShiftIds()[0], 60)),
    ];
}
