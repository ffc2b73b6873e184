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

    static Task<(int Status, JsonElement Body)> DemoAsync(IdentityService service, string userName) =>
        service.TokenAsync(
            ("grant_type", DemoAccounts.Grant), ("client_id", DemoAccounts.ClientId), ("client_secret", DemoAccounts.ClientSecret), ("username", userName));
}
