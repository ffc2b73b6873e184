using System.Net;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

public sealed class AccountPageTests(DemoIdentity identity) : IClassFixture<DemoIdentity>
{
    const string Olga = "olga@demo.volunteerbook.example";
    readonly IdentityService service = identity.Service;

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task nobody_is_sent_elsewhere_by_a_link_to_the_sign_in_page(string returnUrl)
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));
        var back = await browser.SubmitAsync(page, ("userName", Olga), ("password", DemoAccounts.Password));
        back.Answer.RequestMessage!.RequestUri.ShouldBe(new Uri(service.Address, "/sign-in"));
    }

    [Fact]
    public async Task an_address_in_any_script_is_gone_back_to()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString("/книжка?q=й&n=1%20"));
        var back = await browser.SubmitAsync(page, ("userName", Olga), ("password", DemoAccounts.Password));
        back.Answer.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/%D0%BA%D0%BD%D0%B8%D0%B6%D0%BA%D0%B0?q=%D0%B9&n=1%20");
        back.Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task an_address_to_which_no_mail_goes_makes_no_account()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/register");
        var long262 = new string('a', 250) + "@example.org";
        var refused = await browser.SubmitAsync(page, ("userName", long262), ("password", "Rather-Long-1"), ("repeated", "Rather-Long-1"));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Alert.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("userName", "a\0b@example.org")]
    [InlineData("userName", "\uFFFE@example.org")]
    [InlineData("password", "\0")]
    [InlineData("ReturnUrl", "/\uFFFF")]
    public async Task a_form_that_holds_no_text_is_refused(string field, string value)
    {
        using var browser = service.NewBrowser();
        foreach (var address in new[] { "/account/register", "/account/sign-in" })
        {
            (await browser.SubmitAsync(await browser.GetAsync(address), (field, value))).Status.ShouldBe(HttpStatusCode.BadRequest, address);
        }
    }

    [Theory]
    [InlineData("/connect/authorize?client_id=%00")]
    [InlineData("/connect/authorize?client_id=portal&redirect_uri=%EF%BF%BE")]
    [InlineData("/account/sign-in?returnUrl=%00")]
    [InlineData("/account/error?code=%00")]
    public async Task an_address_that_holds_no_text_is_refused(string address)
    {
        using var browser = service.NewBrowser();
        (await browser.GetAsync(address)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_form_from_another_page_is_refused()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/sign-in");
        var forged = page with { Html = page.Html.Replace("__RequestVerificationToken", "other", StringComparison.Ordinal) };
        (await browser.SubmitAsync(forged, ("userName", Olga), ("password", DemoAccounts.Password))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task a_wrong_password_and_an_unknown_address_get_the_same_page()
    {
        using var browser = service.NewBrowser();
        var wrong = await browser.SignInAsync(Olga, "wrong");
        var unknown = await browser.SignInAsync("nobody@people.example", "wrong");
        unknown.Status.ShouldBe(wrong.Status);
        unknown.Alert.ShouldBe(wrong.Alert);
        wrong.Alert.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task a_demo_account_without_a_password_cannot_be_signed_in_to()
    {
        using var browser = service.NewBrowser();
        (await browser.SignInAsync("volunteer-001@demo.volunteerbook.example", "")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.SignInAsync("volunteer-001@demo.volunteerbook.example", DemoAccounts.Password)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("not-an-address", "three plain words", "three plain words", "не адрес электронной почты")]
    [InlineData("short@people.example", "short", "short", "короче 15 символов")]
    [InlineData("differ@people.example", "three plain words", "three other words", "Пароли не совпадают")]
    public async Task a_faulty_registration_is_told_what_is_wrong(string userName, string password, string repeated, string said)
    {
        using var browser = service.NewBrowser();
        var page = await browser.SubmitAsync(
            await browser.GetAsync("/account/register"), ("userName", userName), ("password", password), ("repeated", repeated));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Alert.ShouldContain(said);
    }

    [Fact]
    public async Task pages_are_russian_first_and_english_when_the_browser_or_the_person_asks()
    {
        using var browser = service.NewBrowser();
        (await browser.GetAsync("/account/sign-in")).Html.ShouldContain("<h1>Вход</h1>");
        (await browser.GetAsync("/account/sign-in", language: "en-GB")).Html.ShouldContain("<h1>Sign in</h1>");
        (await browser.GetAsync("/account/sign-in", language: "de")).Html.ShouldContain("<html lang=\"ru\" data-theme=\"system\">");

        (await browser.GetAsync("/account/sign-in?culture=en")).Html.ShouldContain("<html lang=\"en\" data-theme=\"system\">");
        (await browser.GetAsync("/account/register")).Html.ShouldContain("<html lang=\"en\" data-theme=\"system\">");
    }

    [Fact]
    public async Task pages_allow_no_framing_no_foreign_content_and_no_keeping()
    {
        using var answer = await service.Http.GetAsync("/account/sign-in");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("dark", "dark")]
    [InlineData("pink", "system")]
    public async Task pages_have_the_look_that_was_chosen_in_the_portal(string chosen, string shown)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in");
        request.Headers.Add("Cookie", "theme=" + chosen);
        using var answer = await service.Http.SendAsync(request);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"data-theme=\"{shown}\"");
    }

    [Fact]
    public async Task the_style_sheet_may_be_kept_for_good()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/sign-in");
        var address = page.Html.Split("stylesheet\" href=\"")[1].Split('"')[0];
        using var css = await service.Http.GetAsync(address);
        css.StatusCode.ShouldBe(HttpStatusCode.OK);
        css.Content.Headers.ContentType!.MediaType.ShouldBe("text/css");
        css.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromDays(365));
    }

    [Fact]
    public async Task an_error_page_shows_no_text_from_its_address()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/error?code=" + Uri.EscapeDataString("call 555-0100 now"));
        page.Html.ShouldNotContain("call 555");
    }
}
