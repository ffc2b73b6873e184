using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Demo;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Reviews, deputies and how fast organisations decide, in a browser without scripts.</summary>
[Collection(RunningSystem.Shared)]
public sealed class PortalReviewsTests(RunningSystem running, PortalBrowser browser) : IClassFixture<PortalBrowser>, IAsyncLifetime
{
    private Api nobody = null!;
    private AWorld world = null!;
    private Uri gateway = null!;

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

    private static async Task GoodAsync(IPage page)
    {
        await page.ShouldNotScrollSidewaysAsync();
        await page.ShouldBeAccessibleAsync();
    }

    [Fact]
    [Trait("Feature", "F14")]
    public async Task a_volunteer_and_a_coordinator_review_each_other_and_the_administrator_hides_what_was_reported()
    {
        var anna = nobody.Person(DemoAccounts.Anna);
        var entry = (await anna.PostAsync<EntryReceipt>("entries", world.AnEntry())).Id;
        var id = CaseIds.Of(entry, 1);
        await world.Coordinator.CaseAsync(id);
        await world.Coordinator.ConfirmAsync(id, world.Key);
        await Eventually.Is(async () => (await anna.GetAsync<Entry>($"entries/{entry}")).Status.ShouldBe("confirmed"));

        var stranger = await browser.OpenAsync(gateway, width: 320, script: true);
        await stranger.GotoAsync($"/organisations/{world.Organisation.Id}");
        (await stranger.InnerTextAsync("main")).ShouldContain("Отзывов пока нет");
        await GoodAsync(stranger);

        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await volunteer.GotoAsync($"/book/{entry}");
        await volunteer.ClickAsync("text=Опубликовать отзыв");
        await volunteer.WaitForSelectorAsync(".mistakes");
        (await volunteer.InnerTextAsync(".mistakes")).ShouldContain("Выберите оценку");
        await GoodAsync(volunteer);
        await volunteer.SelectOptionAsync("[name='review.rating']", "4");
        await volunteer.FillAsync("[name='review.text']", "Хорошо, но Иванов опоздал");
        await volunteer.ClickAsync("text=Опубликовать отзыв");
        await volunteer.WaitToBeToldAsync("review");
        (await volunteer.InnerTextAsync("main")).ShouldContain("Оценка 4 из 5");
        await GoodAsync(volunteer);

        var coordinator = await browser.OpenAsAsync("pavel", gateway, width: 320);
        await coordinator.GotoAsync($"/coordination/cases/{id}");
        await coordinator.SelectOptionAsync("[name='review.rating']", "5");
        await coordinator.FillAsync("[name='review.text']", "Надёжный человек");
        await coordinator.CheckAsync("[name='review.recommendation']");
        await coordinator.ClickAsync("text=Опубликовать отзыв");
        await coordinator.WaitToBeToldAsync("review");
        await coordinator.ClickAsync("summary:text-is('Ответить')");
        await coordinator.FillAsync("[name='review.answer']", "Исправимся");
        await coordinator.ClickAsync("text=Опубликовать ответ");
        await coordinator.WaitToBeToldAsync("review-answer");
        await coordinator.ClickAsync("summary:text-is('Пожаловаться')");
        await coordinator.FillAsync("[name='review.reason']", "Названа фамилия");
        await coordinator.ClickAsync("text=Отправить жалобу");
        await coordinator.WaitToBeToldAsync("review-report");
        await GoodAsync(coordinator);

        await volunteer.GotoAsync($"/book/{entry}");
        (await volunteer.InnerTextAsync("main")).ShouldContain("Организация рекомендует");
        (await volunteer.InnerTextAsync("main")).ShouldContain("Исправимся");
        await volunteer.GotoAsync("/reviews/mine");
        (await volunteer.InnerTextAsync("main")).ShouldContain("Надёжный человек");
        (await volunteer.InnerTextAsync("main")).ShouldContain("Исправимся");
        await GoodAsync(volunteer);
        await volunteer.ClickAsync("text=К записи, о которой отзыв >> nth=0");
        await volunteer.ArriveAsync($"**/book/{entry}#reviews");
        await stranger.ReloadAsync();
        (await stranger.InnerTextAsync("main")).ShouldContain("Средняя оценка 4,0 из 5, 1 отзыв");
        await GoodAsync(stranger);

        var administrator = await browser.OpenAsAsync("admin", gateway, width: 320);
        await administrator.GotoAsync("/administration/reviews");
        var card = administrator.Locator(".cards > li", new PageLocatorOptions { HasText = "Иванов опоздал" });
        await GoodAsync(administrator);
        await card.Locator("text=Скрыть").ClickAsync();
        (await administrator.InnerTextAsync(".mistakes")).ShouldContain("Укажите причину решения");
        await card.Locator("[name=reason]").FillAsync("Личные данные");
        await card.Locator("text=Скрыть").ClickAsync();
        await administrator.WaitToBeToldAsync("review-hidden");

        await stranger.ReloadAsync();
        (await stranger.InnerTextAsync("main")).ShouldNotContain("Иванов");
        await volunteer.ReloadAsync();
        (await volunteer.InnerTextAsync("main")).ShouldContain("Администратор скрыл этот отзыв, его видите только вы. Причина: Личные данные");
        await GoodAsync(volunteer);
    }

    [Fact]
    [Trait("Feature", "N9")]
    public async Task a_deputy_gets_the_queue_and_the_service_level_is_open_to_everyone()
    {
        const string Find = "button[value=find]:not(.enter)";
        var anna = nobody.Person(DemoAccounts.Anna);
        var entry = (await anna.PostAsync<EntryReceipt>("entries", world.AnEntry(day: 5))).Id;
        await world.Coordinator.CaseAsync(CaseIds.Of(entry, 1));

        var coordinator = await browser.OpenAsAsync("pavel", gateway, width: 320);
        await coordinator.GotoAsync($"/coordination/{world.Organisation.Id}/deputies");
        await GoodAsync(coordinator);
        // Who came to the organisation is found by name, once Profiles has heard of it; who did not gives their code.
        await Eventually.Is(async () =>
        {
            await coordinator.FillAsync("[name=who]", "Смирнова Анна");
            await coordinator.ClickAsync(Find);
            (await coordinator.InnerTextAsync(".choices")).ShouldContain("Смирнова Анна Игоревна (код …");
        });
        await GoodAsync(coordinator);
        await coordinator.FillAsync("[name=who]", DemoAccounts.Olga);
        await coordinator.ClickAsync(Find);
        (await coordinator.InnerTextAsync("form.sheet")).ShouldContain("похожих нет");
        await coordinator.CheckAsync("[name=person][value=code]");
        await coordinator.FillAsync("[name=personId]", DemoAccounts.Id(DemoAccounts.Olga).ToString());
        await coordinator.FillAsync(
            "[name=until]", DateTime.UtcNow.AddDays(100).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await coordinator.ClickAsync("button[value=delegate]:not(.enter)");
        (await coordinator.InnerTextAsync(".mistakes")).ShouldContain("Не дольше 90 дней");
        await coordinator.FillAsync(
            "[name=until]", DateTime.UtcNow.AddDays(10).ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
        await coordinator.ClickAsync("button[value=delegate]:not(.enter)");
        await coordinator.WaitToBeToldAsync("deputy-named");
        await GoodAsync(coordinator);

        var deputy = await browser.OpenAsAsync("olga", gateway, width: 320);
        await deputy.GotoAsync("/coordination");
        await GoodAsync(deputy);
        await deputy.GotoAsync($"/coordination/{world.Organisation.Id}/queue");
        (await deputy.InnerTextAsync("main")).ShouldContain("Вы — заместитель координатора");
        // Profiles hears of the delegation from Verification.
        await Eventually.Is(async () =>
        {
            await deputy.ReloadAsync();
            (await deputy.InnerTextAsync(".cards")).ShouldContain("Смирнова Анна Игоревна");
        });
        var row = new { volunteer_id = DemoAccounts.Id(DemoAccounts.Anna), start = "2026-05-09T12:00", zone = "Europe/Moscow", minutes = 60 };
        var sheet = (await world.Coordinator.PostAsync<Made>($"sheets?organisationId={world.Organisation.Id}", new[] { row })).Id;
        await deputy.GotoAsync($"/coordination/sheets/{sheet}");
        (await deputy.GetAttributeAsync("form[data-signing]", "data-kids")).ShouldBe(world.Key.Kid);
        await GoodAsync(deputy);
        await deputy.GotoAsync($"/coordination/{world.Organisation.Id}/queue");
        await GoodAsync(deputy);
        await deputy.ClickAsync(".cards h2 a");
        await deputy.ArriveAsync("**/queue/**");
        await deputy.ClickAsync("summary:text-is('Отклонить')");
        await deputy.FillAsync("#reason", "Площадка была закрыта");
        await deputy.ClickAsync("text=Отклонить запись");
        await deputy.WaitToBeToldAsync("case-reject");
        await GoodAsync(deputy);
        (await deputy.GotoAsync($"/coordination/{world.Organisation.Id}/rules"))!.Status.ShouldBe(404);

        await coordinator.ClickAsync("[data-confirm]:has-text('Отменить поручение')");
        await coordinator.ClickAsync("dialog[open] .danger");
        await coordinator.WaitToBeToldAsync("deputy-withdrawn");
        (await deputy.GotoAsync($"/coordination/{world.Organisation.Id}/queue"))!.Status.ShouldBe(404);

        var stranger = await browser.OpenAsync(gateway, width: 320);
        await stranger.GotoAsync("/statistics");
        await stranger.ClickAsync("main >> text=Как быстро подтверждают");
        await stranger.ArriveAsync("**/service-levels");
        await GoodAsync(stranger);
        await stranger.ClickAsync("thead a >> nth=0");
        await stranger.ArriveAsync("**sort=share#*");
        await stranger.Locator("th[aria-sort=descending]:visible").WaitForAsync();
        await GoodAsync(stranger);
        await stranger.GotoAsync($"/organisations/{world.Organisation.Id}");
        (await stranger.InnerTextAsync(".facts")).ShouldContain("14 дн.");

        var volunteer = await browser.OpenAsAsync("anna", gateway, width: 320);
        await volunteer.GotoAsync($"/book/new?organisationId={world.Organisation.Id}");
        // With a space that does not break.
        (await volunteer.InnerTextAsync("main")).ShouldContain("Эта организация обещает решать за 14\u00a0дней. Подробнее");
        var administrator = await browser.OpenAsAsync("admin", gateway, width: 320);
        await administrator.GotoAsync("/administration/late");
        await GoodAsync(administrator);
    }
}
