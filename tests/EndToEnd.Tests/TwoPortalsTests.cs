using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.Demo;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Two instances of the portal behind one gateway: who is signed in, what was typed and what was said belong to neither.</summary>
public sealed class TwoPortalsTests(PortalBrowser browser) : IClassFixture<PortalBrowser>, IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("volunteerbook-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task one_of_two_portals_is_killed_and_nobody_is_signed_out_and_no_form_is_lost()
    {
        var second = ServiceSettings.FreeAddress();
        await using var system = await RunningGraph.StartAsync(
            RunningGraph.Options(data) with { Variables = new Dictionary<string, string> { ["services__portal__http__1"] = second.ToString() } });
        var environment = system.Environment("portal").ToDictionary();
        environment["ASPNETCORE_URLS"] = second.ToString();
        await using var other = Child.Start(environment, "dotnet", AsBuilt.Program(new Projects.Portal().ProjectPath));
        using var http = new HttpClient { BaseAddress = second };
        await Eventually.Is(async () => (await http.GetAsync(new Uri("/health", UriKind.Relative))).IsSuccessStatusCode, TimeSpan.FromMinutes(2));

        using var nobody = new Api(system.Gateway);
        using var world = await AWorld.MakeAsync(nobody);
        await nobody.Person(DemoAccounts.Anna).WithANameAsync();
        var page = await browser.OpenAsAsync("anna", system.Gateway);
        // Both answer in turn, and to both she has signed in.
        for (var visit = 0; visit < 6; visit++)
        {
            await page.GotoAsync("/profile");
            (await page.InnerTextAsync("h1")).ShouldBe("Мой профиль");
        }

        await FillAsync(page, world, "Первая половина");
        await system.KillAsync("portal");
        await SubmitAsync(page, "Первая половина");

        await system.StartAsync("portal", TestContext.Current.CancellationToken);
        await FillAsync(page, world, "Вторая половина");
        await other.SendAsync("KILL");
        await SubmitAsync(page, "Вторая половина");
        (await nobody.Person(DemoAccounts.Anna).GetAsync<Book>("book")).Items.Select(entry => entry.Project)
            .ShouldBe(["Вторая половина", "Первая половина"], ignoreOrder: true);
    }

    private static async Task FillAsync(IPage page, AWorld world, string project)
    {
        await page.GotoAsync("/book/new");
        await page.FillAsync("[name=orgSearch]", world.Organisation.Ogrn);
        await page.PressAsync("[name=orgSearch]", "Enter");
        await Assertions.Expect(page.Locator("[name=organisationId]")).ToHaveValueAsync($"{world.Organisation.Id}");
        await page.FillAsync("[name=project]", project);
        await page.SelectOptionAsync("[name=taskType]", "L30");
        await page.SelectOptionAsync("[name=region]", "RU-MOW");
        await page.FillAsync("[name='shifts[0].date']", DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.FillAsync("[name='shifts[0].time']", "10:00");
        await page.FillAsync("[name='shifts[0].hours']", "2");
    }

    private static async Task SubmitAsync(IPage page, string project)
    {
        await page.ClickAsync("button[value=submit]");
        // Where the one that was to answer died with the form in its hands, the gateway's page says to reload: the form goes again, under its key.
        await Eventually.Is(async () =>
        {
            if (await page.Locator("text=форма отправится ещё раз").CountAsync() > 0)
            {
                await page.ReloadAsync();
            }

            (await page.Locator("[data-told='entry-submitted']").CountAsync()).ShouldBe(1);
        });
        (await page.InnerTextAsync("h1")).ShouldBe(project);
        await page.GotoAsync("/profile");
        (await page.InnerTextAsync("h1")).ShouldBe("Мой профиль");
    }
}
