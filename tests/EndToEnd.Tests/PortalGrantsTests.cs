using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using Xunit;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>What goes between the portal and the outside: grants to agencies, and certificates and signatures of an organisation's own software.</summary>
public sealed class PortalGrantsTests(RunningSystem running, PortalBrowser browser) : IClassFixture<PortalBrowser>, IAsyncLifetime
{
    private const string Agency = "agency_employment";

    private Api nobody = null!;
    private Api anna = null!;
    private Uri gateway = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = (await running.SystemAsync()).Gateway;
        nobody = await running.NobodyAsync();
        anna = nobody.Person(DemoAccounts.Anna);
        await anna.RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Смирнова", "Анна", "Игоревна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(DemoAccounts.Anna, null)));
    }

    public ValueTask DisposeAsync()
    {
        nobody.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task GoodAsync(IPage page)
    {
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();
    }

    private static string Day(int fromToday) => DateTime.UtcNow.AddDays(fromToday).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    [Trait("Feature", "F40")]
    public async Task a_grant_is_given_read_under_seen_and_withdrawn()
    {
        var purpose = new { code = "vacancy", description = new { russian = "Подбор работы", english = "Finding work" } };
        await nobody.Person(DemoAccounts.Admin).PutAsync(
            $"agencies/{Agency}", new { name = new { russian = "Служба занятости", english = "Employment service" }, kind = "employment", purposes = new[] { purpose } }, etag: "\"0\"");
        var agency = nobody.Machine(Agency, (await running.SystemAsync()).Secrets.AgencyClient(Agency), "agency");
        var record = $"agency/records/{DemoAccounts.Id(DemoAccounts.Anna)}?purpose=vacancy";

        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await volunteer.ClickAsync("text=Кому открыта книжка");
        await volunteer.WaitForURLAsync("**/grants");
        (await volunteer.InnerTextAsync("main")).ShouldContain("Разрешений пока нет");
        await GoodAsync(volunteer);
        await volunteer.SelectOptionAsync("[name=purpose]", Agency + " vacancy");
        await volunteer.SelectOptionAsync("[name=gives]", "entries");
        await volunteer.FillAsync("[name=until]", Day(-2));
        await volunteer.FillAsync("[name=from]", Day(-3));
        await volunteer.FillAsync("[name=to]", Day(-4));
        await volunteer.ClickAsync("form.sheet button");
        (await volunteer.InnerTextAsync("#until-error")).ShouldContain("Последний день — сегодня или позже");
        (await volunteer.InnerTextAsync("#to-error")).ShouldContain("Конец периода раньше его начала");
        await GoodAsync(volunteer);
        await volunteer.FillAsync("[name=until]", Day(30));
        await volunteer.FillAsync("[name=to]", "");
        await volunteer.ClickAsync("form.sheet button");
        await volunteer.WaitForURLAsync("**done=grant-given");
        var grant = new Uri(volunteer.Url).AbsolutePath;
        (await volunteer.InnerTextAsync(".facts")).ShouldContain("Подбор работы");
        (await volunteer.Locator(".cards > li").CountAsync()).ShouldBe(0);

        await agency.GetAsync(record);
        await volunteer.GotoAsync(grant);
        (await volunteer.InnerTextAsync(".cards > li")).ShouldContain("Ведомство прочитало данные");
        await GoodAsync(volunteer);
        await volunteer.GotoAsync("/grants");
        (await volunteer.InnerTextAsync(".cards > li")).ShouldContain("данные получали 1 раз");
        await volunteer.SelectOptionAsync("[name=purpose]", Agency + " vacancy");
        await volunteer.SelectOptionAsync("[name=gives]", "totals");
        await volunteer.FillAsync("[name=until]", Day(30));
        await volunteer.ClickAsync("form.sheet button");
        (await volunteer.InnerTextAsync(".mistakes")).ShouldContain("уже дано разрешение");
        await GoodAsync(volunteer);

        await volunteer.GotoAsync(grant);
        await volunteer.ClickAsync("summary:text-is('Отозвать разрешение')");
        await volunteer.ClickAsync("button[value=withdraw]");
        await volunteer.WaitForURLAsync("**done=grant-withdrawn");
        (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Отозвано");
        await GoodAsync(volunteer);
        (await Should.ThrowAsync<ApiException>(agency.GetAsync(record))).Message.ShouldContain("404");
        (await (await browser.OpenAsAsync("olga", gateway)).GotoAsync(grant))!.Status.ShouldBe(404);
    }
}
