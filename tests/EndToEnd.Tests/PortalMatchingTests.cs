using System.Text;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Attendance sheets against entries, many cases under one signature, and less than was submitted, in a browser.</summary>
[Collection(RunningSystem.Shared)]
public sealed class PortalMatchingTests(RunningSystem running, PortalBrowser browser) : IClassFixture<PortalBrowser>, IAsyncLifetime
{
    private Api nobody = null!;
    private Api anna = null!;
    private AWorld world = null!;
    private Uri gateway = null!;

    private string Desk => $"/coordination/{world.Organisation.Id}";

    public async ValueTask InitializeAsync()
    {
        gateway = (await running.SystemAsync()).Gateway;
        nobody = await running.NobodyAsync();
        world = await AWorld.MakeAsync(nobody);
        anna = nobody.Person(DemoAccounts.Anna);
        await anna.RegisterVolunteerAsync(
            new NewVolunteer(new PersonName("Смирнова", "Анна", "Игоревна"), new DateOnly(1999, 1, 31), "RU-MOW", new Contacts(DemoAccounts.Anna, null)));
    }

    public ValueTask DisposeAsync()
    {
        world.Dispose();
        nobody.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task GoodAsync(IPage page)
    {
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();
    }

    private async Task<(Guid Entry, Guid Case)> SubmittedAsync(int day, int minutes = 120)
    {
        var entry = (await anna.PostAsync<EntryReceipt>("entries", world.AnEntry(minutes: minutes, day: day))).Id;
        var id = CaseIds.Of(entry, 1);
        await world.Coordinator.CaseAsync(id);
        return (entry, id);
    }

    // A coordinator's window with a key of its own.
    private async Task<IPage> CoordinatorAsync()
    {
        var page = await browser.OpenAsAsync("pavel", gateway, width: 320);
        await page.CreateKeyAsync(Desk);
        return page;
    }

    [Fact]
    [Trait("Feature", "F11")]
    [Trait("Feature", "F15")]
    public async Task chosen_cases_are_confirmed_by_one_signature_and_one_that_was_decided_meanwhile_is_left_out()
    {
        var cases = new[] { await SubmittedAsync(day: 1), await SubmittedAsync(day: 2), await SubmittedAsync(day: 3) };
        var coordinator = await CoordinatorAsync();
        await coordinator.GotoAsync(Desk + "/confirmation");
        (await coordinator.InnerTextAsync("main")).ShouldContain("Ничего не выбрано");
        await GoodAsync(coordinator);

        await coordinator.GotoAsync(Desk + "/queue?region=RU-MOW");
        await coordinator.ClickAsync("text=Подтвердить все по этому отбору");
        await coordinator.ArriveAsync("**/confirmation");
        (await coordinator.Locator(".cards > li").CountAsync()).ShouldBe(3);

        await coordinator.GotoAsync(Desk + "/queue?match=unknown");
        (await coordinator.Locator("input[name=case]:checked").CountAsync()).ShouldBe(0);
        await coordinator.ClickAsync("text=Выбрать все на странице");
        await coordinator.ArriveAsync("**all=1**");
        (await coordinator.Locator("input[name=case]:checked").CountAsync()).ShouldBe(3);
        await GoodAsync(coordinator);
        await coordinator.ClickAsync("text=Подтвердить выбранные одной подписью");
        await coordinator.ArriveAsync("**/confirmation");
        (await coordinator.Locator(".cards > li").CountAsync()).ShouldBe(3);
        (await coordinator.InnerTextAsync(".figures .main")).ShouldContain("3");
        await GoodAsync(coordinator);

        // What was chosen last is rejected while the page is open.
        await world.Coordinator.RejectAsync(cases[2].Case, "Площадка была закрыта");
        await Eventually.Is(async () =>
        {
            await coordinator.SignOnceAsync("Подписать и подтвердить все");
            (await coordinator.InnerTextAsync(".mistakes")).ShouldContain("уже решено");
        });
        (await coordinator.Locator(".cards > li").CountAsync()).ShouldBe(2);
        await coordinator.SignAsync("Подписать и подтвердить все", "cases-confirmed");
        (await coordinator.InnerTextAsync(".done")).ShouldContain("одной подписью");

        await coordinator.GotoAsync($"/coordination/cases/{cases[0].Case}");
        (await coordinator.InnerTextAsync(".decision.confirmed")).ShouldContain("Подписан весь список");
        await coordinator.ClickAsync("summary:text-is('Подпись целиком')");
        (await coordinator.InnerTextAsync(".decision.confirmed")).ShouldContain("Строка 1 из 2");
        await GoodAsync(coordinator);
        foreach (var (entry, _) in cases[..2])
        {
            await Eventually.Is(async () => (await anna.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));
        }
    }

    [Fact]
    [Trait("Feature", "F12")]
    [Trait("Feature", "F15")]
    public async Task less_is_confirmed_then_disputed_then_settled_and_each_side_reads_the_other()
    {
        var (entry, id) = await SubmittedAsync(day: 1, minutes: 240);
        var coordinator = await CoordinatorAsync();
        await coordinator.GotoAsync($"/coordination/cases/{id}");
        (await coordinator.InnerTextAsync(".status.match")).ShouldBe("В ведомостях нет");
        await coordinator.ClickAsync("summary:text-is('Подтвердить меньше')");
        (await coordinator.InputValueAsync("[name='shifts[0].hours']")).ShouldBe("4");
        await GoodAsync(coordinator);
        await coordinator.FillAsync("#part-reason", "Смена закончилась раньше");
        await coordinator.ClickAsync("text=Подготовить к подписи");
        await coordinator.WaitForSelectorAsync(".mistakes");
        (await coordinator.InnerTextAsync(".mistakes")).ShouldContain("Это не меньше заявленного");
        await coordinator.FillAsync("[name='shifts[0].hours']", "2");
        (await coordinator.InputValueAsync("#part-reason")).ShouldBe("Смена закончилась раньше");
        await coordinator.ClickAsync("text=Подготовить к подписи");
        await coordinator.WaitForSelectorAsync("#part-statement");
        (await coordinator.InnerTextAsync("#part-statement")).ShouldContain("\"minutes\":120");
        await GoodAsync(coordinator);
        await coordinator.SignAsync("Подписать и подтвердить часть", "case-part");
        (await coordinator.InnerTextAsync(".decision.confirmed")).ShouldContain("Ещё не ответил");
        await GoodAsync(coordinator);

        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await Eventually.Is(async () =>
        {
            await volunteer.GotoAsync($"/book/{entry}");
            (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Подтверждена");
        });
        (await volunteer.InnerTextAsync(".decision.confirmed")).ShouldContain("Смена закончилась раньше");
        (await volunteer.InnerTextAsync(".facts .amount >> nth=0")).ShouldBe("2\u00a0ч");
        await GoodAsync(volunteer);
        await volunteer.ClickAsync("summary:text-is('Не согласен')");
        await volunteer.ClickAsync("button:text-is('Оспорить решение')");
        (await volunteer.InnerTextAsync(".mistakes")).ShouldContain("Напишите, в чём дело");
        await volunteer.FillAsync("#text", "Я работала до 14:00");
        await volunteer.ClickAsync("button:text-is('Оспорить решение')");
        await volunteer.WaitToBeToldAsync("dispute");
        await GoodAsync(volunteer);

        await coordinator.GotoAsync(Desk + "/queue?status=confirmed&disputed=true");
        await coordinator.ClickAsync(".cards h2 a");
        await coordinator.ArriveAsync("**/queue/**");
        (await coordinator.InnerTextAsync("main")).ShouldContain("Я работала до 14:00");
        await coordinator.ClickAsync("summary:text-is('Ответить')");
        await coordinator.FillAsync("#text", "По журналу — до 12:00");
        await coordinator.ClickAsync("text=Отправить ответ");
        await coordinator.WaitToBeToldAsync("dispute-answer");
        await GoodAsync(coordinator);

        var administrator = await browser.OpenAsAsync("admin", gateway, width: 320);
        await administrator.GotoAsync("/administration/disputes");
        await GoodAsync(administrator);
        await administrator.GotoAsync($"/administration/disputes/{id}");
        (await administrator.InnerTextAsync("main")).ShouldContain("По журналу — до 12:00");
        await administrator.ClickAsync("summary:text-is('Засчитать часть')");
        await administrator.FillAsync("[name='shifts[0].hours']", "3");
        await administrator.ClickAsync("text=Засчитать указанное");
        (await administrator.InnerTextAsync(".mistakes")).ShouldContain("Укажите причину");
        await GoodAsync(administrator);
        await administrator.FillAsync("#reason", "Бригадир подтвердил три часа");
        await administrator.ClickAsync("text=Засчитать указанное");
        await administrator.WaitToBeToldAsync("dispute-settled");
        (await administrator.InnerTextAsync(".head .status")).ShouldBe("Засчитано администратором");
        await GoodAsync(administrator);

        await Eventually.Is(async () =>
        {
            await volunteer.GotoAsync($"/book/{entry}");
            (await volunteer.InnerTextAsync(".facts .amount >> nth=0")).ShouldBe("3\u00a0ч");
        });
        var page = await volunteer.InnerTextAsync("main");
        page.ShouldContain("Часы засчитал администратор");
        (await volunteer.InnerTextAsync(".history >> nth=-1")).ShouldContain("Подтверждена без электронной подписи");
        page.ShouldContain("Бригадир подтвердил три часа");
        page.ShouldContain("По журналу — до 12:00");
        (await volunteer.Locator("summary:text-is('Не согласен')").CountAsync()).ShouldBe(0);
        await GoodAsync(volunteer);
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task a_row_of_a_signed_document_is_proposed_to_its_volunteer_and_confirms_the_entry_by_itself()
    {
        var coordinator = await CoordinatorAsync();
        await coordinator.GotoAsync(Desk + "/rules");
        await coordinator.FillAsync("[name='points.perHour']", "2");
        await coordinator.FillAsync("[name='matching.withinMinutes']", "5");
        await coordinator.CheckAsync("[name='matching.confirmByItself']");
        await GoodAsync(coordinator);
        await coordinator.ClickAsync("text=Сохранить правила");
        await coordinator.WaitToBeToldAsync("rules-set");
        await coordinator.FillAsync("[name=decideWithinDays]", "7");
        await coordinator.SignOnceAsync("Сохранить правила");
        await coordinator.WaitToBeToldAsync("rules-set");
        (await coordinator.InputValueAsync("[name='points.perHour']")).ShouldBe("2");
        (await coordinator.InputValueAsync("[name='matching.withinMinutes']")).ShouldBe("5");
        (await coordinator.IsCheckedAsync("[name='matching.confirmByItself']")).ShouldBeTrue();

        var id = DemoAccounts.Id(DemoAccounts.Anna);
        await coordinator.GotoAsync(Desk + "/sheets");
        await coordinator.SetInputFilesAsync("#document", new FilePayload
        {
            Name = "may.csv",
            MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes($"volunteer_id;start;zone;minutes;project;task_type;region\n{id};09.05.2025 10:00;Europe/Moscow;240;Сад у "
                + $"реки;L30;RU-CHU\n{id};10.05.2025 10:00;Europe/Moscow;60;Чужая смена;L30;RU-CHU\n"),
        });
        await coordinator.ClickAsync("form.sheet button");
        await coordinator.WaitToBeToldAsync("sheet-received");
        (await coordinator.InnerTextAsync(".doing")).ShouldContain("с точностью до 5 мин, подпись подтверждает сама");
        await coordinator.SignAsync("Подписать ведомость целиком", "sheet-signed");
        var sheet = new Uri(coordinator.Url).AbsolutePath;
        (await coordinator.InnerTextAsync("main")).ShouldContain("Сад у реки");
        await GoodAsync(coordinator);

        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await volunteer.GotoAsync("/book");
        await volunteer.ClickAsync(".notice a[href='/proposals']");
        await volunteer.ArriveAsync("**/proposals");
        await GoodAsync(volunteer);
        var foreign = volunteer.Locator(".cards > li", new PageLocatorOptions { HasText = "Чужая смена" });
        await foreign.Locator("summary").ClickAsync();
        await foreign.Locator("[name=reason]").FillAsync("Меня там не было");
        await GoodAsync(volunteer);
        await foreign.Locator("text=Отказаться").ClickAsync();
        await volunteer.WaitToBeToldAsync("proposal-declined");
        (await foreign.CountAsync()).ShouldBe(0);
        await volunteer.Locator(".cards > li", new PageLocatorOptions { HasText = "Сад у реки" }).Locator("text=Записать в книжку").ClickAsync();
        await volunteer.ArriveAsync("**/book/new**");
        await GoodAsync(volunteer);
        await volunteer.ClickAsync("button[value=submit]");
        await volunteer.WaitToBeToldAsync("entry-submitted");
        var entry = new Uri(volunteer.Url).AbsolutePath;
        await Eventually.Is(async () =>
        {
            await volunteer.GotoAsync(entry);
            (await volunteer.InnerTextAsync(".head .status")).ShouldBe("Подтверждена");
        });
        (await volunteer.InnerTextAsync(".decision")).ShouldContain("Подписан весь список");
        (await volunteer.InnerTextAsync(".facts .amount >> nth=0")).ShouldBe("4\u00a0ч");
        await GoodAsync(volunteer);

        await coordinator.GotoAsync(sheet);
        var unclaimed = await coordinator.InnerTextAsync("section[aria-labelledby=unclaimed]");
        unclaimed.ShouldContain("Меня там не было");
        unclaimed.ShouldNotContain("Сад у реки");
        await GoodAsync(coordinator);
        await coordinator.GotoAsync(Desk + "/queue?status=confirmed&match=exact");
        (await coordinator.InnerTextAsync(".cards")).ShouldContain("Подтверждается ведомостью");
        await GoodAsync(coordinator);
        await coordinator.ClickAsync(".cards h2 a");
        await coordinator.ArriveAsync("**/queue/**");
        (await coordinator.InnerTextAsync("section[aria-labelledby=match]")).ShouldContain("строка 2");
        await GoodAsync(coordinator);
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task a_workbook_with_names_is_uploaded_its_people_are_said_its_rows_are_seen_and_it_is_signed()
    {
        // Who came to the organisation may be meant.
        await SubmittedAsync(day: 5);
        var book = AWorkbook.Save(
        [
            ["Ведомость учёта волонтёров"],
            ["№", "ФИО", "Дата", "Начало", "Кол-во часов", "Мероприятие", "Подпись"],
            [1, "Смирнова Анна Игоревна", new DateOnly(2025, 5, 9), new TimeOnly(10, 0), 4.5, "Парк у дома", null],
            [2, "Смирнова Анна Игоревна", new DateOnly(2025, 5, 10), new TimeOnly(10, 0), new TimeOnly(4, 30), "Парк у дома", null],
            [3, "Незнакомцева Ада", new DateOnly(2025, 5, 10), new TimeOnly(10, 0), 2, null, null],
            [4, "Смирнова Анна Игоревна", "вчера", new TimeOnly(10, 0), 2, null, null],
        ]);
        var coordinator = await CoordinatorAsync();
        await coordinator.GotoAsync(Desk + "/sheets");
        await GoodAsync(coordinator);
        await UploadAsync(coordinator, book);
        await coordinator.WaitToBeToldAsync("sheet-received-people");
        var sheet = new Uri(coordinator.Url).AbsolutePath;
        var rows = coordinator.Locator("section[aria-labelledby=rows] tbody tr");
        (await rows.CountAsync()).ShouldBe(3);
        (await rows.First.InnerTextAsync()).ShouldContain("не указано, кто это");
        (await coordinator.InnerTextAsync("section[aria-labelledby=faults] tbody tr")).ShouldContain("Нужна дата");
        (await coordinator.Locator("[data-signing]").CountAsync()).ShouldBe(0);
        await GoodAsync(coordinator);

        await coordinator.ClickAsync("text=Указать, кто это");
        await coordinator.ArriveAsync("**/people");
        var people = coordinator.Locator("fieldset.person");
        (await people.CountAsync()).ShouldBe(2);
        // Who agrees in all is offered, once Profiles has heard of the entry; nothing is said until it is sent.
        await Eventually.Is(async () =>
        {
            await coordinator.ReloadAsync();
            (await people.First.Locator("input:checked + span").InnerTextAsync()).ShouldContain("Смирнова Анна Игоревна");
        });
        (await people.Last.Locator("input:checked + span").InnerTextAsync()).ShouldBe("Решить позже");
        await GoodAsync(coordinator);
        await coordinator.ClickAsync("text=Сохранить");
        await coordinator.WaitToBeToldAsync("people-said");
        await people.Locator("text=Другой волонтёр: по коду").ClickAsync();
        await people.Locator("input[name^=code]").FillAsync("не код");
        await coordinator.ClickAsync("text=Сохранить");
        (await coordinator.InnerTextAsync(".mistakes")).ShouldContain("Нужен код волонтёра");
        await GoodAsync(coordinator);
        await people.Locator("text=Не учитывать строки этого человека").ClickAsync();
        await coordinator.ClickAsync("text=Сохранить");
        await coordinator.WaitToBeToldAsync("people-all-said");
        (await rows.CountAsync()).ShouldBe(2);
        (await rows.First.InnerTextAsync()).ShouldContain("Смирнова Анна Игоревна");
        (await rows.First.InnerTextAsync()).ShouldContain("4\u00a0ч\u00a030\u00a0мин");
        (await coordinator.InnerTextAsync("section[aria-labelledby=faults]")).ShouldContain("Вы решили не учитывать строки этого человека");

        // Read by another clock it is another sheet, and the reading that is not signed goes.
        await coordinator.ClickAsync("text=Прочитать файл иначе");
        await coordinator.ClickAsync("text=Загрузить ещё раз");
        await coordinator.SelectOptionAsync("#zone", "Asia/Yekaterinburg");
        await UploadAsync(coordinator, book);
        await coordinator.WaitToBeToldAsync("sheet-received-people");
        (await coordinator.InnerTextAsync("main")).ShouldContain("10:00 (UTC+5)");
        var anew = new Uri(coordinator.Url).AbsolutePath;
        anew.ShouldNotBe(sheet);
        await coordinator.GotoAsync(sheet);
        (await coordinator.InnerTextAsync(".head .status")).ShouldBe("Удалена");
        await coordinator.GotoAsync(anew + "/people");
        await people.Last.Locator("text=Не учитывать строки этого человека").ClickAsync();
        await coordinator.ClickAsync("text=Сохранить");
        await coordinator.WaitToBeToldAsync("people-all-said");
        await coordinator.SignAsync("Подписать ведомость целиком", "sheet-signed");
        (await coordinator.InnerTextAsync(".head .status")).ShouldBe("Подписана");
        (await rows.First.InnerTextAsync()).ShouldContain("Смирнова Анна Игоревна");
        await GoodAsync(coordinator);

        // A later one takes its place, by the signature.
        await coordinator.GotoAsync(Desk + "/sheets");
        await UploadAsync(
            coordinator,
            Encoding.UTF8.GetBytes($"Код волонтёра;Дата;Начало;Окончание\n{DemoAccounts.Id(DemoAccounts.Anna)};09.05.2025;10:00;14:00\n"), "may.csv");
        await coordinator.WaitToBeToldAsync("sheet-received");
        await coordinator.ClickAsync("text=Заменить подписанную раньше ведомость");
        await coordinator.SelectOptionAsync("#supersedes", new SelectOptionValue { Index = 1 });
        await coordinator.ClickAsync("text=Выбрать");
        await coordinator.ArriveAsync("**supersedes=**");
        (await coordinator.Locator("#statement").TextContentAsync()).ShouldNotBeNull().ShouldContain("supersedes");
        await GoodAsync(coordinator);
        await coordinator.SignAsync("Подписать ведомость целиком", "sheet-signed");
        await coordinator.GotoAsync(anew);
        (await coordinator.InnerTextAsync(".head .status")).ShouldBe("Заменена другой");
        (await coordinator.InnerTextAsync(".notice")).ShouldContain("may.csv");
        await GoodAsync(coordinator);
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task a_file_that_cannot_be_read_is_refused_in_words_and_days_alone_ask_for_a_time()
    {
        var coordinator = await CoordinatorAsync();
        await coordinator.GotoAsync(Desk + "/sheets");
        foreach (var (file, name, said) in new (byte[], string, string)[]
        {
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[600]], "secret.xlsx", "Если он защищён паролем, снимите пароль"),
            ([.. "PK\u0003\u0004"u8, .. new byte[100]], "broken.xlsx", "Файл не читается как таблица Excel"),
            (AWorkbook.Save([["ФИО", "Дата"]]), "short.xlsx", "Не хватает столбца"),
            (AWorkbook.Save([["ФИО", "Дата", "Часы"], ["Смирнова Анна", new DateOnly(2025, 5, 9), 4]]), "days.xlsx", "Укажите, во сколько начинались смены"),
        })
        {
            await UploadAsync(coordinator, file, name);
            await coordinator.WaitForSelectorAsync($".mistakes >> text={said}");
            await GoodAsync(coordinator);
        }

        await coordinator.FillAsync("#start", "10:00");
        await UploadAsync(coordinator, AWorkbook.Save([["ФИО", "Дата", "Часы"], ["Смирнова Анна", new DateOnly(2025, 5, 9), 4]]));
        await coordinator.WaitToBeToldAsync("sheet-received-people");
        (await coordinator.InnerTextAsync("section[aria-labelledby=rows] tbody tr")).ShouldContain("9 мая 2025, 10:00");
        foreach (var template in new[] { "vedomost.xlsx", "vedomost.csv" })
        {
            (await coordinator.Context.APIRequest.GetAsync("/templates/" + template)).Status.ShouldBe(200);
        }
    }

    private static async Task UploadAsync(IPage page, byte[] file, string name = "may.xlsx")
    {
        await page.SetInputFilesAsync("#document", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = file });
        await page.ClickAsync("form.sheet button");
    }

    [Fact]
    [Trait("Feature", "F11")]
    public async Task what_a_document_says_otherwise_is_shown_in_words_and_a_volunteer_agrees_to_less()
    {
        var ((shorter, shorterCase), (_, absentCase)) = (await SubmittedAsync(day: 10), await SubmittedAsync(day: 20));
        var (start, zone) = (world.AnEntry(day: 10).Shifts[0].Start, "Europe/Moscow");
        object[] rows =
        [
            new { volunteer_id = DemoAccounts.Id(DemoAccounts.Anna), start, zone, minutes = 60 },
            new { volunteer_id = DemoAccounts.Id(DemoAccounts.Anna), start = world.AnEntry(day: 20).Shifts[0].Start, zone, minutes = 120, attended = false },
        ];
        var sheet = (await world.Coordinator.PostAsync<Made>($"sheets?organisationId={world.Organisation.Id}", rows)).Id;
        var toSign = (await world.Coordinator.GetAsync($"sheets/{sheet}/statement")).Body;
        await Eventually.Is(async () => (await world.Coordinator.SendAsync(
            HttpMethod.Post, $"sheets/{sheet}/signature", new { signature = world.Key.Sign(toSign.Span) },
            etag: (await world.Coordinator.GetAsync($"sheets/{sheet}")).ETag)).Success());

        var coordinator = await browser.OpenAsAsync("pavel", gateway, width: 320);
        await Eventually.Is(async () =>
        {
            foreach (var match in new[] { "near", "contradicted" })
            {
                await coordinator.GotoAsync(Desk + "/queue?match=" + match);
                (await coordinator.Locator(".cards > li").CountAsync()).ShouldBe(1);
            }
        });
        await coordinator.GotoAsync($"/coordination/cases/{shorterCase}");
        (await coordinator.InnerTextAsync(".status.match")).ShouldBe("Расходится с ведомостью");
        var differences = await coordinator.InnerTextAsync("dl.differences");
        differences.ShouldContain("В записи: 2\u00a0ч");
        differences.ShouldContain("В ведомости: 1\u00a0ч");
        await GoodAsync(coordinator);
        await coordinator.GotoAsync($"/coordination/cases/{absentCase}");
        (await coordinator.InnerTextAsync(".status.match")).ShouldBe("Противоречит ведомости");
        (await coordinator.InnerTextAsync("section[aria-labelledby=match]")).ShouldContain("По ведомости волонтёра в это время не было.");

        var shifts = new[] { new Shift(start, zone, 60) };
        var less = (await world.Coordinator.PostAsync($"cases/{shorterCase}/statement", new { shifts })).Body;
        await world.Coordinator.PostAsync(
            $"cases/{shorterCase}/confirmation", new { signature = world.Key.Sign(less.Span), shifts, reason = "По ведомости час" }, etag: "\"1\"");
        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await Eventually.Is(async () =>
        {
            await volunteer.GotoAsync($"/book/{shorter}");
            (await volunteer.InnerTextAsync(".decision.confirmed")).ShouldContain("По ведомости час");
        });
        await volunteer.ClickAsync("[data-confirm]:has-text('Согласен')");
        await volunteer.ClickAsync("dialog[open] .danger");
        await volunteer.WaitToBeToldAsync("dispute-accept");
        (await volunteer.InnerTextAsync(".decision.confirmed")).ShouldContain("Согласие дано");
        (await volunteer.Locator("summary:text-is('Не согласен')").CountAsync()).ShouldBe(0);
        await GoodAsync(volunteer);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task less_than_shifts_in_several_zones_leaves_each_in_its_own()
    {
        var (here, there) = (world.AnEntry(day: 30).Shifts[0], new Shift(world.AnEntry(day: 31).Shifts[0].Start, "Asia/Chita", 180));
        var entry = (await anna.PostAsync<EntryReceipt>("entries", world.AnEntry() with { Shifts = [here, there] })).Id;
        await world.Coordinator.CaseAsync(CaseIds.Of(entry, 1));
        var coordinator = await browser.OpenAsAsync("pavel", gateway, width: 320);
        await coordinator.GotoAsync($"/coordination/cases/{CaseIds.Of(entry, 1)}");
        await coordinator.ClickAsync("summary:text-is('Подтвердить меньше')");
        await coordinator.FillAsync("[name='shifts[1].hours']", "1");
        await coordinator.FillAsync("#part-reason", "Второй день короче");
        await GoodAsync(coordinator);
        await coordinator.ClickAsync("text=Подготовить к подписи");
        var statement = await coordinator.InnerTextAsync("#part-statement");
        statement.ShouldContain("\"minutes\":120");
        statement.ShouldContain("\"zone\":\"Europe/Moscow\"");
        statement.ShouldContain("\"minutes\":60");
        statement.ShouldContain("\"zone\":\"Asia/Chita\"");
    }
}
