using System.Net;
using System.Text.Json;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

public sealed class DemoTests(DemoIdentity identity) : IClassFixture<DemoIdentity>
{
    [Theory]
    [InlineData("anna", null)]
    [InlineData("admin", "administrator")]
    [InlineData("analyst", "analyst")]
    [InlineData("volunteer-300", null)]
    [InlineData("coordinator-12", null)]
    public async Task the_demo_grant_gives_the_token_of_a_demo_account(string person, string? role)
    {
        var userName = person + "@demo.volunteerbook.example";
        var (status, body) = await DemoAsync(identity.Service, userName);
        status.ShouldBe(200);
        var token = await Tokens.ValidateAsync(identity.Service, body.GetProperty("access_token").GetString()!);
        token.Subject.ShouldBe(DemoAccounts.Id(userName).ToString());
        token.GetClaim("scope").Value.ShouldBe("book");
        token.Claims.Where(claim => claim.Type == "role").Select(claim => claim.Value).ShouldBe(role is null ? [] : [role]);
    }

    [Fact]
    public async Task the_demo_grant_gives_nothing_for_an_account_of_a_real_person()
    {
        using var browser = identity.Service.NewBrowser();
        await browser.SubmitAsync(
            await browser.GetAsync("/account/register"), ("userName", "real@people.example"),
            ("password", "three plain words"), ("repeated", "three plain words"));
        var (status, body) = await DemoAsync(identity.Service, "real@people.example");
        status.ShouldBe(400);
        body.GetProperty("error").GetString().ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData("/account/password", "current", DemoAccounts.Password)]
    [InlineData("/account/close", "none", "")]
    [InlineData("/account/codes", "none", "")]
    [InlineData("/account/passkeys", "credential", "{}")]
    public async Task nobody_takes_a_demo_account_from_the_others(string path, string field, string value)
    {
        using var browser = await SignedInAsync();
        (string, string)[] fields = [(field, value), ("password", "four plain words and one more"), ("repeated", "four plain words and one more")];
        var refused = await browser.SubmitAsync(await browser.GetAsync(path), fields);
        (refused.Path, refused.Status).ShouldBe((path, HttpStatusCode.Forbidden));
        refused.Alert.ShouldContain("Это демонстрационная учётная запись");
        using var other = await SignedInAsync();
        (await other.GetAsync("/account/codes")).Html.ShouldContain("handler=Begin");
    }

    [Fact]
    public async Task sessions_of_a_demo_account_are_ended_and_signed_out_of_as_any()
    {
        using var browser = await SignedInAsync("olga");
        using var other = await SignedInAsync("olga");
        (await browser.SubmitAsync(await browser.GetAsync("/account/sessions"), ("others", "true"))).Path.ShouldBe("/account/sessions");
        (await other.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
        await browser.SubmitAsync(await browser.GetAsync("/account/sign-out"));
        (await browser.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task an_address_of_the_demonstration_is_not_registered_by_anybody()
    {
        using var browser = identity.Service.NewBrowser();
        var refused = await MailedIdentity.RegisterAsync(browser, "Natasha@Demo.volunteerbook.example");
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Alert.ShouldContain("заняты демонстрационными учётными записями");
    }

    [Fact]
    public void ids_of_demo_accounts_never_change() =>
        DemoAccounts.Id("Anna@demo.volunteerbook.example").ShouldBe(DemoAccounts.Id("anna@demo.volunteerbook.example"));

    [Fact]
    public async Task without_the_switch_there_is_no_demo_grant_no_demo_client_and_no_way_into_accounts_left_from_a_demonstration()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        await using (await IdentityService.StartAsync(database.ConnectionString, ("Demo:Accounts", "true")))
        {
        }

        await using var service = await IdentityService.StartAsync(database.ConnectionString);
        var (status, body) = await DemoAsync(service, "anna@demo.volunteerbook.example");
        status.ShouldBe(400);
        body.GetProperty("error").GetString().ShouldBe("unsupported_grant_type");
        (await service.Http.GetStringAsync("/.well-known/openid-configuration")).ShouldNotContain("demo");
        (await database.SqlAsync("""SELECT count(*) FROM "OpenIddictApplications" WHERE "ClientId" = 'demo'""")).ShouldBe(0L);

        using var browser = service.NewBrowser();
        (await browser.SignInAsync("anna@demo.volunteerbook.example", DemoAccounts.Password)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync("/account/sign-in")).Html.ShouldNotContain(DemoAccounts.Password);
    }

    async Task<Browser> SignedInAsync(string person = "pavel")
    {
        var browser = identity.Service.NewBrowser();
        (await MailedIdentity.SignInAsync(browser, $"{person}@demo.volunteerbook.example", DemoAccounts.Password)).Path.ShouldBe("/account");
        return browser;
    }

    static Task<(int Status, JsonElement Body)> DemoAsync(IdentityService service, string userName) =>
        service.TokenAsync(
            ("grant_type", DemoAccounts.Grant), ("client_id", DemoAccounts.ClientId), ("client_secret", DemoAccounts.ClientSecret), ("username", userName));
}
