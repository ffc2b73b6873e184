using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

public sealed class AccessibilityTests(MailedIdentity identity) : IClassFixture<MailedIdentity>
{
    static readonly string[] Pages =
    [
        "/account/sign-in",
        "/account/sign-in?registered=true",
        "/account/sign-in?returnUrl=/account/confirm",
        "/account/register",
        "/account/sign-in?changed=true",
        "/account/forgotten",
        "/account/forgotten?sent=true",
        "/account/new-password?token=none",
        "/account/sign-out",
        "/account/sign-out?closed=true",
        "/account/error?code=invalid_request",
        "/account/access-denied",
    ];

    static readonly string[] OfAnAccount =
    [
        "/account",
        "/account?done=Sent",
        "/account/again",
        "/account/password",
        "/account/address",
        "/account/close",
        "/account/confirm?token=none",
        "/account/passkeys",
        "/account/codes",
    ];

    [Theory]
    [InlineData("ru-RU", ColorScheme.Light)]
    [InlineData("en-GB", ColorScheme.Dark)]
    public async Task every_page_can_be_used_by_everyone_on_a_small_phone_without_scripts(string locale, ColorScheme colours)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium.Path,
            Args = Chromium.Arguments,
        });
        await using var phone = await chromium.NewContextAsync(new()
        {
            BaseURL = identity.Service.Address.ToString(),
            ViewportSize = new() { Width = 320, Height = 640 },
            Locale = locale,
            ColorScheme = colours,
            // axe is put into the page from outside.
            BypassCSP = true,
        });
        var page = await phone.NewPageAsync();
        foreach (var path in Pages)
        {
            await page.GotoAsync(path);
            await CheckAsync(page, path);
        }

        var address = $"anna.{locale.ToLowerInvariant()}@people.example";
        using (var browser = identity.Service.NewBrowser()) await MailedIdentity.RegisterAsync(browser, address);
        await page.GotoAsync("/account/sign-in");
        await page.FillAsync("#userName", address);
        await page.FillAsync("#password", "wrong");
        await page.ClickAsync("main button");
        await Assertions.Expect(page.Locator("#mistakes")).ToHaveCountAsync(1);
        await CheckAsync(page, "a refused sign-in");

        await page.FillAsync("#password", MailedIdentity.Password);
        await page.ClickAsync("main button");
        foreach (var path in OfAnAccount)
        {
            await page.GotoAsync(path);
            await CheckAsync(page, path);
        }

        await page.GotoAsync("/account/password");
        foreach (var field in new[] { "current", "password", "repeated" }) await page.FillAsync("#" + field, "a phrase of several words");
        await page.ClickAsync("main button");
        await Assertions.Expect(page.Locator("#current[aria-invalid=true]")).ToHaveCountAsync(1);
        await CheckAsync(page, "a refused change of the password");
        await page.GotoAsync("/account/codes");
        await page.ClickAsync("main button");
        await CheckAsync(page, "a key for codes");
        await page.FillAsync("#code", "123");
        await page.ClickAsync("main button");
        await CheckAsync(page, "a wrong code");
        await page.FillAsync("#code", await CodeAsync(address));
        await page.ClickAsync("main button");
        await CheckAsync(page, "recovery codes");
        var recovery = await page.Locator("main li code").First.InnerTextAsync();
        await page.GotoAsync("/account/codes");
        await CheckAsync(page, "codes that are on");
        await page.GotoAsync("/account/sign-out");
        await page.ClickAsync("main button");
        await page.GotoAsync("/account/sign-in?returnUrl=/account");
        await page.FillAsync("#userName", address);
        await page.FillAsync("#password", MailedIdentity.Password);
        await page.ClickAsync("main button");
        await CheckAsync(page, "the second step");
        await page.FillAsync("#code", recovery);
        await page.ClickAsync("main button");
        await page.GotoAsync("/account/codes");
        await page.ClickAsync("main button.danger");
        await page.GotoAsync("/account/sessions");
        await CheckAsync(page, "the list of sessions");
        await page.GotoAsync("/account/sign-out");
        await CheckAsync(page, "the question before signing out");
    }

    // As the application would make it.
    async Task<string> CodeAsync(string address)
    {
        var master = MasterKey.Development;
        var key = (byte[])(await identity.Database.SqlAsync($"select \"CodeKey\" from accounts where \"UserName\" = '{address}'"))!;
        return Totp.Code(master.Unprotect(key, SecondStep.Purpose), DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
    }

    static async Task CheckAsync(IPage page, string what)
    {
        await page.EvaluateAsync(Axe.Script);
        (await page.EvaluateAsync<string[]>(Axe.Violations)).ShouldBeEmpty(what);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, what);
        // axe is put into a page as no element; the one script there is, is for passkeys.
        (await page.Locator("script").CountAsync()).ShouldBe(await page.Locator("[data-passkey]").CountAsync() > 0 ? 1 : 0, what);
        if (Environment.GetEnvironmentVariable("VOLUNTEERBOOK_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, string.Concat(what.Where(char.IsLetterOrDigit)) + await page.GetAttributeAsync("html", "lang") + ".png"),
                FullPage = true,
            });
        }
    }
}
