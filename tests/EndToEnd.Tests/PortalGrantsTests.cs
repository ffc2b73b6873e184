using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>What goes between the portal and the outside: grants to agencies, and certificates and signatures of an organisation's own software.</summary>
[Collection(RunningSystem.Shared)]
public sealed class PortalGrantsTests(RunningSystem running, PortalBrowser browser) : IClassFixture<PortalBrowser>, IAsyncLifetime
{
    // Of those that the matrix and the hostile run set up for themselves it is none.
    private const string Agency = "agency_pension";

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
        // Whoever shares the system may have set it up before.
        var known = await nobody.SendAsync(HttpMethod.Get, $"agencies/{Agency}");
        await nobody.Person(DemoAccounts.Admin).PutAsync(
            $"agencies/{Agency}",
            new { name = new { russian = "Служба занятости", english = "Employment service" }, kind = "employment", purposes = new[] { purpose } },
            etag: known.ETag ?? "\"0\"");
        var agency = nobody.Machine(Agency, (await running.SystemAsync()).Secrets.AgencyClient(Agency), "agency");
        var record = $"agency/records/{DemoAccounts.Id(DemoAccounts.Anna)}?purpose=vacancy";

        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await volunteer.ClickAsync(".menu-opens");
        await volunteer.ClickAsync("#menu >> text=Кому открыта книжка");
        await volunteer.ArriveAsync("**/grants");
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
        await volunteer.WaitToBeToldAsync("grant-given");
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
        await volunteer.ClickAsync("[data-confirm]:has-text('Отозвать разрешение')");
        await GoodAsync(volunteer);
        await volunteer.ClickAsync("dialog[open] .danger");
        await volunteer.WaitToBeToldAsync("grant-withdrawn");
        (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Отозвано");
        await GoodAsync(volunteer);
        (await Should.ThrowAsync<ApiException>(agency.GetAsync(record))).Message.ShouldContain("404");
        (await (await browser.OpenAsAsync("olga", gateway)).GotoAsync(grant))!.Status.ShouldBe(404);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_certificate_is_registered_from_a_file_and_a_case_confirmed_by_a_signature_of_other_software_without_scripts()
    {
        using var world = await AWorld.MakeAsync(nobody);
        var entry = (await anna.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 9))).Id;
        var id = CaseIds.Of(entry, 1);
        await world.Coordinator.CaseAsync(id);
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var signer = GostSigner.New("CN=АНО «Тёплый дом»", GostSigner.New("CN=Удостоверяющий центр", null, from, until), from, until);

        var coordinator = await browser.OpenAsAsync("pavel", gateway, width: 320, script: false);
        await coordinator.GotoAsync($"/coordination/{world.Organisation.Id}/keys");
        await coordinator.ClickAsync("summary:text-is('Зарегистрировать сертификат ГОСТ')");
        await coordinator.FillAsync("[name=label]", "Токен");
        await coordinator.FillAsync("[name=certificate]", "Не сертификат");
        await SignStatementAsync();
        await coordinator.ClickAsync("button[value=certificate]");
        (await coordinator.InnerTextAsync("#certificate-error")).ShouldContain("Нужен один сертификат X.509");
        await SignStatementAsync();
        await coordinator.SetInputFilesAsync(
            "[name=document]", new FilePayload { Name = "key.cer", MimeType = "application/pkix-cert", Buffer = signer.Certificate.GetEncoded() });
        await coordinator.ClickAsync("button[value=certificate]");
        await coordinator.WaitToBeToldAsync("key-certificate");
        (await coordinator.InnerTextAsync(".keys")).ShouldContain("Сертификат ГОСТ Р 34.10-2012: CN=АНО «Тёплый дом». Выдал: CN=Удостоверяющий центр");

        // Verification hears of the certificate from Profiles; until then it is unknown.
        await Eventually.Is(async () =>
        {
            await coordinator.GotoAsync($"/coordination/cases/{id}");
            await coordinator.ClickAsync("summary:text-is('Подписать своей программой (ГОСТ)')");
            await SignStatementAsync();
            await coordinator.ClickAsync("details[open] >> text=Подписать и подтвердить");
            (await coordinator.Locator(".done").GetAttributeAsync("data-told", new() { Timeout = 1000 })).ShouldBe("case-confirm");
        });
        (await coordinator.InnerTextAsync(".decision")).ShouldContain("ГОСТ Р 34.10-2012");
        await Eventually.Is(async () => (await anna.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));

        async Task SignStatementAsync()
        {
            var link = (await coordinator.GetAttributeAsync("a[download='statement.json']", "href"))!;
            await coordinator.SetInputFilesAsync("[name=cms]", new FilePayload
            {
                Name = "statement.sig",
                MimeType = "application/octet-stream",
                Buffer = Encoding.ASCII.GetBytes(Convert.ToBase64String(
                    signer.Sign(Convert.FromBase64String(link.Split(',')[1])), Base64FormattingOptions.InsertLineBreaks)),
            });
        }
    }
}
