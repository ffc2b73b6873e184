using System.Net;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>The ledger's real host on real PostgreSQL and RabbitMQ, one for the class.</summary>
public sealed class LedgerHost : IAsyncLifetime
{
    public TestAuthority Authority { get; private set; } = null!;

    public ServiceHost<Entry> Service { get; private set; } = null!;

    public string Database { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        Authority = await TestAuthority.StartAsync();
        Database = await TestInfrastructure.CreateDatabaseAsync("ledger");
        Service = await ServiceHost.StartAsync<Entry>(ServiceSettings.For("ledger", Database, await TestInfrastructure.CreateVirtualHostAsync(), Authority));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Authority.DisposeAsync();
    }

    public HttpClient Volunteer(Guid? id = null) => Service.Client(Authority.PersonToken(id ?? Guid.CreateVersion7()));

    public HttpClient Analyst() => Service.Client(Authority.MachineToken("analyst", "events"));
}

[Trait("Feature", "F7")]
public sealed class LedgerOverHttp(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    private static readonly Guid Organisation = Guid.CreateVersion7();

    private static LogEntry AnEntry(int minutes = 240, bool submit = false, string start = "2025-05-09T10:00:00") =>
        new(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(minutes, start)], "слова волонтёра", submit);

    [Fact]
    public async Task an_entry_is_logged_read_back_and_shown_in_the_book()
    {
        var volunteer = ledger.Volunteer();
        var created = await volunteer.PostJsonAsync("/api/v1/entries", AnEntry());
        var id = await created.IdAsync();

        created.Version().ShouldBe(1);
        created.Headers.Location!.ToString().ShouldBe($"/api/v1/entries/{id}");
        var read = await volunteer.GetResponseAsync($"/api/v1/entries/{id}");
        read.Version().ShouldBe(1);
        var entry = await read.JsonAsync();
        entry.GetProperty("status").GetString().ShouldBe("draft");
        entry.GetProperty("minutes").GetInt32().ShouldBe(240);
        entry.GetProperty("shifts")[0].GetProperty("start").GetString().ShouldBe("2025-05-09T10:00:00");
        var book = await volunteer.GetJsonAsync("/api/v1/book");
        book.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid().ShouldBe(id);
        book.GetProperty("totals").GetProperty("byStatus")[0].ToString()
            .ShouldBe("""{"key":"draft","minutes":240,"entries":1,"grades":{"selfDeclared":240,"checkedIn":0,"matched":0,"confirmed":0,"signed":0}}""");
    }

    [Fact]
    public async Task without_a_name_nothing_is_logged_or_sent_to_an_organisation()
    {
        var id = Guid.CreateVersion7();
        ledger.Authority.Nameless.Add(id);
        var volunteer = ledger.Volunteer(id);
        foreach (var submit in new[] { true, false })
        {
            await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(submit: submit), idempotencyKey: submit.ToString()))
                .ProblemAsync(HttpStatusCode.Conflict, "no-name");
        }

        foreach (var act in new[] { "submission", "amendments" })
        {
            await (await volunteer.PostJsonAsync($"/api/v1/entries/{Guid.CreateVersion7()}/{act}", version: 1))
                .ProblemAsync(HttpStatusCode.Conflict, "no-name");
        }

        (await volunteer.GetJsonAsync("/api/v1/book")).GetProperty("items").GetArrayLength().ShouldBe(0);
        ledger.Authority.Nameless.Remove(id);
        await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(submit: true), idempotencyKey: true.ToString())).ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task an_entry_submitted_as_it_is_logged_names_the_case_of_its_submission()
    {
        var volunteer = ledger.Volunteer();
        var id = await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(submit: true))).IdAsync();

        (await volunteer.GetJsonAsync($"/api/v1/entries/{id}")).GetProperty("caseId").GetGuid().ShouldBe(CaseIds.Of(id, 1));
        (await volunteer.GetJsonAsync("/api/v1/book")).GetProperty("items")[0].GetProperty("caseId").GetGuid().ShouldBe(CaseIds.Of(id, 1));
    }

    [Fact]
    [Trait("Feature", "F3")]
    public async Task an_empty_book_has_no_items_and_totals_of_nothing()
    {
        var book = await ledger.Volunteer().GetJsonAsync("/api/v1/book");
        book.ToString().ShouldBe(
            """{"items":[],"next":null,"totals":{"minutes":0,"entries":0,"overlapMinutes":0,"points":0,"grades":{"selfDeclared":0,"checkedIn":0,"matched":0,"confirmed":0,"signed":0},"byStatus":[],"byOrganisation":[],"byTaskType":[],"byYear":[]},"overlaps":[]}""");
    }

    [Fact]
    [Trait("Feature", "F3")]
    public async Task the_book_is_paged_from_the_latest_work_on_without_loss_or_repetition()
    {
        var volunteer = ledger.Volunteer();
        for (var day = 1; day <= 25; day++)
        {
            // Three a day at the same moment: the id decides between them.
            for (var i = 0; i < 3; i++)
            {
                await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(60, start: $"2025-03-{day:00}T10:00:00")))
                    .ShouldBeAsync(HttpStatusCode.Created);
            }
        }

        var seen = new List<(string Start, Guid Id)>();
        string? next = null;
        do
        {
            var page = await volunteer.GetJsonAsync($"/api/v1/book?limit=10&after={next}");
            seen.AddRange(
                page.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("firstStart").GetString()!, item.GetProperty("id").GetGuid())));
            page.GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(25 * 60);
            page.GetProperty("totals").GetProperty("overlapMinutes").GetInt64().ShouldBe(50 * 60);
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        seen.Count.ShouldBe(75);
        seen.Distinct().Count().ShouldBe(75);
        seen.Select(item => item.Start).ShouldBeInOrder(SortDirection.Descending);
        (await volunteer.GetResponseAsync("/api/v1/book?after=nonsense")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("ёлка", 1)]
    [InlineData("ЕЛКИ", 0)]
    [InlineData("детям елка", 1)]
    [InlineData("сквер", 1)]
    [InlineData("перчатк", 1)]
    [InlineData("елка сквер", 0)]
    [InlineData("%", 0)]
    [InlineData("_лка", 0)]
    [InlineData("", 2)]
    public async Task the_book_is_searched_by_words_of_what_people_read(string query, int found)
    {
        var volunteer = ledger.Volunteer();
        await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(60) with { Project = "Ёлка — детям" });
        await volunteer.PostJsonAsync(
            "/api/v1/entries", AnEntry(30, start: "2024-02-01T09:00:00") with { Project = "Уборка", Place = "Сквер у реки", Description = "Перчатки дали" });

        var book = await volunteer.GetJsonAsync("/api/v1/book?q=" + Uri.EscapeDataString(query));
        book.GetProperty("items").GetArrayLength().ShouldBe(found);
        book.GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(90);
        (await volunteer.GetJsonAsync("/api/v1/book?year=2024&q=" + Uri.EscapeDataString(query))).GetProperty("items").GetArrayLength()
            .ShouldBe(query is "сквер" or "перчатк" or "" ? 1 : 0);
        (await ledger.Volunteer().GetJsonAsync("/api/v1/book?q=" + Uri.EscapeDataString(query))).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_query_longer_than_a_hundred_characters_is_refused() =>
        await (await ledger.Volunteer().GetResponseAsync("/api/v1/book?q=" + new string('я', 101))).ShouldBeAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task the_book_is_filtered_and_its_totals_stay_whole()
    {
        var volunteer = ledger.Volunteer();
        await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(60, submit: true));
        await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(30, start: "2024-02-01T09:00:00") with { TaskType = "E21" });
        // At the same time as the first, but withdrawn: it takes nothing from it.
        var withdrawn = await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(15))).IdAsync();
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{withdrawn}/withdrawal", new WithdrawEntry(), version: 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        foreach (var (query, minutes) in new[]
        {
            ("status=submitted", 60),
            ("year=2024", 30),
            ("taskType=E21", 30),
            ("status=withdrawn", 15),
            ($"organisationId={Organisation}&status=draft", 30),
        })
        {
            var book = await volunteer.GetJsonAsync($"/api/v1/book?{query}");
            book.GetProperty("items").EnumerateArray().Single().GetProperty("minutes").GetInt32().ShouldBe(minutes, query);
            // Withdrawn hours show by their status and count nowhere else.
            book.GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(90, query);
            book.GetProperty("totals").GetProperty("byYear").EnumerateArray().Sum(line => line.GetProperty("minutes").GetInt64()).ShouldBe(90);
            book.GetProperty("totals").GetProperty("byStatus").EnumerateArray().Sum(line => line.GetProperty("minutes").GetInt64()).ShouldBe(105);
        }
    }

    [Fact]
    [Trait("Feature", "F3")]
    [Trait("Feature", "F39")]
    public async Task the_history_shows_every_change_with_date_and_author()
    {
        var id = Guid.CreateVersion7();
        var volunteer = ledger.Volunteer(id);
        var entry = await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry())).IdAsync();
        var corrected = await volunteer.PostJsonAsync($"/api/v1/entries/{entry}/corrections",
            new CorrectEntry("Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(180)], "ошибся"), version: 1);
        corrected.Version().ShouldBe(2);
        (await volunteer.PostJsonAsync($"/api/v1/entries/{entry}/submission", version: 2)).Version().ShouldBe(3);

        var history = (await volunteer.GetJsonAsync($"/api/v1/entries/{entry}/history")).EnumerateArray().ToList();

        history.Select(change => change.GetProperty("type").GetString()).ShouldBe(["entry_logged", "entry_corrected", "entry_submitted"]);
        history.Select(change => change.GetProperty("version").GetInt64()).ShouldBe([1, 2, 3]);
        history.ShouldAllBe(change => change.GetProperty("by").GetString() == id.ToString() && change.GetProperty("byKind").GetString() == "person");
        history.ShouldAllBe(change => change.GetProperty("correlationId").GetString() != null
            && change.GetProperty("at").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-5));
        history[1].GetProperty("data").GetProperty("reason").GetString().ShouldBe("ошибся");
    }

    [Fact]
    public async Task a_foreign_entry_looks_absent_whatever_is_done_with_it()
    {
        var foreign = await (await ledger.Volunteer().PostJsonAsync("/api/v1/entries", AnEntry())).IdAsync();
        var other = ledger.Volunteer();
        foreach (var id in new[] { foreign, Guid.CreateVersion7() })
        {
            foreach (var path in new[] { "", "/history" })
            {
                await (await other.GetResponseAsync($"/api/v1/entries/{id}{path}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
            }

            foreach (var version in new long[] { 1, 7 })
            {
                await (await other.PostJsonAsync($"/api/v1/entries/{id}/submission", version: version)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
                await (await other.PostJsonAsync($"/api/v1/entries/{id}/withdrawal", new WithdrawEntry(), version))
                    .ProblemAsync(HttpStatusCode.NotFound, "not-found");
                await (await other.PostJsonAsync(
                    $"/api/v1/entries/{id}/corrections", new CorrectEntry("П", "D12", "RU-MOW", [EntryDecisions.AShift()], "р"), version))
                    .ProblemAsync(HttpStatusCode.NotFound, "not-found");
            }
        }
    }

    [Fact]
    public async Task a_missing_version_is_428_and_a_stale_one_412()
    {
        var volunteer = ledger.Volunteer();
        var id = await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry())).IdAsync();

        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/submission")).ProblemAsync(HttpStatusCode.PreconditionRequired, "version-required");
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/submission", version: 9)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await volunteer.PostJsonAsync($"/api/v1/entries/{id}/submission", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_repeated_key_gives_the_same_answer_and_one_entry()
    {
        var volunteer = ledger.Volunteer();
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => volunteer.PostJsonAsync("/api/v1/entries", AnEntry(submit: true), idempotencyKey: key)));

        (await Task.WhenAll(answers.Select(answer => answer.IdAsync()))).Distinct().Count().ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Version() == 2);
        (await volunteer.GetJsonAsync("/api/v1/book")).GetProperty("totals").GetProperty("entries").GetInt64().ShouldBe(1);
        await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(90), idempotencyKey: key))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(0), idempotencyKey: "other")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(60), idempotencyKey: "other")).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData(
        """{"organisationId":"7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a1","project":"П","taskType":"D12","region":"RU-MOW","shifts":[{"start":"2025-05-09T10:00:00","zone":"Europe/Moscow","minutes":"много"}]}""",
        "shifts[0].minutes")]
    [InlineData(
        """{"organisationId":"7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a1","project":"П","taskType":"D12","region":"RU-MOW","shifts":[{"start":"вчера","zone":"Europe/Moscow","minutes":60}]}""",
        "shifts[0].start")]
    [InlineData(
        """{"organisationId":"7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a1","project":"П","taskType":"D12","region":"RU-MOW","shifts":[{"start":"2025-05-09T10:00:00","zone":"Europe/Moscow","minutes":1e99}]}""",
        "shifts[0].minutes")]
    [InlineData("""{"organisationId":"none","project":"П","taskType":"D12","region":"RU-MOW","shifts":[]}""", "organisationId")]
    [InlineData("""{"project":"П","taskType":"D12","region":"RU-MOW","shifts":[]}""", "organisationId")]
    [InlineData("""{"organisationId":"7b1c0c3e-0f63-4f3e-9d33-1d51c3a9b7a1","project":null,"taskType":"D12","region":"RU-MOW","shifts":[]}""", "project")]
    [InlineData("""[]""", "$")]
    public async Task malformed_json_names_the_field(string json, string field)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        var problem = await (await ledger.Volunteer().PostAsync(new Uri("/api/v1/entries", UriKind.Relative), content, TestContext.Current.CancellationToken))
            .ProblemAsync(HttpStatusCode.BadRequest, "malformed-json");
        problem.Errors.ShouldNotBeNull().Keys.ShouldContain(field);
    }

    [Fact]
    public async Task a_megabyte_of_text_is_refused_by_its_field()
    {
        var problem = await (await ledger.Volunteer().PostJsonAsync("/api/v1/entries", AnEntry() with { Description = new string('a', 1024 * 1024) }))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-too-long");
        problem.Errors.ShouldNotBeNull().Keys.ShouldBe(["description"]);
    }

    [Fact]
    public async Task tokens_of_others_expired_forged_or_unsigned_are_refused()
    {
        var person = Guid.CreateVersion7();
        var authority = ledger.Authority;
        foreach (var token in new[]
        {
            null, "nonsense", authority.ExpiredToken(person), authority.TokenForAnotherAudience(person), authority.TokenOfAnotherIssuer(person),
            authority.TokenSignedByAnotherKey(person), authority.UnsignedToken(person),
        })
        {
            await (await ledger.Service.Client(token).GetResponseAsync("/api/v1/book")).ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
        }

        await (await ledger.Analyst().GetResponseAsync("/api/v1/book")).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        await (await ledger.Volunteer().GetResponseAsync("/api/v1/events/ledger")).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        await (await ledger.Volunteer().GetResponseAsync("/integration-events")).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task the_analysts_feed_tells_the_log_without_free_text()
    {
        var volunteer = ledger.Volunteer();
        var id = await (await volunteer.PostJsonAsync("/api/v1/entries", AnEntry(submit: true))).IdAsync();

        var events = await Eventually.Value(async () =>
        {
            var text = await ledger.Analyst()
                .GetStringAsync(new Uri($"/api/v1/events/ledger?stream={id}", UriKind.Relative), TestContext.Current.CancellationToken);
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            lines.Count.ShouldBe(2);
            return lines;
        });

        events.Select(e => e.GetProperty("type").GetString()).ShouldBe(["entry_logged", "entry_submitted"]);
        events.ShouldAllBe(e => e.GetProperty("specversion").GetString() == "1.0" && e.GetProperty("subject").GetGuid() == id);
        events[0].GetProperty("data").TryGetProperty("description", out _).ShouldBeFalse();
        events[0].GetProperty("data").GetProperty("facts").GetProperty("project").GetString().ShouldBe("Забота рядом");
    }

    [Fact]
    public async Task submitting_is_published_once_in_an_unbroken_order()
    {
        var volunteer = ledger.Volunteer();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => volunteer.PostJsonAsync("/api/v1/entries", AnEntry(submit: true))));
        var services = ledger.Service.Client(ledger.Authority.MachineToken("services", "integration"));

        await Eventually.Is(async () =>
        {
            var published = await services.PublishedAsync();
            published.Count.ShouldBeGreaterThanOrEqualTo(20);
            published.Select(message => message.GetProperty("id").GetGuid()).Distinct().Count().ShouldBe(published.Count);
            published[^1].GetProperty("data").Deserialize<EntrySubmittedV1>(Http.Json).ShouldNotBeNull().Facts.Project.ShouldBe("Забота рядом");
        });
    }

    [Fact]
    public async Task every_append_says_who_why_and_under_which_trace()
    {
        await ledger.Volunteer().PostJsonAsync("/api/v1/entries", AnEntry());
        await using var database = NpgsqlDataSource.Create(ledger.Database);
        await using var command = database.CreateCommand(
            "select count(*) from mt_events where user_name is null or correlation_id is null or causation_id is null or headers ->> 'kind' is null");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(0L);
    }
}
