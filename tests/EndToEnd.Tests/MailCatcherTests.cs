using System.Globalization;
using System.Net;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Playwright;
using MimeKit;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.MailCatcher;
using VolunteerBook.SystemUnderTest;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The mail catcher that `up` starts where no mail server is configured, as a program of its own.</summary>
public sealed class MailCatcherTests : IAsyncLifetime
{
    private readonly int pages = Ports.Free(), smtp = Ports.Free();
    private Child catcher = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        var program = AsBuilt.Program(Path.Combine(AsBuilt.Repository, "AppHost", "MailCatcher", "MailCatcher.csproj"));
        catcher = Child.Start(
            new Dictionary<string, string> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{pages}", ["SmtpPort"] = smtp.ToString(CultureInfo.InvariantCulture) },
            "dotnet", program);
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{pages}") };
        await Eventually.Is(async () => (await http.GetStringAsync("/health")).ShouldBe("Healthy"));
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await catcher.DisposeAsync();
    }

    [Fact]
    public async Task a_mail_is_shown_newest_first_and_nothing_in_it_is_run()
    {
        (await http.GetStringAsync("/")).ShouldContain("Писем пока нет");
        await SendAsync("Первое", "Текст", "<p>Текст</p>");
        await SendAsync(
            "Второе <b>письмо</b>", "Ссылка:\nhttps://book.example/account/confirm?token=a&b=c",
            "<h1>Письмо</h1><script>parent.document.title = 'run'</script>");

        var list = await Eventually.Value(async () =>
        {
            var html = await http.GetStringAsync("/");
            html.ShouldContain("Второе");
            return html;
        });
        list.IndexOf("Второе", StringComparison.Ordinal).ShouldBeLessThan(list.IndexOf("Первое", StringComparison.Ordinal));
        list.ShouldContain("Второе &lt;b&gt;письмо&lt;/b&gt;");
        list.ShouldContain("никому не уходят");

        var mail = await http.GetStringAsync("/mails/2");
        mail.ShouldContain("href=\"https://book.example/account/confirm?token=a&amp;b=c\"");
        mail.ShouldContain("sandbox=");
        using var shown = await http.GetAsync("/mails/2/html");
        shown.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox allow-popups");
        (await http.GetByteArrayAsync("/mails/2/files/0")).ShouldBe([1, 2, 3]);
        (await http.GetAsync("/mails/3")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.GetAsync("/mails/2/files/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en-GB");
        (await http.GetStringAsync("/")).ShouldContain("Caught mail");

        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = Chromium.Arguments });
        await using var phone = await chromium.NewContextAsync(
            new() { BaseURL = http.BaseAddress!.ToString(), ViewportSize = new() { Width = 320, Height = 640 }, BypassCSP = true });
        var page = await phone.NewPageAsync();
        foreach (var path in new[] { "/", "/mails/2", "/mails/9" })
        {
            await page.GotoAsync(path);
            await page.EvaluateAsync(Axe.Script);
            (await page.EvaluateAsync<string[]>(Axe.Violations)).ShouldBeEmpty(path);
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, path);
            (await page.TitleAsync()).ShouldNotBe("run");
        }
    }

    private async Task SendAsync(string subject, string text, string html)
    {
        var body = new BodyBuilder { TextBody = text, HtmlBody = html };
        body.Attachments.Add("файл.bin", [1, 2, 3]);
        var message = new MimeMessage { Subject = subject, Body = body.ToMessageBody() };
        message.From.Add(MailboxAddress.Parse("post@book.example"));
        message.To.Add(MailboxAddress.Parse("a@example.org"));
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", smtp, SecureSocketOptions.None);
        await client.SendAsync(message);
        await client.DisconnectAsync(quit: true);
    }
}

/// <summary>What the catcher keeps.</summary>
public sealed class CaughtMailsRules
{
    [Fact]
    public void the_last_mails_are_kept_and_no_more_than_so_many_and_so_long()
    {
        var mails = new CaughtMails(TimeProvider.System);
        for (var number = 1; number <= CaughtMails.Most + 5; number++) mails.Add(["a@example.org"], new MimeMessage(), 10);
        mails.All.Count.ShouldBe(CaughtMails.Most);
        mails.All[0].Id.ShouldBe(CaughtMails.Most + 5);
        mails.Find(5).ShouldBeNull();

        mails.Add(["a@example.org"], new MimeMessage(), CaughtMails.MostBytes + 1);
        mails.All.ShouldHaveSingleItem("a mail that is longer than all may be is the only one").Id.ShouldBe(CaughtMails.Most + 6);
    }
}
