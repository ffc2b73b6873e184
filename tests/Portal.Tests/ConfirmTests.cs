using System.Net;
using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;

namespace VolunteerBook.Portal.Tests;

/// <summary>What cannot be taken back asks first: with a script in a dialog, without one on a page of its own, and nothing happens before the answer.</summary>
public sealed class ConfirmTests(PortalHost portal, PortalBrowser browser) : IClassFixture<PortalHost>, IClassFixture<PortalBrowser>
{
    private readonly Guid person = Guid.NewGuid();
    private readonly Guid application = Guid.NewGuid();

    private string Path => $"/applications/{application}";

    private string Withdrawal => $"applications/{application}/withdrawal";

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task a_dialog_asks_takes_the_focus_and_gives_it_back(int width)
    {
        var page = await OpenAsync(width, script: true);
        await page.GotoAsync(Path);
        var opens = page.Locator("[data-confirm]");
        var dialog = page.Locator("dialog");

        // By keys alone.
        await opens.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToBeVisibleAsync();
        (await dialog.InnerTextAsync()).ShouldContain("Отозвать заявку?");
        await Assertions.Expect(page.Locator("[data-keep]")).ToBeFocusedAsync();
        await page.ShouldBeAccessibleAsync();
        await page.ShouldNotScrollSidewaysAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        await Assertions.Expect(opens).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToBeHiddenAsync();
        portal.Sent.ShouldNotContainKey(Withdrawal);

        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitToBeToldAsync("application-withdrawn");
        portal.Sent.ShouldContainKey(Withdrawal);
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(320)]
    public async Task without_a_script_a_page_asks(int width)
    {
        var page = await OpenAsync(width, script: false);
        await page.GotoAsync(Path);
        await page.ClickAsync("[data-confirm]");
        (await page.InnerTextAsync("h1")).ShouldBe("Отозвать заявку?");
        (await page.InnerTextAsync("main")).ShouldContain("Ваши места на сменах освободятся");
        await page.ClickAsync("main a.button");
        new Uri(page.Url).AbsolutePath.ShouldBe(Path);
        portal.Sent.ShouldNotContainKey(Withdrawal);

        await page.ClickAsync("[data-confirm]");
        await page.ClickAsync("main .danger");
        await page.WaitToBeToldAsync("application-withdrawn");
        portal.Sent.ShouldContainKey(Withdrawal);
    }

    [Fact]
    public async Task the_page_that_asks_hands_on_every_field_and_leads_to_no_other_site()
    {
        World();
        var (status, html) = await portal.PostAsync(
            Path, "/confirm", person,
            ("confirm.of", "invitation-withdraw"), ("confirm.about", "<b>a@example.org</b>"), ("confirm.at", "https://evil.example/x"),
            ("withdrawn", "42"), ("reason", "строка\nещё \"одна\""), ("do", "withdraw"), ("etag", "\"7\""), ("idempotencyKey", "key-of-the-form"));

        status.ShouldBe(200);
        html.ShouldNotContain("<b>a@example.org</b>");
        html.ShouldNotContain("evil.example");
        html = WebUtility.HtmlDecode(html);
        html.ShouldContain("Отозвать приглашение: <b>a@example.org</b>?");
        foreach (var (name, value) in new[]
        {
            ("withdrawn", "42"), ("reason", "строка\nещё \"одна\""), ("etag", "\"7\""), ("idempotencyKey", "key-of-the-form"),
        })
        {
            html.ShouldContain($"name=\"{name}\" value=\"{value}\"");
        }

        html.ShouldContain("name=\"do\" value=\"withdraw\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing-known")]
    public async Task a_question_that_nobody_asks_leads_home(string of)
    {
        World();
        (await portal.PostAsync(Path, "/confirm", person, ("confirm.of", of), ("do", "withdraw"))).Status.ShouldBe(302);
    }

    private async Task<IPage> OpenAsync(int width, bool script)
    {
        World();
        var page = await browser.OpenAsync(portal.Address, width, script);
        await page.Context.AddCookiesAsync([new() { Name = "person", Value = $"{person}", Url = $"{portal.Address}" }]);
        return page;
    }

    private void World()
    {
        portal.Answer($"applications/{application}", Given.Application(Guid.NewGuid(), "submitted", Guid.NewGuid()));
        portal.Answer($"applications/{application}/history", Array.Empty<object>());
        portal.Answer(Withdrawal, new { });
    }
}
