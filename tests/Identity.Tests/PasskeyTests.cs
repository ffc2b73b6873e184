using Microsoft.Playwright;
using Shouldly;
using VolunteerBook.EndToEnd.Tests;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>Passkeys in a real browser, with Chromium's virtual authenticator in the place of a finger.</summary>
public sealed class PasskeyTests(PasskeyTests.NamedIdentity identity) : IClassFixture<PasskeyTests.NamedIdentity>, IAsyncLifetime
{
    IPlaywright playwright = null!;
    IBrowser chromium = null!;
    IBrowserContext context = null!;
    IPage page = null!;
    ICDPSession cdp = null!;

    string Address => $"http://localhost:{identity.Service.Address.Port}";

    /// <summary>Passkeys are for a name and not for an address: the service is localhost, at the port where it listens.</summary>
    public sealed class NamedIdentity : MailedIdentity
    {
        readonly Uri address = ServiceSettings.FreeAddress();

        protected override (string, string)[] More => [("address", address.ToString()), ("Identity:Issuer", $"http://localhost:{address.Port}/")];
    }

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = Chromium.Arguments });
        context = await chromium.NewContextAsync(new() { BaseURL = Address, Locale = "ru-RU", ViewportSize = new() { Width = 320, Height = 640 } });
        page = await context.NewPageAsync();
        cdp = await context.NewCDPSessionAsync(page);
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        await chromium.DisposeAsync();
        playwright.Dispose();
    }

    [Fact]
    public async Task a_passkey_is_made_named_used_and_removed()
    {
        const string kira = "kira@people.example";
        await RegisterAsync(kira);
        await cdp.AddAuthenticatorAsync();
        await SignInAsync(kira);
        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("text=Добавить ключ доступа");
        await Expect("text=Ключ доступа добавлен.");
        await identity.MailAsync(kira, "Добавлен ключ доступа");

        await page.ClickAsync("summary");
        await page.FillAsync("input[name=name]", "Телефон Киры");
        await page.ClickAsync("text=Сохранить");
        await Expect("text=Ключ переименован.");
        await Expect("strong:text('Телефон Киры')");

        // The browser offers it where the address is filled in; this owner takes it at once.
        await SignOutAsync();
        await page.GotoAsync("/account/sign-in?returnUrl=/account");
        await AtAsync("/account");
        await Expect($"text={kira}");

        // And there is a button.
        await SignOutAsync();
        await page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await page.GotoAsync("/account/sign-in?returnUrl=/account");
        await page.ClickAsync("text=Войти с ключом доступа");
        await AtAsync("/account");
        await Expect("text=Ключей доступа: 1.");

        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("text=Удалить");
        await Expect("text=Ключ доступа удалён.");
        await identity.MailAsync(kira, "Удалён ключ доступа");
        await SignOutAsync();
        await page.GotoAsync("/account/sign-in");
        await page.ClickAsync("text=Войти с ключом доступа");
        await Expect("text=Ключ доступа не подошёл. Попробуйте снова или войдите с паролем. >> visible=true");
    }

    [Fact]
    public async Task a_passkey_stands_in_for_the_password_when_somebody_shows_again_who_they_are()
    {
        const string rita = "rita@people.example";
        await RegisterAsync(rita);
        await cdp.AddAuthenticatorAsync();
        await SignInAsync(rita);
        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("text=Добавить ключ доступа");
        await Expect("text=Ключ доступа добавлен.");
        await page.GotoAsync("/account/again?returnUrl=/account/close");
        await page.ClickAsync("text=Подтвердить ключом доступа");
        await AtAsync("/account/close");
    }

    [Fact]
    public async Task a_device_that_does_not_know_its_owner_makes_no_passkey_and_the_page_says_so()
    {
        const string sima = "sima@people.example";
        await RegisterAsync(sima);
        await cdp.AddAuthenticatorAsync(verified: false);
        await SignInAsync(sima);
        await page.GotoAsync("/account/passkeys");
        await page.ClickAsync("text=Добавить ключ доступа");
        await Expect("[data-failed] >> visible=true");
        (await identity.Database.SqlAsync(
            """select count(*) from account_passkeys where "UserId" = (select "Id" from accounts where "UserName" = 'sima@people.example')"""))
            .ShouldBe(0L);
    }

    // The port is no part of a passkey's domain, but of the origin that signs: another site of the same name is another site.
    [Fact]
    public async Task a_passkey_that_is_made_at_another_origin_of_the_same_name_is_refused()
    {
        const string nika = "nika@people.example";
        await RegisterAsync(nika);
        await cdp.AddAuthenticatorAsync();
        await using var elsewhere = await IdentityService.StartAsync(identity.Database.ConnectionString, MailedIdentity.MayAskForTheAddress);
        await page.GotoAsync($"http://localhost:{elsewhere.Address.Port}/account/sign-in?returnUrl=/account/passkeys");
        await page.FillAsync("#userName", nika);
        await page.FillAsync("#password", MailedIdentity.Password);
        await page.ClickAsync("button:text-is('Войти')");
        await AtAsync("/account/passkeys");
        await page.ClickAsync("text=Добавить ключ доступа");
        await Expect("#mistakes");
        (await page.Locator("#mistakes").InnerTextAsync()).ShouldContain("Ключ не добавлен");
    }

    [Fact]
    public async Task what_a_browser_did_not_just_make_for_this_page_is_refused()
    {
        using var browser = await identity.RegisteredAsync("forger@people.example");
        var form = await browser.GetAsync("/account/passkeys");
        foreach (var credential in new[] { "", "{}", "no JSON", """{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}""" })
        {
            var refused = await browser.SubmitAsync(form, ("credential", credential));
            ((int)refused.Status).ShouldBe(400, credential);
        }

        using var stranger = identity.Service.NewBrowser();
        var signIn = await stranger.GetAsync("/account/sign-in");
        var forged = signIn with
        {
            Html = signIn.Html.Replace("action=\"/account/sign-in\"", "action=\"/account/sign-in?handler=Passkey\"", StringComparison.Ordinal),
        };
        foreach (var credential in new[] { "", "{}", """{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{}}""" })
        {
            var refused = await stranger.SubmitAsync(forged, ("credential", credential));
            refused.Status.ShouldBe(System.Net.HttpStatusCode.BadRequest);
            refused.Alert.ShouldContain("Ключ доступа не подошёл");
        }
    }

    [Fact]
    public async Task only_pages_with_passkeys_may_run_a_script_and_only_ours()
    {
        using var browser = await identity.RegisteredAsync("policy@people.example");
        async Task<string> PolicyAsync(string path) => (await browser.GetAsync(path)).Answer.Headers.GetValues("Content-Security-Policy").Single();
        (await PolicyAsync("/account/passkeys")).ShouldContain("script-src 'sha256-");
        (await PolicyAsync("/account/passkeys")).ShouldMatch("script-src 'sha256-[^']+' 'self';");
        (await PolicyAsync("/account/sign-in")).ShouldMatch("script-src 'sha256-[^']+' 'self';");
        foreach (var path in new[] { "/account", "/account/password", "/account/codes", "/account/again", "/account/register", "/account/forgotten" })
            (await PolicyAsync(path)).ShouldMatch("script-src 'sha256-[^']+';", path);
        (await browser.GetAsync("/account/passkeys.js")).Answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
    }

    Task Expect(string selector) => Assertions.Expect(page.Locator(selector).First).ToBeVisibleAsync(new() { Timeout = 60_000 });

    // Not the page's load event, of which Playwright may hear before it is asked.
    Task AtAsync(string path) => page.WaitForURLAsync(url => new Uri(url).AbsolutePath == path, new() { WaitUntil = WaitUntilState.Commit });

    async Task RegisterAsync(string address)
    {
        using var browser = identity.Service.NewBrowser();
        await MailedIdentity.RegisterAsync(browser, address);
    }

    async Task SignInAsync(string address)
    {
        await page.GotoAsync("/account/sign-in?returnUrl=/account");
        await page.FillAsync("#userName", address);
        await page.FillAsync("#password", MailedIdentity.Password);
        await page.ClickAsync("button:text-is('Войти')");
        await AtAsync("/account");
    }

    async Task SignOutAsync()
    {
        await page.GotoAsync("/account/sign-out");
        await page.ClickAsync("button");
        await Expect("text=Вы вышли из учётной записи.");
    }
}
