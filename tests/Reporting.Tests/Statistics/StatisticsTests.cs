using System.Net;
using System.Net.Http.Headers;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.Testing;

namespace VolunteerBook.Reporting.Tests.Statistics;

/// <summary>The service over HTTP, told by its publishers through RabbitMQ. Each test keeps to an organisation of its own.</summary>
public sealed class StatisticsTests(ReportingUnderTest reporting) : IClassFixture<ReportingUnderTest>
{
    private readonly Guid entry = Guid.CreateVersion7();
    private readonly Guid volunteer = Guid.CreateVersion7();
    private readonly Guid organisation = Guid.CreateVersion7();

    [Fact]
    public async Task names_and_addresses_lie_only_where_the_documents_say()
    {
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240));
        await reporting.Profiles.PublishAsync(
            new OrganisationApprovedV1(organisation, "Ромашка и лопата", "RU-MOW", 2, Given.At), new VolunteerRegisteredV1(volunteer, "RU-MOW", Given.At));
        await reporting.Ledger.PublishAsync(Given.Submitted(entry, volunteer, facts), Given.Confirmed(entry, volunteer, facts));
        await Eventually.Is(async () => (await OpenAsync()).ByOrganisation.ShouldContain(line => line.Key == organisation && line.Name == "Ромашка и лопата"));
        foreach (var caller in new[] { reporting.Authority.PersonToken(volunteer), reporting.Authority.PersonToken(volunteer, "administrator") })
        {
            using var client = reporting.Host.Client(caller);
            await (await client.GetResponseAsync("/api/v1/statistics/me")).ShouldBeAsync(HttpStatusCode.OK);
        }

        // The callers' tokens say an address; no event does.
        await PersonalDataTables.ShouldBeAsListedAsync(reporting.Database, "Reporting", $"{volunteer:N}@example.org");
        (await PersonalDataTables.HoldingAsync(reporting.Database, "Ромашка и лопата")).ShouldNotBeEmpty();
        (await PersonalDataTables.HoldingAsync(reporting.Database, volunteer.ToString())).ShouldNotBeEmpty();
    }

    [Fact, Trait("Feature", "F34")]
    public async Task confirmed_hours_appear_for_everyone_and_waiting_ones_do_not()
    {
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240), Given.Shift("2026-06-01T10:00", 60));
        await reporting.Profiles.PublishAsync(new OrganisationApprovedV1(organisation, "Забота рядом", "RU-MOW", 2, Given.At));
        await reporting.Ledger.PublishAsync(
            Given.Submitted(entry, volunteer, facts),
            Given.Submitted(Guid.CreateVersion7(), volunteer, facts),
            Given.Confirmed(entry, volunteer, facts));

        await Eventually.Is(async () => (await OpenAsync()).ByOrganisation.ShouldBe([new OrganisationLine(organisation, "Забота рядом", 300, 1)]));
        var open = await OpenAsync();
        open.Minutes.ShouldBe(300);
        open.Entries.ShouldBe(1);
        open.Volunteers.ShouldBe(1);
        open.Organisations.ShouldBe(1);
        open.ByRegion.ShouldBe([new Line("RU-MOW", 300, 1)]);
        open.ByTaskType.ShouldBe([new Line("D12", 300, 1)]);
        open.ByMonth.ShouldBe([new Line("2026-05", 240, 1), new Line("2026-06", 60, 1)]);

        (await OpenAsync("from=2026-06")).Minutes.ShouldBe(60);
        (await OpenAsync("from=2026-06")).Entries.ShouldBe(1);
        (await OpenAsync("to=2026-05")).Minutes.ShouldBe(240);
        (await OpenAsync("from=2026-05&to=2026-06")).Entries.ShouldBe(1);
        (await OpenAsync("from=2026-07")).ByOrganisation.ShouldBeEmpty();
        (await OpenAsync("region=RU-SPE")).Minutes.ShouldBe(0);
        (await OpenAsync("taskType=E12")).Volunteers.ShouldBe(0);
    }

    [Fact, Trait("Feature", "F29")]
    public async Task a_volunteer_sees_ones_own_figures_and_nobody_elses()
    {
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240));
        await reporting.Ledger.PublishAsync(
            Given.Submitted(entry, volunteer, facts),
            Given.Confirmed(entry, volunteer, facts),
            Given.Submitted(
                Guid.CreateVersion7(), volunteer, Given.Facts(organisation, Given.Shift("2026-05-10T10:00", 30), Given.Shift("2026-05-11T10:00", 15))));
        using var own = reporting.Host.Client(reporting.Authority.PersonToken(volunteer));
        await Eventually.Is(async () => (await own.GetJsonAsync<MyStatistics>("/api/v1/statistics/me")).SubmittedMinutes.ShouldBe(45));

        var mine = await own.GetJsonAsync<MyStatistics>("/api/v1/statistics/me");
        mine.ConfirmedMinutes.ShouldBe(240);
        mine.Entries.ShouldBe(1);
        mine.ByMonth.ShouldBe([new Line("2026-05", 240, 1)]);
        mine.ByTaskType.ShouldBe([new Line("D12", 240, 1)]);
        mine.ByRegion.ShouldBe([new Line("RU-MOW", 240, 1)]);
        mine.ByOrganisation.ShouldBe([new OrganisationLine(organisation, null, 240, 1)]);

        using var other = reporting.Host.Client(reporting.Authority.PersonToken(Guid.NewGuid()));
        var theirs = await other.GetJsonAsync<MyStatistics>("/api/v1/statistics/me");
        theirs.ConfirmedMinutes.ShouldBe(0);
        theirs.SubmittedMinutes.ShouldBe(0);
        theirs.ByOrganisation.ShouldBeEmpty();
    }

    [Fact]
    public async Task ones_own_figures_need_a_person()
    {
        using var nobody = reporting.Host.Client();
        await (await nobody.GetAsync(new Uri("/api/v1/statistics/me", UriKind.Relative))).ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
        using var machine = reporting.Host.Client(reporting.Authority.MachineToken("organisation", "organisation"));
        await (await machine.GetAsync(new Uri("/api/v1/statistics/me", UriKind.Relative))).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        using var person = reporting.Host.Client(reporting.Authority.PersonToken(volunteer));
        using var response = await person.GetAsync(new Uri("/api/v1/statistics/me", UriKind.Relative));
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact, Trait("Feature", "F34")]
    public async Task a_confirmation_that_comes_before_its_submission_counts_at_once()
    {
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240));
        await reporting.Ledger.PublishAsync(Given.Confirmed(entry, volunteer, facts));
        await Eventually.Is(async () => (await OpenAsync()).Minutes.ShouldBe(240));
        var other = Given.Facts(organisation, Given.Shift("2026-05-10T10:00", 240));
        await reporting.Ledger.PublishAsync(Given.Submitted(entry, volunteer, facts), Given.Confirmed(Guid.CreateVersion7(), volunteer, other));
        await Eventually.Is(async () => (await OpenAsync()).Minutes.ShouldBe(480));
        (await OpenAsync()).Entries.ShouldBe(2);
        (await OpenAsync()).Volunteers.ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "N7")]
    public async Task hours_that_two_organisations_confirm_count_once_in_the_best_evidenced_and_come_back_when_it_is_revoked()
    {
        var second = Guid.CreateVersion7();
        var other = Guid.CreateVersion7();
        // 12:00 to 14:00 in Yekaterinburg is 10:00 to 12:00 in Moscow: an hour of it lies within the other's shift.
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T11:00", 240));
        var same = Given.Facts(second, Given.Shift("2026-05-09T12:00", 120, "Asia/Yekaterinburg")) with { Region = "RU-SVE" };
        using var own = reporting.Host.Client(reporting.Authority.PersonToken(volunteer));

        await reporting.Ledger.PublishAsync(Given.Confirmed(other, volunteer, same, grade: EvidenceGrade.Confirmed));
        await Eventually.Is(async () => (await OpenAsync(of: second)).Minutes.ShouldBe(120));
        await reporting.Ledger.PublishAsync(Given.Confirmed(entry, volunteer, facts, grade: EvidenceGrade.Signed));
        await Eventually.Is(async () => (await OpenAsync()).Minutes.ShouldBe(240));
        (await OpenAsync(of: second)).ByOrganisation.ShouldBe([new OrganisationLine(second, null, 60, 1)]);
        (await OpenAsync("region=RU-SVE", second)).Volunteers.ShouldBe(1);
        (await own.GetJsonAsync<MyStatistics>("/api/v1/statistics/me")).ConfirmedMinutes.ShouldBe(300);

        await reporting.Ledger.PublishAsync(Given.Revoked(entry, volunteer));
        await Eventually.Is(async () => (await OpenAsync()).Entries.ShouldBe(0));
        (await OpenAsync(of: second)).ByOrganisation.ShouldBe([new OrganisationLine(second, null, 120, 1)]);
        (await own.GetJsonAsync<MyStatistics>("/api/v1/statistics/me")).ConfirmedMinutes.ShouldBe(120);
    }

    [Fact]
    [Trait("Feature", "N7")]
    public async Task among_equally_evidenced_hours_those_that_began_first_count_and_an_entry_of_which_nothing_counts_is_still_one()
    {
        var second = Guid.CreateVersion7();
        await reporting.Ledger.PublishAsync(
            Given.Confirmed(entry, volunteer, Given.Facts(organisation, Given.Shift("2026-05-09T10:30", 60))),
            Given.Confirmed(Guid.CreateVersion7(), volunteer, Given.Facts(second, Given.Shift("2026-05-09T10:00", 120))));
        await Eventually.Is(async () => (await OpenAsync(of: second)).Minutes.ShouldBe(120));
        (await OpenAsync()).ByOrganisation.ShouldBe([new OrganisationLine(organisation, null, 0, 1)]);
        (await OpenAsync()).Volunteers.ShouldBe(1);
    }

    [Fact]
    [Trait("Feature", "N7")]
    public async Task hours_that_wait_count_only_beyond_the_confirmed_ones()
    {
        using var own = reporting.Host.Client(reporting.Authority.PersonToken(volunteer));
        await reporting.Ledger.PublishAsync(
            Given.Submitted(Guid.CreateVersion7(), volunteer, Given.Facts(Guid.CreateVersion7(), Given.Shift("2026-05-09T10:00", 120))),
            Given.Confirmed(entry, volunteer, Given.Facts(organisation, Given.Shift("2026-05-09T11:00", 240)), grade: EvidenceGrade.Confirmed));
        await Eventually.Is(async () => (await own.GetJsonAsync<MyStatistics>("/api/v1/statistics/me")).ConfirmedMinutes.ShouldBe(240));
        (await own.GetJsonAsync<MyStatistics>("/api/v1/statistics/me")).SubmittedMinutes.ShouldBe(60);
    }

    [Fact]
    public async Task hours_that_are_taken_back_no_longer_count()
    {
        var facts = Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240));
        await reporting.Ledger.PublishAsync(Given.Confirmed(entry, volunteer, facts));
        await Eventually.Is(async () => (await OpenAsync()).Minutes.ShouldBe(240));
        await reporting.Ledger.PublishAsync(Given.Withdrawn(entry, volunteer, facts, revision: 2));
        await Eventually.Is(async () => (await OpenAsync()).Minutes.ShouldBe(0));
        var open = await OpenAsync();
        (open.Entries, open.Volunteers, open.Organisations).ShouldBe((0, 0, 0));
        open.ByMonth.ShouldBeEmpty();
    }

    [Fact]
    public async Task an_organisation_has_no_name_until_profiles_tells_it_and_then_the_latest()
    {
        await reporting.Ledger.PublishAsync(Given.Confirmed(entry, volunteer, Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240))));
        await Eventually.Is(async () => (await OpenAsync()).ByOrganisation.Single().Name.ShouldBeNull());
        await reporting.Profiles.PublishAsync(
            new OrganisationApprovedV1(organisation, "Новое имя", "RU-MOW", 7, Given.At),
            new OrganisationApprovedV1(organisation, "Старое имя", "RU-MOW", 2, Given.At),
            new OrganisationApprovedV1(Guid.CreateVersion7(), "Последняя", "RU-MOW", 2, Given.At));
        await Eventually.Is(async () => (await OpenAsync()).ByOrganisation.Single().Name.ShouldBe("Новое имя"));
    }

    [Fact, Trait("Feature", "F46")]
    public async Task registered_volunteers_are_counted_by_the_region_they_live_in()
    {
        var somebody = new VolunteerRegisteredV1(Guid.CreateVersion7(), "RU-CHU", Given.At);
        await reporting.Profiles.PublishAsync(somebody, somebody, new VolunteerRegisteredV1(Guid.CreateVersion7(), "RU-CHU", Given.At));
        using var anyone = reporting.Host.Client();
        await Eventually.Is(async () => (await anyone.GetJsonAsync<OpenStatistics>("/api/v1/statistics?region=RU-CHU")).RegisteredVolunteers.ShouldBe(2));
        (await anyone.GetJsonAsync<OpenStatistics>("/api/v1/statistics")).RegisteredVolunteers.ShouldBeGreaterThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("from=2026-1", "malformed-month", "from")]
    [InlineData("to=soon", "malformed-month", "to")]
    [InlineData("from=2026-05&to=2026-04", "months-out-of-order", "to")]
    [InlineData("region=RU-XYZ", "unknown-region", "region")]
    [InlineData("taskType=D", "unknown-task-type", "taskType")]
    [InlineData("organisationId=7", "malformed-id", "organisationId")]
    public async Task a_bad_filter_is_a_problem_that_names_the_field(string query, string code, string field)
    {
        using var anyone = reporting.Host.Client();
        using var response = await anyone.GetAsync(new Uri($"/api/v1/statistics?{query}", UriKind.Relative));
        (await response.ProblemAsync(HttpStatusCode.BadRequest, code)).Errors!.Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task a_copy_that_still_holds_is_not_sent_again()
    {
        using var anyone = reporting.Host.Client();
        var path = new Uri($"/api/v1/statistics?organisationId={organisation}", UriKind.Relative);
        await QuietAsync();
        using var first = await anyone.GetAsync(path);
        var tag = first.Headers.ETag.ShouldNotBeNull();
        tag.IsWeak.ShouldBeTrue();
        first.Headers.CacheControl!.Public.ShouldBeTrue();
        first.Headers.CacheControl.NoCache.ShouldBeTrue();

        using var again = await AskAsync(path, tag);
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        again.Headers.ETag.ShouldBe(tag);
        (await again.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();

        // By weak comparison (RFC 9110, section 8.8.3.2), one of several, or whatever there is.
        foreach (var holds in new[] { tag.Tag, $"\"other\", {tag}", "*" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("If-None-Match", holds).ShouldBeTrue();
            using var kept = await anyone.SendAsync(request);
            kept.StatusCode.ShouldBe(HttpStatusCode.NotModified, holds);
        }

        await reporting.Ledger.PublishAsync(Given.Confirmed(entry, volunteer, Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240))));
        await Eventually.Is(async () =>
        {
            using var changed = await AskAsync(path, tag);
            changed.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await changed.JsonAsync<OpenStatistics>()).Minutes.ShouldBe(240);
            changed.Headers.ETag.ShouldNotBe(tag);
        });

        async Task<HttpResponseMessage> AskAsync(Uri uri, EntityTagHeaderValue known)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            request.Headers.IfNoneMatch.Add(known);
            return await anyone.SendAsync(request);
        }
    }

    [Fact]
    public async Task what_has_not_changed_since_it_was_asked_is_not_added_up_again()
    {
        await reporting.Ledger.PublishAsync(Given.Confirmed(entry, volunteer, Given.Facts(organisation, Given.Shift("2026-05-09T10:00", 240))));
        await Eventually.Is(async () => (await OpenAsync()).Minutes.ShouldBe(240));
        await QuietAsync();
        var first = await OpenAsync();
        // Whoever adds up finds no table.
        await Sql.ColumnAsync<int>(reporting.Database, "alter table hours_v2.hours rename to away");
        try
        {
            (await OpenAsync()).ShouldBeEquivalentTo(first);
        }
        finally
        {
            await Sql.ColumnAsync<int>(reporting.Database, "alter table hours_v2.away rename to hours");
        }

        await reporting.Ledger.PublishAsync(
            Given.Confirmed(Guid.CreateVersion7(), Guid.CreateVersion7(), Given.Facts(organisation, Given.Shift("2026-05-10T10:00", 60))));
        await Eventually.Is(async () => (await OpenAsync()).Volunteers.ShouldBe(2));
        (await OpenAsync("from=2026-06")).Minutes.ShouldBe(0);
    }

    [Fact]
    public async Task every_message_three_times_and_shuffled_into_the_queue_gives_the_same_figures()
    {
        // Each begins five minutes before the one before it ends.
        var words = Enumerable.Range(0, 30)
            .Select(number => $"2026-05-09T{10 + (number / 12)}:{number % 12 * 5:00}")
            .Select(start => (Id: Guid.CreateVersion7(), Facts: Given.Facts(organisation, Given.Shift(start, 10))))
            .SelectMany(each => new object[] { Given.Submitted(each.Id, volunteer, each.Facts), Given.Confirmed(each.Id, volunteer, each.Facts) })
            .Select(reporting.Ledger.Number)
            .ToList();
        var deliveries = words.Concat(words).Concat(words).ToArray();
        new Random(7).Shuffle(deliveries);
        reporting.Ledger.Show(words);
        await reporting.Ledger.SendToQueueAsync("reporting.from-ledger", deliveries);
        await Eventually.Is(async () => (await OpenAsync()).Entries.ShouldBe(30));
        (await OpenAsync()).Minutes.ShouldBe(155);
        (await OpenAsync()).Volunteers.ShouldBe(1);
    }

    [Fact]
    public Task a_second_start_finds_the_tables_as_the_first_one_made_them() =>
        reporting.Host.Services.GetRequiredService<IDocumentStore>().Storage.Database
            .AssertDatabaseMatchesConfigurationAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until all that was published is handled: what another test published changes every tag.</summary>
    private async Task QuietAsync()
    {
        await using var database = NpgsqlDataSource.Create(reporting.Database);
        await Eventually.Is(async () =>
        {
            foreach (var publisher in new[] { reporting.Ledger, reporting.Profiles })
            {
                await using var handled = database.CreateCommand("select coalesce(min(sequence), 0) from reader_positions where publisher = $1");
                handled.Parameters.Add(new() { Value = publisher.Name });
                (await handled.ExecuteScalarAsync()).ShouldBe(publisher.Shown);
            }
        });
    }

    private async Task<OpenStatistics> OpenAsync(string query = "", Guid? of = null)
    {
        using var anyone = reporting.Host.Client();
        return await anyone.GetJsonAsync<OpenStatistics>($"/api/v1/statistics?organisationId={of ?? organisation}&{query}");
    }
}
