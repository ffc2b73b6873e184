using System.Globalization;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>How many steps people need for what they come for, in a real browser. A step is a click, a key, or a form that is filled in.</summary>
[Collection(RunningSystem.Shared)]
public sealed class JourneyTests(RunningSystem running, PortalBrowser browser) : IClassFixture<PortalBrowser>, IAsyncLifetime
{
    private const string Ticked = "a tick";

    private Api nobody = null!;
    private AWorld world = null!;
    private Uri gateway = null!;

    private static string Yesterday => DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        gateway = (await running.SystemAsync()).Gateway;
        nobody = await running.NobodyAsync();
        world = await AWorld.MakeAsync(nobody);
    }

    public ValueTask DisposeAsync()
    {
        world.Dispose();
        nobody.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task a_new_person_submits_an_entry_in_at_most_12_steps_and_the_same_work_again_in_3()
    {
        var steps = new Steps(await browser.OpenAsync(gateway));
        await steps.Page.GotoAsync("/");
        await steps.ClickAsync("a.button:has-text('Завести книжку')");
        await steps.RegisterAsync($"novice-{Guid.NewGuid():N}@example.org");
        await steps.FillAsync(("[name='name.family']", "Новикова"), ("[name='name.given']", "Вера"), ("[name=birthDate]", "2001-05-09"),
            ("[name=region]", "RU-MOW"), ("[name=consent]", Ticked));
        await steps.ClickAsync("main form button >> nth=0");
        await steps.Page.WaitToBeToldAsync("registered");
        await steps.ClickAsync("main a:has-text('Записать часы') >> nth=0");
        await steps.FillAsync(("[name=orgSearch]", world.Organisation.Ogrn));
        await steps.PressAsync("Enter");
        await steps.FillAsync(("[name=project]", "Первая смена"), ("[name=taskType]", "L30"), ("[name=region]", "RU-MOW"),
            ("[name='shifts[0].date']", Yesterday), ("[name='shifts[0].time']", "10:00"), ("[name='shifts[0].hours']", "2"));
        await steps.ClickAsync("button[value=submit]");
        await steps.Page.WaitToBeToldAsync("entry-submitted");
        steps.Taken.ShouldBeLessThanOrEqualTo(12);
        steps.Say("a new person's first entry");

        await steps.Page.GotoAsync("/");
        steps.Taken = 0;
        await steps.ClickAsync("text=Записать так же, как в прошлый раз");
        await steps.ClickAsync("button[value=submit]");
        await steps.Page.WaitToBeToldAsync("entry-submitted");
        steps.Taken.ShouldBeLessThanOrEqualTo(3);
        steps.Say("the same work as last time");
    }

    [Fact]
    public async Task an_organisation_comes_from_the_home_page_to_its_first_confirmed_case()
    {
        var steps = new Steps(await browser.OpenAsync(gateway));
        var page = steps.Page;
        await page.GotoAsync("/");
        await steps.ClickAsync("main a:has-text('Зарегистрировать организацию')");
        await steps.RegisterAsync($"founder-{Guid.NewGuid():N}@example.org");
        var ogrn = AWorld.NextOgrn();
        await steps.FillAsync(("[name=name]", "Новый приют"), ("[name=ogrn]", ogrn), ("[name=region]", "RU-MOW"));
        await steps.ClickAsync("main form button");
        await page.WaitToBeToldAsync("organisation-registered");

        var administrator = await browser.OpenAsAsync("admin", gateway);
        await administrator.GotoAsync("/administration");
        await administrator.Locator($".cards li:has-text('{ogrn}') button[value=approve]").ClickAsync();
        await administrator.WaitToBeToldAsync("organisation-approved");

        await page.ReloadAsync();
        await steps.ClickAsync("main h2 a:has-text('Новый приют')");
        var desk = new Uri(page.Url).AbsolutePath;
        var anna = nobody.Person(DemoAccounts.Anna);
        await anna.RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Смирнова", "Анна", "Игоревна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(DemoAccounts.Anna, null)));
        var entry = await Eventually.Value(
            () => anna.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 60) with { OrganisationId = Guid.Parse(desk.Split('/')[^1]) }));
        await Eventually.Is(async () =>
        {
            await page.GotoAsync(desk + "/queue");
            (await page.Locator("main h2 a").CountAsync()).ShouldBe(1);
        });

        // Who has no key yet is led to where one is made.
        await steps.ClickAsync("main h2 a");
        await steps.ClickAsync("[data-when=no-key] a >> visible=true");
        await steps.FillAsync(("[name=name]", "Рабочий компьютер"));
        await steps.ClickAsync("text=Создать и зарегистрировать");
        await page.WaitToBeToldAsync("key-register");
        await steps.ClickAsync(".rail a:has-text('Очередь')");
        await steps.ClickAsync("main h2 a");
        await page.Locator("form.signing button:visible").WaitForAsync();
        steps.Taken++;
        await page.SignAsync(await page.InnerTextAsync("form.signing button:visible"), "case-confirm");
        steps.Say("an organisation's first confirmed case");
        await Eventually.Is(async () => (await anna.GetAsync<Entry>($"entries/{entry.Id}")).Status.ShouldBe("confirmed"));
    }

    [Fact]
    public async Task a_coordinator_confirms_twenty_cases_with_at_most_25_keys()
    {
        var anna = nobody.Person(DemoAccounts.Anna);
        await anna.RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Смирнова", "Анна", "Игоревна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(DemoAccounts.Anna, null)));
        List<Guid> entries = [];
        for (var day = 1; day <= 20; day++)
        {
            entries.Add((await anna.PostAsync<EntryReceipt>("entries", world.AnEntry(day: day))).Id);
            await world.Coordinator.CaseAsync(CaseIds.Of(entries[^1], 1));
        }

        var desk = $"/coordination/{world.Organisation.Id}";
        var page = await browser.OpenAsAsync("pavel", gateway);
        await page.CreateKeyAsync(desk);
        // A key that was registered just now may be unknown to Verification for a moment.
        await Eventually.Is(async () =>
        {
            await page.GotoAsync($"/coordination/cases/{CaseIds.Of(entries[0], 1)}");
            await page.Locator("form.signing button:visible").WaitForAsync(new() { Timeout = 2000 });
            (await page.GetAttributeAsync("form.signing", "data-kids")).ShouldNotBeNullOrEmpty();
        });
        var steps = new Steps(page);
        await page.GotoAsync(desk + "/queue");
        await steps.ClickAsync(".cards h2 a >> nth=0");
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();
        (await page.Locator(".desk-all li").CountAsync()).ShouldBe(20);

        // One looks at the next, and back.
        var first = await page.InnerTextAsync("h1");
        await ReadyAsync(page);
        await steps.PressAsync("j");
        await page.ArriveAsync($"**/queue/{CaseIds.Of(entries[1], 1)}");
        (await page.Locator(".desk-all li a[aria-current]").CountAsync()).ShouldBe(1);
        await ReadyAsync(page);
        await steps.PressAsync("k");
        await page.ArriveAsync($"**/queue/{CaseIds.Of(entries[0], 1)}");
        first.ShouldBe(await page.InnerTextAsync("h1"));

        for (var left = 20; left > 0; left--)
        {
            await ReadyAsync(page);
            await page.EvaluateAsync("() => { document.documentElement.dataset.before = '' }");
            await steps.PressAsync("a");
            await page.WaitForSelectorAsync($"html:not([data-before]) .done[data-told={(left > 1 ? "next" : "case")}-confirm]");
        }

        steps.Taken.ShouldBeLessThanOrEqualTo(25);
        steps.Say("twenty cases confirmed");
        (await page.InnerTextAsync("main")).ShouldContain("Все записи рассмотрены");
        foreach (var entry in entries)
        {
            await Eventually.Is(async () => (await anna.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        }
    }

    [Fact]
    public async Task letters_that_are_typed_into_a_reason_decide_nothing_and_keys_can_be_turned_off()
    {
        var anna = nobody.Person(DemoAccounts.Anna);
        await anna.RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Смирнова", "Анна", "Игоревна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(DemoAccounts.Anna, null)));
        var id = CaseIds.Of((await anna.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 1))).Id, 1);
        await world.Coordinator.CaseAsync(id);
        var page = await browser.OpenAsAsync("pavel", gateway);
        await page.CreateKeyAsync($"/coordination/{world.Organisation.Id}");
        (await page.GotoAsync($"/coordination/{Guid.NewGuid()}/queue/{id}"))!.Status.ShouldBe(404);
        await page.GotoAsync($"/coordination/{world.Organisation.Id}/queue/{id}");
        await ReadyAsync(page);

        await page.Keyboard.PressAsync("r");
        (await page.Locator("#return-reason").EvaluateAsync<bool>("one => one === document.activeElement")).ShouldBeTrue();
        await page.Keyboard.TypeAsync("Jar and rake");
        (await page.InputValueAsync("#return-reason")).ShouldBe("Jar and rake");

        await page.UncheckAsync("[data-keys]");
        await page.ReloadAsync();
        await ReadyAsync(page);
        (await page.IsCheckedAsync("[data-keys]")).ShouldBeFalse();
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.PressAsync("r");
        (await page.Locator("#return-reason").IsVisibleAsync()).ShouldBeFalse();
        (await page.InnerTextAsync(".head .status")).ShouldBe("Ждёт решения");
    }

    [Fact]
    public async Task a_clerk_checks_a_document_in_2_steps()
    {
        var steps = new Steps(await browser.OpenAsync(gateway));
        await steps.Page.GotoAsync("/");
        await steps.ClickAsync("a:has-text('Проверить документ') >> nth=0");
        await steps.Page.Locator("text=Файл отправится сразу").WaitForAsync();
        await steps.ChooseFileAsync("#file", "letter.pdf", "%PDF-1.7 no document of ours"u8.ToArray());
        await steps.Page.Locator(".verdict h2").WaitForAsync();
        steps.Taken.ShouldBeLessThanOrEqualTo(2);
        steps.Say("a document checked");
    }

    [Fact]
    public async Task a_forgotten_password_is_recovered_by_mail_and_a_passkey_is_made_and_used()
    {
        var steps = new Steps(await browser.OpenAsync(gateway));
        var page = steps.Page;
        var address = $"forgetful-{Guid.NewGuid():N}@example.org";
        await page.GotoAsync("/account/register?returnUrl=/");
        await steps.RegisterAsync(address);
        await page.ArriveAsync("/");
        await page.Context.ClearCookiesAsync();

        await page.GotoAsync("/");
        steps.Taken = 0;
        await steps.ClickAsync("a:has-text('Войти') >> visible=true");
        await steps.ClickAsync("text=Забыли пароль?");
        await steps.FillAsync(("#email", address));
        await steps.PressAsync("Enter");
        await page.Locator("text=Если у этого адреса есть учётная запись").WaitForAsync();
        await Eventually.Is(async () =>
        {
            await page.GotoAsync((await running.SystemAsync()).Address("mail").ToString());
            (await Mail("Восстановление пароля").CountAsync()).ShouldBe(1);
        });
        steps.Taken++;
        await Mail("Восстановление пароля").ClickAsync();
        await steps.ClickAsync("main a[href*='/account/new-password'] >> nth=0");
        const string password = "новая мельница у тихого омута";
        await steps.FillAsync(("#password", password), ("#repeated", password));
        await steps.PressAsync("Enter");
        await page.ArriveAsync("**/account/sign-in**");
        await steps.FillAsync(("#userName", address), ("#password", password));
        await steps.PressAsync("Enter");
        await page.Locator(".who .menu-opens:visible").WaitForAsync();
        steps.Say("a forgotten password recovered");

        await page.GotoAsync("/account");
        var authenticator = await page.Context.NewCDPSessionAsync(page);
        await authenticator.AddAuthenticatorAsync();
        steps.Taken = 0;
        await steps.ClickAsync("main a[href='/account/passkeys']");
        await steps.ClickAsync("text=Добавить ключ доступа");
        await page.Locator("text=Ключ доступа добавлен.").WaitForAsync();
        steps.Taken.ShouldBeLessThanOrEqualTo(2);
        steps.Say("a passkey made");

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/");
        steps.Taken = 0;
        await steps.ClickAsync("a:has-text('Войти') >> visible=true");
        await page.Locator(".who .menu-opens:visible").WaitForAsync();
        steps.Taken.ShouldBe(1);
        steps.Say("a passkey used");

        ILocator Mail(string subject) => page.Locator($"li:has-text('{address}') h2 a:has-text('{subject}')");
    }

    // Both scripts have run: the key of this browser was found, and keys are listened to.
    private static async Task ReadyAsync(IPage page)
    {
        await page.Locator("form.signing button:visible").WaitForAsync();
        await page.Locator(".desk-keys:visible").WaitForAsync();
    }

    /// <summary>Does what a person does, and counts.</summary>
    private sealed class Steps(IPage page)
    {
        public IPage Page => page;

        public int Taken { get; set; }

        public async Task ClickAsync(string what)
        {
            Taken++;
            await page.ClickAsync(what);
        }

        public async Task PressAsync(string key)
        {
            Taken++;
            await page.Keyboard.PressAsync(key);
        }

        public async Task FillAsync(params (string Where, string What)[] fields)
        {
            Taken++;
            foreach (var (where, what) in fields)
            {
                if (what == Ticked)
                {
                    await page.CheckAsync(where);
                }
                else if (await page.Locator(where).EvaluateAsync<string>("one => one.localName") == "select")
                {
                    await page.SelectOptionAsync(where, what);
                }
                else
                {
                    await page.FillAsync(where, what);
                }
            }
        }

        /// <summary>Makes an account on the page of it, and signs in.</summary>
        public async Task RegisterAsync(string address)
        {
            const string password = "тихий омут у старой мельницы";
            await FillAsync(("#userName", address), ("#password", password), ("#repeated", password));
            await PressAsync("Enter");
            await page.ArriveAsync("**/account/sign-in**");
            await FillAsync(("#userName", address), ("#password", password));
            await PressAsync("Enter");
        }

        public async Task ChooseFileAsync(string where, string name, byte[] file)
        {
            Taken++;
            await page.SetInputFilesAsync(where, new FilePayload { Name = name, MimeType = "application/pdf", Buffer = file });
        }

        public void Say(string what) => TestContext.Current.SendDiagnosticMessage($"{what}: {Taken} steps");
    }
}
