using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Mail goes with what causes it, to a real server: once, again where it may help, and not for ever.</summary>
public sealed class MailTests : IAsyncLifetime
{
    private readonly CountingSystem system = new();
    private MailServer server = null!;
    private RunningService service = null!;

    public async ValueTask InitializeAsync()
    {
        await system.InitializeAsync();
        server = await MailServer.CreateAsync(started: false);
        service = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await system.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task a_mail_is_sent_once_although_the_process_is_stopped_between()
    {
        var id = await QueueAsync(new MailMessage(
            "a@example.org", "Выписка № 1", "Здравствуйте!\nВот она.", new MailAttachment("Выписка.pdf", "application/pdf", [1, 2, 3])));
        await Eventually.Is(async () => (await RowAsync<int>("attempts", id)).ShouldBeGreaterThan(0));
        (await RowAsync<string>("last_error", id)).ShouldBe("unreachable");
        await service.StopAsync();
        await server.StartAsync();
        // Two instances: one leads and sends, and the other must not as well.
        service = await StartAsync();
        await StartAsync(ServiceSettings.FreeAddress());
        await DueNowAsync();
        await ShouldBeAsync(id, "sent");

        var received = (await ReceivedAsync(1)).ShouldHaveSingleItem();
        (received.From, received.To.ShouldHaveSingleItem()).ShouldBe(("post@book.example", "a@example.org"));
        var message = received.Message;
        (message.Subject, message.From.Mailboxes.Single().Name, message.TextBody!.ReplaceLineEndings("\n").TrimEnd())
            .ShouldBe(("Выписка № 1", "Книжка волонтёра", "Здравствуйте!\nВот она."));
        message.MessageId.ShouldBe($"{id:N}@book.example");
        message.HtmlBody!.ShouldContain("Здравствуйте!<br>Вот она.");
        var file = message.Attachments.ShouldHaveSingleItem().ShouldBeOfType<MimePart>();
        (file.FileName, file.ContentType.MimeType).ShouldBe(("Выписка.pdf", "application/pdf"));
        using var bytes = new MemoryStream();
        await file.Content!.DecodeToAsync(bytes, TestContext.Current.CancellationToken);
        bytes.ToArray().ShouldBe([1, 2, 3]);
        await ShouldBeEmptiedAsync(id);
    }

    [Fact]
    public async Task a_server_that_says_later_is_asked_again_after_growing_pauses()
    {
        await server.StartAsync();
        var id = await QueueAsync(new MailMessage("451-twice.b@example.org", "Привет", "Текст"));
        var pauses = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await Eventually.Is(async () => (await RowAsync<int>("attempts", id)).ShouldBe(attempt));
            (await RowAsync<int>("last_code", id)).ShouldBe(451);
            pauses.Add(await RowAsync<TimeSpan>("next_at - last_at", id));
            await DueNowAsync();
        }

        pauses[1].ShouldBeGreaterThan(pauses[0] * 1.5);
        await ShouldBeAsync(id, "sent");
        (await ReceivedAsync(1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_mail_that_will_never_be_taken_is_given_up_at_once_and_visibly()
    {
        await server.StartAsync();
        var refused = await QueueAsync(new MailMessage("550.c@example.org", "Привет", "Текст"));
        var taken = await QueueAsync(new MailMessage("d@example.org", "Привет", "Текст"));
        await ShouldBeAsync(refused, "failed");
        (await RowAsync<int>("attempts", refused), await RowAsync<int>("last_code", refused), await RowAsync<string>("last_error", refused))
            .ShouldBe((1, 550, "refused"));
        await ShouldBeEmptiedAsync(refused);
        // It holds up no other.
        await ShouldBeAsync(taken, "sent");
        (await ReceivedAsync(1)).ShouldHaveSingleItem().To.ShouldBe(["d@example.org"]);
    }

    [Fact]
    public async Task a_mail_that_was_taken_and_not_noted_is_sent_again_as_the_same_message()
    {
        await server.StartAsync();
        // As when the process dies between the server's answer and its note of it.
        await service.QueryAsync<int>("create sequence fallen");
        await service.QueryAsync<int>(
            "create function fall_over() returns trigger language plpgsql as $$ begin perform nextval('fallen'); raise 'fell over'; end $$");
        await service.QueryAsync<int>(
            "create trigger fall_over before update on outgoing_mail for each row when (new.status = 'sent') execute function fall_over()");
        var id = await QueueAsync(new MailMessage("e@example.org", "Привет", "Текст"));
        // A sequence is not rolled back: it tells that the note was tried. The server has the mail a moment before that.
        await Eventually.Is(async () => (await service.QueryAsync<bool>("select is_called from fallen"))[0]);
        (await ReceivedAsync(1)).Count.ShouldBe(1);
        await service.QueryAsync<int>("drop trigger fall_over on outgoing_mail");
        (await RowAsync<string>("status", id)).ShouldBe("waiting");
        await service.QueryAsync<int>("update outgoing_mail set claimed_until = now() - interval '1 second'");
        await ShouldBeAsync(id, "sent");
        (await ReceivedAsync(2)).Select(mail => mail.Message.MessageId).ShouldBe([$"{id:N}@book.example", $"{id:N}@book.example"]);
    }

    [Fact]
    public async Task a_mail_goes_with_its_cause_or_not_at_all()
    {
        await server.StartAsync();
        var counter = Guid.CreateVersion7();
        foreach (var by in new[] { "f@example.org", "g@example.org" })
        {
            await using var session = service.Store.LightweightSession();
            session.Events.StartStream<Counter>(counter, new Counted(1));
            service.Services.GetRequiredService<OutgoingMail>().Queue(session, Guid.NewGuid(), new MailMessage(by, "Привет", "Текст"));
            // The second time the stream is there already.
            await Should.NotThrowAsync(async () => await session.SaveChangesAsync().ContinueWith(_ => { }));
        }

        var last = await QueueAsync(new MailMessage("h@example.org", "Привет", "Текст"));
        await ShouldBeAsync(last, "sent");
        (await ReceivedAsync(2)).SelectMany(mail => mail.To).ShouldBe(["f@example.org", "h@example.org"]);
    }

    [Fact]
    public async Task one_person_causes_so_many_mails_a_day_and_others_are_not_held_up()
    {
        var busy = Guid.NewGuid();
        for (var sent = 0; sent < OutgoingMail.MostOfAPerson; sent++)
        {
            await QueueAsync(new MailMessage($"k{sent}@example.org", "Привет", "Текст"), busy);
        }

        (await Should.ThrowAsync<RefusedException>(() => QueueAsync(new MailMessage("l@example.org", "Привет", "Текст"), busy))).Refusal.Code
            .ShouldBe("too-many-mails");
        await QueueAsync(new MailMessage("l@example.org", "Привет", "Текст"));

        // The next day.
        await service.QueryAsync<int>("update mail_counts set day = day - 1");
        await QueueAsync(new MailMessage("l@example.org", "Привет", "Текст"), busy);
    }

    [Fact]
    public async Task of_many_that_one_person_causes_at_once_no_more_go_than_the_day_has_left()
    {
        var busy = Guid.NewGuid();
        var refusals = await Task.WhenAll(Enumerable.Range(0, OutgoingMail.MostOfAPerson + 10).Select(async number =>
        {
            try
            {
                await QueueAsync(new MailMessage($"m{number}@example.org", "Привет", "Текст"), busy);
                return null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal.Code;
            }
        }));

        refusals.Count(code => code is null).ShouldBe(OutgoingMail.MostOfAPerson);
        refusals.OfType<string>().ShouldAllBe(code => code == "too-many-mails");
        (await service.QueryAsync<int>("select count(*)::int from outgoing_mail where recipient like 'm%@example.org'"))[0]
            .ShouldBe(OutgoingMail.MostOfAPerson);
    }

    [Theory]
    [InlineData("Дом милосердия «Надежда», г. Тверь", "Дом милосердия «Надежда», г. Тверь")]
    [InlineData("Jean-Luc O’Brien Jr.", "Jean-Luc O’Brien Jr.")]
    [InlineData("Анна. Ваш счёт закрыт: https://evil.example/login", "Анна. Ваш счёт закрыт https evil example login")]
    [InlineData("www.evil.example", "www evil example")]
    [InlineData("вклад@банк.рф", "вклад банк рф")]
    [InlineData("Анна\r\n\r\nВы выиграли приз", "Анна Вы выиграли приз")]
    [InlineData("＜a href＝x＞ evil。example", "a href x evil example")]
    public void a_name_in_a_mail_is_a_name_and_no_link(string typed, string written) => MailMessage.Name(typed).ShouldBe(written);

    [Fact]
    public void a_name_in_a_mail_is_no_letter() => MailMessage.Name(string.Join(' ', Enumerable.Repeat("слово", 100))).Length.ShouldBeLessThanOrEqualTo(101);

    [Fact]
    public async Task without_a_server_mail_is_refused_and_nothing_else_suffers()
    {
        await using var without = await system.StartCountingAsync(ServiceSettings.FreeAddress());
        await using var session = without.Store.LightweightSession();
        var refusal = Should.Throw<RefusedException>(() => without.Services.GetRequiredService<OutgoingMail>()
            .Queue(session, Guid.NewGuid(), new MailMessage("i@example.org", "Привет", "Текст"))).Refusal;
        (refusal.Code, refusal.Status).ShouldBe(("mail-not-configured", (int)HttpStatusCode.Conflict));
        (await without.Client().GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task what_waits_where_no_server_is_configured_any_more_is_given_up_after_three_days_and_nothing_of_it_is_kept()
    {
        // The server is not there yet: both wait.
        var over = await QueueAsync(new MailMessage("n@example.org", "Привет", "Текст"));
        var waits = await QueueAsync(new MailMessage("o@example.org", "Привет", "Текст"));
        await Eventually.Is(async () => (await RowAsync<int>("attempts", waits)).ShouldBeGreaterThan(0));
        await service.QueryAsync<int>($"update outgoing_mail set at = at - interval '3 days' where id = '{over}'");
        await service.StopAsync();
        service = await system.StartCountingAsync(ServiceSettings.FreeAddress());
        await Eventually.Is(async () => (await RowAsync<string>("status || ' ' || last_error", over)).ShouldBe("failed no-server"));
        (await RowAsync<bool>("recipient is null and subject is null and body is null", over)).ShouldBeTrue();
        (await RowAsync<string>("status || ' ' || recipient", waits)).ShouldBe("waiting o@example.org");
    }

    [Fact]
    public async Task a_server_without_starttls_gets_nothing_where_it_was_asked_for()
    {
        await server.StartAsync();
        await service.StopAsync();
        service = await StartAsync(security: "starttls");
        var id = await QueueAsync(new MailMessage("j@example.org", "Привет", "Текст"));
        await Eventually.Is(async () => (await RowAsync<string>("last_error", id)).ShouldBe("not-secured"));
        server.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Mail:From", "кто угодно")]
    [InlineData("Mail:Security", "ssl3")]
    public async Task a_setting_that_is_wrong_stops_the_start_and_is_named(string name, string value) =>
        (await Should.ThrowAsync<InvalidOperationException>(
            () => system.StartCountingAsync(ServiceSettings.FreeAddress(), settings => With(settings).With(name, value)))).Message.ShouldContain(name);

    private Task<RunningService> StartAsync(Uri? address = null, string security = "none") =>
        system.StartCountingAsync(address ?? ServiceSettings.FreeAddress(), settings => With(settings).With("Mail:Security", security));

    private ServiceSettings With(ServiceSettings settings) => settings
        .With("Mail:Host", "127.0.0.1")
        .With("Mail:Port", server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
        .With("Mail:From", "Книжка волонтёра <post@book.example>");

    private async Task<Guid> QueueAsync(MailMessage mail, Guid? sender = null)
    {
        await using var session = service.Store.LightweightSession();
        var id = service.Services.GetRequiredService<OutgoingMail>().Queue(session, sender ?? Guid.NewGuid(), mail);
        await session.SaveChangesAsync();
        return id;
    }

    // As if the pause had passed.
    private async Task DueNowAsync() =>
        await service.QueryAsync<int>("update outgoing_mail set next_at = now() - interval '1 minute' where status = 'waiting'");

    private async Task<T> RowAsync<T>(string column, Guid id) => (await service.QueryAsync<T>($"select {column} from outgoing_mail where id = $1", id))[0];

    // The server tells of a mail on a way of its own, which may be later than the service's note.
    private async Task<IReadOnlyList<ReceivedMail>> ReceivedAsync(int mails)
    {
        await Eventually.Is(() =>
        {
            server.Received.Count.ShouldBeGreaterThanOrEqualTo(mails);
            return Task.CompletedTask;
        });
        return server.Received;
    }

    private Task ShouldBeAsync(Guid id, string status) => Eventually.Is(async () => (await RowAsync<string>("status", id)).ShouldBe(status));

    private async Task ShouldBeEmptiedAsync(Guid id) =>
        (await RowAsync<string>("concat(recipient, subject, body, file, file_name, '.')", id)).ShouldBe(".");
}

/// <summary>What a mail is made of, and when it is tried again.</summary>
public sealed class MailRules
{
    private static readonly DateTimeOffset At = new(2026, 5, 9, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("name@example.org", true)]
    [InlineData("имя@example.org", false)]
    [InlineData("name@почта.рф", true)]
    [InlineData("name@localhost", false)]
    [InlineData("Name <name@example.org>", false)]
    [InlineData("a@example.org, b@example.org", false)]
    [InlineData("a@example.org\r\nBcc: b@example.org", false)]
    [InlineData("a@example.org>\r\nRCPT TO:<b@example.org", false)]
    [InlineData("name", false)]
    [InlineData("@example.org", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void one_plain_address_is_taken_and_nothing_else(string? address, bool taken) =>
        (MailMessage.CheckAddress("email", address) is null).ShouldBe(taken);

    [Theory]
    [InlineData("\r\nBcc: evil@example.org")]
    [InlineData("\nBcc: evil@example.org\n\nbody")]
    [InlineData("\rBcc: evil@example.org")]
    public void nothing_that_stands_in_a_text_becomes_a_header(string text)
    {
        var message = new MailMessage("a@example.org", "Тема" + text, "Текст" + text, new MailAttachment("file" + text, "application/pdf", [1])).ToMessage(
            Guid.CreateVersion7(), new MailboxAddress("Книжка" + text, "b@example.org"), At);
        using var raw = new MemoryStream();
        message.WriteTo(raw);
        var head = Encoding.ASCII.GetString(raw.ToArray()).ReplaceLineEndings("\n").Split("\n\n")[0];
        head.Split('\n').ShouldNotContain(line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        raw.Position = 0;
        var read = MimeMessage.Load(raw, TestContext.Current.CancellationToken);
        (read.Bcc.Count, read.To.Count, read.Headers.Contains(HeaderId.Bcc)).ShouldBe((0, 1, false));
        read.Subject.ShouldStartWith("Тема");
    }

    [Fact]
    public void a_mail_says_the_same_in_html_and_nothing_of_it_is_fetched_or_run()
    {
        var mail = new MailMessage(
            "a@example.org", "Подтвердите <адрес>",
            """
            Здравствуйте, <b>Анна</b>!
            Вот ссылка.

            Подтвердить адрес:
            https://book.example/account/confirm?token=a&b=c

            Проверит каждый: https://book.example/check/1.

            Кто угодно открывает вам выписку до завтра, до пяти часов вечера:
            https://book.example/shared/x
            """);
        var html = MailFrame.Html(mail);
        html.ShouldContain("<html lang=\"ru\">");
        html.ShouldContain("Здравствуйте, &lt;b&gt;Анна&lt;/b&gt;!<br>Вот ссылка.");
        html.ShouldContain("Подтвердите &lt;адрес&gt;</h1>");
        // A button that is named by the short line before it, and one that is not.
        html.ShouldMatch("<a href=\"https://book.example/account/confirm\\?token=a&amp;b=c\"[^>]*>Подтвердить адрес</a>");
        html.ShouldMatch("пяти часов вечера:</p>\\s*<p[^>]*><a href=\"https://book.example/shared/x\"[^>]*>Открыть страницу</a>");
        html.ShouldContain("Проверит каждый: <a href=\"https://book.example/check/1\"");
        html.ShouldContain("https://book.example/check/1</a>.");
        html.ShouldNotContain("src=");
        html.ShouldNotContain("<script");
        html.ShouldContain(">Электронная книжка волонтёра</span>");
        MailFrame.Html(mail with { Language = "en" }).ShouldContain(">Volunteer’s electronic book</span>");

        var message = mail.ToMessage(Guid.CreateVersion7(), new MailboxAddress("Книжка", "b@example.org"), At);
        (message.TextBody, message.HtmlBody).ShouldBe((mail.Text, html));
    }

    // A colour that is changed there is changed here.
    [Fact]
    public void a_mail_has_the_colours_of_the_pages_in_the_light()
    {
        var tokens = File.ReadAllText(Path.Combine(Root(), "services", "Shared", "Design", "css", "tokens.css"));
        var colours = Regex.Matches(MailFrame.Html(new MailMessage("a@example.org", "Тема", "https://book.example/")), "#[0-9a-f]{3,6}(?=[;\"])")
            .Select(match => match.Value).Distinct().ToList();
        colours.Count.ShouldBeGreaterThan(5);
        colours.ShouldAllBe(colour => tokens.Contains($"light-dark({colour},", StringComparison.Ordinal));
    }

    private static string Root([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..");

    [Fact]
    public void pauses_grow_to_four_hours_and_end_after_three_days()
    {
        var later = new MailReply(false, 451, "refused");
        var (now, pauses) = (At, new List<TimeSpan>());
        for (var attempts = 1; MailAttempt.Decide(At, attempts, later, now, 0).NextAt is { } next; attempts++)
        {
            pauses.Add(next - now);
            now = next;
        }

        pauses.Take(4).ShouldBe([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(8)]);
        pauses.Max().ShouldBe(TimeSpan.FromHours(4));
        (now - At).ShouldBeInRange(TimeSpan.FromDays(3), TimeSpan.FromDays(3) + TimeSpan.FromHours(4));
        MailAttempt.Decide(At, 1, later, At.AddDays(3), 0).ShouldBe(new MailAttempt(MailStatus.Failed, null));
        MailAttempt.Decide(At, 1, later with { Final = true }, At, 0).ShouldBe(new MailAttempt(MailStatus.Failed, null));
        MailAttempt.Decide(At, 99, MailReply.Taken, At.AddDays(4), 0).ShouldBe(new MailAttempt(MailStatus.Sent, null));
    }
}
