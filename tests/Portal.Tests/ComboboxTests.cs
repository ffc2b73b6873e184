using System.Net;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>A choice among many types ahead with a script, by keys alone, and without one is a list; what was typed is never lost.</summary>
public sealed class ComboboxTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private const string Region = "#region", List = "[role=listbox]:visible";
    private readonly Guid person = Guid.NewGuid();
    private readonly Guid[] ids = [.. Enumerable.Range(0, 3).Select(_ => Guid.NewGuid())];

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task a_region_is_found_and_chosen_by_keys_alone(int width)
    {
        var page = await OpenAsync(width, "/coordination/registration");
        await page.FocusAsync(Region);
        await page.Keyboard.TypeAsync("моск");
        (await OptionsAsync(page)).ShouldBe(["Москва", "Московская область"]);
        (await page.InnerTextAsync("#region ~ [role=status]")).ShouldBe("Вариантов: 2");
        (await ActiveAsync(page)).ShouldBe("Москва");
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();

        await page.Keyboard.PressAsync("ArrowDown");
        (await ActiveAsync(page)).ShouldBe("Московская область");
        await page.Keyboard.PressAsync("ArrowDown");
        (await ActiveAsync(page)).ShouldBe("Москва");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        (await page.InputValueAsync("[name=region]")).ShouldBe("RU-MOS");
        (await page.InputValueAsync(Region)).ShouldBe("Московская область");
        (await page.Locator(List).CountAsync()).ShouldBe(0);
        (await page.GetAttributeAsync(Region, "aria-expanded")).ShouldBe("false");
        new Uri(page.Url).AbsolutePath.ShouldBe("/coordination/registration");

        // Escape takes back what was typed; leaving takes what is marked, in the middle of a name too, with ё as е.
        await page.Keyboard.TypeAsync("ы");
        await page.Keyboard.PressAsync("Escape");
        (await page.InputValueAsync(Region)).ShouldBe("Московская область");
        await page.FillAsync(Region, "республика алт");
        await page.Keyboard.PressAsync("Tab");
        (await page.InputValueAsync("[name=region]")).ShouldBe("RU-AL");

        // What fits nothing chooses nothing.
        await page.FillAsync(Region, "Атлантида");
        (await page.InnerTextAsync("#region ~ [role=status]")).ShouldBe("Ничего не найдено");
        await page.Keyboard.PressAsync("Tab");
        (await page.InputValueAsync("[name=region]")).ShouldBe("RU-AL");
        (await page.InputValueAsync(Region)).ShouldBe("Республика Алтай");
        await page.FillAsync(Region, "");
        await page.Keyboard.PressAsync("Tab");
        (await page.InputValueAsync("[name=region]")).ShouldBe("");
    }

    [Fact]
    public async Task a_kind_of_work_is_found_under_its_section_and_with_the_mouse()
    {
        var page = await OpenAsync(1280, "/vacancies");
        await page.ClickAsync("#taskType");
        var all = (await OptionsAsync(page)).Count;
        all.ShouldBeGreaterThan(20);
        (await page.Locator($"{List} [role=group]").CountAsync()).ShouldBeGreaterThan(3);
        var last = (await OptionsAsync(page))[^1];
        await page.Locator($"{List} [role=option]").Last.ClickAsync();
        (await page.InputValueAsync("#taskType")).ShouldBe(last);
        await page.ClickAsync(".filters .actions button");
        (await page.InnerTextAsync(".chips")).ShouldContain(last);
        (await page.InputValueAsync("#taskType")).ShouldBe(last);
    }

    [Theory]
    [InlineData("/coordination/registration", "#region")]
    [InlineData("/book/new", "#organisationId")]
    public async Task a_mistake_leads_to_the_field_and_leaves_what_was_chosen(string path, string field)
    {
        var page = await OpenAsync(1280, path);
        if (field == "#organisationId") await page.FillAsync(field, "нет такой");
        await page.ClickAsync("form.sheet .actions button >> nth=0");
        await page.ClickAsync($".mistakes a[href='{field}']");
        await Assertions.Expect(page.Locator(field)).ToBeFocusedAsync();
        (await page.GetAttributeAsync(field, "aria-invalid")).ShouldBe("true");
        (await page.GetAttributeAsync(field, "aria-describedby"))!.ShouldContain(field[1..] + "-error");
        if (field == "#organisationId") (await page.InputValueAsync(field)).ShouldBe("нет такой");

        await page.SelectOptionAsync("[name=region]", "RU-TVE");
        await page.ClickAsync("form.sheet .actions button >> nth=0");
        await page.Locator(".mistakes").WaitForAsync();
        (await page.InputValueAsync(Region)).ShouldBe("Тверская область");
        (await page.InputValueAsync("[name=region]")).ShouldBe("RU-TVE");
        await page.ShouldBeAccessibleAsync();
    }

    [Fact]
    public async Task an_organisation_is_asked_for_and_chosen_however_fast_one_types()
    {
        var page = await OpenAsync(1280, "/book/new");
        (await page.Locator("button.secondary[value=search]").CountAsync()).ShouldBe(0);
        await page.FocusAsync("#organisationId");
        await page.Keyboard.TypeAsync("тёплый");
        // Nobody waits for an answer.
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[name=organisationId]")).ToHaveValueAsync($"{ids[1]}");
        (await page.InputValueAsync("#organisationId")).ShouldBe("Тёплый дом (Москва)");
        new Uri(page.Url).AbsolutePath.ShouldBe("/book/new");
        portal.Asked["organisations"].ShouldContain("q=%D1%82%D1%91%D0%BF%D0%BB%D1%8B%D0%B9");

        await page.FillAsync("#organisationId", "забота");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("[name=organisationId]")).ToHaveValueAsync($"{ids[0]}");

        // Sent while the answer is waited for: it goes when the choice is made, and comes back chosen, and not searched for.
        await page.FillAsync("#organisationId", "память");
        await page.ClickAsync("button[value=draft]");
        await page.Locator(".mistakes").WaitForAsync();
        (await page.Locator(".mistakes a[href='#organisationId']").CountAsync()).ShouldBe(0);
        (await page.InputValueAsync("[name=organisationId]")).ShouldBe($"{ids[2]}");
        portal.Asked["organisations"].ShouldNotContain("q=");
    }

    [Fact]
    public async Task a_search_that_does_not_answer_is_said_and_loses_nothing()
    {
        var page = await OpenAsync(1280, "/book/new");
        await page.SelectOptionAsync("[name=organisationId]", $"{ids[0]}");
        await page.RouteAsync("**/suggestions/**", route => route.AbortAsync());
        await page.FillAsync("#organisationId", "память");
        await Assertions.Expect(page.Locator("#organisationId ~ [role=status]")).ToContainTextAsync("не отвечает");
        await page.Keyboard.PressAsync("Tab");
        (await page.InputValueAsync("[name=organisationId]")).ShouldBe($"{ids[0]}");
        (await page.InputValueAsync("#organisationId")).ShouldBe("Забота (Москва)");
    }

    [Fact]
    public async Task without_a_script_it_is_a_list_and_a_search_that_sends_the_page()
    {
        var page = await OpenAsync(320, "/book/new", script: false);
        (await page.Locator("select#region:visible").CountAsync()).ShouldBe(1);
        await page.SelectOptionAsync("#region", "RU-TVE");
        await page.FillAsync("#orgSearch", "память");
        await page.ClickAsync("button.secondary[value=search]");
        (await page.InputValueAsync("#region")).ShouldBe("RU-TVE");
        (await page.InputValueAsync("#organisationId")).ShouldBe($"{ids[2]}");
    }

    [Fact]
    public async Task who_filters_by_an_organisation_beyond_the_first_hundred_still_sees_which()
    {
        World();
        var far = Guid.NewGuid();
        portal.Answer($"organisations/{far}", new { id = far, name = "Далёкая", ogrn = "1027700132195", region = "RU-MOW", status = "approved" });
        foreach (var path in new[] { "/vacancies", "/statistics" })
        {
            WebUtility.HtmlDecode((await portal.GetAsync($"{path}?organisationId={far}")).Html).ShouldContain("Организация: Далёкая");
        }
    }

    private static async Task<IReadOnlyList<string>> OptionsAsync(IPage page) => await page.Locator($"{List} [role=option]").AllInnerTextsAsync();

    private static Task<string> ActiveAsync(IPage page) =>
        page.EvaluateAsync<string>("() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent");

    private async Task<IPage> OpenAsync(int width, string path, bool script = true)
    {
        World();
        var page = await browser.OpenAsync(portal.Address, width, script);
        await page.Context.AddCookiesAsync([new() { Name = "person", Value = $"{person}", Url = $"{portal.Address}" }]);
        await page.GotoAsync(path);
        return page;
    }

    private void World()
    {
        object One(Guid id, string name) => new { id, name, ogrn = "1027700132195", region = "RU-MOW", status = "approved" };
        object[] all = [One(ids[0], "Забота"), One(ids[1], "Тёплый дом"), One(ids[2], "Память")];
        portal.Answer("volunteers/me", Given.Profile(person));
        portal.Answer("vacancies", Given.Page());
        portal.Answer("statistics", Given.Statistics(Given.Month("2026-10")));
        portal.Answer("organisations", query => query["q"].ToString() switch
        {
            "тёплый" => Given.Page(all[1]),
            "забота" => Given.Page(all[0]),
            "память" => Given.Page(all[2]),
            "" => Given.Page(all),
            _ => Given.Page(),
        });
    }
}
