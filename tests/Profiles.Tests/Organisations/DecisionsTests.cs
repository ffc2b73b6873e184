using System.Net;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

/// <summary>What administrators decided about organisations, from the events themselves.</summary>
[Trait("Feature", "F39")]
public sealed class DecisionsTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private const string Decisions = "/api/v1/organisations/decisions";

    [Fact]
    public async Task every_decision_is_there_once_the_latest_first_page_by_page_with_its_author_and_reason()
    {
        var administrator = host.Administrator();
        await (await administrator.PutJsonAsync("/api/v1/people/me", new { name = new { family = "Главная", given = "Ада" } }, version: 0))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner, "Тихий двор");
        foreach (var (part, body, version) in new (string, object, int)[]
        {
            ("suspension", new { reason = "Жалобы" }, 3), ("reinstatement", new { reason = "Проверили" }, 4),
            ("corrections", new { name = "Тихий дворик", region = "RU-MOW", reason = "Опечатка" }, 5),
        })
        {
            await (await administrator.PostJsonAsync($"/api/v1/organisations/{id}/{part}", body, version)).ShouldBeAsync(HttpStatusCode.NoContent);
        }

        var all = new List<(string Type, string? Reason, string? By, string? Name, string? Organisation)>();
        string? after = null;
        do
        {
            var page = await administrator.GetJsonAsync($"{Decisions}?limit=2&after={after}");
            all.AddRange(page.GetProperty("items").EnumerateArray().Where(one => one.GetProperty("organisationId").GetGuid() == id).Select(one =>
            {
                var change = one.GetProperty("change");
                return (change.GetProperty("type").GetString()!, change.GetProperty("data").TryGetProperty("reason", out var why) ? why.GetString() : null,
                    change.GetProperty("by").GetString(), one.GetProperty("byName").GetString(), one.GetProperty("organisation").GetString());
            }));
            after = page.GetProperty("next").GetString();
        }
        while (after is not null);

        all.Select(one => (one.Type, one.Reason)).ShouldBe(
        [
            ("organisation_corrected", "Опечатка"), ("organisation_reinstated", "Проверили"), ("organisation_suspended", "Жалобы"),
            ("organisation_approved", null),
        ]);
        all.Take(3).ShouldAllBe(one => one.Name == "Главная Ада" && one.Organisation == "Тихий дворик");
        all[3].By.ShouldNotBe(all[0].By);

        var theirs = (await administrator.GetJsonAsync($"{Decisions}?by={all[0].By}")).GetProperty("items").EnumerateArray().ToList();
        theirs.Count.ShouldBe(3);
        theirs.ShouldAllBe(one => one.GetProperty("change").GetProperty("by").GetString() == all[0].By);
        (await administrator.GetJsonAsync($"{Decisions}?by={Guid.NewGuid()}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task nobody_else_reads_them_and_a_cursor_is_one_that_was_given()
    {
        await (await host.Anonymous().GetResponseAsync(Decisions)).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await host.Person(Guid.NewGuid()).GetResponseAsync(Decisions)).ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
        await (await host.Administrator().GetResponseAsync($"{Decisions}?after=nonsense")).ProblemAsync(HttpStatusCode.BadRequest, "malformed-cursor");
    }
}
