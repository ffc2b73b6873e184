using System.Net;
using System.Text;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Testing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Tests.Host;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests.Vacancies;

/// <summary>Vacancies as they are published, found and closed over HTTP.</summary>
[Trait("Feature", "F23")]
[Collection(OverHttp.Name)]
public sealed class VacanciesOverHttp(VacanciesHost vacancies)
{
    [Fact]
    public async Task a_published_vacancy_is_read_by_everybody()
    {
        var organisation = await vacancies.OrganisationAsync();
        var created = await vacancies.Person(organisation.Coordinator).PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation));
        var id = await created.IdAsync();

        created.Version().ShouldBe(1);
        created.Headers.Location!.ToString().ShouldBe($"/api/v1/vacancies/{id}");
        var read = await vacancies.Anybody().GetResponseAsync($"/api/v1/vacancies/{id}");
        read.Version().ShouldBe(1);
        var vacancy = await read.JsonAsync();
        (vacancy.Text("title"), vacancy.Text("organisationName"), vacancy.Text("status"), vacancy.GetProperty("takesApplications").GetBoolean())
            .ShouldBe(("Субботник в парке", "Забота рядом", "open", true));
        vacancy.GetProperty("shifts")[0].Text("start")!.ShouldNotContain("+");
        vacancy.Free().ShouldBe(5);
        var listed = await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}");
        listed.GetProperty("items").EnumerateArray().Single().ToString().ShouldBe(vacancy.ToString());
    }

    [Fact]
    public async Task an_organisations_system_that_was_appointed_publishes_too()
    {
        var organisation = await vacancies.OrganisationAsync();
        var system = $"system-{organisation.Id:n}";
        await (await vacancies.Machine(system, "organisation").PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation)))
            .ProblemAsync(HttpStatusCode.NotFound, "organisation-not-found");
        var caller = new ServiceDefaults.Caller(new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new("sub", system)])));
        await vacancies.TellAsync(new CoordinatorAppointedV1(organisation.Id, caller.Id, DateTimeOffset.UtcNow.AddMinutes(-1), null, 4, DateTimeOffset.UtcNow));
        await (await vacancies.Machine(system, "organisation").PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation)))
            .ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task the_list_is_paged_from_the_newest_on_without_loss_or_repetition()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var published = new List<Guid>();
        for (var i = 0; i < 25; i++)
        {
            published.Add(await (await coordinator.PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation))).IdAsync());
        }

        var seen = await vacancies.Anybody().IdsOfAllPagesAsync($"/api/v1/vacancies?organisationId={organisation.Id}&limit=10");
        seen.ShouldBe(Enumerable.Reverse(published));
        var problem = await (await vacancies.Anybody().GetResponseAsync("/api/v1/vacancies?after=nonsense"))
            .ProblemAsync(HttpStatusCode.BadRequest, "malformed-cursor");
        problem.Errors!.Keys.ShouldBe(["after"]);
    }

    [Fact]
    public async Task equal_moments_are_paged_by_id()
    {
        var organisation = await vacancies.OrganisationAsync();
        var at = new ServiceDefaults.WholeMicroseconds().GetUtcNow();
        await using (var session = vacancies.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            for (var i = 0; i < 30; i++)
            {
                session.Events.StartStream<Vacancy>(Guid.NewGuid(), Stored(organisation, at.AddMicroseconds(i % 3), DateTimeOffset.UtcNow));
            }

            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var seen = await vacancies.Anybody().IdsOfAllPagesAsync($"/api/v1/vacancies?organisationId={organisation.Id}&limit=7");
        seen.Count.ShouldBe(30);
        seen.Distinct().Count().ShouldBe(30);
    }

    [Fact]
    public async Task the_list_is_filtered_and_searched()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var call = VacanciesHost.ACall(organisation);
        var tree = await (await coordinator.PostJsonAsync("/api/v1/vacancies", call with { Title = "Ёлка для детского дома", TaskType = "D11" })).IdAsync();
        var park =
            await (await coordinator.PostJsonAsync("/api/v1/vacancies", call with { Title = "Уборка парка 100%_\\ чисто", Region = "RU-SPE" })).IdAsync();
        var closed = await (await coordinator.PostJsonAsync("/api/v1/vacancies", call with { Title = "Старый дом" })).IdAsync();
        await (await coordinator.PostJsonAsync($"/api/v1/vacancies/{closed}/closure", new CloseVacancy("хватит"), version: 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        foreach (var (query, found) in new (string, Guid[])[]
        {
            ("", [park, tree]),
            ("&status=open", [park, tree]),
            ("&status=", [park, tree]),
            ("&status=closed", [closed]),
            ("&region=RU-SPE", [park]),
            ("&taskType=D11", [tree]),
            ("&taskType=D11&region=RU-SPE", []),
            ("&q=ЕЛКА", [tree]),
            ("&q=ёлка%20ДОМ", [tree]),
            ("&q=дома%20детск", [tree]),
            ("&q=дом", [tree]),
            ("&q=дом&status=closed", [closed]),
            ("&q=%25", [park]),
            ("&q=%5C", [park]),
            ("&q=_", [park]),
            ("&q=елка%20парк", []),
            ("&q=%20", [park, tree]),
        })
        {
            var list = await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}{query}");
            list.GetProperty("items").EnumerateArray().Select(item => item.Id()).ShouldBe(found, query);
        }

        var problem = await (await vacancies.Anybody().GetResponseAsync($"/api/v1/vacancies?q={new string('a', 101)}"))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-too-long");
        problem.Errors!.Keys.ShouldBe(["q"]);
        problem = await (await vacancies.Anybody().GetResponseAsync("/api/v1/vacancies?status=Open")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-value");
        problem.Errors!.Keys.ShouldBe(["status"]);
    }

    [Fact]
    public async Task words_of_the_description_and_of_the_organisations_name_find_a_vacancy_too()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var call = VacanciesHost.ACall(organisation);
        var rink = await (await coordinator.PostJsonAsync(
            "/api/v1/vacancies", call with { Title = "Помощь на катке", Description = "Выдаём коньки и ЁЖИКОВ." })).IdAsync();
        var park = await (await coordinator.PostJsonAsync("/api/v1/vacancies", call)).IdAsync();

        foreach (var (query, found) in new (string, Guid[])[]
        {
            ("ежиков", [rink]),
            ("каток%20коньки", []),
            ("катке%20коньки", [rink]),
            ("ЗАБОТА", [park, rink]),
            ("рядом%20ежиков", [rink]),
        })
        {
            var list = await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}&q={query}");
            list.GetProperty("items").EnumerateArray().Select(item => item.Id()).ShouldBe(found, query);
        }

        // As documents were stored while only titles were searched.
        await using (var before = vacancies.Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "update mt_doc_vacancy set search_text = null, data = jsonb_set(data - 'searchText', '{searchTitle}', '\"помощь на катке\"') where id = $1"))
        {
            before.Parameters.Add(new() { Value = rink });
            await before.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}&q=КАТКЕ"))
            .GetProperty("items").EnumerateArray().Single().Id().ShouldBe(rink);
    }

    [Fact]
    public async Task by_date_the_list_begins_with_what_comes_next_and_leaves_out_what_is_over()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var now = DateTimeOffset.UtcNow;
        async Task<Guid> PublishAsync(params OfferedShift[] shifts) =>
            await (await coordinator.PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation, shifts))).IdAsync();

        var late = await PublishAsync(VacanciesHost.AShift(90));
        var soon = await PublishAsync(VacanciesHost.AShift(5), VacanciesHost.AShift(500));
        // 23:00 in Kamchatka is long before 23:00 of the same day in UTC.
        var far = await PublishAsync(VacanciesHost.AShift(40) with { Zone = "Asia/Kamchatka" });
        var running = await PublishAsync(VacanciesHost.AShift(-1), VacanciesHost.AShift(60));
        await using (var session = vacancies.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<Vacancy>(Guid.CreateVersion7(), Stored(organisation, now.AddDays(-9), now.AddDays(-2)));
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        foreach (var limit in new[] { 1, 2, 50 })
        {
            (await vacancies.Anybody().IdsOfAllPagesAsync($"/api/v1/vacancies?organisationId={organisation.Id}&sort=start&limit={limit}"))
                .ShouldBe([running, soon, far, late]);
        }

        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}&sort=published"))
            .GetProperty("items").GetArrayLength().ShouldBe(5);
        var problem = await (await vacancies.Anybody().GetResponseAsync("/api/v1/vacancies?sort=date"))
            .ProblemAsync(HttpStatusCode.BadRequest, "unknown-value");
        problem.Errors!.Keys.ShouldBe(["sort"]);
    }

    [Fact]
    public async Task a_word_is_found_among_ten_thousand_titles()
    {
        string[] what = ["Уборка", "Помощь", "Праздник", "Экскурсия", "Обучение"];
        string[] where = ["в парке", "на набережной", "в школе", "в больнице", "у вокзала"];
        var organisation = new AnOrganisation(Guid.CreateVersion7(), Guid.CreateVersion7());
        var now = DateTimeOffset.UtcNow;
        // Documents as the projection would leave them: what is asked here is asked of the documents alone.
        var many = Enumerable.Range(0, 10_000).Select(i =>
            Vacancy.Create(Stored(organisation, now.AddMinutes(-i), now) with
            {
                Title = i == 7_777 ? "Разбор Шкафа с архивом" : $"{what[i % 5]} {where[i / 5 % 5]} {i}",
            }) with
            {
                Id = Guid.CreateVersion7(now.AddMinutes(-i)),
                Version = 1,
            }).ToList();
        await vacancies.Service.Services.GetRequiredService<IDocumentStore>()
            .BulkInsertDocumentsAsync(many, cancellation: TestContext.Current.CancellationToken);

        var found = await vacancies.Anybody().GetJsonAsync("/api/v1/vacancies?q=архивом%20ШКАФА");
        found.GetProperty("items").EnumerateArray().Single().Id().ShouldBe(many[7_777].Id);
        var first = await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?q=экскурсия&organisationId={organisation.Id}&limit=3");
        first.GetProperty("items").EnumerateArray().Select(item => item.Id()).ShouldBe([many[3].Id, many[8].Id, many[13].Id]);
    }

    [Fact]
    public async Task a_vacancy_whose_shifts_are_past_is_open_and_takes_no_applications()
    {
        var organisation = await vacancies.OrganisationAsync();
        var id = Guid.CreateVersion7();
        var published = Stored(organisation, DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-2));
        await using (var session = vacancies.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.Events.StartStream<Vacancy>(id, published);
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        var listed = (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}&status=open"))
            .GetProperty("items").EnumerateArray().Single();
        (listed.Text("status"), listed.GetProperty("takesApplications").GetBoolean()).ShouldBe(("open", false));
        await (await vacancies.Person().PostJsonAsync($"/api/v1/vacancies/{id}/applications", new Apply([published.Shifts[0].Id])))
            .ProblemAsync(HttpStatusCode.Conflict, "shift-over");
    }

    [Fact]
    public async Task a_closed_vacancy_is_read_by_its_id_and_takes_no_applications()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var coordinator = vacancies.Person(organisation.Coordinator);

        (await (await coordinator.PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/closure", new CloseVacancy("все места заняты"), version: 1))
            .ShouldBeAsync(HttpStatusCode.NoContent)).Version().ShouldBe(2);

        var closed = await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies/{vacancy.Id()}");
        (closed.Text("status"), closed.Text("closureReason"), closed.GetProperty("takesApplications").GetBoolean())
            .ShouldBe(("closed", "все места заняты", false));
        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await (await vacancies.Person().PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds())))
            .ProblemAsync(HttpStatusCode.Conflict, "vacancy-closed");
    }

    [Fact]
    public async Task a_foreign_organisation_and_a_foreign_vacancy_look_absent()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        var other = vacancies.Person((await vacancies.OrganisationAsync()).Coordinator);
        foreach (var stranger in new[] { other, vacancies.Person(), vacancies.Machine("organisation", "organisation") })
        {
            foreach (var id in new[] { organisation.Id, Guid.CreateVersion7() })
            {
                await (await stranger.PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation) with { OrganisationId = id }))
                    .ProblemAsync(HttpStatusCode.NotFound, "organisation-not-found");
            }

            foreach (var id in new[] { vacancy.Id(), Guid.CreateVersion7(), organisation.Id })
            {
                await (await stranger.GetResponseAsync($"/api/v1/vacancies/{id}/applications")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
                foreach (var version in new long[] { 1, 9 })
                {
                    await (await stranger.PostJsonAsync($"/api/v1/vacancies/{id}/closure", new CloseVacancy(), version))
                        .ProblemAsync(HttpStatusCode.NotFound, "not-found");
                }
            }
        }

        await (await vacancies.Anybody().GetResponseAsync($"/api/v1/vacancies/{Guid.CreateVersion7()}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task a_coordinator_who_was_removed_is_a_stranger()
    {
        var organisation = await vacancies.OrganisationAsync();
        var vacancy = await vacancies.VacancyAsync(organisation);
        await vacancies.TellAsync(new CoordinatorRemovedV1(organisation.Id, organisation.Coordinator, 4, DateTimeOffset.UtcNow));

        var former = vacancies.Person(organisation.Coordinator);
        await (await former.PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation))).ProblemAsync(HttpStatusCode.NotFound);
        await (await former.PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/closure", new CloseVacancy(), version: 1)).ProblemAsync(HttpStatusCode.NotFound);
        // An older appointment, told late, brings nobody back.
        await vacancies.TellAsync(new CoordinatorAppointedV1(
            organisation.Id, organisation.Coordinator, DateTimeOffset.UtcNow.AddDays(-1), null, 3, DateTimeOffset.UtcNow.AddDays(-1)));
        await (await former.PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation))).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_missing_version_is_428_and_a_stale_one_412()
    {
        var organisation = await vacancies.OrganisationAsync();
        var path = $"/api/v1/vacancies/{(await vacancies.VacancyAsync(organisation)).Id()}/closure";
        var coordinator = vacancies.Person(organisation.Coordinator);

        await (await coordinator.PostJsonAsync(path, new CloseVacancy())).ProblemAsync(HttpStatusCode.PreconditionRequired, "version-required");
        await (await coordinator.PostJsonAsync(path, new CloseVacancy(), version: 9)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await coordinator.PostJsonAsync(path, new CloseVacancy(), version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await coordinator.PostJsonAsync(path, new CloseVacancy(), version: 1)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
    }

    [Fact]
    public async Task a_repeated_key_gives_the_same_answer_and_one_vacancy()
    {
        var organisation = await vacancies.OrganisationAsync();
        var coordinator = vacancies.Person(organisation.Coordinator);
        var key = Guid.NewGuid().ToString();
        var command = VacanciesHost.ACall(organisation);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => coordinator.PostJsonAsync("/api/v1/vacancies", command, idempotencyKey: key)));

        (await Task.WhenAll(answers.Select(answer => answer.IdAsync()))).Distinct().Count().ShouldBe(1);
        (await vacancies.Anybody().GetJsonAsync($"/api/v1/vacancies?organisationId={organisation.Id}")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await (await coordinator.PostJsonAsync("/api/v1/vacancies", command with { Title = "Другое" }, idempotencyKey: key))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Theory]
    [InlineData(
        """{"organisationId":"ORG","title":"П","description":"о","taskType":"D12","region":"RU-MOW","shifts":[{"start":"2099-05-09T10:00:00","zone":"Europe/Moscow","minutes":"много","places":1}]}""",
        "malformed-json", "shifts[0].minutes")]
    [InlineData(
        """{"organisationId":"ORG","title":"П","description":"о","taskType":"D12","region":"RU-MOW","shifts":[{"start":"завтра","zone":"Europe/Moscow","minutes":60,"places":1}]}""",
        "malformed-json", "shifts[0].start")]
    [InlineData(
        """{"organisationId":"ORG","title":"П","description":"о","taskType":"D12","region":"RU-MOW","shifts":[{"start":"2099-05-09T10:00:00","zone":"Europe/Moscow","minutes":60,"places":99999999999}]}""",
        "malformed-json", "shifts[0].places")]
    [InlineData("""{"organisationId":"ORG","title":null,"description":"о","taskType":"D12","region":"RU-MOW","shifts":[]}""", "malformed-json", "title")]
    [InlineData("""{"organisationId":"ORG","title":"П","description":"о","taskType":"D12","region":"RU-MOW"}""", "malformed-json", "shifts")]
    [InlineData("""{"organisationId":"x","title":"П","description":"о","taskType":"D12","region":"RU-MOW","shifts":[]}""", "malformed-json", "organisationId")]
    [InlineData("""{"organisationId":"ORG","title":"П","description":"о","taskType":"D12","region":"RU-MOW","shifts":[null]}""", "null-in-list", "shifts[0]")]
    [InlineData(
        """{"organisationId":"ORG","title":"П","description":"о","taskType":"D12","region":"RU-MOW","shifts":[{"start":"2099-05-09T10:00:00","zone":"Europe/Moscow","minutes":1500,"places":1}]}""",
        "minutes-out-of-range", "shifts[0].minutes")]
    public async Task bad_input_names_the_field(string json, string code, string field)
    {
        var organisation = await vacancies.OrganisationAsync();
        using var content = new StringContent(json.Replace("ORG", organisation.Id.ToString(), StringComparison.Ordinal), Encoding.UTF8, "application/json");
        var problem = await (await vacancies.Person(organisation.Coordinator)
            .PostAsync(new Uri("/api/v1/vacancies", UriKind.Relative), content, TestContext.Current.CancellationToken))
            .ProblemAsync(HttpStatusCode.BadRequest, code);
        problem.Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task a_megabyte_of_text_is_refused_by_its_field()
    {
        var organisation = await vacancies.OrganisationAsync();
        var problem = await (await vacancies.Person(organisation.Coordinator)
            .PostJsonAsync("/api/v1/vacancies", VacanciesHost.ACall(organisation) with { Description = new string('a', 1024 * 1024) }))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-too-long");
        problem.Errors!.Keys.ShouldBe(["description"]);
    }

    [Fact]
    public async Task only_the_two_public_reads_need_no_token()
    {
        var anybody = vacancies.Anybody();
        var id = Guid.CreateVersion7();
        (await anybody.GetResponseAsync("/api/v1/vacancies")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await anybody.GetResponseAsync($"/api/v1/vacancies/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var path in new[] { $"vacancies/{id}/applications", "applications", $"applications/{id}", $"applications/{id}/history", "events/vacancies" })
        {
            await (await anybody.GetResponseAsync("/api/v1/" + path)).ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
        }

        string[] changes =
        [
            "vacancies", $"vacancies/{id}/closure", $"vacancies/{id}/applications", $"applications/{id}/withdrawal", $"applications/{id}/acceptance",
            $"applications/{id}/refusal", $"applications/{id}/attendance",
        ];
        foreach (var path in changes)
        {
            await (await anybody.PostJsonAsync("/api/v1/" + path, new { }, version: 1)).ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
            await (await vacancies.Machine("analyst", "events").PostJsonAsync("/api/v1/" + path, new { }, version: 1))
                .ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        }
    }

    private static VacancyPublished Stored(AnOrganisation organisation, DateTimeOffset at, DateTimeOffset start) => new(
        organisation.Id, "Субботник", "Перчатки дадим.", "E12", "RU-MOW",
        [new VacancyShift(Guid.CreateVersion7(), DateTime.SpecifyKind(start.UtcDateTime, DateTimeKind.Unspecified), "Etc/UTC", 60, 5)], at);
}
