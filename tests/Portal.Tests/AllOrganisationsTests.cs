using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>The administrators' list of organisations in any state.</summary>
public sealed class AllOrganisationsTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly Guid Admin = Guid.NewGuid();

    [Fact]
    public async Task organisations_of_a_state_are_asked_for_and_each_leads_to_all_about_it()
    {
        var (warm, brief) = (Guid.NewGuid(), Guid.NewGuid());
        portal.Answer(
            "organisations",
            Given.Page(Organisation("Тёплый дом", "approved", id: warm), Organisation("Однодневка", "refused", "Нет такого ОГРН", brief)));
        var (status, html) = await portal.GetAsync("/administration/organisations?status=refused&q=дом&region=RU-MOW", Admin, role: Roles.Administrator);

        status.ShouldBe(200);
        portal.AllAsked.Select(Uri.UnescapeDataString).ShouldContain("organisations?status=refused&region=RU-MOW&q=дом");
        html.ShouldContain($"""<a href="/administration/organisations/{warm}">Тёплый дом</a>""");
        html.ShouldContain("Нет такого ОГРН");
        html.ShouldContain($"""<a href="/administration/organisations/{brief}">Однодневка</a>""");
    }

    [Fact]
    public async Task it_is_for_administrators_and_says_when_there_is_nothing()
    {
        portal.Answer("organisations", Given.Page());
        (await portal.GetAsync("/administration/organisations", Admin)).Status.ShouldBe(403);
        var (status, html) = await portal.GetAsync("/administration/organisations", Admin, role: Roles.Administrator);
        status.ShouldBe(200);
        html.ShouldContain("По этим условиям ничего не нашлось");
    }

    [Fact]
    public async Task a_request_that_waits_says_who_asked_and_when_and_never_a_code()
    {
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid()];
        Guid[] people = [Guid.NewGuid(), Guid.NewGuid()];
        portal.Answer("organisations", Given.Page(Of(ids[0]), Of(ids[1])));
        foreach (var (id, person, name) in new[] { (ids[0], people[0], "Заявителева Ева"), (ids[1], people[1], (string?)null) })
        {
            portal.Answer($"organisations/{id}/admission", new
            {
                organisation = Of(id),
                askedBy = person,
                askedAt = "2026-11-02T09:30:00Z",
                decision = (object?)null,
                people = new[] { new { personId = person, name } },
            });
        }

        var (status, html) = await portal.GetAsync("/administration", Admin, role: Roles.Administrator);
        status.ShouldBe(200);
        html.ShouldContain("Заявитель: Заявителева Ева");
        html.ShouldContain("Заявитель: Имя не указано");
        html.ShouldContain("datetime=\"2026-11-02T09:30:00Z\"");
        people.Select(person => person.ToString()).ShouldAllBe(code => !html.Contains(code));

        static object Of(Guid id) => new { id, name = "Тёплый дом", ogrn = "1027700132195", region = "RU-MOW", status = "pending", reason = (string?)null };
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task long_names_and_many_fit(int width)
    {
        portal.Answer("organisations", Given.Page([.. Enumerable.Range(0, 200).Select(_ => Organisation(Given.Long, "pending", Given.Long))]));
        var page = await browser.OpenAsync(portal.Address, width);
        await page.Context.AddCookiesAsync(
            [
                new Cookie { Name = "person", Value = Admin.ToString(), Url = portal.Address.ToString() },
                new Cookie { Name = "role", Value = Roles.Administrator, Url = portal.Address.ToString() },
            ]);
        await page.GotoAsync("/administration/organisations?status=pending");
        (await page.Locator(".cards > li").CountAsync()).ShouldBe(200);
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();
    }

    private static object Organisation(string name, string status, string? reason = null, Guid? id = null) =>
        new { id = id ?? Guid.NewGuid(), name, ogrn = "1027700132195", region = "RU-MOW", status, reason };
}
