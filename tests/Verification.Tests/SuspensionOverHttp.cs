using System.Net;
using System.Text;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Manifests;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Tests;

/// <summary>What a suspended organisation may not do, in whatever way, and what stands.</summary>
[Trait("Feature", "F15")]
public sealed class SuspensionOverHttp(InquiringHost host) : IClassFixture<InquiringHost>
{
    private static async Task<HttpResponseMessage> ImportAsync(AnOrganisation organisation)
    {
        using var content = new StringContent(
            $"volunteer_id,start,zone,minutes,project\n{Guid.NewGuid()},2025-05-09T10:00,Europe/Moscow,240,Забота рядом\n", Encoding.UTF8, "text/csv");
        return await organisation.Client.PostAsync(
            new Uri($"/api/v1/sheets?organisationId={organisation.Id}", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task it_decides_on_no_case_reads_on_and_decides_again_once_it_is_reinstated()
    {
        using var organisation = new AnOrganisation(host);
        var (confirmed, id) = (await organisation.OpenCaseAsync(), await organisation.OpenCaseAsync());
        await organisation.ConfirmAsync(confirmed);
        await organisation.SuspendAsync();

        var client = organisation.Client;
        var signature = organisation.Sign((await client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("statement").GetString()!);
        foreach (var (path, body, version) in new (string, object, int?)[]
        {
            ($"/api/v1/cases/{id}/confirmation", new ConfirmCase(signature), 1),
            ($"/api/v1/cases/{id}/rejection", new RejectCase("Так"), 1),
            ($"/api/v1/cases/{id}/return", new ReturnCase("Так"), 1),
            ($"/api/v1/cases/{id}/inquiries", new MakeInquiry("Мария Петрова", "maria@example.org"), null),
            ("/api/v1/manifests", new GetManifest(organisation.Id, [id]), null),
            ("/api/v1/confirmations", new ConfirmManifest(organisation.Id, [id], signature), null),
        })
        {
            await (await client.PostJsonAsync(path, body, version)).ProblemAsync(HttpStatusCode.Conflict, "organisation-suspended");
            await (await host.Person(Guid.NewGuid()).PostJsonAsync(path, body, version)).ProblemAsync(HttpStatusCode.NotFound);
        }

        (await client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("open");
        (await client.GetJsonAsync($"/api/v1/cases/{id}/history")).GetArrayLength().ShouldBe(1);
        (await client.GetJsonAsync($"/api/v1/cases/{confirmed}")).GetProperty("status").GetString().ShouldBe("confirmed");

        await organisation.ReinstateAsync();
        await organisation.ConfirmAsync(id);
    }

    [Fact]
    public async Task it_takes_in_no_sheet_and_signs_none()
    {
        using var organisation = new AnOrganisation(host);
        await organisation.ReadyAsync();
        using var received = await ImportAsync(organisation);
        var sheet = await received.IdAsync();
        await organisation.SuspendAsync();

        using var refused = await ImportAsync(organisation);
        await refused.ProblemAsync(HttpStatusCode.Conflict, "organisation-suspended");
        var signature = organisation.Sign(await organisation.Client.GetStringAsync(new Uri($"/api/v1/sheets/{sheet}/statement", UriKind.Relative)));
        await (await organisation.Client.PostJsonAsync($"/api/v1/sheets/{sheet}/signature", new SignSheet(signature), 1))
            .ProblemAsync(HttpStatusCode.Conflict, "organisation-suspended");
        (await organisation.Client.GetJsonAsync($"/api/v1/sheets/{sheet}")).GetProperty("status").GetString().ShouldBe("received");
    }

    [Fact]
    public async Task that_it_is_suspended_may_be_heard_before_anything_else_of_it()
    {
        var id = Guid.CreateVersion7();
        host.Profiles.Publish(new OrganisationSuspendedV1(id, 5, DateTimeOffset.UtcNow));
        host.Profiles.Publish(new CoordinatorAppointedV1(id, Guid.NewGuid(), DateTimeOffset.UtcNow, null, 6, DateTimeOffset.UtcNow));
        await Eventually.Is(async () =>
        {
            await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return await session.LoadAsync<Organisation>(id) is { SuspendedAt: not null, Coordinators.Count: 1 };
        });
    }
}
