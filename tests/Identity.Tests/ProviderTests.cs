using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>Sign-in through another provider: a second Identity with accounts of its own, which knows ours as a client.</summary>
public sealed class ProviderTests(TestDatabase database, ProviderTests.OthersDatabase others)
    : IClassFixture<TestDatabase>, IClassFixture<ProviderTests.OthersDatabase>, IAsyncLifetime
{
    const string Password = MailedIdentity.Password;
    IdentityService ours = null!, provider = null!;

    /// <summary>The other Identity's.</summary>
    public sealed class OthersDatabase : IAsyncLifetime
    {
        public TestDatabase Database { get; } = new();

        public ValueTask InitializeAsync() => Database.InitializeAsync();

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }

    public async ValueTask InitializeAsync()
    {
        var (here, there) = (ServiceSettings.FreeAddress(), ServiceSettings.FreeAddress());
        provider = await IdentityService.StartAsync(
            others.Database.ConnectionString, ("address", there.ToString()), ("Identity:Issuer", there.ToString()),
            ("Identity:Clients:book:Secret", "a secret of the book at the other provider"), ("Identity:Clients:book:Grants:0", "authorization_code"),
            ("Identity:Clients:book:Scopes:0", "openid"),
            ("Identity:Clients:book:RedirectUris:0", new Uri(here, "/account/providers/other/callback").ToString()));
        ours = await IdentityService.StartAsync(
            database.ConnectionString, ("address", here.ToString()), ("Identity:Issuer", here.ToString()),
            ("Identity:Providers:other:Authority", there.ToString()),
            ("Identity:Providers:other:ClientId", "book"), ("Identity:Providers:other:ClientSecret", "a secret of the book at the other provider"),
            ("Identity:Providers:other:Name", "Другой сервис"));
    }

    public async ValueTask DisposeAsync()
    {
        await ours.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task who_comes_from_a_provider_gets_into_the_account_that_they_have_linked_and_into_no_other()
    {
        // The same address at both: that alone opens nothing.
        const string address = "same@people.example";
        using var browser = ours.NewBrowser();
        await MailedIdentity.RegisterAsync(browser, address);
        using var there = provider.NewBrowser();
        await MailedIdentity.RegisterAsync(there, address);
        await MailedIdentity.SignInAsync(there, address);

        (await browser.GetAsync("/account/sign-in")).Html.ShouldContain("Войти через Другой сервис");
        var unknown = await ComeAsync(browser, there);
        unknown.Answer.RequestMessage!.RequestUri!.PathAndQuery.ShouldBe("/account/sign-in?returnUrl=%2Faccount%2Fproviders&unlinked=True");
        unknown.Html.ShouldContain("не привязана ни одна учётная запись");

        var offer = await browser.SubmitAsync(unknown, ("userName", address), ("password", Password));
        offer.Path.ShouldBe("/account/providers");
        offer.Html.ShouldContain("Привязать его к учётной записи same@people.example?");
        (await database.SqlAsync("select count(*) from account_logins")).ShouldBe(0L, "nothing is linked without asking");
        var linked = await browser.SubmitAsync(offer);
        linked.Html.ShouldContain("<strong>Другой сервис</strong>");
        var issuer = await database.SqlAsync("select \"LoginProvider\" from account_logins");
        issuer.ShouldBe(provider.Address.ToString());

        using var elsewhere = ours.NewBrowser();
        (await ComeAsync(elsewhere, there)).Path.ShouldBe("/account");
        (await elsewhere.GetAsync("/account")).Html.ShouldContain(address);
        // When they showed the provider who they are nobody knows; here they have not.
        var again = await elsewhere.GetAsync("/account/close");
        again.Path.ShouldBe("/account/again");
        (await elsewhere.SubmitAsync(again, ("password", Password))).Path.ShouldBe("/account/close");

        using var stranger = provider.NewBrowser();
        await MailedIdentity.RegisterAsync(stranger, "stranger@people.example");
        await MailedIdentity.SignInAsync(stranger, "stranger@people.example");
        using var strangers = ours.NewBrowser();
        (await ComeAsync(strangers, stranger)).Path.ShouldBe("/account/sign-in");

        (await browser.SubmitAsync(linked)).Html.ShouldNotContain("<strong>Другой сервис</strong>");
        using var after = ours.NewBrowser();
        (await ComeAsync(after, there)).Path.ShouldBe("/account/sign-in");
    }

    [Theory]
    [InlineData("/account/providers/other/callback?code=made-up&state=made-up")]
    [InlineData("/account/providers/other/callback?error=access_denied")]
    public async Task an_answer_that_nobody_asked_for_signs_nobody_in(string answer)
    {
        using var browser = ours.NewBrowser();
        var page = await browser.GetAsync(answer);
        page.Path.ShouldBe("/account/sign-in");
        page.Html.ShouldContain("не подтвердил, кто вы");
    }

    [Fact]
    public async Task a_provider_that_is_not_configured_is_absent()
    {
        using var browser = ours.NewBrowser();
        ((int)(await browser.GetAsync("/account/providers/absent")).Status).ShouldBe(404);
        (await browser.GetAsync("/account/providers")).Path.ShouldBe("/account/sign-in");
    }

    [Theory]
    [InlineData("Identity:Providers:other:ClientId", "book", "Identity does not start: provider other: Authority is not an absolute address.")]
    [InlineData("Identity:Providers:other:Authority", "https://other.example/", "Identity does not start: provider other: ClientId is not set.")]
    public async Task a_provider_that_lacks_a_setting_stops_the_start_and_is_named(string name, string value, string said)
    {
        var (code, errors) = await IdentityService.RefusedAsync(database.ConnectionString, ("environment", "Development"), (name, value));
        code.ShouldBe(1);
        errors.ShouldContain(said);
    }

    // From the sign-in page to the provider, where the person is signed in, and back.
    static async Task<Browser.Page> ComeAsync(Browser browser, Browser there)
    {
        var sent = await browser.GetAsync("/account/providers/other?returnUrl=/account");
        var answered = await there.GetAsync(sent.SentTo!.PathAndQuery);
        return await browser.GetAsync(answered.SentTo!.PathAndQuery);
    }
}
