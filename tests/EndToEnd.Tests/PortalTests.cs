using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The portal as people use it: the whole system behind the gateway, in a real browser.</summary>
[Collection(RunningSystem.Shared)]
public sealed class PortalTests(RunningSystem running, PortalBrowser browser) : IClassFixture<PortalBrowser>, IAsyncLifetime
{
    private const string Region = "RU-CHU";
    private const string TaskType = "L30";

    private Api nobody = null!;
    private AWorld world = null!;
    private Uri gateway = null!;

    private string Desk => $"/coordination/{world.Organisation.Id}";

    private static string Yesterday => DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        gateway = (await running.SystemAsync()).Gateway;
        nobody = await running.NobodyAsync();
        world = await AWorld.MakeAsync(nobody);
        await nobody.Person(DemoAccounts.Anna).RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Смирнова", "Анна", "Игоревна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(DemoAccounts.Anna, null)));
    }

    public ValueTask DisposeAsync()
    {
        world.Dispose();
        nobody.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    [Trait("Feature", "F7")]
    [Trait("Feature", "F15")]
    [Trait("Feature", "F34")]
    public async Task hours_are_logged_then_signed_in_the_browser_then_seen_in_the_book_and_in_the_statistics()
    {
        var coordinator = await browser.OpenAsAsync("pavel", gateway);
        var statistics = await browser.OpenAsync(gateway);
        (await ConfirmedMinutesAsync(statistics)).ShouldBe(0);

        var volunteer = await browser.OpenAsAsync("anna", gateway);
        var project = "Браузерная проверка " + Guid.NewGuid().ToString("N")[..8];
        var entry = await LogHoursAsync(volunteer, project);
        (await volunteer.InnerTextAsync("h1")).ShouldBe(project);
        (await volunteer.InnerTextAsync(".head .status")).ShouldBe("На подтверждении");

        await coordinator.CreateKeyAsync(Desk);
        await OpenCaseAsync(coordinator, project);
        await SignAsync(coordinator);
        (await coordinator.InnerTextAsync(".head .status")).ShouldBe("Подтверждено");
        await coordinator.ShouldBeAccessibleAsync();

        await Eventually.Is(async () =>
        {
            await volunteer.GotoAsync(entry);
            (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Подтверждена");
        });
        await volunteer.ShouldBeAccessibleAsync();
        (await volunteer.InnerTextAsync(".decision")).ShouldContain("ES256");
        (await volunteer.InnerTextAsync(".history")).ShouldContain("Подтверждена организацией");

        await Eventually.Is(async () => (await ConfirmedMinutesAsync(statistics)).ShouldBe(390));
        await statistics.ShouldBeAccessibleAsync();
    }

    [Fact]
    [Trait("Feature", "F3")]
    [Trait("Feature", "F8")]
    public async Task an_extract_is_ordered_and_downloaded_and_a_stranger_checks_it_without_javascript()
    {
        var volunteer = await browser.OpenAsAsync("anna", gateway);
        await volunteer.GotoAsync("/book/extracts/new");
        await volunteer.FillAsync("[name=from]", "2026-05-02");
        await volunteer.FillAsync("[name=to]", "2026-05-01");
        await volunteer.ClickAsync("form.sheet button");
        (await volunteer.InnerTextAsync(".mistakes")).ShouldContain("Конец периода раньше его начала");
        await volunteer.ShouldBeAccessibleAsync();
        await volunteer.FillAsync("[name=from]", "");
        await volunteer.FillAsync("[name=to]", "");
        await volunteer.CheckAsync("[name=nameInCredential]");
        await volunteer.ClickAsync("form.sheet button");
        await volunteer.WaitToBeToldAsync("extract-ordered");
        await volunteer.ShouldBeAccessibleAsync();
        var number = await volunteer.InnerTextAsync(".facts code >> nth=0");
        (await volunteer.InnerTextAsync(".head .status")).ShouldBe("В силе");
        var pdf = await DownloadAsync(volunteer, "Скачать PDF", number + ".pdf");
        var credential = await DownloadAsync(volunteer, "Скачать свидетельство (JWT)", number + ".jwt");
        await volunteer.GotoAsync("/book/extracts");
        (await volunteer.InnerTextAsync(".cards")).ShouldContain(number);
        await volunteer.ShouldBeAccessibleAsync();

        var stranger = await browser.OpenAsync(gateway, script: false);
        await stranger.GotoAsync("/");
        await stranger.ClickAsync("footer >> text=Проверить документ");
        await stranger.FillAsync("[name=number]", number.ToLowerInvariant());
        await stranger.ClickAsync("text=Проверить номер");
        (await stranger.InnerTextAsync(".verdict h2")).ShouldBe("Документ действителен");
        (await stranger.InnerTextAsync("main")).ShouldNotContain("Смирнова");
        await CheckFileAsync(stranger, number + ".pdf", pdf, "Файл подлинный, документ действителен");
        await CheckFileAsync(stranger, number + ".jwt", credential, "Файл подлинный, документ действителен");
        pdf[pdf.Length / 2] ^= 1;
        await CheckFileAsync(stranger, number + ".pdf", pdf, "Файл не прошёл проверку");
        await CheckFileAsync(stranger, "note.txt", "Привет"u8.ToArray(), "Файл не распознан");

        (await stranger.GotoAsync("/check/VB-2026-00000-00000"))!.Status.ShouldBe(404);
        (await stranger.InnerTextAsync("main")).ShouldContain("Документа с таким номером нет");
        var reader = await browser.OpenAsync(gateway, width: 320);
        await VisitAsync(reader, "/check/" + number);
        (await reader.InnerTextAsync(".verdict h2")).ShouldBe("Документ действителен");
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task a_confirmed_entry_is_amended_by_consent_and_its_confirmation_is_revoked_by_signature()
    {
        var coordinator = await browser.OpenAsAsync("pavel", gateway);
        var volunteer = await browser.OpenAsAsync("anna", gateway);
        var project = "Изменение " + Guid.NewGuid().ToString("N")[..8];
        var entry = await LogHoursAsync(volunteer, project);
        await coordinator.CreateKeyAsync(Desk);
        await OpenCaseAsync(coordinator, project);
        await SignAsync(coordinator);
        await ShouldBecomeAsync(volunteer, entry, "Подтверждена");

        await volunteer.ClickAsync("text=Предложить изменение");
        await volunteer.FillAsync("[name='shifts[1].hours']", "1");
        await volunteer.FillAsync("[name=place]", "Чебоксары, Красная площадь");
        await volunteer.FillAsync("[name=reason]", "Ушла на час раньше");
        await volunteer.ShouldBeAccessibleAsync();
        await volunteer.ClickAsync("button[value=amend]:not(.enter)");
        await volunteer.WaitToBeToldAsync("entry-amended");
        (await volunteer.InnerTextAsync(".facts .amount")).ShouldBe("6\u00a0ч\u00a030\u00a0мин");
        (await volunteer.InnerTextAsync(".amendment tr.changed >> nth=0")).ShouldContain("5\u00a0ч\u00a030\u00a0мин");
        await volunteer.ShouldBeAccessibleAsync();

        await OpenCaseAsync(coordinator, project);
        (await coordinator.InnerTextAsync(".comparison")).ShouldContain("Чебоксары, Красная площадь");
        await SignAsync(coordinator);
        await Eventually.Is(async () =>
        {
            await volunteer.GotoAsync(entry);
            (await volunteer.InnerTextAsync(".facts .amount")).ShouldBe("5\u00a0ч\u00a030\u00a0мин");
        });

        await volunteer.ClickAsync("text=Предложить изменение");
        await volunteer.ClickAsync("summary:text-is('Подтверждающие документы')");
        await volunteer.FillAsync("[name='documents[0].title']", "Благодарственное письмо");
        await volunteer.FillAsync("[name=reason]", "Письмо пришло позже");
        await volunteer.ClickAsync("button[value=amend]:not(.enter)");
        await volunteer.WaitToBeToldAsync("entry-described");
        (await volunteer.InnerTextAsync(".facts")).ShouldContain("Благодарственное письмо");
        (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Подтверждена");
        (await volunteer.InnerTextAsync(".history >> nth=-1")).ShouldContain("Описание или документы изменены");
        await volunteer.ShouldBeAccessibleAsync();

        await coordinator.FillAsync("#reason", "Смена не состоялась:\nподписано по ошибке.");
        await coordinator.ClickAsync("text=Подготовить отзыв");
        await coordinator.WaitForSelectorAsync("text=Подписать и отозвать >> visible=true");
        (await coordinator.InnerTextAsync("#revocation-statement")).ShouldContain("reasonSha256");
        await coordinator.ShouldBeAccessibleAsync();
        await coordinator.Locator("text=Подписать и отозвать >> visible=true").ClickAsync();
        await coordinator.WaitToBeToldAsync("case-revoke");
        (await coordinator.InnerTextAsync(".head .status")).ShouldBe("Подтверждение отозвано");
        await coordinator.ShouldBeAccessibleAsync();

        await ShouldBecomeAsync(volunteer, entry, "Подтверждение отозвано");
        (await volunteer.InnerTextAsync(".decision.revoked")).ShouldContain("подписано по ошибке");
        await volunteer.ShouldBeAccessibleAsync();
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task a_sheet_is_uploaded_its_faults_are_said_in_words_and_it_is_signed()
    {
        var coordinator = await browser.OpenAsAsync("pavel", gateway);
        await coordinator.CreateKeyAsync(Desk);
        await coordinator.GotoAsync(Desk + "/sheets");
        await coordinator.SetInputFilesAsync("#document", new FilePayload
        {
            Name = "may.csv",
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes($"volunteer_id;start;minutes\n{Guid.NewGuid()};09.05.2026 10:00;240\nАнна;09.05.2026 10:00;240\n"),
        });
        await coordinator.ClickAsync("form.sheet button");
        await coordinator.WaitToBeToldAsync("sheet-received");
        (await coordinator.InnerTextAsync("section[aria-labelledby=faults] tbody tr")).ShouldContain("Нужен код волонтёра");
        await coordinator.ShouldBeAccessibleAsync();
        await coordinator.SignAsync("Подписать ведомость целиком", "sheet-signed");
        (await coordinator.InnerTextAsync(".head .status")).ShouldBe("Подписана");
    }

    [Fact]
    [Trait("Feature", "F7")]
    public async Task logging_hours_works_without_javascript_and_loses_nothing_on_the_way()
    {
        var volunteer = await browser.OpenAsAsync("anna", gateway, script: false);
        await ChooseOrganisationAsync(volunteer);
        await volunteer.FillAsync("[name=project]", "Без скриптов");
        await volunteer.FillAsync("[name='shifts[0].date']", Yesterday);
        await volunteer.ClickAsync("button[value=add-shift]");
        (await volunteer.Locator("fieldset.shift").CountAsync()).ShouldBe(2);
        (await volunteer.InputValueAsync("[name=project]")).ShouldBe("Без скриптов");
        (await volunteer.InputValueAsync("[name='shifts[0].date']")).ShouldBe(Yesterday);

        await volunteer.ClickAsync("button.secondary[value=draft]");
        (await volunteer.InnerTextAsync(".mistakes")).ShouldContain("Выберите вид работы");
        (await volunteer.GetAttributeAsync("#taskType", "aria-invalid")).ShouldBe("true");
        (await volunteer.InputValueAsync("[name=project]")).ShouldBe("Без скриптов");

        await FillShiftsAsync(volunteer);
        await volunteer.ClickAsync("button.secondary[value=draft]");
        await volunteer.WaitToBeToldAsync("entry-saved");
        (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Черновик");
        (await volunteer.InnerTextAsync(".facts .amount")).ShouldBe("6\u00a0ч\u00a030\u00a0мин");
    }

    [Fact]
    public async Task a_form_sent_twice_has_one_effect()
    {
        var volunteer = await browser.OpenAsAsync("anna", gateway);
        await ChooseOrganisationAsync(volunteer);
        await volunteer.FillAsync("[name=project]", "Двойная отправка");
        await FillShiftsAsync(volunteer, more: false);
        var form = volunteer.Context.APIRequest.CreateFormData();
        foreach (var field in await volunteer.Locator("form.sheet").Locator(":is(input, select, textarea)[name]").AllAsync())
        {
            form.Set((await field.GetAttributeAsync("name"))!, await field.InputValueAsync());
        }

        form.Set("do", "draft");
        var options = new APIRequestContextOptions { Form = form, MaxRedirects = 0 };
        var first = await volunteer.Context.APIRequest.PostAsync("/book/new", options);
        var second = await volunteer.Context.APIRequest.PostAsync("/book/new", options);

        first.Status.ShouldBe(302);
        second.Headers["location"].ShouldBe(first.Headers["location"]);
    }

    [Fact]
    [Trait("Feature", "F39")]
    public async Task a_stale_form_says_so_shows_the_present_state_and_keeps_what_was_typed()
    {
        var volunteer = await browser.OpenAsAsync("anna", gateway);
        await ChooseOrganisationAsync(volunteer);
        await volunteer.FillAsync("[name=project]", "Первая редакция");
        await FillShiftsAsync(volunteer, more: false);
        await volunteer.ClickAsync("button.secondary[value=draft]");
        await volunteer.WaitToBeToldAsync("entry-saved");
        var correction = new Uri(volunteer.Url).AbsolutePath + "/correction";
        await volunteer.GotoAsync(correction);
        var otherTab = await volunteer.Context.NewPageAsync();
        await otherTab.GotoAsync(correction);
        await CorrectAsync(otherTab, "Из другой вкладки");
        await otherTab.WaitToBeToldAsync("entry-corrected");

        await CorrectAsync(volunteer, "Из этой вкладки");

        (await volunteer.InnerTextAsync(".mistakes")).ShouldContain("изменил кто-то другой");
        (await volunteer.InnerTextAsync(".present")).ShouldContain("Из другой вкладки");
        (await volunteer.InputValueAsync("[name=project]")).ShouldBe("Из этой вкладки");
        await volunteer.ShouldBeAccessibleAsync();
        await volunteer.ClickAsync("button[value=correct]:not(.enter)");
        await volunteer.WaitToBeToldAsync("entry-corrected");
        (await volunteer.InnerTextAsync("h1")).ShouldBe("Из этой вкладки");
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task every_page_is_accessible_and_fits(int width, ColorScheme scheme)
    {
        await VisitAsync(
            await browser.OpenAsync(gateway, width, scheme: scheme), "/", "/statistics", "/vacancies", "/check", "/check/VB-2026-00000-00000", "/no-such-page");
        await VisitAsync(
            await browser.OpenAsAsync("anna", gateway, width, scheme: scheme),
            "/book", "/book?totals=1", "/book/new", "/book/extracts", "/book/extracts/new", "/book/as-of", "/book/as-of?at=yesterday", "/book/changes",
            "/grants", "/reviews/mine", "/proposals", "/applications", "/profile", "/coordination", "/coordination/registration");
        await VisitAsync(await browser.OpenAsAsync("admin", gateway, width, scheme: scheme), "/administration", "/administration/disputes");

        await VisitAsync(
            await browser.OpenAsAsync("pavel", gateway, width, scheme: scheme),
            Desk, Desk + "/queue", Desk + "/sheets", Desk + "/rules", Desk + "/keys", Desk + "/coordinators", Desk + "/vacancies", Desk + "/vacancies/new");
    }

    [Fact]
    public async Task the_language_follows_the_browser_and_the_link()
    {
        var page = await browser.OpenAsync(gateway, language: "en-GB");
        await page.GotoAsync("/statistics");
        (await page.GetAttributeAsync("html", "lang")).ShouldBe("en");
        (await page.InnerTextAsync("h1")).ShouldBe("Open statistics");

        await page.ClickAsync("a.language");

        (await page.GetAttributeAsync("html", "lang")).ShouldBe("ru");
        (await page.InnerTextAsync("h1")).ShouldBe("Открытая статистика");
        new Uri(page.Url).AbsolutePath.ShouldBe("/statistics");
    }

    [Fact]
    public async Task what_is_not_ones_own_looks_absent_and_signing_out_ends_the_session()
    {
        var volunteer = await browser.OpenAsAsync("anna", gateway);
        (await volunteer.GotoAsync("/administration"))!.Status.ShouldBe(403);
        (await volunteer.GotoAsync("/book/" + Guid.NewGuid()))!.Status.ShouldBe(404);
        (await volunteer.InnerTextAsync("h1")).ShouldBe("Такой страницы нет");

        await volunteer.ClickAsync(".menu-opens");
        await volunteer.ClickAsync("#menu >> text=Выйти");
        await volunteer.ArriveAsync("/");
        (await volunteer.Locator("header >> text=Войти").CountAsync()).ShouldBe(1);
    }

    private static async Task<byte[]> DownloadAsync(IPage page, string link, string name)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync($"text={link}"));
        download.SuggestedFilename.ShouldBe(name);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    private static async Task CheckFileAsync(IPage page, string name, byte[] file, string verdict)
    {
        await page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = file });
        await page.ClickAsync("text=Проверить файл");
        (await page.InnerTextAsync(".verdict h2")).ShouldBe(verdict);
    }

    private static Task ShouldBecomeAsync(IPage page, string entry, string status) => Eventually.Is(async () =>
    {
        await page.GotoAsync(entry);
        (await page.InnerTextAsync(".head .status")).ShouldBe(status);
    });

    private static async Task VisitAsync(IPage page, params string[] paths)
    {
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            await page.ShouldNotScrollSidewaysAsync();
            await page.ShouldBeAccessibleAsync();
        }
    }

    private async Task<int> ConfirmedMinutesAsync(IPage page)
    {
        await page.GotoAsync($"/statistics?region={Region}&taskType={TaskType}&organisationId={world.Organisation.Id}");
        return PortalPages.Minutes(await page.InnerTextAsync(".figures .main dd"));
    }

    private async Task<string> LogHoursAsync(IPage page, string project)
    {
        await ChooseOrganisationAsync(page);
        await page.FillAsync("[name=project]", project);
        await page.ClickAsync("button[value=add-shift]");
        await FillShiftsAsync(page);
        await page.ShouldBeAccessibleAsync();
        await page.ClickAsync("button[value=submit]");
        await page.WaitToBeToldAsync("entry-submitted");
        return new Uri(page.Url).AbsolutePath;
    }

    // One answer is the choice: with a script as it is typed, without one when the page comes back.
    private async Task ChooseOrganisationAsync(IPage page)
    {
        await page.GotoAsync("/book/new");
        await page.FillAsync("[name=orgSearch]", world.Organisation.Ogrn);
        await page.PressAsync("[name=orgSearch]", "Enter");
        await Assertions.Expect(page.Locator("[name=organisationId]")).ToHaveValueAsync($"{world.Organisation.Id}");
    }

    private static async Task FillShiftsAsync(IPage page, bool more = true)
    {
        await page.SelectOptionAsync("[name=taskType]", TaskType);
        await page.SelectOptionAsync("[name=region]", Region);
        await page.FillAsync("[name='shifts[0].date']", Yesterday);
        await page.FillAsync("[name='shifts[0].time']", "10:00");
        await page.FillAsync("[name='shifts[0].until']", "14:30");
        if (more)
        {
            await page.FillAsync("[name='shifts[1].date']", Yesterday);
            await page.FillAsync("[name='shifts[1].time']", "18:00");
            await page.FillAsync("[name='shifts[1].hours']", "2");
        }
    }

    private static async Task CorrectAsync(IPage page, string project)
    {
        await page.FillAsync("[name=project]", project);
        await page.FillAsync("[name=reason]", "Уточнение");
        await page.ClickAsync("button[value=correct]:not(.enter)");
    }

    // The case opens by itself a moment after the entry was sent.
    private async Task OpenCaseAsync(IPage page, string project)
    {
        await Eventually.Is(async () =>
        {
            await page.GotoAsync($"{Desk}/queue?region={Region}&taskType={TaskType}");
            (await page.Locator($"h2 a:has-text('{project}')").CountAsync()).ShouldBe(1);
        });
        await page.ShouldBeAccessibleAsync();
        // By itself, not beside its queue: that is JourneyTests.
        await page.GotoAsync("/coordination/cases/" + (await page.GetAttributeAsync($"h2 a:has-text('{project}')", "href"))!.Split('/', '?')[4]);
        await page.WaitForSelectorAsync("text=Подписать и подтвердить >> visible=true");
        await page.ShouldBeAccessibleAsync();
    }

    private static Task SignAsync(IPage page) => page.SignAsync("Подписать и подтвердить", "case-confirm");
}
