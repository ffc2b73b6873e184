using System.Net;
using System.Text;
using Shouldly;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Manifests;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Reviews;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>
/// Nobody evidences their own hours, by whatever way there is: the volunteer here is a coordinator of the organisation for which the work was done.
/// </summary>
[Trait("Feature", "F15")]
public sealed class OwnHoursOverHttp(InquiringHost host) : IClassFixture<InquiringHost>
{
    private static async Task<Guid> OwnCaseAsync(AnOrganisation organisation) => await organisation.OpenCaseAsync(organisation.Coordinator);

    private static async Task ShouldBeOpenAsync(AnOrganisation organisation, Guid id, int events = 1)
    {
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("open");
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/history")).GetArrayLength().ShouldBe(events);
    }

    [Fact]
    public async Task a_coordinator_asks_nobody_about_their_own_work()
    {
        using var organisation = new AnOrganisation(host);
        var id = await OwnCaseAsync(organisation);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/inquiries", new MakeInquiry("Мария Петрова", "own@example.org")))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/inquiries")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_coordinator_decides_in_no_way_on_their_own_work_and_another_one_does()
    {
        using var organisation = new AnOrganisation(host);
        var id = await OwnCaseAsync(organisation);
        var seen = await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}");
        seen.GetProperty("canDecide").GetBoolean().ShouldBeFalse();
        var signature = organisation.Sign(seen.GetProperty("statement").GetString()!);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(signature), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/rejection", new RejectCase("Так"), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/return", new ReturnCase("Так"), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await (await organisation.Client.PostJsonAsync("/api/v1/manifests", new GetManifest(organisation.Id, [id])))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await (await organisation.Client.PostJsonAsync(
            "/api/v1/confirmations",
            new ConfirmManifest(organisation.Id, [id, await organisation.OpenCaseAsync()], "a.b.c"))).ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await ShouldBeOpenAsync(organisation, id);

        await organisation.ConfirmAsync(id, host.Person(await organisation.AppointAsync()));
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("confirmed");
    }

    [Fact]
    public async Task a_deputy_decides_on_others_and_not_on_whom_they_stand_for()
    {
        using var organisation = new AnOrganisation(host);
        var (deputy, other) = (Guid.CreateVersion7(), await organisation.AppointAsync());
        var client = host.Person(deputy);
        var id = await OwnCaseAsync(organisation);
        await (await organisation.Client.PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, deputy, DateTimeOffset.UtcNow.AddDays(7))))
            .ShouldBeAsync(HttpStatusCode.Created);

        var seen = await client.GetJsonAsync($"/api/v1/cases/{id}");
        seen.GetProperty("canDecide").GetBoolean().ShouldBeFalse();
        var signature = organisation.Sign(seen.GetProperty("statement").GetString()!);
        await (await client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(signature), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await (await client.PostJsonAsync($"/api/v1/cases/{id}/inquiries", new MakeInquiry("Мария Петрова", "own@example.org")))
            .ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await (await client.PostJsonAsync("/api/v1/manifests", new GetManifest(organisation.Id, [id]))).ProblemAsync(HttpStatusCode.Conflict, "own-hours");
        await ShouldBeOpenAsync(organisation, id);
        await organisation.ConfirmAsync(await organisation.OpenCaseAsync(), client);

        // As the deputy of another coordinator, too, they stand for that one.
        await (await host.Person(other).PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, deputy, DateTimeOffset.UtcNow.AddDays(7))))
            .ShouldBeAsync(HttpStatusCode.Created);
        await organisation.ConfirmAsync(id, client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_document_evidences_nothing_of_who_signed_it_or_had_it_signed_by_a_deputy(bool byDeputy)
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        await (await organisation.Client.PutJsonAsync(
            $"/api/v1/confirmation-rules/{organisation.Id}",
            new SetConfirmationRules(Matching: new MatchingRule(0, ConfirmByItself: true)),
            0)).ShouldBeAsync(HttpStatusCode.NoContent);
        var deputy = Guid.CreateVersion7();
        if (byDeputy)
        {
            await (await organisation.Client.PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, deputy, DateTimeOffset.UtcNow.AddDays(7))))
                .ShouldBeAsync(HttpStatusCode.Created);
        }

        var (own, other) = (await OwnCaseAsync(organisation), Guid.CreateVersion7());
        var others = await organisation.OpenCaseAsync(other);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            $"volunteer_id,start,zone,minutes\n{organisation.Coordinator},2025-05-09T10:00,Europe/Moscow,240\n{other},2025-05-09T10:00,Europe/Moscow,240\n"));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        var id = (await (await organisation.Client.PostAsync(
            new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative), content, TestContext.Current.CancellationToken)).JsonAsync())
            .GetProperty("id").GetGuid();
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/sheets/{id}/statement", UriKind.Relative), TestContext.Current.CancellationToken);
        var signer = byDeputy ? host.Person(deputy) : organisation.Client;
        await (await signer.PostJsonAsync($"/api/v1/sheets/{id}/signature", new SignSheet(organisation.Sign(statement)), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        // The other row confirms; one's own waits for somebody else, and is not even said to be found.
        await Eventually.Is(
            async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{others}")).GetProperty("status").GetString().ShouldBe("confirmed"));
        await ShouldBeOpenAsync(organisation, own);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{own}")).GetProperty("match").GetProperty("kind").GetString().ShouldBe("near");
    }

    [Fact]
    public async Task an_administrator_settles_no_dispute_of_their_own()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/rejection", new RejectCase("Площадка была закрыта"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/dispute", new DisputeCase("Я там был"), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        foreach (var (party, code) in new[] { (volunteer, "own-hours"), (organisation.Coordinator, "own-dispute") })
        {
            var administrator = host.Service.Client(host.Authority.PersonToken(party, "administrator"));
            await (await administrator.PostJsonAsync($"/api/v1/cases/{id}/dispute/settlement", new SettleDispute(DisputeOutcome.Confirmed, "Так решил"), 3))
                .ProblemAsync(HttpStatusCode.Conflict, code);
        }
    }

    [Fact]
    public async Task an_administrator_settles_no_review_that_they_wrote_or_that_is_about_them()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        await organisation.ConfirmAsync(id);
        var review = (await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/reviews", new GiveReview(1, "Плохо"))).JsonAsync())
            .GetProperty("id").GetGuid();
        await (await organisation.Client.PostJsonAsync($"/api/v1/reviews/{review}/report", new ReportReview("Неправда"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        foreach (var party in new[] { volunteer, organisation.Coordinator })
        {
            var administrator = host.Service.Client(host.Authority.PersonToken(party, "administrator"));
            await (await administrator.PostJsonAsync($"/api/v1/reviews/{review}/settlement", new SettleReview(ReviewVerdict.Hide, "Так решил"), 2))
                .ProblemAsync(HttpStatusCode.Conflict, "review-of-oneself");
        }
    }
}
