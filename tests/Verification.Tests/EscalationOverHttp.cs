using System.Net;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Tests;

/// <summary>Cases that organisations leave lying (N9).</summary>
[Trait("Feature", "N9")]
public sealed class EscalationOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private HttpClient Administrator => host.Service.Client(host.Authority.PersonToken(Guid.CreateVersion7(), "administrator"));

    private static DateTimeOffset Ago(double days) => new WholeMicroseconds().GetUtcNow().AddDays(-days);

    private async Task<List<JsonElement>> EscalatedAsync()
    {
        var all = new List<JsonElement>();
        string? next = null;
        do
        {
            var page = await Administrator.GetJsonAsync($"/api/v1/cases/escalated?limit=100&after={next}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        return all;
    }

    private Task<JsonElement> EscalatedAsync(Guid id) =>
        Eventually.Value(async () => (await EscalatedAsync()).Single(item => item.GetProperty("id").GetGuid() == id));

    [Fact]
    public async Task a_case_open_longer_than_the_limit_is_escalated_once_and_a_decision_ends_it()
    {
        using var organisation = new AnOrganisation(host);
        var fresh = await organisation.OpenCaseAsync(at: Ago(13));
        var late = await organisation.OpenCaseAsync(at: Ago(15));

        var item = await EscalatedAsync(late);
        item.GetProperty("limitDays").GetInt32().ShouldBe(14);
        item.GetProperty("organisation").GetString().ShouldBe("Тёплый дом");
        item.TryGetProperty("volunteerId", out _).ShouldBeFalse();
        var queue = await organisation.Client.GetJsonAsync("/api/v1/cases");
        queue.GetProperty("overdue").GetInt32().ShouldBe(1);
        queue.GetProperty("items").EnumerateArray().Select(found => (found.GetProperty("id").GetGuid(), found.GetProperty("overdue").GetBoolean()))
            .ShouldBe([(late, true), (fresh, false)]);
        queue.GetProperty("items")[0].GetProperty("dueAt").GetDateTimeOffset()
            .ShouldBe(queue.GetProperty("items")[0].GetProperty("openedAt").GetDateTimeOffset().AddDays(14));
        (await organisation.Client.IdsOfAllPagesAsync("/api/v1/cases?overdue=true")).ShouldBe([late]);
        (await organisation.Client.IdsOfAllPagesAsync("/api/v1/cases?overdue=false")).ShouldBe([fresh]);

        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{late}/rejection", new RejectCase("Площадка была закрыта"), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await EscalatedAsync()).ShouldNotContain(other => other.GetProperty("id").GetGuid() == late);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{late}")).GetProperty("overdue").GetBoolean().ShouldBeFalse();

        // A later case was found by a later look; the first one was not escalated again.
        await EscalatedAsync(await organisation.OpenCaseAsync(at: Ago(20)));
        var history = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{late}/history"))
            .EnumerateArray().Select(change => change.GetProperty("type").GetString());
        history.ShouldBe(["case_opened", "case_escalated", "case_rejected"]);
        await Eventually.Is(async () => (await host.ToldAsync(nameof(CaseEscalatedV1), late)).ShouldBe(1));
    }

    [Fact]
    public async Task the_organisations_own_limit_counts_for_what_is_submitted_after_it_was_said()
    {
        using var organisation = new AnOrganisation(host);
        var before = await organisation.OpenCaseAsync(at: Ago(3));
        var path = $"/api/v1/confirmation-rules/{organisation.Id}";
        (await host.Service.Client().GetJsonAsync(path)).GetProperty("decideWithinDays").GetInt32().ShouldBe(14);
        await (await organisation.Client.PutJsonAsync(path, new SetConfirmationRules(DecideWithinDays: 91), 0))
            .ProblemAsync(HttpStatusCode.BadRequest, "limit-out-of-range");
        await (await organisation.Client.PutJsonAsync(path, new SetConfirmationRules(DecideWithinDays: 2), 0)).ShouldBeAsync(HttpStatusCode.NoContent);
        (await host.Service.Client().GetJsonAsync(path)).GetProperty("decideWithinDays").GetInt32().ShouldBe(2);

        var after = await organisation.OpenCaseAsync(at: Ago(3));
        (await EscalatedAsync(after)).GetProperty("limitDays").GetInt32().ShouldBe(2);
        (await EscalatedAsync()).ShouldNotContain(item => item.GetProperty("id").GetGuid() == before);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{before}")).GetProperty("overdue").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task the_administrator_reminds_the_organisation_and_its_coordinators_see_it()
    {
        using var organisation = new AnOrganisation(host);
        var fresh = await organisation.OpenCaseAsync();
        var late = await organisation.OpenCaseAsync(at: Ago(30));
        var version = (await EscalatedAsync(late)).GetProperty("version").GetInt64();
        var path = $"/api/v1/cases/{late}/reminder";

        await (await organisation.Client.PostJsonAsync(path, new RemindOrganisation(), version)).ShouldBeAsync(HttpStatusCode.Forbidden);
        await (await organisation.Client.GetResponseAsync("/api/v1/cases/escalated")).ShouldBeAsync(HttpStatusCode.Forbidden);
        await (await Administrator.PostJsonAsync($"/api/v1/cases/{Guid.CreateVersion7()}/reminder", new RemindOrganisation(), 1))
            .ProblemAsync(HttpStatusCode.NotFound);
        await (await Administrator.PostJsonAsync($"/api/v1/cases/{fresh}/reminder", new RemindOrganisation(), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-escalated");
        await (await Administrator.PostJsonAsync(path, new RemindOrganisation(), version - 1)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await Administrator.PostJsonAsync(path, new RemindOrganisation(new string('a', 2001)), version))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-too-long");
        (await Administrator.PostJsonAsync(path, new RemindOrganisation("Волонтёр ждёт"), version)).Version().ShouldBe(version + 1);
        (await Administrator.PostJsonAsync(path, new RemindOrganisation(), version + 1)).Version().ShouldBe(version + 2);

        foreach (var seen in new[]
        {
            await organisation.Client.GetJsonAsync($"/api/v1/cases/{late}"),
            (await organisation.Client.GetJsonAsync("/api/v1/cases?overdue=true")).GetProperty("items")[0],
        })
        {
            seen.GetProperty("reminder").GetProperty("count").GetInt32().ShouldBe(2);
        }

        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{late}/history"))
            .EnumerateArray().Count(change => change.GetProperty("type").GetString() == "organisation_reminded").ShouldBe(2);
        // What the administrator wrote stays here.
        var analyst = host.Service.Client(host.Authority.MachineToken("analyst", "events"));
        await Eventually.Is(async () =>
        {
            var feed = await analyst.GetStringAsync(
                new Uri($"/api/v1/events/verification?stream={late}", UriKind.Relative), TestContext.Current.CancellationToken);
            feed.ShouldContain("organisation_reminded");
            feed.ShouldNotContain("Волонтёр ждёт");
        });
    }

    [Fact]
    public async Task a_thousand_late_cases_are_all_escalated_and_listed_page_by_page()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        var facts = new EntryFacts(
            organisation.Id, "Забота рядом", "D12", "RU-MOW", [new Shift(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 60)]);
        var ids = new List<Guid>();
        await using (var session = host.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            for (var i = 0; i < 1000; i++)
            {
                ids.Add(Guid.CreateVersion7());
                // Many of one moment: places are told apart by the id.
                session.Events.StartStream<Cases.Case>(ids[^1], new CaseOpened(ids[^1], 1, Guid.CreateVersion7(), facts, Ago(100 + (i / 300))));
            }

            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.Is(async () => (await EscalatedAsync()).Count(item => item.GetProperty("organisationId").GetGuid() == organisation.Id).ShouldBe(1000));
        var listed = await EscalatedAsync();
        listed.Select(item => item.GetProperty("id").GetGuid()).ShouldBeUnique();
        listed.Select(item => item.GetProperty("openedAt").GetDateTimeOffset()).ShouldBeInOrder();
    }

    [Fact]
    public void a_case_is_late_from_its_limit_on_and_while_it_is_open()
    {
        var opened = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var facts = new EntryFacts(Guid.CreateVersion7(), "Забота рядом", "D12", "RU-MOW", []);
        var found = Cases.Case.Create(new CaseOpened(Guid.CreateVersion7(), 1, Guid.CreateVersion7(), facts, opened, LimitDays: 5));
        EscalateCases.Decide(found, opened.AddDays(5).AddMicroseconds(-1)).Events.ShouldBeEmpty();
        var escalated = EscalateCases.Decide(found, opened.AddDays(5)).Events.ShouldHaveSingleItem().ShouldBeOfType<CaseEscalated>();
        escalated.LimitDays.ShouldBe(5);
        EscalateCases.Decide(found.Apply(escalated), opened.AddDays(9)).Events.ShouldBeEmpty();
        EscalateCases.Decide(found.Apply(new CaseCancelled(opened)), opened.AddDays(9)).Events.ShouldBeEmpty();
    }
}
