using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Tests;

/// <summary>A coordinator's deputy (N9).</summary>
[Trait("Feature", "N9")]
public sealed class DelegationsOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private static async Task<JsonElement> DelegateAsync(AnOrganisation organisation, Guid deputy)
    {
        await organisation.ReadyAsync();
        var made = await organisation.Client.PostJsonAsync(
            "/api/v1/delegations", new DelegateQueue(organisation.Id, deputy, DateTimeOffset.UtcNow.AddDays(7), Reason: "Отпуск"));
        await made.ShouldBeAsync(HttpStatusCode.Created);
        var delegation = await made.JsonAsync();
        delegation.GetProperty("version").GetInt64().ShouldBe(made.Version());
        return delegation;
    }

    [Fact]
    public async Task a_deputy_decides_in_the_queue_and_the_history_says_who_it_was()
    {
        using var organisation = new AnOrganisation(host);
        var deputy = Guid.CreateVersion7();
        var client = host.Person(deputy);
        var (confirmed, rejected) = (await organisation.OpenCaseAsync(), await organisation.OpenCaseAsync());
        await (await client.GetResponseAsync($"/api/v1/cases/{confirmed}")).ProblemAsync(HttpStatusCode.NotFound);
        await DelegateAsync(organisation, deputy);

        (await client.IdsOfAllPagesAsync("/api/v1/cases?limit=10")).ShouldBe([confirmed, rejected]);
        var seen = await client.GetJsonAsync($"/api/v1/cases/{confirmed}");
        seen.GetProperty("canDecide").GetBoolean().ShouldBeTrue();
        seen.GetProperty("kids").EnumerateArray().Select(kid => kid.GetString()).ShouldBe([organisation.Kid]);
        var signature = organisation.Sign(seen.GetProperty("statement").GetString()!);
        await (await client.PostJsonAsync($"/api/v1/cases/{confirmed}/confirmation", new ConfirmCase(signature), 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await client.PostJsonAsync($"/api/v1/cases/{rejected}/rejection", new RejectCase("Площадка была закрыта"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await client.GetResponseAsync($"/api/v1/sheets?organisationId={organisation.Id}")).ShouldBeAsync(HttpStatusCode.OK);

        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{confirmed}")).GetProperty("decision").GetProperty("by").GetString()
            .ShouldBe(deputy.ToString());
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{rejected}/history")).EnumerateArray().Last().GetProperty("by").GetString()
            .ShouldBe(deputy.ToString());
    }

    [Fact]
    public async Task a_deputy_sets_no_rules_revokes_nothing_and_delegates_no_further()
    {
        using var organisation = new AnOrganisation(host);
        var deputy = Guid.CreateVersion7();
        var client = host.Person(deputy);
        var id = await organisation.OpenCaseAsync();
        await organisation.ConfirmAsync(id);
        var delegation = await DelegateAsync(organisation, deputy);

        (await client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("canRevoke").GetBoolean().ShouldBeFalse();
        await (await client.PostJsonAsync($"/api/v1/cases/{id}/revocation-statement", new RevocationStatement("x")))
            .ProblemAsync(HttpStatusCode.Forbidden, "not-for-deputies");
        await (await client.PostJsonAsync($"/api/v1/cases/{id}/revocation", new RevokeConfirmation("x", "a.b.c"), 2))
            .ProblemAsync(HttpStatusCode.Forbidden, "not-for-deputies");
        await (await client.PutJsonAsync($"/api/v1/confirmation-rules/{organisation.Id}", new SetConfirmationRules(), 0)).ProblemAsync(HttpStatusCode.NotFound);
        await (await client.PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, Guid.CreateVersion7(), DateTimeOffset.UtcNow.AddDays(1))))
            .ProblemAsync(HttpStatusCode.NotFound);
        await (await client.PostJsonAsync(
            $"/api/v1/delegations/{delegation.GetProperty("id").GetGuid()}/withdrawal",
            version: delegation.GetProperty("version").GetInt64())).ProblemAsync(HttpStatusCode.NotFound);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("confirmed");
    }

    [Fact]
    public async Task a_delegation_is_seen_by_both_and_by_nobody_else_and_ends_when_it_is_withdrawn()
    {
        using var organisation = new AnOrganisation(host);
        using var other = new AnOrganisation(host);
        var deputy = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync();
        await other.ReadyAsync();
        var delegation = await DelegateAsync(organisation, deputy);
        var withdrawal = $"/api/v1/delegations/{delegation.GetProperty("id").GetGuid()}/withdrawal";
        var version = delegation.GetProperty("version").GetInt64();

        foreach (var reader in new[] { organisation.Client, host.Person(deputy) })
        {
            var listed = (await reader.GetJsonAsync($"/api/v1/delegations?organisationId={organisation.Id}")).EnumerateArray().ShouldHaveSingleItem();
            (listed.GetProperty("by").GetGuid(), listed.GetProperty("personId").GetGuid(), listed.GetProperty("reason").GetString())
                .ShouldBe((organisation.Coordinator, deputy, "Отпуск"));
        }

        (await other.Client.GetJsonAsync($"/api/v1/delegations?organisationId={organisation.Id}")).GetArrayLength().ShouldBe(0);
        await (await other.Client.PostJsonAsync(withdrawal, version: version)).ProblemAsync(HttpStatusCode.NotFound);
        await (await other.Client.PostJsonAsync("/api/v1/delegations", new DelegateQueue(organisation.Id, deputy, DateTimeOffset.UtcNow.AddDays(1))))
            .ProblemAsync(HttpStatusCode.NotFound);
        await (await organisation.Client.PostJsonAsync(withdrawal, version: version - 1)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await organisation.Client.GetResponseAsync("/api/v1/delegations")).ShouldBeAsync(HttpStatusCode.OK);
        (await organisation.Client.PostJsonAsync(withdrawal, version: version)).Version().ShouldBe(version + 1);

        await (await host.Person(deputy).GetResponseAsync($"/api/v1/cases/{id}")).ProblemAsync(HttpStatusCode.NotFound);
        (await host.Person(deputy).GetJsonAsync("/api/v1/delegations")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task a_deputys_right_ends_when_the_coordinator_is_removed()
    {
        using var organisation = new AnOrganisation(host);
        var deputy = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync();
        await DelegateAsync(organisation, deputy);
        await (await host.Person(deputy).GetResponseAsync($"/api/v1/cases/{id}")).ShouldBeAsync(HttpStatusCode.OK);

        host.Profiles.Publish(new CoordinatorRemovedV1(organisation.Id, organisation.Coordinator, 6, DateTimeOffset.UtcNow));

        await Eventually.Is(async () => (await host.Person(deputy).GetResponseAsync($"/api/v1/cases/{id}")).StatusCode == HttpStatusCode.NotFound);
        (await host.Person(deputy).GetJsonAsync("/api/v1/cases")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
