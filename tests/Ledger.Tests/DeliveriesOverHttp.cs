using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Extracts.Deliveries;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>A ledger that may send mail, beside the one that may not.</summary>
public sealed class DeliveringHost : IAsyncLifetime
{
    public IssuingHost Issuing { get; } = new();

    public MailServer Server { get; private set; } = null!;

    public ServiceHost<Entry> Service { get; private set; } = null!;

    public ServiceSettings Settings { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Issuing.InitializeAsync();
        Server = await MailServer.CreateAsync();
        Settings = Issuing.Settings
            .With("ConnectionStrings:ledger", await TestInfrastructure.CreateDatabaseAsync("ledger"))
            .With("ConnectionStrings:bus", await TestInfrastructure.CreateVirtualHostAsync())
            .With("Issuer:Address", "https://book.example")
            .With("Mail:Host", "127.0.0.1")
            .With("Mail:Port", Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
            .With("Mail:Security", "none")
            .With("Mail:From", "Книжка волонтёра <post@book.example>");
        Service = await ServiceHost.StartAsync<Entry>(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Server.DisposeAsync();
        await Issuing.DisposeAsync();
    }

    public HttpClient Volunteer(Guid id) => Service.Client(Issuing.Authority.PersonToken(id));

    public async Task<T> QueryAsync<T>(string sql, params object[] values)
    {
        await using var command = Service.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }
}

/// <summary>Extracts leave by mail and by links, and the owner sees what became of them.</summary>
[Trait("Feature", "F8")]
public sealed class DeliveriesOverHttp(DeliveringHost host) : IClassFixture<DeliveringHost>
{
    private static readonly Guid Organisation = Guid.CreateVersion7();

    [Fact]
    public async Task names_and_addresses_lie_only_where_the_documents_say()
    {
        using var client = host.Volunteer(Guid.CreateVersion7());
        var ordered = await (await client.PostJsonAsync(
            "/api/v1/extracts", new OrderExtract(NameInCredential: true), idempotencyKey: "priem.kept@msu.example 1")).JsonAsync<ExtractReceipt>();
        foreach (var body in new object[] { new { email = "priem.kept@msu.example" }, new { recipient = "Комиссия Щукиной" } })
        {
            await (await client.PostJsonAsync($"/api/v1/extracts/{ordered.Id}/deliveries", body, idempotencyKey: Guid.NewGuid().ToString()))
                .ShouldBeAsync(HttpStatusCode.Created);
        }

        var credential = await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{ordered.Id}/credential", UriKind.Relative));
        var pages = await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{ordered.Id}/file", UriKind.Relative));
        foreach (var asked in new[] { host.Service.Client(), client })
        {
            foreach (var (file, type) in new[] { (credential, "application/vc+jwt"), (pages, "application/pdf") })
            {
                using var check = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/checks", UriKind.Relative))
                {
                    Content = new ByteArrayContent(file) { Headers = { ContentType = new(type) } },
                };
                check.Headers.Add("Idempotency-Key", "one for all");
                using var answer = await asked.SendAsync(check);
                await answer.ShouldBeAsync(HttpStatusCode.OK);
            }
        }

        await PersonalDataTables.ShouldBeAsListedAsync(
            host.Settings.Configuration["ConnectionStrings:ledger"], "Ledger", "Ёлкина", "Агния", "priem.kept@msu.example", "Комиссия Щукиной", "1999-01-31",
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("Ёлкина Агния")));
    }

    [Fact]
    public async Task four_hundred_entries_at_once_are_all_logged_and_one_key_logs_one()
    {
        using var client = host.Volunteer(Guid.CreateVersion7());
        using var bystander = host.Volunteer(Guid.CreateVersion7());
        var entry = new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(60, "2025-05-09T10:00:00")]);
        // Whoever is known to have a name is not asked for it again: all at once would ask for longer than the service waits.
        await (await client.PostJsonAsync("/api/v1/entries", entry)).ShouldBeAsync(HttpStatusCode.Created);
        var answers = await Crowd.ShouldBeAnsweredAsync(
            key => client.PostJsonAsync("/api/v1/entries", entry, idempotencyKey: key), () => bystander.GetResponseAsync("/api/v1/book"));
        answers.ShouldAllBe(status => status == HttpStatusCode.Created);
        (await client.GetJsonAsync("/api/v1/book")).GetProperty("totals").GetProperty("byStatus").ToString().ShouldContain("402");
    }

    [Fact]
    public async Task an_extract_goes_by_mail_with_its_number_and_the_place_to_check_it()
    {
        var (client, extract, number) = await OrderedAsync(host);
        await (await client.PostJsonAsync($"/api/v1/extracts/{extract}/deliveries", new { email = "priem@msu.example", language = "ru" }))
            .ShouldBeAsync(HttpStatusCode.Created);
        await Eventually.Is(async () => (await ListAsync(client, extract))[0].GetProperty("mail").GetString() == "sent");

        // The server tells of it on a way of its own.
        await Eventually.Is(() => Task.FromResult(host.Server.To("priem@msu.example").Count > 0));
        var message = host.Server.To("priem@msu.example").ShouldHaveSingleItem().Message;
        message.Subject.ShouldBe($"Выписка из книжки волонтёра {number}");
        message.TextBody!.ShouldContain($"https://book.example/check/{number}");
        message.TextBody!.ShouldContain("Ёлкина Агния Щербаковна передаёт вам выписку");
        var file = message.Attachments.ShouldHaveSingleItem().ShouldBeOfType<MimePart>();
        (file.FileName, file.ContentType.MimeType).ShouldBe(($"{number}.pdf", "application/pdf"));
        using var sent = new MemoryStream();
        await file.Content!.DecodeToAsync(sent, TestContext.Current.CancellationToken);
        sent.ToArray()
            .ShouldBe(await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{extract}/file", UriKind.Relative), TestContext.Current.CancellationToken));

        (await client.PostJsonAsync($"/api/v1/extracts/{extract}/deliveries", new { email = "550.nobody@msu.example", language = "en" })).StatusCode
            .ShouldBe(HttpStatusCode.Created);
        await Eventually.Is(async () => (await ListAsync(client, extract))[0].GetProperty("mail").GetString() == "failed");
        // Whom it went to is known beside the events, not in them.
        (await host.QueryAsync<long>("select count(*) from mt_events where data::text like '%msu.example%' or data::text like '%Ёлкина%'")).ShouldBe(0);
    }

    [Fact]
    public async Task a_link_for_a_named_recipient_needs_no_account_and_every_look_is_counted()
    {
        var (client, extract, number) = await OrderedAsync(host);
        var made = await LinkAsync(client, extract, 30);
        made.Link.ShouldStartWith("https://book.example/shared/");
        System.Buffers.Text.Base64Url.DecodeFromChars(made.Token).Length.ShouldBe(32);

        var shared = await (await Stranger.GetResponseAsync($"/api/v1/shared-extracts/{made.Token}")).ShouldBeAsync(HttpStatusCode.OK);
        shared.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var told = await shared.JsonAsync();
        (told.GetProperty("number").GetString(), told.GetProperty("giver").GetString(), told.GetProperty("recipient").GetString())
            .ShouldBe((number, "Ёлкина Агния Щербаковна", "Приёмная комиссия МГУ"));
        (told.GetProperty("until").GetDateTimeOffset() - DateTimeOffset.UtcNow).TotalDays.ShouldBeInRange(29.9, 30);
        (await Stranger.GetByteArrayAsync(new Uri($"/api/v1/shared-extracts/{made.Token}/file", UriKind.Relative), TestContext.Current.CancellationToken))
            .ShouldBe(await client.GetByteArrayAsync(new Uri($"/api/v1/extracts/{extract}/file", UriKind.Relative), TestContext.Current.CancellationToken));

        var listed = (await ListAsync(client, extract)).ShouldHaveSingleItem();
        (listed.GetProperty("opens").GetInt32(), listed.GetProperty("downloads").GetInt32(), listed.GetProperty("recipient").GetString())
            .ShouldBe((1, 1, "Приёмная комиссия МГУ"));
        listed.GetProperty("lastOpenedAt").ValueKind.ShouldBe(JsonValueKind.String);
        await (await host.Volunteer(Guid.CreateVersion7()).GetResponseAsync($"/api/v1/extracts/{extract}/deliveries")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_link_that_is_mailed_carries_no_file_and_is_told_once()
    {
        var (client, extract, number) = await OrderedAsync(host);
        var body = new { email = "a@msu.example", recipient = "Приёмная комиссия", daysValid = 7, language = "en" };
        var path = $"/api/v1/extracts/{extract}/deliveries";
        var first = await (await (await client.PostJsonAsync(path, body, idempotencyKey: "once")).ShouldBeAsync(HttpStatusCode.Created)).JsonAsync();
        var link = first.GetProperty("link").GetString()!;
        var again = await (await (await client.PostJsonAsync(path, body, idempotencyKey: "once")).ShouldBeAsync(HttpStatusCode.Created)).JsonAsync();
        (again.GetProperty("id").GetGuid(), again.TryGetProperty("link", out _)).ShouldBe((first.GetProperty("id").GetGuid(), false));

        await Eventually.Is(() => Task.FromResult(host.Server.To("a@msu.example").Count == 1));
        var message = host.Server.To("a@msu.example")[0].Message;
        message.Attachments.ShouldBeEmpty();
        message.TextBody!.ShouldContain(link);
        message.Subject.ShouldBe($"Extract from a volunteer book {number}");
        await Eventually.Is(async () => (await ListAsync(client, extract))[0].GetProperty("mail").GetString() == "sent");
        // Once the mail is out, the token is nowhere in the database.
        var token = link.Split('/')[^1];
        (await host.QueryAsync<long>(
            """
            select (select count(*) from idempotent_requests where position($1 in convert_from(body, 'UTF8')) > 0) + (select count(*) from outgoing_mail m
                where position($1 in m::text) > 0)
                + (select count(*) from extract_deliveries d where position($1 in d::text) > 0) + (select count(*) from mt_events
                    where position($1 in data::text) > 0)
            """, token)).ShouldBe(0);
    }

    [Fact]
    public async Task a_link_that_ended_was_taken_back_or_never_was_and_one_to_what_no_longer_stands_look_alike()
    {
        var (client, extract, _) = await OrderedAsync(host);
        var (withdrawn, open) = (await LinkAsync(client, extract, 30), await LinkAsync(client, extract, 30));
        await (await client.DeleteAsync($"/api/v1/extracts/{extract}/deliveries/{withdrawn.Id}", 7))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await host.Volunteer(Guid.CreateVersion7()).DeleteAsync($"/api/v1/extracts/{extract}/deliveries/{withdrawn.Id}", 1))
            .ProblemAsync(HttpStatusCode.NotFound);
        await (await client.DeleteAsync($"/api/v1/extracts/{extract}/deliveries/{withdrawn.Id}", 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        (await ListAsync(client, extract)).Count(one => one.GetProperty("withdrawnAt").ValueKind == JsonValueKind.String).ShouldBe(1);

        await using var later = await ServiceHost.StartAsync<Entry>(
            host.Settings with { Address = null, ConfigureServices = services => services.AddSingleton<TimeProvider>(new InAMonth()) });
        var (owner, changed, entry) = await ConfirmedAsync();
        var revoked = await LinkAsync(owner, changed, 365);
        await (await Stranger.GetResponseAsync($"/api/v1/shared-extracts/{revoked.Token}")).ShouldBeAsync(HttpStatusCode.OK);
        host.Issuing.Verification.Publish(new ConfirmationRevokedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await owner.GetJsonAsync($"/api/v1/extracts/{changed}")).GetProperty("stands").GetBoolean() == false);
        await (await owner.PostJsonAsync($"/api/v1/extracts/{changed}/deliveries", new { recipient = "Кто-нибудь" }))
            .ProblemAsync(HttpStatusCode.Conflict, "document-changed");

        foreach (var suffix in new[] { "", "/file" })
        {
            var bodies = new List<string>();
            foreach (var (who, token) in new[]
            {
                (Stranger, withdrawn.Token),
                (later.Client(), open.Token),
                (Stranger, revoked.Token),
                (Stranger, LinkToken.New()),
                (Stranger, "1"),
            })
            {
                var problem = await (await who.GetResponseAsync($"/api/v1/shared-extracts/{token}{suffix}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
                bodies.Add(JsonSerializer.Serialize(problem with { TraceId = null }));
            }

            bodies.Distinct().ShouldHaveSingleItem();
            await (await Stranger.GetResponseAsync($"/api/v1/shared-extracts/{open.Token}{suffix}")).ShouldBeAsync(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task where_no_mail_server_is_configured_a_mail_is_refused_and_a_link_is_not()
    {
        var (client, extract, _) = await OrderedAsync(host.Issuing.Volunteer(Guid.CreateVersion7()));
        await (await client.PostJsonAsync($"/api/v1/extracts/{extract}/deliveries", new { email = "a@example.org" }))
            .ProblemAsync(HttpStatusCode.Conflict, "mail-not-configured");
        (await ListAsync(client, extract)).ShouldBeEmpty();
        (await LinkAsync(client, extract, 1)).Link.ShouldNotBeNull();
    }

    [Fact]
    public async Task of_many_links_at_once_none_gets_past_the_bound()
    {
        var (client, extract, _) = await OrderedAsync(host.Issuing.Volunteer(Guid.CreateVersion7()));
        var given = await Task.WhenAll(Enumerable.Range(0, DeliverExtractEndpoint.MostDeliveries + 10).Select(number =>
            client.PostJsonAsync($"/api/v1/extracts/{extract}/deliveries", new { recipient = $"Комиссия {number}", daysValid = 1 })));
        given.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(DeliverExtractEndpoint.MostDeliveries);
        given.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(10);
    }

    private static readonly DateTimeOffset Now = new(2026, 5, 9, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{}""", "recipient-missing")]
    [InlineData("""{"email":"a"}""", "email-shape")]
    [InlineData("""{"email":"a@example.org\r\nBcc: b@example.org"}""", "email-shape")]
    [InlineData("""{"recipient":" "}""", "text-missing")]
    [InlineData("""{"recipient":"x","daysValid":0}""", "days-out-of-range")]
    [InlineData("""{"recipient":"x","daysValid":366}""", "days-out-of-range")]
    [InlineData("""{"recipient":"x","language":"de"}""", "unknown-language")]
    public void what_cannot_be_delivered_is_refused(string body, string code) =>
        DeliverExtractEndpoint.Decide(AnExtract, true, 0, JsonSerializer.Deserialize<DeliverExtract>(body, Json.Options)!, Now).Refusal!.Code.ShouldBe(code);

    [Fact]
    public void a_link_ends_after_its_days_and_an_extract_is_given_away_a_hundred_times_at_most()
    {
        DeliverExtractEndpoint.Decide(AnExtract, true, 0, new DeliverExtract(Recipient: "x", DaysValid: 365), Now).Events.ShouldHaveSingleItem()
            .ShouldBe(new ExtractDelivered(AnExtract.VolunteerId, AnExtract.Id, false, Now.AddDays(365), Now));
        DeliverExtractEndpoint.Decide(AnExtract, true, 99, new DeliverExtract("a@example.org"), Now).Events.ShouldHaveSingleItem()
            .ShouldBe(new ExtractDelivered(AnExtract.VolunteerId, AnExtract.Id, true, null, Now));
        DeliverExtractEndpoint.Decide(AnExtract, true, 100, new DeliverExtract("a@example.org"), Now).Refusal!.Code.ShouldBe("too-many-deliveries");
        DeliverExtractEndpoint.Decide(AnExtract, false, 0, new DeliverExtract("a@example.org"), Now).Refusal!.Code.ShouldBe("document-changed");
    }

    [Fact]
    public void only_a_link_can_be_taken_back_and_only_once()
    {
        var delivery = Delivery.Create(new ExtractDelivered(Guid.Empty, Guid.Empty, false, Now.AddDays(1), Now));
        var decision = WithdrawDeliveryEndpoint.Decide(delivery, Now);
        decision.Events.ShouldBe([new ExtractLinkWithdrawn(Now)]);
        delivery.IsOpen(Now.AddDays(1).AddTicks(-1)).ShouldBeTrue();
        delivery.IsOpen(Now.AddDays(1)).ShouldBeFalse();
        var after = delivery.Apply((ExtractLinkWithdrawn)decision.Events[0]);
        after.IsOpen(Now).ShouldBeFalse();
        WithdrawDeliveryEndpoint.Decide(after, Now).ShouldBe(Decision.Nothing);
        WithdrawDeliveryEndpoint.Decide(Delivery.Create(new ExtractDelivered(Guid.Empty, Guid.Empty, true, null, Now)), Now).Refusal!.Code.ShouldBe("no-link");
    }

    private static Extract AnExtract { get; } = new()
    {
        Id = Guid.CreateVersion7(),
        VolunteerId = Guid.CreateVersion7(),
        Number = "VB-2026-7QX4M-K2DT9",
        Language = "ru",
        Scope = new ExtractScope(),
        Grades = GradedMinutes.None,
        Holds = [],
        Sha256 = "",
    };

    private HttpClient Stranger => host.Service.Client();

    private static Task<(HttpClient Client, Guid Extract, string Number)> OrderedAsync(DeliveringHost host) =>
        OrderedAsync(host.Volunteer(Guid.CreateVersion7()));

    private static async Task<(HttpClient Client, Guid Extract, string Number)> OrderedAsync(HttpClient client)
    {
        var receipt = await (await client.PostJsonAsync("/api/v1/extracts", new OrderExtract())).JsonAsync<ExtractReceipt>();
        return (client, receipt.Id, receipt.Number);
    }

    private async Task<(HttpClient Client, Guid Extract, Guid Entry)> ConfirmedAsync()
    {
        var client = host.Volunteer(Guid.CreateVersion7());
        var entry = await (await client.PostJsonAsync(
            "/api/v1/entries",
            new LogEntry(Organisation, "Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(60, "2025-05-09T10:00:00")], Submit: true))).IdAsync();
        host.Issuing.Verification.Publish(new CaseConfirmedV1(CaseIds.Of(entry, 1), entry, 1, Organisation, "kid", DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == "confirmed");
        return (client, (await OrderedAsync(client)).Extract, entry);
    }

    private static async Task<(Guid Id, string Link, string Token)> LinkAsync(HttpClient client, Guid extract, int daysValid)
    {
        var made = await (await (await client.PostJsonAsync($"/api/v1/extracts/{extract}/deliveries", new { recipient = "Приёмная комиссия МГУ", daysValid }))
            .ShouldBeAsync(HttpStatusCode.Created)).JsonAsync();
        var link = made.GetProperty("link").GetString()!;
        return (made.GetProperty("id").GetGuid(), link, link.Split('/')[^1]);
    }

    private static async Task<List<JsonElement>> ListAsync(HttpClient client, Guid extract) =>
        [.. (await client.GetJsonAsync($"/api/v1/extracts/{extract}/deliveries")).GetProperty("items").EnumerateArray()];

    private sealed class InAMonth : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(30);
    }
}
