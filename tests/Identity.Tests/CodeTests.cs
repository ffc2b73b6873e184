using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Identity.Tests;

/// <summary>A code after the password: set up, asked for, good once, and turned off.</summary>
public sealed partial class CodeTests(MailedIdentity identity) : IClassFixture<MailedIdentity>
{
    readonly IdentityService service = identity.Service;

    [Fact]
    public async Task codes_are_set_up_asked_for_after_the_password_and_taken_once()
    {
        const string dasha = "dasha@people.example";
        using var browser = await identity.RegisteredAsync(dasha);
        var setUp = await browser.SubmitAsync(await browser.GetAsync("/account/codes"));
        setUp.Html.ShouldContain("<svg class=\"code\" role=\"img\"");
        var key = KeyIn(setUp);
        (await browser.SubmitAsync(setUp, ("code", "000000x"))).Alert.ShouldContain("Код не подошёл");
        (await browser.GetAsync("/account")).Html.ShouldContain("Выключены.");

        var first = Now(key);
        var on = await browser.SubmitAsync(setUp, ("code", first));
        on.Html.ShouldContain("Коды подтверждения включены.");
        var recovery = RecoveryIn(on);
        recovery.Count.ShouldBe(10);
        recovery.Distinct().Count().ShouldBe(10);
        await identity.MailAsync(dasha, "Включены коды подтверждения");
        (await browser.GetAsync("/account/codes")).Html.ShouldNotContain(recovery[0], Case.Sensitive, "they are shown once");

        using var other = service.NewBrowser();
        var step = await MailedIdentity.SignInAsync(other, dasha);
        step.Path.ShouldBe("/account/second-step");
        (await other.GetAsync("/account")).Path.ShouldBe("/account/sign-in", "the password alone signs nobody in");
        // The code that turned them on was taken already.
        (await other.SubmitAsync(step, ("code", first))).Alert.ShouldContain("Код не подошёл");
        await LaterAsync(dasha);
        var next = Now(key);
        (await other.SubmitAsync(step, ("code", next))).Path.ShouldBe("/account");

        using var third = service.NewBrowser();
        var again = await MailedIdentity.SignInAsync(third, dasha);
        (await third.SubmitAsync(again, ("code", next))).Alert.ShouldContain("Код не подошёл", Case.Sensitive, "no code is taken twice");
        (await third.SubmitAsync(again, ("code", recovery[3].ToUpperInvariant()))).Path.ShouldBe("/account");
        await identity.MailAsync(dasha, "Использован запасной код");
        (await third.GetAsync("/account/codes")).Html.ShouldContain("Осталось неиспользованных: 9.");

        using var fourth = service.NewBrowser();
        (await fourth.SubmitAsync(await MailedIdentity.SignInAsync(fourth, dasha), ("code", recovery[3]))).Alert.ShouldContain("Код не подошёл");
    }

    [Fact]
    public async Task of_two_who_use_one_code_at_once_one_gets_in()
    {
        var (address, _, key) = await WithCodesAsync("egor@people.example");
        await LaterAsync(address);
        var code = Now(key);
        var browsers = Enumerable.Range(0, 2).Select(_ => service.NewBrowser()).ToList();
        var steps = new List<Browser.Page>();
        foreach (var browser in browsers) steps.Add(await MailedIdentity.SignInAsync(browser, address));
        var answers = await Task.WhenAll(browsers.Zip(steps, (browser, step) => browser.SubmitAsync(step, ("code", code))));
        answers.Count(answer => answer.Path == "/account").ShouldBe(1);
    }

    [Fact]
    public async Task codes_are_not_guessed_and_a_wrong_one_costs_a_try()
    {
        var (address, _, key) = await WithCodesAsync("guessed@people.example");
        await LaterAsync(address);
        using var guesser = service.NewBrowser();
        var step = await MailedIdentity.SignInAsync(guesser, address);
        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 8; attempt++) answers.Add((await guesser.SubmitAsync(step, ("code", $"{attempt}{attempt}0000"))).Status);
        answers[0].ShouldBe(HttpStatusCode.BadRequest);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        (await guesser.SubmitAsync(step, ("code", Now(key)))).Status.ShouldBe(HttpStatusCode.TooManyRequests, "what was refused was not looked at");
    }

    [Fact]
    public async Task who_knows_the_password_alone_keeps_the_owner_out_of_no_device_of_theirs()
    {
        var (address, browser, key) = await WithCodesAsync("known-device@people.example");
        await LaterAsync(address);
        await browser.SubmitAsync(await browser.GetAsync("/account/sign-out"));
        using var guesser = service.NewBrowser();
        var guess = await MailedIdentity.SignInAsync(guesser, address);
        for (var attempt = 0; attempt < 5; attempt++) await guesser.SubmitAsync(guess, ("code", $"{attempt}{attempt}0000"));
        (await guesser.SubmitAsync(guess, ("code", "000000"))).Status.ShouldBe(HttpStatusCode.TooManyRequests);

        var step = await MailedIdentity.SignInAsync(browser, address);
        step.Path.ShouldBe("/account/second-step");
        (await browser.SubmitAsync(step, ("code", Now(key)))).Path.ShouldBe("/account");
    }

    [Fact]
    public async Task new_recovery_codes_end_the_earlier_ones_and_turning_off_ends_all()
    {
        var (address, browser, _) = await WithCodesAsync("zoe@people.example");
        var page = await browser.GetAsync("/account/codes");
        var renewed = await browser.SubmitAsync(Form(page, "Renew"));
        var fresh = RecoveryIn(renewed);
        fresh.Count.ShouldBe(10);
        (await identity.MailAsync(address, "Выданы новые запасные коды")).TextBody!.ShouldNotContain(fresh[0]);
        using (var other = service.NewBrowser())
        {
            (await other.SubmitAsync(await MailedIdentity.SignInAsync(other, address), ("code", fresh[0]))).Path.ShouldBe("/account");
        }

        var off = await browser.SubmitAsync(Form(await browser.GetAsync("/account/codes"), "TurnOff"));
        off.Html.ShouldContain("Коды подтверждения выключены.");
        await identity.MailAsync(address, "Выключены коды подтверждения");
        (await identity.SignedInAsync(address)).Dispose();
        (await identity.Database.SqlAsync(
            """select count(*) from account_recovery_codes where "AccountId" = (select "Id" from accounts where "UserName" = 'zoe@people.example')"""))
            .ShouldBe(0L);
    }

    [Fact]
    public async Task a_forgotten_password_does_not_get_past_the_second_step_of_a_confirmed_account()
    {
        var (address, browser, _) = await WithCodesAsync("second@people.example");
        await browser.SubmitAsync(await browser.GetAsync(await identity.LinkAsync(address, "Подтвердите адрес")));
        await RecoverAsync(address);
        (await MailedIdentity.SignInAsync(browser, address, "four plain words and one more")).Path.ShouldBe("/account/second-step");
    }

    // Whoever registered another's address and set up codes would else keep its reader out.
    [Fact]
    public async Task a_forgotten_password_of_an_account_that_was_never_confirmed_leaves_no_way_in_to_who_made_it()
    {
        var (address, thief, _) = await WithCodesAsync("never@people.example");
        await RecoverAsync(address);
        using var owner = await identity.SignedInAsync(address, "four plain words and one more");
        (await thief.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
        (await owner.GetAsync("/account")).Html.ShouldContain("Выключены.");
    }

    [Fact]
    public async Task a_password_that_was_right_before_it_was_changed_leads_to_no_second_step()
    {
        var (address, browser, key) = await WithCodesAsync("changed@people.example");
        await LaterAsync(address);
        using var thief = service.NewBrowser();
        var step = await MailedIdentity.SignInAsync(thief, address);
        step.Path.ShouldBe("/account/second-step");
        await browser.SubmitAsync(
            await browser.GetAsync("/account/password"), ("current", MailedIdentity.Password), ("password", "four plain words and one more"),
            ("repeated", "four plain words and one more"));
        await identity.MailAsync(address, "Пароль изменён");
        (await thief.SubmitAsync(step, ("code", Now(key)))).Path.ShouldBe("/account/sign-in");
        (await thief.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task nobody_comes_to_the_second_step_without_the_first()
    {
        using var browser = service.NewBrowser();
        (await browser.GetAsync("/account/second-step")).Path.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task the_key_lies_in_the_database_encrypted_and_the_recovery_codes_hashed()
    {
        var (_, _, key) = await WithCodesAsync("hidden@people.example");
        var column = (byte[])(await identity.Database.SqlAsync("""select "CodeKey" from accounts where "UserName" = 'hidden@people.example'"""))!;
        Convert.ToHexString(column).ShouldNotContain(Convert.ToHexString(key));
        ((int)(await identity.Database.SqlAsync("select length(\"Hash\") from account_recovery_codes limit 1"))!).ShouldBe(32);
    }

    // As if the last code had been taken a while ago: who waits for the next one waits half a minute.
    Task<object?> LaterAsync(string address) => identity.Database.SqlAsync($"update accounts set \"CodeStep\" = 0 where \"UserName\" = '{address}'");

    async Task<(string Address, Browser Browser, byte[] Key)> WithCodesAsync(string address)
    {
        var browser = await identity.RegisteredAsync(address);
        var setUp = await browser.SubmitAsync(await browser.GetAsync("/account/codes"));
        var key = KeyIn(setUp);
        (await browser.SubmitAsync(setUp, ("code", Now(key)))).Html.ShouldContain("Коды подтверждения включены.");
        return (address, browser, key);
    }

    async Task RecoverAsync(string address)
    {
        using var browser = service.NewBrowser();
        await browser.SubmitAsync(await browser.GetAsync("/account/forgotten"), ("email", address));
        var form = await browser.GetAsync(await identity.LinkAsync(address, "Восстановление пароля"));
        var done = await browser.SubmitAsync(form, ("password", "four plain words and one more"), ("repeated", "four plain words and one more"));
        done.Path.ShouldBe("/account/sign-in");
    }

    // The page has several forms; a browser without scripts sends the first.
    static Browser.Page Form(Browser.Page page, string handler) => page with
    {
        Html = page.Html[page.Html.IndexOf($"<form method=\"post\" action=\"/account/codes?handler={handler}\"", StringComparison.Ordinal)..],
    };

    static string Now(byte[] key) => Totp.Code(key, DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);

    static byte[] KeyIn(Browser.Page page) => FromBase32(Key().Match(page.Html).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));

    static List<string> RecoveryIn(Browser.Page page) => [.. Recovery().Matches(page.Html).Select(match => match.Groups[1].Value)];

    static byte[] FromBase32(string text)
    {
        var bits = string.Concat(text.Select(c =>
            Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }

    [GeneratedRegex("<code>([A-Z2-7 ]{32,})</code>")]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code></li>")]
    private static partial Regex Recovery();
}

/// <summary>What codes are, against the vectors of their specification.</summary>
public sealed class TotpRules
{
    static readonly byte[] Key = Encoding.ASCII.GetBytes("12345678901234567890");

    // RFC 6238, appendix B; of eight digits the last six.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1234567890, "005924")]
    [InlineData(20000000000, "353130")]
    public void codes_are_those_of_the_specification(long seconds, string code) => Totp.Code(Key, seconds / 30).ShouldBe(code);

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void a_clock_may_differ_by_half_a_minute(int by, bool taken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        Totp.Step(Key, Totp.Code(Key, (1_800_000_015 + by) / 30), now, usedUpTo: 0).HasValue.ShouldBe(taken);
    }

    [Fact]
    public void a_step_that_is_used_up_and_those_before_it_are_taken_no_more()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_015);
        var step = 1_800_000_015 / 30;
        Totp.Step(Key, Totp.Code(Key, step), now, step - 1).ShouldBe(step);
        Totp.Step(Key, Totp.Code(Key, step), now, step).ShouldBeNull();
        Totp.Step(Key, Totp.Code(Key, step - 1), now, step).ShouldBeNull();
        Totp.Step(Key, "", now, 0).ShouldBeNull();
    }

    // RFC 4648, section 10, without the padding.
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void base32_is_that_of_the_specification(string text, string written) => Totp.Base32(Encoding.ASCII.GetBytes(text)).ShouldBe(written);
}
