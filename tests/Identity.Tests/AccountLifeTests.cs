using System.Net;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>What becomes of an account between its registration and its end, as its owner and as strangers see it.</summary>
public sealed class AccountLifeTests(MailedIdentity identity) : IClassFixture<MailedIdentity>
{
    const string Confirm = "Подтвердите адрес", Recover = "Восстановление пароля", NewPassword = "four plain words and one more";
    readonly IdentityService service = identity.Service;

    [Fact]
    public async Task an_address_is_confirmed_by_the_link_in_a_mail_once_and_not_by_looking_at_it()
    {
        const string vera = "vera@people.example";
        using var browser = await identity.RegisteredAsync(vera);
        (await browser.GetAsync("/account")).Html.ShouldContain("Адрес не подтверждён");
        (await EmailVerifiedAsync(browser)).ShouldBe((false, false));

        var mail = await identity.MailAsync(vera, Confirm);
        mail.TextBody!.ShouldContain("Подтвердить адрес:");
        mail.HtmlBody!.ShouldContain(">Подтвердить адрес</a>");
        var link = await identity.LinkAsync(vera, Confirm);
        // A scanner at the mail server looks first, and so may the reader, in a browser in which they are not signed in yet.
        using var elsewhere = service.NewBrowser();
        var first = await elsewhere.GetAsync(link);
        (first.Path, first.Html.Contains("Чтобы подтвердить адрес, войдите", StringComparison.Ordinal)).ShouldBe(("/account/sign-in", true));
        var page = await elsewhere.SubmitAsync(first, ("userName", vera), ("password", MailedIdentity.Password));
        page.Path.ShouldBe("/account/confirm");
        page.Html.ShouldContain(vera);
        (await browser.GetAsync("/account")).Html.ShouldContain("Адрес не подтверждён");

        (await elsewhere.SubmitAsync(page)).Html.ShouldContain($"Адрес {vera} подтверждён.");
        (await browser.GetAsync("/account")).Html.ShouldContain("Адрес подтверждён");
        (await EmailVerifiedAsync(browser)).ShouldBe((true, true));

        (await elsewhere.SubmitAsync(page)).Status.ShouldBe(HttpStatusCode.Gone);
        var again = await elsewhere.GetAsync(link);
        (again.Status, again.Html.Contains("Ссылка уже использована", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Gone, true));
    }

    [Fact]
    public async Task the_database_holds_no_link_but_what_a_link_hashes_to()
    {
        const string wanda = "wanda@people.example";
        using var browser = await identity.RegisteredAsync(wanda);
        var token = (await identity.LinkAsync(wanda, Confirm)).Split('=')[1];
        await Eventually.Is(async () => await PersonalDataTables.HoldingAsync(identity.Database.ConnectionString, token) is []);
        (await identity.Database.SqlAsync("select count(*) from account_links where \"Address\" = 'wanda@people.example'")).ShouldBe(1L);
    }

    [Fact]
    public async Task a_link_is_sent_again_where_the_first_is_lost_and_in_the_readers_language_and_only_so_often()
    {
        const string nadia = "nadia@people.example";
        using var browser = await identity.RegisteredAsync(nadia);
        await identity.MailAsync(nadia, Confirm);
        var account = await browser.GetAsync("/account?culture=en");
        var sent = await browser.SubmitAsync(account);
        sent.Html.ShouldContain("An e-mail with a link has been sent.");
        var link = await identity.LinkAsync(nadia, "Confirm your address");
        (await identity.MailAsync(nadia, "Confirm your address")).HtmlBody!.ShouldContain("<html lang=\"en\">");

        var answers = new List<HttpStatusCode>();
        for (var time = 0; time < 8; time++) answers.Add((await browser.SubmitAsync(account)).Status);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests);
        // The one that was sent before is still good.
        (await browser.SubmitAsync(await browser.GetAsync(link))).Html.ShouldContain("is confirmed");
    }

    [Fact]
    public async Task a_link_ends_in_time()
    {
        const string late = "late@people.example";
        using var browser = await identity.RegisteredAsync(late);
        var link = await identity.LinkAsync(late, Confirm);
        await identity.Database.SqlAsync("""update account_links set "Until" = now() - interval '1 second' where "Address" = 'late@people.example'""");
        (await browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task registering_an_address_that_has_an_account_answers_the_same_and_tells_its_owner()
    {
        const string inna = "inna@people.example";
        using var owner = await identity.RegisteredAsync(inna);
        using var stranger = service.NewBrowser();
        var known = await MailedIdentity.RegisterAsync(stranger, inna, "another long enough one");
        var unknown = await MailedIdentity.RegisterAsync(stranger, "unknown@people.example", "another long enough one");
        Shown(known).ShouldBe(Shown(unknown));
        (await identity.MailAsync(inna, "У вас уже есть учётная запись")).TextBody!.ShouldContain("пароль прежний");
        (await identity.SignedInAsync(inna)).Dispose();
    }

    [Fact]
    public async Task a_forgotten_password_is_recovered_and_every_session_ends()
    {
        const string fedor = "fedor@people.example";
        using var before = await identity.RegisteredAsync(fedor);
        using var browser = service.NewBrowser();
        var asked = await AskAsync(browser, fedor);
        asked.Html.ShouldContain("Если у этого адреса есть учётная запись");
        var link = await identity.LinkAsync(fedor, Recover);

        var form = await browser.GetAsync(link);
        var weak = await browser.SubmitAsync(form, ("password", "short"), ("repeated", "short"));
        weak.Status.ShouldBe(HttpStatusCode.BadRequest);
        weak.Alert.ShouldContain("короче 15 символов");
        weak.Html.ShouldContain("aria-invalid=\"true\"");
        var differ = await browser.SubmitAsync(form, ("password", NewPassword), ("repeated", NewPassword + "!"));
        differ.Alert.ShouldContain("Пароли не совпадают");

        var done = await browser.SubmitAsync(form, ("password", NewPassword), ("repeated", NewPassword));
        (done.Path, done.Html.Contains("Пароль изменён", StringComparison.Ordinal)).ShouldBe(("/account/sign-in", true));
        (await before.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
        (await MailedIdentity.SignInAsync(browser, fedor)).Alert.ShouldContain("пароль неверны");
        (await MailedIdentity.SignInAsync(browser, fedor, NewPassword)).Path.ShouldBe("/account");
        (await browser.GetAsync("/account")).Html.ShouldContain("Адрес подтверждён");
        (await identity.MailAsync(fedor, "Пароль изменён")).TextBody!.ShouldContain("другие сеансы завершены");

        (await browser.GetAsync(link)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task of_two_who_use_one_link_at_once_one_sets_the_password()
    {
        const string gleb = "gleb@people.example";
        using var browser = await identity.RegisteredAsync(gleb);
        await AskAsync(browser, gleb);
        var form = await browser.GetAsync(await identity.LinkAsync(gleb, Recover));
        var passwords = new[] { "the first of the two passwords", "the second of the two passwords" };
        var answers = await Task.WhenAll(passwords.Select(password => browser.SubmitAsync(form, ("password", password), ("repeated", password))));
        answers.Count(answer => answer.Path == "/account/sign-in").ShouldBe(1);
        answers.Count(answer => answer.Status is HttpStatusCode.Gone or HttpStatusCode.Conflict).ShouldBe(1);
        await identity.MailAsync(gleb, "Пароль изменён");
    }

    [Fact]
    public async Task nobody_learns_by_a_forgotten_password_which_addresses_have_an_account()
    {
        using var browser = service.NewBrowser();
        using var owner = await identity.RegisteredAsync("known@people.example");
        var known = await AskAsync(browser, "known@people.example");
        var unknown = await AskAsync(browser, "nobody-at-all@people.example");
        Shown(known).ShouldBe(Shown(unknown));
        await identity.LinkAsync("known@people.example", Recover);
        identity.Mail.To("nobody-at-all@people.example").ShouldBeEmpty();

        var answers = new List<HttpStatusCode>();
        for (var time = 0; time < 8; time++) answers.Add((await AskAsync(browser, "nobody-at-all@people.example")).Status);
        answers[^1].ShouldBe(HttpStatusCode.TooManyRequests, "also where there is nobody to whom a mail would go");
        (await AskAsync(browser, "not an address")).Alert.ShouldContain("не адрес электронной почты");
    }

    [Fact]
    public async Task a_password_is_changed_by_who_knows_it_and_the_other_sessions_end_with_their_tokens()
    {
        const string lida = "lida@people.example";
        using var browser = await identity.RegisteredAsync(lida);
        using var other = await identity.SignedInAsync(lida);
        var others = await TokensAsync(other);
        var own = await TokensAsync(browser);
        var form = await browser.GetAsync("/account/password");
        (await ChangeAsync(browser, form, "a wrong password")).Alert.ShouldContain("Пароль неверен");
        (await browser.GetAsync("/account/password")).Html.ShouldNotContain("aria-invalid");

        var done = await ChangeAsync(browser, form, MailedIdentity.Password);
        (done.Path, done.Html.Contains("Пароль изменён", StringComparison.Ordinal)).ShouldBe(("/account", true));
        (await other.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
        (await RefreshAsync(others)).ShouldBe("invalid_grant");
        (await RefreshAsync(own)).ShouldBeNull("the session in which the password was changed goes on");
        await identity.MailAsync(lida, "Пароль изменён");
    }

    [Fact]
    public async Task an_address_is_changed_once_the_new_one_is_confirmed_and_the_old_one_is_told()
    {
        const string old = "old@people.example", next = "next@people.example";
        using var browser = await identity.RegisteredAsync(old);
        await AskAsync(service.NewBrowser(), old);
        var recover = await identity.LinkAsync(old, Recover);

        var form = await browser.GetAsync("/account/address");
        (await browser.SubmitAsync(form, ("email", "OLD@people.example"))).Alert.ShouldContain("нынешний адрес");
        (await browser.SubmitAsync(form, ("email", "nonsense"))).Alert.ShouldContain("не адрес электронной почты");
        (await browser.SubmitAsync(form, ("email", next))).Html.ShouldContain("отправлено на новый адрес");
        (await browser.GetAsync("/account")).Html.ShouldContain(old);
        (await identity.MailAsync(old, "Запрошена смена адреса")).TextBody!.ShouldNotContain(next);

        var link = await identity.LinkAsync(next, "Подтвердите новый адрес");
        (await browser.SubmitAsync(await browser.GetAsync(link))).Html.ShouldContain($"Адрес {next} подтверждён.");
        var account = await browser.GetAsync("/account");
        account.Html.ShouldContain(next);
        account.Html.ShouldContain("Адрес подтверждён");
        (await identity.MailAsync(old, "Адрес изменён")).TextBody!.ShouldNotContain(next);
        (await browser.GetAsync(recover)).Status.ShouldBe(HttpStatusCode.Gone, "what was sent to the old address opens the account no more");
        using var elsewhere = service.NewBrowser();
        (await MailedIdentity.SignInAsync(elsewhere, old)).Alert.ShouldContain("неверны");
        (await MailedIdentity.SignInAsync(elsewhere, next)).Path.ShouldBe("/account");
    }

    [Fact]
    public async Task an_address_of_another_account_is_not_taken_and_only_its_reader_learns_that_it_is_one()
    {
        using var one = await identity.RegisteredAsync("one@people.example");
        using var other = await identity.RegisteredAsync("other@people.example");
        var asked = await one.SubmitAsync(await one.GetAsync("/account/address"), ("email", "other@people.example"));
        asked.Html.ShouldContain("отправлено на новый адрес");
        var link = await identity.LinkAsync("other@people.example", "Подтвердите новый адрес");
        (await other.GetAsync(link)).Path.ShouldBe("/account/sign-in", "the link is of the first account");
        var refused = await one.SubmitAsync(await one.GetAsync(link));
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Alert.ShouldContain("уже есть другая учётная запись");
    }

    [Fact]
    public async Task who_asks_for_a_new_password_undoes_a_change_of_address_that_somebody_else_has_begun()
    {
        const string owner = "robbed@people.example";
        using var thief = await identity.RegisteredAsync(owner);
        await thief.SubmitAsync(await thief.GetAsync("/account/address"), ("email", "thief@people.example"));
        var stolen = await identity.LinkAsync("thief@people.example", "Подтвердите новый адрес");
        using var browser = service.NewBrowser();
        await AskAsync(browser, owner);
        await browser.SubmitAsync(
            await browser.GetAsync(await identity.LinkAsync(owner, Recover)), ("password", NewPassword), ("repeated", NewPassword));
        await MailedIdentity.SignInAsync(browser, owner, NewPassword);
        (await browser.GetAsync(stolen)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    // Whoever made an account with another's address would else have it proved by a click, and keep their own ways into it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task a_click_of_who_is_not_signed_in_to_the_account_proves_nothing_for_who_made_it(bool changes)
    {
        var (impostors, victim) = ($"impostor-{changes}@people.example".ToLowerInvariant(), $"victim-{changes}@people.example".ToLowerInvariant());
        using var impostor = await identity.RegisteredAsync(changes ? impostors : victim);
        if (changes) await impostor.SubmitAsync(await impostor.GetAsync("/account/address"), ("email", victim));
        var link = await identity.LinkAsync(victim, changes ? "Подтвердите новый адрес" : Confirm);
        var form = await impostor.GetAsync(link);
        using var reader = await identity.RegisteredAsync($"reader-{changes}@people.example".ToLowerInvariant());
        using var stranger = service.NewBrowser();
        foreach (var browser in new[] { reader, stranger })
        {
            // A form of their own, sent to the link: looking at it is no way around.
            var own = await browser.GetAsync("/account/register");
            var posted = await browser.SubmitAsync(own with { Html = own.Html.Replace(own.FormAction, form.FormAction, StringComparison.Ordinal) });
            (posted.Path, posted.Html.Contains("Чтобы подтвердить адрес, войдите", StringComparison.Ordinal)).ShouldBe(("/account/sign-in", true));
            (await browser.GetAsync(link)).Path.ShouldBe("/account/sign-in");
        }

        var account = (await impostor.GetAsync("/account")).Html;
        account.ShouldContain("Адрес не подтверждён");
        account.ShouldContain(changes ? impostors : victim);
    }

    [Fact]
    public async Task a_new_password_undoes_a_change_of_address_and_a_recovery_that_somebody_else_has_begun()
    {
        const string owner = "robbed-too@people.example";
        using var browser = await identity.RegisteredAsync(owner);
        using var thief = await identity.SignedInAsync(owner);
        await thief.SubmitAsync(await thief.GetAsync("/account/address"), ("email", "thief-too@people.example"));
        var stolen = await identity.LinkAsync("thief-too@people.example", "Подтвердите новый адрес");
        await AskAsync(thief, owner);
        var recover = await identity.LinkAsync(owner, Recover);
        (await browser.GetAsync(stolen)).Status.ShouldBe(HttpStatusCode.OK);

        (await ChangeAsync(browser, await browser.GetAsync("/account/password"), MailedIdentity.Password)).Path.ShouldBe("/account");
        (await browser.GetAsync(stolen)).Status.ShouldBe(HttpStatusCode.Gone);
        (await browser.GetAsync(recover)).Status.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task of_several_changes_of_address_the_last_one_asked_for_counts_and_none_outlives_one_that_was_done()
    {
        using var browser = await identity.RegisteredAsync("many@people.example");
        var form = await browser.GetAsync("/account/address");
        async Task<string> AskForAsync(string address)
        {
            await browser.SubmitAsync(form, ("email", address));
            return await identity.LinkAsync(address, "Подтвердите новый адрес");
        }

        var first = await AskForAsync("many-1@people.example");
        var second = await AskForAsync("many-2@people.example");
        (await browser.GetAsync(first)).Status.ShouldBe(HttpStatusCode.Gone);

        // Two at once, as two requests at the same moment would leave them.
        await identity.Database.SqlAsync(
            """
            insert into account_links select (jsonb_populate_record(l, jsonb_build_object('Hash', '\x00', 'Address', 'many-3@people.example'))).*
            from account_links l where "Address" = 'many-2@people.example'
            """);
        (await browser.SubmitAsync(await browser.GetAsync(second))).Html.ShouldContain("Адрес many-2@people.example подтверждён.");
        (await identity.Database.SqlAsync("""select count(*) from account_links where "Address" = 'many-3@people.example'""")).ShouldBe(0L);
    }

    [Fact]
    public async Task whoever_signed_in_long_ago_shows_again_who_they_are_before_they_change_how_they_sign_in()
    {
        const string long1 = "long@people.example";
        await identity.RegisteredAsync(long1);
        var clock = new MovedClock();
        await using var later = await IdentityService.StartAsync(
            identity.Database.ConnectionString, clock.Put, ("Demo:Accounts", "true"), MailedIdentity.MayAskForTheAddress);
        using var browser = later.NewBrowser();
        await browser.SubmitAsync(await browser.GetAsync("/account/sign-in?returnUrl=/account"), ("userName", long1), ("password", MailedIdentity.Password));
        (await browser.GetAsync("/account/close")).Path.ShouldBe("/account/close");

        clock.Moved = TimeSpan.FromMinutes(16);
        var again = await browser.GetAsync("/account/close");
        again.Path.ShouldBe("/account/again");
        (await browser.SubmitAsync(again, ("password", "a wrong password"))).Alert.ShouldContain("Пароль неверен");
        (await browser.SubmitAsync(again, ("password", MailedIdentity.Password))).Path.ShouldBe("/account/close");
        (await browser.GetAsync("/account")).Path.ShouldBe("/account");
    }

    [Fact]
    public async Task a_closed_account_is_gone_with_its_sessions_and_tokens_and_its_address_begins_anew()
    {
        const string zina = "zina@people.example";
        using var browser = await identity.RegisteredAsync(zina);
        using var other = await identity.SignedInAsync(zina);
        var tokens = await TokensAsync(other);
        var subject = await identity.Database.SqlAsync("""select "Id" from accounts where "UserName" = 'zina@people.example'""");
        var question = await browser.GetAsync("/account/close");
        question.Html.ShouldContain("Книжка, профиль, записи и подтверждения организаций останутся");

        (await browser.SubmitAsync(question)).Html.ShouldContain("Учётная запись закрыта.");
        (await browser.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
        (await other.GetAsync("/account")).Path.ShouldBe("/account/sign-in");
        (await RefreshAsync(tokens)).ShouldBe("invalid_grant");
        (await MailedIdentity.SignInAsync(browser, zina)).Alert.ShouldContain("неверны");
        await identity.MailAsync(zina, "Учётная запись закрыта");
        await Eventually.Is(async () => await PersonalDataTables.HoldingAsync(identity.Database.ConnectionString, zina) is []);

        using var anew = await identity.RegisteredAsync(zina);
        (await identity.Database.SqlAsync("""select "Id" from accounts where "UserName" = 'zina@people.example'""")).ShouldNotBe(subject);
    }

    [Theory]
    [InlineData("/account")]
    [InlineData("/account/password")]
    [InlineData("/account/address")]
    [InlineData("/account/close")]
    [InlineData("/account/again")]
    public async Task nobody_who_is_not_signed_in_sees_a_page_of_an_account(string page)
    {
        using var browser = service.NewBrowser();
        (await browser.GetAsync(page)).Path.ShouldBe("/account/sign-in");
    }

    [Fact]
    public async Task mail_waits_for_its_server_and_goes_out_once()
    {
        const string boris = "boris@people.example";
        await identity.Mail.StopAsync();
        using var browser = service.NewBrowser();
        await MailedIdentity.RegisterAsync(browser, boris);
        await Eventually.Is(async () => await identity.Database.SqlAsync($"select last_error from outgoing_mail where recipient = '{boris}'") is "unreachable");
        await identity.Mail.StartAsync();
        await identity.Database.SqlAsync("update outgoing_mail set next_at = now() - interval '1 minute' where status = 'waiting'");
        var mail = await identity.MailAsync(boris, Confirm);
        await Eventually.Is(async () =>
            await identity.Database.SqlAsync(
                $"select count(*) from outgoing_mail where id = '{mail.MessageId![..32]}' and status = 'sent' and body is null") is 1L);
        identity.Mail.To(boris).Count.ShouldBe(1);
    }

    static (HttpStatusCode, string, string) Shown(Browser.Page page) => (page.Status, page.Path, page.Plain);

    static async Task<Browser.Page> AskAsync(Browser browser, string address) =>
        await browser.SubmitAsync(await browser.GetAsync("/account/forgotten"), ("email", address));

    static Task<Browser.Page> ChangeAsync(Browser browser, Browser.Page form, string current) =>
        browser.SubmitAsync(form, ("current", current), ("password", NewPassword), ("repeated", NewPassword));

    async Task<JsonElement> TokensAsync(Browser browser)
    {
        var page = await browser.GetAsync(Browser.AuthorizeUrl(("scope", "openid email offline_access book")));
        var code = page.Parameter("code").ShouldNotBeNull(page.Path + page.Plain);
        var (status, tokens) = await service.TokenAsync(
            ("grant_type", "authorization_code"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
            ("redirect_uri", IdentityService.PortalCallback), ("code", code), ("code_verifier", Browser.Verifier));
        status.ShouldBe(200, tokens.ToString());
        return tokens;
    }

    // As the ID token says it, and as the user info does.
    async Task<(bool, bool)> EmailVerifiedAsync(Browser browser)
    {
        var tokens = await TokensAsync(browser);
        var token = await Tokens.ValidateAsync(service, tokens.GetProperty("id_token").GetString()!, "portal");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new("Bearer", tokens.GetProperty("access_token").GetString());
        using var answer = await service.Http.SendAsync(request);
        var about = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return (token.GetPayloadValue<bool>("email_verified"), about.GetProperty("email_verified").GetBoolean());
    }

    async Task<string?> RefreshAsync(JsonElement tokens)
    {
        var (_, body) = await service.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", "portal"), ("client_secret", IdentityService.PortalSecret),
            ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
        return body.TryGetProperty("error", out var error) ? error.GetString() : null;
    }
}
