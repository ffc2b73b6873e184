using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

public sealed class CodeFlowTests(DemoIdentity identity) : IClassFixture<DemoIdentity>
{
    const string Anna = "anna@demo.volunteerbook.example";
    readonly IdentityService service = identity.Service;

    [Fact]
    public async Task a_person_signs_in_and_the_portal_gets_refreshes_and_uses_tokens()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync(Browser.AuthorizeUrl());
        page.Path.ShouldBe("/account/sign-in");

        var back = await browser.SubmitAsync(page, ("userName", Anna), ("password", DemoAccounts.Password));
        back.SentTo!.GetLeftPart(UriPartial.Path).ShouldBe(IdentityService.PortalCallback);
        back.Parameter("state").ShouldBe("state-1");
        back.Parameter("iss").ShouldBe(IdentityService.Issuer);

        var (status, tokens) = await ExchangeAsync(back.Parameter("code")!);
        status.ShouldBe(200);
        var access = await Tokens.ValidateAsync(service, tokens.GetProperty("access_token").GetString()!);
        access.Subject.ShouldBe(DemoAccounts.Id(Anna).ToString());
        access.GetClaim("name").Value.ShouldBe(Anna);
        access.GetClaim("client_id").Value.ShouldBe("portal");
        access.GetClaim("scope").Value.Split(' ').ShouldBe(["openid", "profile", "offline_access", "book"], ignoreOrder: true);
        access.Claims.ShouldNotContain(claim => claim.Type == "role" || claim.Type.Contains("stamp"));
        access.Alg.ShouldBe("RS256");

        var id = await Tokens.ValidateAsync(service, tokens.GetProperty("id_token").GetString()!, audience: "portal");
        id.GetClaim("nonce").Value.ShouldBe("nonce-1");
        id.TryGetClaim("auth_time", out _).ShouldBeTrue();

        (await UserinfoAsync(tokens)).GetProperty("name").GetString().ShouldBe(Anna);

        var (refreshedStatus, refreshed) = await RefreshAsync(tokens);
        refreshedStatus.ShouldBe(200);
        refreshed.GetProperty("refresh_token").GetString().ShouldNotBe(tokens.GetProperty("refresh_token").GetString());
        (await UserinfoAsync(refreshed)).GetProperty("sub").GetString().ShouldBe(access.Subject);
    }

    [Fact]
    public async Task a_code_is_worth_nothing_with_another_verifier()
    {
        var code = await CodeAsync();
        var (status, body) = await ExchangeAsync(code, verifier: "another-verifier-of-more-than-forty-three-characters-0");
        status.ShouldBe(400);
        body.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task a_code_can_be_exchanged_once()
    {
        var code = await CodeAsync();
        (await ExchangeAsync(code)).Status.ShouldBe(200);
        var (status, body) = await ExchangeAsync(code);
        status.ShouldBe(400);
        body.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("a-verifier-of-more-than-forty-three-characters-0123456789", "plain")]
    public async Task a_request_without_a_hashed_challenge_is_refused(string? challenge, string? method)
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync(Browser.AuthorizeUrl(("code_challenge", challenge), ("code_challenge_method", method)));
        page.SentTo.ShouldBeNull();
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Html.ShouldContain("<code>invalid_request</code>");
    }

    [Fact]
    public async Task a_redirect_address_that_is_not_registered_gets_a_page_and_nobody_is_sent_there()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync(Browser.AuthorizeUrl(("redirect_uri", "https://elsewhere.example/signin-oidc")));
        page.SentTo.ShouldBeNull();
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.Path.ShouldBe("/account/error");
        page.Html.ShouldContain("invalid_request");
    }

    [Theory]
    [InlineData("http://127.0.0.1:51004/callback", true)]
    [InlineData("volunteerbook://callback", true)]
    [InlineData("http://127.0.0.1:51004/other", false)]
    [InlineData("http://10.0.0.1/callback", false)]
    public async Task an_installed_application_gets_its_code_on_any_loopback_port(string address, bool accepted)
    {
        using var browser = service.NewBrowser();
        var url = Browser.AuthorizeUrl(("client_id", "mobile"), ("redirect_uri", address));
        if (!accepted)
        {
            (await browser.GetAsync(url)).Status.ShouldBe(HttpStatusCode.BadRequest);
            return;
        }

        var back = await browser.SignInAsync(Anna, DemoAccounts.Password, url);
        back.SentTo!.ToString().ShouldStartWith(address);
        var (status, _) = await service.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", "mobile"), ("redirect_uri", address),
            ("code", back.Parameter("code")!), ("code_verifier", Browser.Verifier));
        status.ShouldBe(200);
    }

    [Fact]
    public async Task without_a_session_a_silent_request_is_told_so()
    {
        using var browser = service.NewBrowser();
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task a_session_answers_at_once_unless_the_client_wants_the_password_again()
    {
        using var browser = service.NewBrowser();
        await browser.SignInAsync(Anna, DemoAccounts.Password);
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("code").ShouldNotBeNull();
        (await browser.GetAsync(Browser.AuthorizeUrl())).Parameter("code").ShouldNotBeNull();

        var again = await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "login")));
        again.Path.ShouldBe("/account/sign-in");
        (await browser.SubmitAsync(again, ("userName", Anna), ("password", DemoAccounts.Password))).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task a_client_can_send_people_to_the_registration()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "create"), ("ui_locales", "en")));
        page.Path.ShouldBe("/account/register");
        page.Html.ShouldContain("<html lang=\"en\" data-theme=\"system\">");
        var signIn = await browser.SubmitAsync(page, ("userName", "new@people.example"), ("password", "three plain words"), ("repeated", "three plain words"));
        signIn.Path.ShouldBe("/account/sign-in");
        var back = await browser.SubmitAsync(signIn, ("userName", "new@people.example"), ("password", "three plain words"));
        back.Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task a_form_post_answer_carries_the_one_script_that_the_policy_lets_run()
    {
        using var browser = service.NewBrowser();
        var page = await browser.SignInAsync(Anna, DemoAccounts.Password, Browser.AuthorizeUrl(("response_mode", "form_post")));
        page.Html.ShouldContain("<script>document.form.submit();</script>");
        page.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'sha256-");
        page.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' http://localhost:8080");
    }

    [Fact]
    public async Task the_portal_ends_the_session_and_the_browser_comes_back_to_it()
    {
        using var browser = service.NewBrowser();
        var (_, tokens) = await ExchangeAsync((await browser.SignInAsync(Anna, DemoAccounts.Password)).Parameter("code")!);
        var back = await browser.GetAsync(
            $"/connect/logout?id_token_hint={tokens.GetProperty("id_token").GetString()}"
            + $"&post_logout_redirect_uri={Uri.EscapeDataString(IdentityService.PortalSignedOut)}&state=s2");
        back.SentTo!.GetLeftPart(UriPartial.Path).ShouldBe(IdentityService.PortalSignedOut);
        back.Parameter("state").ShouldBe("s2");
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task a_link_alone_does_not_end_a_session()
    {
        using var browser = service.NewBrowser();
        await browser.SignInAsync(Anna, DemoAccounts.Password);
        var question = await browser.GetAsync(
            $"/connect/logout?client_id=portal&post_logout_redirect_uri={Uri.EscapeDataString(IdentityService.PortalSignedOut)}");
        question.Path.ShouldBe("/account/sign-out");
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("code").ShouldNotBeNull();

        (await browser.SubmitAsync(question)).SentTo!.GetLeftPart(UriPartial.Path).ShouldBe(IdentityService.PortalSignedOut);
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("error").ShouldBe("login_required");
    }

    [Fact]
    public async Task a_browser_is_not_sent_to_an_address_that_no_client_registered_after_signing_out()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/connect/logout?client_id=portal&post_logout_redirect_uri=https%3A%2F%2Felsewhere.example%2F");
        page.SentTo.ShouldBeNull();
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task userinfo_wants_a_token()
    {
        using var answer = await service.Http.GetAsync("/connect/userinfo");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    async Task<string> CodeAsync()
    {
        using var browser = service.NewBrowser();
        return (await browser.SignInAsync(Anna, DemoAccounts.Password)).Parameter("code")!;
    }

    Task<(int Status, JsonElement Body)> ExchangeAsync(string code, string verifier = Browser.Verifier) => service.TokenAsync(
        ("grant_type", "authorization_code"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
        ("redirect_uri", IdentityService.PortalCallback), ("code", code), ("code_verifier", verifier));

    Task<(int Status, JsonElement Body)> RefreshAsync(JsonElement tokens) => service.TokenAsync(
        ("grant_type", "refresh_token"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
        ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));

    async Task<JsonElement> UserinfoAsync(JsonElement tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        using var answer = await service.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
