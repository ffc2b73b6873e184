using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Identity.Tests;

/// <summary>The service with a real mail server, and people who register, read their mail and sign in.</summary>
public partial class MailedIdentity : IAsyncLifetime
{
    public const string Password = "three plain words and one";

    /// <summary>What the portal may ask for here. Each start writes its clients into the database, so every service on it needs the setting.</summary>
    public static readonly (string, string) MayAskForTheAddress = ("Identity:Clients:portal:Scopes:0", "email");

    public TestDatabase Database { get; } = new();

    public MailServer Mail { get; private set; } = null!;

    public IdentityService Service { get; private set; } = null!;

    /// <summary>Settings beside those that every test of mail needs.</summary>
    protected virtual (string, string)[] More => [];

    public async ValueTask InitializeAsync()
    {
        await Database.InitializeAsync();
        Mail = await MailServer.CreateAsync();
        Service = await IdentityService.StartAsync(
            Database.ConnectionString,
            [
                ("Mail:Host", "127.0.0.1"), ("Mail:Port", Mail.Port.ToString(CultureInfo.InvariantCulture)), ("Mail:Security", "none"),
                ("Mail:From", "Книжка волонтёра <post@book.example>"), ("Demo:Accounts", "true"), MayAskForTheAddress, .. More,
            ]);
    }

    /// <summary>A browser in which somebody has registered and is signed in.</summary>
    public async Task<Browser> RegisteredAsync(string address, string password = Password)
    {
        var browser = Service.NewBrowser();
        await RegisterAsync(browser, address, password);
        await SignInAsync(browser, address, password);
        return browser;
    }

    public static async Task<Browser.Page> RegisterAsync(Browser browser, string address, string password = Password) =>
        await browser.SubmitAsync(await browser.GetAsync("/account/register"), ("userName", address), ("password", password), ("repeated", password));

    /// <summary>Signs in on the account's own page; the answer is where that leads.</summary>
    public static async Task<Browser.Page> SignInAsync(Browser browser, string address, string password = Password) =>
        await browser.SubmitAsync(await browser.GetAsync("/account/sign-in?returnUrl=/account"), ("userName", address), ("password", password));

    /// <summary>Another browser of somebody's.</summary>
    public async Task<Browser> SignedInAsync(string address, string password = Password)
    {
        var browser = Service.NewBrowser();
        (await SignInAsync(browser, address, password)).Path.ShouldBe("/account");
        return browser;
    }

    /// <summary>The mail of that subject that an address got last, once there are so many.</summary>
    public Task<MimeKit.MimeMessage> MailAsync(string address, string subject, int mails = 1) => Eventually.Value(() =>
    {
        var found = Mail.To(address).Select(mail => mail.Message).Where(mail => mail.Subject == subject).ToList();
        found.Count.ShouldBe(mails);
        return Task.FromResult(found[^1]);
    });

    /// <summary>The link in that mail, as an address of the service under test.</summary>
    public async Task<string> LinkAsync(string address, string subject, int mails = 1) =>
        new Uri(Address().Match((await MailAsync(address, subject, mails)).TextBody!).Value).PathAndQuery;

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Mail.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();
}
