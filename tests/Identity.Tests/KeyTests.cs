using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Tests;

public sealed class KeyTests
{
    static readonly DateTimeOffset Now = new(2026, 5, 9, 10, 0, 0, TimeSpan.Zero);
    static readonly KeySchedule Schedule = new();

    [Fact]
    public void the_first_key_is_used_at_once() => Keys.Plan([], Schedule, Now).NextUsedFrom.ShouldBe(Now);

    [Theory]
    [InlineData(10, null)]
    [InlineData(87, null)]
    [InlineData(89, 1)]
    [InlineData(120, 2)]
    public void a_successor_is_published_before_it_is_used(int ageInDays, int? usedInDays) =>
        Keys.Plan([Key(-ageInDays)], Schedule, Now).NextUsedFrom.ShouldBe(usedInDays is { } days ? Now.AddDays(days) : null);

    [Fact]
    public void one_successor_is_enough() => Keys.Plan([Key(-89), Key(1)], Schedule, Now).NextUsedFrom.ShouldBeNull();

    [Fact]
    public void a_key_is_forgotten_when_no_token_of_it_can_be_alive()
    {
        var (old, recent, current) = (Key(-200), Key(-110), Key(-20));
        Keys.Plan([current, old, recent], Schedule, Now).Expired.ShouldBe([old]);
        Keys.Plan([old], Schedule, Now).Expired.ShouldBeEmpty();
    }

    [Fact]
    public void what_the_master_key_protects_opens_with_it_alone_and_for_its_purpose_alone()
    {
        var master = new MasterKey(RandomNumberGenerator.GetBytes(32));
        var hidden = master.Protect("a key"u8, "Signing");
        master.Unprotect(hidden, "Signing").ShouldBe("a key"u8.ToArray());
        Should.Throw<CryptographicException>(() => master.Unprotect(hidden, "Encryption"));
        Should.Throw<CryptographicException>(() => new MasterKey(RandomNumberGenerator.GetBytes(32)).Unprotect(hidden, "Signing"));
        hidden[^1] ^= 1;
        Should.Throw<CryptographicException>(() => master.Unprotect(hidden, "Signing"));
    }

    [Fact]
    public async Task tokens_sessions_and_refresh_tokens_survive_a_restart_and_hold_at_every_instance()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        (string, string) demo = ("Demo:Accounts", "true");
        string accessToken, code;
        await using (var before = await IdentityService.StartAsync(database.ConnectionString, demo))
        {
            accessToken = await AccessTokenAsync(before);
            using var browser = before.NewBrowser();
            code = (await browser.SignInAsync("anna@demo.volunteerbook.example", DemoAccounts.Password)).Parameter("code")!;
        }

        await using var after = await IdentityService.StartAsync(database.ConnectionString, demo);
        await using var second = await IdentityService.StartAsync(database.ConnectionString, demo);
        (await Tokens.ValidateAsync(after, accessToken)).Subject.ShouldBe("analyst");
        (await Tokens.ValidateAsync(second, accessToken)).Subject.ShouldBe("analyst");

        var (status, _) = await second.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
            ("redirect_uri", IdentityService.PortalCallback), ("code", code), ("code_verifier", Browser.Verifier));
        status.ShouldBe(200);
    }

    [Fact]
    public async Task a_page_of_one_instance_can_be_answered_by_another()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        await using var one = await IdentityService.StartAsync(database.ConnectionString, ("Demo:Accounts", "true"));
        await using var other = await IdentityService.StartAsync(database.ConnectionString, ("Demo:Accounts", "true"));

        // Cookies know no ports, so one browser can speak with both.
        using var browser = one.NewBrowser();
        var page = await browser.GetAsync("/account/sign-in");
        var elsewhere = page with { Html = page.Html.Replace("action=\"/", $"action=\"{other.Address}", StringComparison.Ordinal) };
        var back = await browser.SubmitAsync(elsewhere, ("userName", "anna@demo.volunteerbook.example"), ("password", DemoAccounts.Password));
        back.SentTo!.AbsolutePath.ShouldBe("/sign-in");
        (await browser.GetAsync(Browser.AuthorizeUrl(("prompt", "none")))).Parameter("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task after_a_rotation_the_newest_key_signs_and_the_older_still_counts()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        string old;
        await using (var before = await IdentityService.StartAsync(database.ConnectionString)) old = await AccessTokenAsync(before);

        // One rotation is due, however often keys are looked after while the test runs.
        await database.SqlAsync("UPDATE token_keys SET \"UsedFrom\" = \"UsedFrom\" - interval '1000 days'");
        await using var after = await IdentityService.StartAsync(database.ConnectionString, ("Identity:Keys:Notice", "00:00:00"));
        var fresh = await AccessTokenAsync(after);
        var (oldToken, freshToken) = (await Tokens.ValidateAsync(after, old), await Tokens.ValidateAsync(after, fresh));
        freshToken.Kid.ShouldNotBe(oldToken.Kid);
        new JsonWebKeySet(await after.Http.GetStringAsync("/.well-known/jwks")).Keys.Select(key => key.Kid).ShouldBe([freshToken.Kid, oldToken.Kid]);
    }

    [Fact]
    public async Task the_database_holds_no_key_that_could_be_read_without_the_master_key()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        await using var service = await IdentityService.StartAsync(database.ConnectionString);
        await AccessTokenAsync(service);
        using var page = await service.Http.GetAsync("/account/sign-in");

        (await database.SqlAsync("SELECT count(*) FROM token_keys WHERE get_byte(\"Protected\", 0) = 1")).ShouldBe(2L);
        Should.Throw<CryptographicException>(
            () => RSA.Create().ImportRSAPrivateKey((byte[])database.SqlAsync("SELECT \"Protected\" FROM token_keys WHERE \"Use\" = 'Signing'").Result!, out _));
        (await database.SqlAsync(
            """SELECT count(*) FROM "DataProtectionKeys" WHERE "Xml" LIKE '%masterKey%<value>%' OR "Xml" NOT LIKE '%CookieKeyDecryptor%'""")).ShouldBe(0L);
        (await database.SqlAsync("""SELECT count(*) FROM "DataProtectionKeys" """)).ShouldBe(1L);
    }

    [Fact]
    public async Task a_page_that_read_an_account_before_its_key_was_rewrapped_does_not_put_the_old_key_back()
    {
        var database = new TestDatabase();
        await database.InitializeAsync();
        await using var service = await IdentityService.StartAsync(database.ConnectionString);
        using (var browser = service.NewBrowser()) await MailedIdentity.RegisterAsync(browser, "rewrapped@people.example");
        await using var page = service.Services.CreateAsyncScope();
        var accounts = page.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = (await accounts.FindByNameAsync("rewrapped@people.example"))!;
        page.ServiceProvider.GetRequiredService<SecondStep>().NewKey(account);
        (await accounts.UpdateAsync(account)).Succeeded.ShouldBeTrue();
        var old = account.CodeKey!;

        (await service.Services.GetRequiredService<IUnderTheMasterKey>().RewrapAsync(CancellationToken.None)).ShouldBeGreaterThan(0);
        (await accounts.UpdateAsync(account)).Succeeded.ShouldBeFalse();
        var kept = (byte[])(await database.SqlAsync("""SELECT "CodeKey" FROM accounts"""))!;
        kept.ShouldNotBe(old);
        MasterKey.Development.Unprotect(kept, SecondStep.Purpose).ShouldBe(MasterKey.Development.Unprotect(old, SecondStep.Purpose));
    }

    static async Task<string> AccessTokenAsync(IdentityService service)
    {
        var (status, body) = await service.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", "analyst"), ("client_secret", IdentityService.AnalystSecret));
        status.ShouldBe(200);
        return body.GetProperty("access_token").GetString()!;
    }

    static TokenKey Key(int usedFromInDays) =>
        new() { Id = Guid.CreateVersion7(), UsedFrom = Now.AddDays(usedFromInDays), CreatedAt = Now.AddDays(usedFromInDays) };
}
