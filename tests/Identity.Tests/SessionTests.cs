using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

/// <summary>A session is one sign-in in one browser: with it end its cookie, also a copied one, and every token that was given out in it.</summary>
public sealed partial class SessionTests(DemoIdentity identity) : IClassFixture<DemoIdentity>
{
    const string Anna = "anna@demo.volunteerbook.example";
    const string Pavel = "pavel@demo.volunteerbook.example";
    readonly IdentityService service = identity.Service;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task signing_out_ends_a_copied_cookie_and_the_tokens_that_were_given_out(bool byTheClient)
    {
        using var browser = service.NewBrowser();
        var tokens = await SignInAsync(browser, Anna);
        using var thief = browser.Copy();
        (await IsSignedInAsync(thief)).ShouldBeTrue();

        if (byTheClient) await browser.GetAsync($"/connect/logout?id_token_hint={tokens.GetProperty("id_token").GetString()}");
        else await browser.SubmitAsync(await browser.GetAsync("/account/sign-out"));

        (await IsSignedInAsync(browser)).ShouldBeFalse();
        (await IsSignedInAsync(thief)).ShouldBeFalse();
        (await RefreshAsync(tokens)).ShouldBe("invalid_grant");
        (await UserinfoAsync(tokens)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task signing_out_in_one_browser_leaves_the_others_alone()
    {
        using var one = service.NewBrowser();
        using var other = service.NewBrowser();
        var tokens = await SignInAsync(one, Anna);
        var others = await SignInAsync(other, Anna);
        await one.GetAsync($"/connect/logout?id_token_hint={tokens.GetProperty("id_token").GetString()}");
        (await IsSignedInAsync(other)).ShouldBeTrue();
        (await RefreshAsync(others)).ShouldBeNull();
    }

    [Fact]
    public async Task a_client_can_sign_out_for_a_browser_whose_cookie_has_ended()
    {
        using var browser = service.NewBrowser();
        var tokens = await SignInAsync(browser, Anna);
        using var without = service.NewBrowser();
        await without.GetAsync($"/connect/logout?id_token_hint={tokens.GetProperty("id_token").GetString()}");
        (await RefreshAsync(tokens)).ShouldBe("invalid_grant");
        (await IsSignedInAsync(browser)).ShouldBeFalse();
    }

    [Fact]
    public async Task a_client_revokes_its_refresh_token()
    {
        (await service.Http.GetStringAsync("/.well-known/openid-configuration")).ShouldContain("/connect/revocation");
        using var browser = service.NewBrowser();
        var tokens = await SignInAsync(browser, Anna);
        using var answer = await service.Http.PostAsync("/connect/revocation", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = "portal",
            ["client_secret"] = IdentityService.PortalSecret,
            ["token"] = tokens.GetProperty("refresh_token").GetString()!,
        }));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RefreshAsync(tokens)).ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task sessions_are_listed_and_ended_by_their_owner_and_by_nobody_else()
    {
        using var one = service.NewBrowser();
        using var other = service.NewBrowser();
        using var stranger = service.NewBrowser();
        using var strangerElsewhere = service.NewBrowser();
        await SignInAsync(one, Pavel);
        var others = await SignInAsync(other, Pavel);
        await SignInAsync(stranger, Anna);
        await SignInAsync(strangerElsewhere, Anna);

        var list = await one.GetAsync("/account/sessions");
        list.Status.ShouldBe(HttpStatusCode.OK);
        var ids = SessionIds().Matches(list.Html).Select(match => match.Groups[1].Value).ToList();
        ids.Count.ShouldBe(1, "the present session is shown, but it is ended by signing out");
        list.Html.ShouldContain("Это устройство");
        list.Html.ShouldContain("VolunteerBook");

        // A stranger's form with the owner's number changes nothing.
        var strangers = await stranger.GetAsync("/account/sessions");
        strangers.HiddenFields.ShouldNotBeEmpty("without a form of their own, the other is refused for that alone");
        await stranger.SubmitAsync(strangers, ("session", ids[0]));
        (await IsSignedInAsync(other)).ShouldBeTrue();

        var after = await one.SubmitAsync(list, ("session", ids[0]));
        (after.Path, after.Status).ShouldBe(("/account/sessions", HttpStatusCode.OK));
        SessionIds().Count(after.Html).ShouldBe(0);
        (await IsSignedInAsync(other)).ShouldBeFalse();
        (await RefreshAsync(others)).ShouldBe("invalid_grant");
        (await IsSignedInAsync(one)).ShouldBeTrue();
    }

    [Fact]
    public async Task all_other_sessions_are_ended_at_once()
    {
        const string olga = "olga@demo.volunteerbook.example";
        using var one = service.NewBrowser();
        using var second = service.NewBrowser();
        using var third = service.NewBrowser();
        foreach (var browser in new[] { one, second, third }) await SignInAsync(browser, olga);
        await one.SubmitAsync(await one.GetAsync("/account/sessions"), ("others", "true"));
        (await IsSignedInAsync(one)).ShouldBeTrue();
        (await IsSignedInAsync(second)).ShouldBeFalse();
        (await IsSignedInAsync(third)).ShouldBeFalse();
    }

    [Fact]
    public async Task the_list_of_sessions_asks_to_sign_in_first()
    {
        using var browser = service.NewBrowser();
        var page = await browser.GetAsync("/account/sessions");
        page.Path.ShouldBe("/account/sign-in");
        (await browser.SubmitAsync(page, ("userName", Anna), ("password", DemoAccounts.Password))).Path.ShouldBe("/account/sessions");
    }

    async Task<JsonElement> SignInAsync(Browser browser, string userName)
    {
        var code = (await browser.SignInAsync(userName, DemoAccounts.Password)).Parameter("code")!;
        var (status, tokens) = await service.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
            ("redirect_uri", IdentityService.PortalCallback), ("code", code), ("code_verifier", Browser.Verifier));
        status.ShouldBe(200);
        return tokens;
    }

    static async Task<bool> IsSignedInAsync(Browser browser) =>
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("code") is not null;

    async Task<string?> RefreshAsync(JsonElement tokens)
    {
        var (_, body) = await service.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
            ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        return body.TryGetProperty("error", out var error) ? error.GetString() : null;
    }

    async Task<HttpStatusCode> UserinfoAsync(JsonElement tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        using var answer = await service.Http.SendAsync(request);
        return answer.StatusCode;
    }

    [GeneratedRegex("name=\"session\" value=\"([^\"]+)\"")]
    private static partial Regex SessionIds();
}
