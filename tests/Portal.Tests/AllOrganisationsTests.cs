using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>The administrators' list of organisations in any state.</summary>
public sealed class AllOrganisationsTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private static readonly Guid Admin = Guid.NewGuid();

    [Fact]
    public async Task organisations_of_a_state_are_asked_for_and_only_approved_ones_have_a_page()
    {
        portal.Answer("organisations", Given.Page(Organisation("Тёплый дом", "approved"), Organisation("Однодневка", "refused", "Нет такого ОГРН")));
        var (status, html) = await portal.GetAsync("/administration/organisations?status=refused&q=дом&region=RU-MOW", Admin, role: Roles.Administrator);

        status.ShouldBe(200);
        portal.AllAsked.Select(Uri.UnescapeDataString).ShouldContain("organisations?status=refused&region=RU-MOW&q=дом");
        html.ShouldContain(">Тёплый дом</a>");
        html.ShouldContain("Нет такого ОГРН");
        html.ShouldNotContain(">Однодневка</a>");
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

    private static object Organisation(string name, string status, string? reason = null) =>
        new { id = Guid.NewGuid(), name, ogrn = "1027700132195", region = "RU-MOW", status, reason };
}
