using System.Net;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Tests;

/// <summary>How fast organisations decide, for everyone to see (N9).</summary>
[Trait("Feature", "N9")]
public sealed class ServiceLevelsOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    private static readonly DateTimeOffset Now = new WholeMicroseconds().GetUtcNow();

    /// <summary>Stores a case that was opened so many days ago, and decided so.</summary>
    private async Task StoreAsync(AnOrganisation organisation, double openedDaysAgo, Func<Guid, object>? decision = null)
    {
        await organisation.ReadyAsync();
        var facts = new EntryFacts(
            organisation.Id, "Забота рядом", "D12", "RU-MOW", [new Shift(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 60)]);
        await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession();
        var entry = Guid.CreateVersion7();
        object[] events =
            [new CaseOpened(entry, 1, Guid.CreateVersion7(), facts, Now.AddDays(-openedDaysAgo)), .. decision is null
                ? Array.Empty<object>()
                : [decision(entry)]];
        session.Events.StartStream<Cases.Case>(Guid.CreateVersion7(), events);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private static Func<Guid, object> Rejected(AnOrganisation organisation, double daysAgo) =>
        entry => new CaseRejected(entry, 1, organisation.Id, "нет", Now.AddDays(-daysAgo));

    private Task<JsonElement> LevelAsync(AnOrganisation organisation) => host.Service.Client().GetJsonAsync($"/api/v1/service-levels/{organisation.Id}");

    [Fact]
    public async Task what_waits_and_what_was_decided_is_counted_and_what_was_taken_back_is_not()
    {
        using var organisation = new AnOrganisation(host);
        await StoreAsync(organisation, 1);
        await StoreAsync(organisation, 3);
        await StoreAsync(organisation, 20);
        await StoreAsync(organisation, 9, _ => new CaseCancelled(Now.AddDays(-8)));
        await StoreAsync(organisation, 500, Rejected(organisation, 400));
        // Days to the decision: 2, 4, 6, 16.
        foreach (var (opened, decided) in new[] { (12.0, 10.0), (14, 10), (16, 10), (26, 10) })
        {
            await StoreAsync(organisation, opened, Rejected(organisation, decided));
        }

        await Eventually.Is(async () => (await LevelAsync(organisation)).GetProperty("escalated").GetInt32().ShouldBe(1));
        var four = await LevelAsync(organisation);
        four.GetProperty("open").GetInt32().ShouldBe(3);
        four.GetProperty("oldestOpenDays").GetDouble().ShouldBe(20);
        four.GetProperty("medianOpenDays").GetDouble().ShouldBe(3);
        four.GetProperty("decided").GetInt32().ShouldBe(4);
        four.GetProperty("limitDays").GetInt32().ShouldBe(14);
        // So few would tell about persons.
        four.GetProperty("inTimeShare").ValueKind.ShouldBe(JsonValueKind.Null);
        four.GetProperty("medianDecisionDays").ValueKind.ShouldBe(JsonValueKind.Null);

        await StoreAsync(organisation, 22, Rejected(organisation, 10));
        var five = await LevelAsync(organisation);
        five.GetProperty("inTimeShare").GetDouble().ShouldBe(0.8);
        five.GetProperty("medianDecisionDays").GetDouble().ShouldBe(6);
    }

    [Fact]
    public async Task organisations_are_listed_page_by_page_by_name_or_by_share()
    {
        using var best = new AnOrganisation(host);
        using var middle = new AnOrganisation(host);
        using var unknown = new AnOrganisation(host);
        await unknown.ReadyAsync();
        foreach (var (organisation, late) in new[] { (best, 0), (middle, 2) })
        {
            for (var i = 0; i < 5; i++)
            {
                await StoreAsync(organisation, i < late ? 40 : 11, Rejected(organisation, 10));
            }
        }

        async Task<List<Guid>> Ids(string sort)
        {
            var ids = new List<Guid>();
            string? next = null;
            do
            {
                var page = await host.Service.Client().GetJsonAsync($"/api/v1/service-levels?sort={sort}&limit=1&after={next}");
                ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("organisationId").GetGuid()));
                next = page.GetProperty("next").GetString();
            }
            while (next is not null);
            return ids;
        }

        var ours = new[] { best.Id, middle.Id, unknown.Id };
        (await Ids("share")).Where(ours.Contains).ShouldBe(ours);
        // All have one name, so the id decides.
        var byName = await Ids("name");
        byName.ShouldBeUnique();
        byName.Where(ours.Contains).ShouldBe(ours, ignoreOrder: true);
        await (await host.Service.Client().GetResponseAsync("/api/v1/service-levels?sort=size")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-value");
        await (await host.Service.Client().GetResponseAsync("/api/v1/service-levels?after=nonsense"))
            .ProblemAsync(HttpStatusCode.BadRequest, "malformed-cursor");
        await (await host.Service.Client().GetResponseAsync($"/api/v1/service-levels/{Guid.CreateVersion7()}")).ProblemAsync(HttpStatusCode.NotFound);
    }
}
