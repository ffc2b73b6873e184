using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Disputes;

namespace VolunteerBook.Verification.Tests;

/// <summary>A decision is made on what is seen: what volunteers say and give as evidence reaches who decides, and nobody else.</summary>
[Trait("Feature", "F9")]
public sealed class SubmissionsOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private static string Of(params Guid[] cases) => $"/api/v1/cases/submissions?ids={string.Join(',', cases)}";

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4000, 1)]
    [InlineData(12, 20)]
    public async Task who_decides_sees_what_was_done_and_the_documents(int letters, int documents)
    {
        using var organisation = new AnOrganisation(host);
        var (id, _) = await CaseAsync(organisation, new string('щ', letters), documents);

        var answer = await organisation.Client.GetResponseAsync(Of(id));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var said = (await answer.JsonAsync()).EnumerateArray().ShouldHaveSingleItem();
        said.GetProperty("caseId").GetGuid().ShouldBe(id);
        said.GetProperty("asked").GetProperty("description").GetString()!.Length.ShouldBe(letters);
        said.GetProperty("asked").GetProperty("documents").EnumerateArray().Select(document => document.GetProperty("title").GetString())
            .ShouldBe(Enumerable.Range(0, documents).Select(n => $"Письмо {n}"));
        said.GetProperty("standing").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task of_an_amendment_both_are_seen_what_stands_and_what_is_asked()
    {
        using var organisation = new AnOrganisation(host);
        var (id, entry) = await CaseAsync(organisation, "копал");
        host.Said[$"{entry}.1"] = new { entryId = entry, revision = 1, asked = Words("копал и сажал"), standing = Words("копал") };
        var said = (await organisation.Client.GetJsonAsync(Of(id)))[0];
        (said.GetProperty("asked").GetProperty("description").GetString(), said.GetProperty("standing").GetProperty("description").GetString())
            .ShouldBe(("копал и сажал", "копал"));
    }

    [Fact]
    public async Task a_stranger_and_who_decides_elsewhere_see_nothing_of_it_and_of_many_each_sees_their_own()
    {
        using var one = new AnOrganisation(host);
        using var other = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var (first, _) = await CaseAsync(one, "первое", volunteer: volunteer);
        var (second, _) = await CaseAsync(other, "второе");
        (await SeenAsync(one.Client, first, second)).ShouldBe([first]);
        (await SeenAsync(other.Client, first, second)).ShouldBe([second]);
        (await SeenAsync(host.Person(volunteer), first, second)).ShouldBe([first]);
        foreach (var stranger in new[]
        {
            host.Person(Guid.CreateVersion7()),
            host.Service.Client(host.Authority.PersonToken(Guid.CreateVersion7(), "administrator")),
            host.Service.Client(host.Authority.MachineToken("org-x", "organisation")),
        })
        {
            (await SeenAsync(stranger, first, second)).ShouldBeEmpty();
        }

        await (await host.Service.Client().GetResponseAsync(Of(first))).ShouldBeAsync(HttpStatusCode.Unauthorized);
        await (await one.Client.GetResponseAsync("/api/v1/cases/submissions?ids=x")).ProblemAsync(HttpStatusCode.BadRequest, "ids-malformed");
        await (await one.Client.GetResponseAsync(Of([.. Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7())])))
            .ProblemAsync(HttpStatusCode.BadRequest, "ids-malformed");
    }

    [Fact]
    public async Task a_deputy_sees_it_while_deputising_and_a_former_coordinator_no_longer()
    {
        using var organisation = new AnOrganisation(host);
        var (id, _) = await CaseAsync(organisation, "копал");
        var of = Guid.CreateVersion7();
        var (deputy, second) = (host.Person(of), host.Person(await organisation.AppointAsync()));
        (await SeenAsync(deputy, id)).ShouldBeEmpty();
        await (await organisation.Client.PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, of, DateTimeOffset.UtcNow.AddDays(7))))
            .ShouldBeAsync(HttpStatusCode.Created);
        (await SeenAsync(deputy, id)).ShouldBe([id]);
        (await SeenAsync(second, id)).ShouldBe([id]);

        host.Profiles.Publish(new CoordinatorRemovedV1(organisation.Id, organisation.Coordinator, 10, DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await SeenAsync(organisation.Client, id)).Count == 0);
        (await SeenAsync(deputy, id)).ShouldBeEmpty();
        (await SeenAsync(second, id)).ShouldBe([id]);
    }

    [Fact]
    public async Task after_the_decision_it_stays_to_answer_by_and_the_administrator_sees_it_in_a_dispute()
    {
        using var organisation = new AnOrganisation(host);
        var (volunteer, administrator) = (Guid.CreateVersion7(), host.Service.Client(host.Authority.PersonToken(Guid.CreateVersion7(), "administrator")));
        var (id, _) = await CaseAsync(organisation, "копал", volunteer: volunteer);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/rejection", new RejectCase("нет в списках"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await SeenAsync(organisation.Client, id)).ShouldBe([id]);
        (await SeenAsync(administrator, id)).ShouldBeEmpty();
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/dispute", new DisputeCase("Я была там"), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await SeenAsync(administrator, id)).ShouldBe([id]);
    }

    [Fact]
    public async Task what_the_volunteer_took_back_is_nobodys_to_read()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var (id, entry) = await CaseAsync(organisation, "копал", volunteer: volunteer);
        host.Ledger.Publish(new EntryWithdrawnV1(entry, 1, volunteer, organisation.Id, DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString() == "cancelled");
        (await SeenAsync(organisation.Client, id)).ShouldBeEmpty();
    }

    private static async Task<IReadOnlyList<Guid>> SeenAsync(HttpClient client, params Guid[] cases) =>
        [.. (await client.GetJsonAsync(Of(cases))).EnumerateArray().Select(said => said.GetProperty("caseId").GetGuid())];

    private static object Words(string description, int documents = 0) =>
        new
        {
            description,
            documents = Enumerable.Range(0, documents)
                .Select(n => new { title = $"Письмо {n}", number = (string?)null, date = (string?)null, uri = $"https://files.example/{n}" }),
        };

    private async Task<(Guid Case, Guid Entry)> CaseAsync(AnOrganisation organisation, string description, int documents = 0, Guid? volunteer = null)
    {
        var entry = Guid.CreateVersion7();
        host.Said[$"{entry}.1"] = new { entryId = entry, revision = 1, asked = Words(description, documents), standing = (object?)null };
        return (await organisation.OpenCaseAsync(volunteer, entry), entry);
    }
}

/// <summary>While the ledger is away.</summary>
public sealed class SubmissionsOutOfReach(VerificationHost host) : IClassFixture<VerificationHost>
{
    [Fact]
    public async Task the_answer_says_that_it_cannot_be_read_just_now_and_the_case_itself_can()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        host.LedgerAnswers = false;
        await (await organisation.Client.GetResponseAsync($"/api/v1/cases/submissions?ids={id}"))
            .ProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
        await (await organisation.Client.GetResponseAsync($"/api/v1/cases/{id}")).ShouldBeAsync(HttpStatusCode.OK);
        // Nothing is the caller's to see: nobody is asked.
        (await host.Person(Guid.CreateVersion7()).GetJsonAsync($"/api/v1/cases/submissions?ids={id}")).GetArrayLength().ShouldBe(0);
    }
}
