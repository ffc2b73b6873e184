using System.Net;
using Shouldly;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Exchange;

[Trait("Feature", "F40")]
[Trait("Feature", "F43")]
public sealed class GrantsOverHttp(ExchangeHost ledger) : IClassFixture<ExchangeHost>
{
    [Fact]
    public async Task an_agency_reads_confirmed_data_within_the_grant_and_nothing_else()
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        var first = await volunteer.ConfirmedAsync(120, "2025-05-09T10:00:00", points: 7);
        // An hour of it overlaps the first, and counts there.
        await volunteer.ConfirmedAsync(120, "2025-05-09T11:00:00");
        await volunteer.ConfirmedAsync(60, "2024-01-01T10:00:00");
        await volunteer.Client.PostJsonAsync(
            "/api/v1/entries", new Ledger.Entries.LogEntry(ledger.Organisation, "Не подтверждено", "D12", "RU-MOW", [EntryDecisions.AShift(60)], null, true));
        await volunteer.GrantAsync(agency, from: new DateOnly(2025, 1, 1));

        var read = await agency.ReadAsync(volunteer);
        await read.ShouldBeAsync(HttpStatusCode.OK);
        var record = await read.JsonAsync();
        record.GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(180);
        record.GetProperty("totals").GetProperty("overlapMinutes").GetInt64().ShouldBe(60);
        record.GetProperty("totals").GetProperty("points").GetInt64().ShouldBe(7);
        record.GetProperty("totals").GetProperty("grades").GetProperty("signed").GetInt64().ShouldBe(180);
        var entries = record.GetProperty("entries").EnumerateArray().ToList();
        entries.Select(entry => entry.GetProperty("countedMinutes").GetInt32()).ShouldBe([120, 60]);
        entries[0].GetProperty("id").GetGuid().ShouldBe(first);
        entries[0].GetProperty("signature").GetString().ShouldBe($"jws.{first}.1");
        entries[0].GetProperty("organisationId").GetGuid().ShouldBe(ledger.Organisation);
        entries[0].TryGetProperty("description", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task a_grant_of_totals_gives_sums_alone()
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        await volunteer.ConfirmedAsync();
        await volunteer.GrantAsync(agency, GrantDepth.Totals);

        var record = await (await agency.ReadAsync(volunteer)).JsonAsync();
        record.GetProperty("totals").GetProperty("minutes").GetInt64().ShouldBe(240);
        record.TryGetProperty("entries", out _).ShouldBeFalse();
        record.ToString().ShouldNotContain(ledger.Organisation.ToString());
        await (await agency.ReadAsync(volunteer, "pension")).ProblemAsync(HttpStatusCode.Conflict, "entries-not-granted");
        (await (await agency.ReadAsync(volunteer, "education")).JsonAsync()).GetProperty("hours").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task without_a_grant_that_holds_a_volunteer_looks_absent()
    {
        var (agency, other) = (await ledger.AgencyAsync(AgencyKind.Other, "statistics"), await ledger.AgencyAsync());
        var volunteer = ledger.Volunteer();
        await volunteer.ConfirmedAsync();
        await volunteer.GrantAsync(agency);

        // Another agency, another purpose, nobody's book, a purpose of nobody's, and a machine that is no agency.
        var absent = await (await agency.ReadAsync(ledger.Volunteer())).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        foreach (var refused in new[]
        {
            await other.ReadAsync(volunteer), await agency.ReadAsync(volunteer, purpose: "statistics"), await agency.ReadAsync(volunteer, purpose: "anything"),
            await new TestAgency("agency-unknown", ledger.Machine("agency-unknown")).ReadAsync(volunteer),
        })
        {
            var problem = await refused.ProblemAsync(HttpStatusCode.NotFound, "not-found");
            (problem with { TraceId = null }).ToString().ShouldBe((absent with { TraceId = null }).ToString());
        }

        await (await new TestAgency(agency.Id, ledger.Machine(agency.Id, "events")).ReadAsync(volunteer)).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        await (await new TestAgency(agency.Id, volunteer.Client).ReadAsync(volunteer)).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        await (await agency.ReadAsync(volunteer, "unheard-of")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-form");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_grant_withdrawn_stops_reads_at_once_however_many_are_under_way(bool withKey)
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        await volunteer.ConfirmedAsync();
        var grant = await volunteer.GrantAsync(agency);
        using var stop = new CancellationTokenSource();
        var after = 0;
        var withdrawn = false;
        var reads = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var answered = 0;
            while (!stop.IsCancellationRequested)
            {
                var isAfter = Volatile.Read(ref withdrawn);
                var status = (await agency.ReadAsync(volunteer)).StatusCode;
                status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NotFound);
                if (isAfter)
                {
                    Interlocked.Increment(ref after);
                    status.ShouldBe(HttpStatusCode.NotFound);
                }

                answered += status == HttpStatusCode.OK ? 1 : 0;
            }

            return answered;
        })).ToList();
        await Eventually.Is(async () => (await volunteer.Client.GetJsonAsync($"/api/v1/grants/{grant}")).GetProperty("accesses").GetInt32() > 20);

        // The version is that of the grant's terms: reads do not make it stale, with a key or without.
        await (await volunteer.Client.PostJsonAsync($"/api/v1/grants/{grant}/withdrawal", version: 1, idempotencyKey: withKey ? "withdraw" : null))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        Volatile.Write(ref withdrawn, true);
        await Eventually.Is(() => Task.FromResult(Volatile.Read(ref after) > 8));
        await stop.CancelAsync();
        var answers = (await Task.WhenAll(reads)).Sum();

        // Every read that was answered is in the list, and no other: the log of accesses is complete.
        (await volunteer.Client.IdsOfAllPagesAsync($"/api/v1/grants/{grant}/accesses?limit=7")).Distinct().Count().ShouldBe(answers);
        (await volunteer.Client.GetJsonAsync($"/api/v1/grants/{grant}")).GetProperty("accesses").GetInt32().ShouldBe(answers);
    }

    [Fact]
    public async Task every_access_says_when_for_what_and_what_was_given()
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        await volunteer.ConfirmedAsync();
        var grant = await volunteer.GrantAsync(agency);
        await (await agency.ReadAsync(volunteer)).ShouldBeAsync(HttpStatusCode.OK);
        await (await agency.ReadAsync(volunteer, "pension")).ShouldBeAsync(HttpStatusCode.OK);

        var accesses = (await volunteer.Client.GetJsonAsync($"/api/v1/grants/{grant}/accesses")).GetProperty("items").EnumerateArray().ToList();
        accesses.Select(access => access.GetProperty("form").GetString()).ShouldBe(["urn:volunteerbook:form:pension:1", null]);
        accesses.ShouldAllBe(access => access.GetProperty("means").GetString() == "read" && access.GetProperty("purpose").GetString() == ExchangeHost.Purpose
            && access.GetProperty("agency").GetString() == agency.Id
            && access.GetProperty("entries").GetInt32() == 1 && access.GetProperty("minutes").GetInt64() == 240);
        (await volunteer.Client.GetJsonAsync($"/api/v1/grants/{grant}/history")).EnumerateArray().Select(change => change.GetProperty("type").GetString())
            .ShouldBe(["grant_given"]);
        await (await ledger.Volunteer().Client.GetResponseAsync($"/api/v1/grants/{grant}/accesses")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task grants_are_listed_and_a_foreign_one_looks_absent()
    {
        var volunteer = ledger.Volunteer();
        var grants = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            grants.Add(await volunteer.GrantAsync(await ledger.AgencyAsync()));
        }

        (await volunteer.Client.IdsOfAllPagesAsync("/api/v1/grants?limit=2")).ShouldBe(Enumerable.Reverse(grants));
        var stranger = ledger.Volunteer().Client;
        (await stranger.GetJsonAsync("/api/v1/grants")).GetProperty("items").GetArrayLength().ShouldBe(0);
        await (await stranger.GetResponseAsync($"/api/v1/grants/{grants[0]}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await stranger.GetResponseAsync($"/api/v1/grants/{grants[0]}/history")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await stranger.PostJsonAsync($"/api/v1/grants/{grants[0]}/withdrawal", version: 1)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await volunteer.Client.PostJsonAsync($"/api/v1/grants/{grants[0]}/withdrawal", version: 2))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await volunteer.Client.PostJsonAsync($"/api/v1/grants/{grants[0]}/withdrawal"))
            .ProblemAsync(HttpStatusCode.PreconditionRequired, "version-required");
    }

    [Fact]
    public async Task giving_and_withdrawing_under_a_repeated_key_happens_once()
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        var give = new GiveGrant(agency.Id, ExchangeHost.Purpose, GrantDepth.Totals, DateOnly.FromDateTime(ledger.Clock.GetUtcNow().UtcDateTime));
        var ids = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(async _ => await (await volunteer.Client.PostJsonAsync("/api/v1/grants", give, idempotencyKey: "give")).IdAsync()));
        ids.Distinct().Count().ShouldBe(1);
        for (var i = 0; i < 2; i++)
        {
            (await (await volunteer.Client.PostJsonAsync($"/api/v1/grants/{ids[0]}/withdrawal", version: 1, idempotencyKey: "withdraw"))
                .ShouldBeAsync(HttpStatusCode.NoContent)).Version().ShouldBe(2);
        }

        (await volunteer.Client.GetJsonAsync($"/api/v1/grants/{ids[0]}/history")).EnumerateArray().Select(change => change.GetProperty("type").GetString())
            .ShouldBe(["grant_given", "grant_withdrawn"]);
    }

    [Fact]
    public async Task text_that_no_database_takes_is_refused_and_breaks_nothing()
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        await (await agency.ReadAsync(volunteer, purpose: "%00")).ProblemAsync(HttpStatusCode.BadRequest, "text-with-control-characters");
        await (await agency.ReadAsync(volunteer, form: "%00")).ProblemAsync(HttpStatusCode.BadRequest, "text-with-control-characters");
        await (await agency.Client.GetResponseAsync($"/api/v1/agency/records/{volunteer.Id}")).ProblemAsync(HttpStatusCode.BadRequest, "malformed-value");
        await (await agency.Client.GetResponseAsync("/api/v1/agency/deliveries?status=lost")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-value");
        var give = new GiveGrant(agency.Id, "\0", GrantDepth.Totals, DateOnly.FromDateTime(ledger.Clock.GetUtcNow().UtcDateTime));
        await (await volunteer.Client.PostJsonAsync("/api/v1/grants", give)).ProblemAsync(HttpStatusCode.BadRequest, "text-with-control-characters");
        await (await volunteer.Client.PostJsonAsync("/api/v1/grants", give with { Agency = "\0" }))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-with-control-characters");
        await (await agency.Client.PutJsonAsync("/api/v1/agency/webhook", new Ledger.Exchange.Webhooks.SetWebhook("https://agency.example/\0"), 0))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-with-control-characters");
    }

    [Fact]
    public async Task every_endpoint_of_the_exchange_is_in_the_document_with_who_may_call_it()
    {
        var paths = (await ledger.Nobody().GetJsonAsync("/openapi/v1.json"))
            .GetProperty("paths").EnumerateObject().ToDictionary(path => path.Name, path => path.Value);
        foreach (var path in new[]
        {
            "/api/v1/agencies", "/api/v1/agencies/{clientId}", "/api/v1/grants", "/api/v1/grants/{id}", "/api/v1/grants/{id}/withdrawal",
            "/api/v1/grants/{id}/accesses", "/api/v1/grants/{id}/history",
            "/api/v1/book/forms/{form}", "/api/v1/agency/records/{volunteerId}", "/api/v1/agency/webhook", "/api/v1/agency/deliveries",
            "/api/v1/agency/deliveries/{id}/replay", "/api/v1/agency/replay",
        })
        {
            paths.ShouldContainKey(path);
            paths[path].EnumerateObject().ShouldAllBe(operation => operation.Value.GetProperty("security").ValueKind == System.Text.Json.JsonValueKind.Array);
        }
    }

    [Fact]
    public async Task an_agency_that_lost_a_purpose_reads_nothing_for_it_any_more()
    {
        var (agency, volunteer) = (await ledger.AgencyAsync(), ledger.Volunteer());
        await volunteer.GrantAsync(agency);
        await (await agency.ReadAsync(volunteer)).ShouldBeAsync(HttpStatusCode.OK);

        var shut = new SetAgency(new BothLanguages("Ведомство", "Agency"), AgencyKind.Other, []);
        await (await ledger.Administrator().PutJsonAsync($"/api/v1/agencies/{agency.Id}", shut, version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await agency.ReadAsync(volunteer)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        (await ledger.Nobody().GetJsonAsync($"/api/v1/agencies/{agency.Id}")).GetProperty("purposes").GetArrayLength().ShouldBe(0);
        await (await ledger.Administrator().PutJsonAsync($"/api/v1/agencies/{agency.Id}", shut, version: 1))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await volunteer.Client.PutJsonAsync($"/api/v1/agencies/{agency.Id}", shut, version: 2)).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    [Trait("Feature", "F30")]
    public async Task a_volunteer_fills_every_form_from_the_book()
    {
        var volunteer = ledger.Volunteer();
        await volunteer.ConfirmedAsync(90);
        foreach (var form in Ledger.Exchange.Forms.Form.All)
        {
            (await volunteer.Client.GetJsonAsync($"/api/v1/book/forms/{form.Name}")).GetProperty("form").GetString().ShouldBe(form.Id);
        }

        (await volunteer.Client.GetJsonAsync("/api/v1/book/forms/education?from=2026-01-01")).GetProperty("minutes").GetInt64().ShouldBe(0);
        await (await volunteer.Client.GetResponseAsync("/api/v1/book/forms/unheard-of")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await volunteer.Client.GetResponseAsync("/api/v1/book/forms/education?from=2026-01-02&to=2026-01-01"))
            .ProblemAsync(HttpStatusCode.BadRequest, "period-reversed");
    }
}
