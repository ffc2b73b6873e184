using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Gateway.Tests;

public sealed class LimitTests(WholeSystem system) : IClassFixture<WholeSystem>
{
    [Fact]
    public async Task a_caller_that_calls_too_often_is_asked_to_wait_and_others_are_not()
    {
        await using var gateway = await GatewayService.StartAsync(
            system.Services.Values, ("Gateway:RateLimit:PerSecond", "1"), ("Gateway:RateLimit:Burst", "3"));
        for (var call = 0; call < 3; call++) (await CallAsync(gateway, "anna")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // A token may have come back meanwhile on a slow machine: of many calls most are refused.
        var more = new List<HttpResponseMessage>();
        for (var call = 0; call < 10; call++) more.Add(await CallAsync(gateway, "anna"));
        var refused = more.First(answer => answer.StatusCode is not HttpStatusCode.OK);
        await refused.ShouldBeProblemAsync(429, "too-many-requests");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));

        (await CallAsync(gateway, "pavel")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(gateway, null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        for (var probe = 0; probe < 20; probe++) (await gateway.Http.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_caller_with_hundreds_of_calls_at_once_has_few_under_way_and_others_come_through()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        var release = new TaskCompletionSource();
        ledger.Answer = http => http.Request.Headers.Authorization.ToString().Contains(Token("""{"sub":"pavel"}"""), StringComparison.Ordinal)
            ? Task.CompletedTask
            : release.Task;
        await using var gateway = await GatewayService.StartAsync(
            [.. system.Services.Values.Where(service => service.Name != "ledger"), ledger], ("Gateway:RateLimit:AtOnce", "3"));
        var crowd = Enumerable.Range(0, 300).Select(_ => CallAsync(gateway, "anna")).ToList();
        await Eventually.Is(() => Task.FromResult(ledger.Requests.Count == 3));

        (await CallAsync(gateway, "pavel")).StatusCode.ShouldBe(HttpStatusCode.OK);
        ledger.Requests.Count.ShouldBe(4);
        release.SetResult();
        (await Task.WhenAll(crowd)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        ledger.Requests.Count.ShouldBe(301);
    }

    [Fact]
    public async Task who_hands_in_hundreds_of_documents_to_be_checked_has_few_under_way()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        var release = new TaskCompletionSource();
        ledger.Answer = http => HttpMethods.IsGet(http.Request.Method) ? Task.CompletedTask : release.Task;
        await using var gateway = await GatewayService.StartAsync(
            [.. system.Services.Values.Where(service => service.Name != "ledger"), ledger], ("Gateway:RateLimit:ChecksAtOnceAndAddress", "3"));
        // Names in tokens are nobody's proof here.
        var crowd = Enumerable.Range(0, 100)
            .Select(i => SendAsync(gateway, HttpMethod.Post, "/api/v1/checks", i % 2 == 0 ? null : "invented-" + i, Typed("application/pdf"))).ToList();
        await Eventually.Is(() => Task.FromResult(ledger.Requests.Count == 3));

        // Neither does a second type.
        var address = gateway.Http.BaseAddress!;
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/checks HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type:\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n%PDF-"));

        // Whoever asks by a number, and whoever asks for something else, waits for none of them.
        (await SendAsync(gateway, HttpMethod.Get, "/api/v1/checks/VB-2026-7QX4M-K2DT9", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(gateway, "pavel")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var number = SendAsync(gateway, HttpMethod.Post, "/api/v1/checks", null, new StringContent("{}", Encoding.UTF8, "application/json"));
        await Eventually.Is(() => Task.FromResult(ledger.Requests.Any(request => request.Headers.ContentType == "application/json; charset=utf-8")));
        ledger.Requests.Count.ShouldBe(6);
        release.SetResult();
        (await Task.WhenAll([.. crowd, number])).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        await Eventually.Is(() => Task.FromResult(ledger.Requests.Count == 104));
    }

    [Fact]
    public async Task files_on_the_portals_page_are_few_at_once_and_stand_in_nobody_elses_way()
    {
        await using var portal = await StubService.StartAsync("portal");
        var release = new TaskCompletionSource();
        portal.Answer = http => HttpMethods.IsGet(http.Request.Method) ? Task.CompletedTask : release.Task;
        await using var gateway = await GatewayService.StartAsync(
            [.. system.Services.Values.Where(service => service.Name != "portal"), portal], ("Gateway:RateLimit:ChecksAtOnceAndAddress", "3"));
        var crowd = Enumerable.Range(0, 20)
            .Select(_ => SendAsync(gateway, HttpMethod.Post, "/check", null, new MultipartFormDataContent { { new StringContent("%PDF-"), "file", "file" } }))
            .ToList();
        await Eventually.Is(() => Task.FromResult(portal.Requests.Count == 3));

        (await SendAsync(gateway, HttpMethod.Get, "/check", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(gateway, HttpMethod.Post, "/api/v1/checks", null, Typed("application/pdf"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        portal.Requests.Count.ShouldBe(4);
        release.SetResult();
        (await Task.WhenAll(crowd)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task feeds_that_are_read_slowly_keep_their_reader_from_nothing_else()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        var release = new TaskCompletionSource();
        ledger.Answer = http => http.Request.Path.StartsWithSegments("/api/v1/events") ? release.Task : Task.CompletedTask;
        await using var gateway = await GatewayService.StartAsync(
            [.. system.Services.Values.Where(service => service.Name != "ledger"), ledger], ("Gateway:RateLimit:AtOnce", "1"),
            ("Gateway:RateLimit:FeedsAtOnce", "3"));
        var feeds = Enumerable.Range(0, 4).Select(_ => SendAsync(gateway, HttpMethod.Get, "/api/v1/events/ledger", "analyst")).ToList();
        await Eventually.Is(() => Task.FromResult(ledger.Requests.Count == 3));

        (await CallAsync(gateway, "analyst")).StatusCode.ShouldBe(HttpStatusCode.OK);
        ledger.Requests.Count.ShouldBe(4);
        release.SetResult();
        (await Task.WhenAll(feeds)).ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task whoever_is_kept_waiting_too_long_is_asked_to_come_again()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        var release = new TaskCompletionSource();
        ledger.Answer = _ => release.Task;
        await using var gateway = await GatewayService.StartAsync(
            [.. system.Services.Values.Where(service => service.Name != "ledger"), ledger],
            ("Gateway:RateLimit:AtOnce", "1"),
            ("Gateway:RateLimit:LongestWait", "00:00:00.2"));
        var first = CallAsync(gateway, "anna");
        await Eventually.Is(() => Task.FromResult(ledger.Requests.Count == 1));

        var late = await CallAsync(gateway, "anna");
        await late.ShouldBeProblemAsync(429, "too-many-requests");
        late.Headers.RetryAfter.ShouldNotBeNull();
        release.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await CallAsync(gateway, "anna")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task invented_names_do_not_help_against_the_limit_of_an_address()
    {
        await using var gateway = await GatewayService.StartAsync(
            system.Services.Values, ("Gateway:RateLimit:PerSecondAndAddress", "1"), ("Gateway:RateLimit:BurstOfAddress", "3"));
        var statuses = new List<HttpStatusCode>();
        for (var call = 0; call < 20; call++) statuses.Add((await CallAsync(gateway, "invented-" + call)).StatusCode);
        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("""{"iss":"x","sub":"anna","aud":["a","b"]}""", "anna")]
    [InlineData("""{"nested":{"sub":"no"},"sub":"yes"}""", "yes")]
    [InlineData("""{"sub":17}""", null)]
    [InlineData("""{"iss":"x"}""", null)]
    [InlineData("""["sub","anna"]""", null)]
    [InlineData("""{"sub":"anna""", null)]
    [InlineData("""{"sub":"\ud800"}""", null)]
    [InlineData("", null)]
    public void the_subject_of_a_token_is_read_as_it_stands(string payload, string? subject) =>
        BearerToken.Subject("Bearer " + Token(payload)).ShouldBe(subject);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer abc")]
    [InlineData("Bearer a.b")]
    [InlineData("Bearer a.!!!.c")]
    [InlineData("Basic YTpi")]
    public void what_is_no_token_has_no_subject(string? authorization) => BearerToken.Subject(authorization).ShouldBeNull();

    [Fact]
    public void any_text_after_bearer_is_read_without_a_fault() =>
        CsCheck.Check.Sample(CsCheck.Gen.String, text => BearerToken.Subject("Bearer x." + text + ".y") is null or { Length: <= 128 });

    // Whoever posts a form has a page before them.
    [Fact]
    public async Task who_has_a_page_before_them_is_told_on_a_page_and_a_machine_by_a_problem()
    {
        await using var portal = await StubService.StartAsync("portal");
        var release = new TaskCompletionSource();
        portal.Answer = http => http.Request.Path == "/check" ? release.Task : http.Request.Body.CopyToAsync(Stream.Null);
        await using var gateway = await GatewayService.StartAsync(
            [.. system.Services.Values.Where(service => service.Name != "portal"), portal],
            ("Gateway:RateLimit:ChecksAtOnceAndAddress", "1"),
            ("Gateway:RateLimit:LongestWait", "00:00:00.2"));

        await ShouldBePageAsync(await PostAsync("/organisations", 2, 1), 413, "Данных слишком много");
        await (await PostAsync("/api/v1/entries", 2, 1)).ShouldBeProblemAsync(413, "too-large");
        await (await SendAsync(gateway, HttpMethod.Post, "/organisations", null, new ByteArrayContent(new byte[(2 * 1024 * 1024) + 1])))
            .ShouldBeProblemAsync(413, "too-large");
        foreach (var path in new[] { "/coordination/1/sheets", "/coordination/1/sheets/", "/Coordination/1/Sheets" })
        {
            (await PostAsync(path, 3)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        // A form is longer than its file.
        (await PostAsync("/coordination/1/sheets", 64, 1000)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var first = PostAsync("/check", 0);
        await Eventually.Is(() => Task.FromResult(portal.Requests.Any(request => request.Target == "/check")));
        await ShouldBePageAsync(await PostAsync("/check", 0), 429, "Слишком много запросов");
        release.SetResult();
        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);

        await portal.DisposeAsync();
        await ShouldBePageAsync(await PostAsync("//elsewhere.example/\"><script>", 0), 503, "сейчас недоступна");

        async Task<HttpResponseMessage> PostAsync(string path, int megabytes, int more = 0)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Http.BaseAddress!.GetLeftPart(UriPartial.Authority) + path))
            {
                Content = new ByteArrayContent(new byte[(megabytes * 1024 * 1024) + more]),
            };
            request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml,*/*;q=0.8");
            return await gateway.Http.SendAsync(request);
        }

        static async Task ShouldBePageAsync(HttpResponseMessage answer, int status, string said)
        {
            var page = await answer.Content.ReadAsStringAsync();
            ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()).ShouldBe((status, "text/html; charset=utf-8"), page);
            page.ShouldContain(said);
            page.ShouldContain("lang=\"en\"");
            page.ShouldNotContain("href=\"//");
            page.ShouldNotContain("<script>");
        }
    }

    // However long it takes to send, its sender hears why, and not of a broken connection.
    [Fact]
    public async Task who_sends_far_too_much_hears_so()
    {
        for (var time = 0; time < 10; time++)
        {
            using var answer = await system.Gateway.Http.PostAsync("/api/v1/entries", new ByteArrayContent(new byte[40 * 1024 * 1024]));
            await answer.ShouldBeProblemAsync(413, "too-large");
        }
    }

    [Fact]
    public async Task a_body_that_announces_too_much_is_refused_before_it_is_sent()
    {
        var ledger = system.Services["ledger"];
        var before = ledger.Requests.Count;
        using var answer = await system.Gateway.Http.PostAsync("/api/v1/entries", new ByteArrayContent(new byte[2 * 1024 * 1024 + 1]));
        await answer.ShouldBeProblemAsync(413, "too-large");
        answer.Headers.ConnectionClose.ShouldBe(true);
        ledger.Requests.Count.ShouldBe(before);
    }

    [Fact]
    public async Task a_body_that_grows_too_large_on_the_way_is_refused()
    {
        system.Services["verification"].Answer = async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            await http.Response.WriteAsync("taken");
        };
        // Over a connection of our own: HttpClient may find the connection closed while it still writes, and then does not look for the answer that is there.
        var address = system.Gateway.Http.BaseAddress!;
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /api/v1/cases/1/return HTTP/1.1\r\nHost: {address.Authority}\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var answer = ReadAsync(stream);
        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('x', 0x10000) + "\r\n");
        for (var sent = 0; sent < 3 * 1024 * 1024 && !answer.IsCompleted; sent += 0x10000)
        {
            try
            {
                await stream.WriteAsync(chunk);
            }
            catch (IOException)
            {
                break;
            }
        }

        (await answer).ShouldSatisfyAllConditions(text => text.ShouldStartWith("HTTP/1.1 413 "), text => text.ShouldContain("/problems/too-large\""));

        static async Task<string> ReadAsync(NetworkStream stream)
        {
            var buffer = new byte[16 * 1024];
            var text = new StringBuilder();
            while (!text.ToString().Contains("too-large", StringComparison.Ordinal) && await stream.ReadAsync(buffer) is > 0 and var read)
            {
                text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }

            return text.ToString();
        }
    }

    [Fact]
    public async Task a_body_within_the_limit_arrives_whole()
    {
        system.Services["vacancies"].Answer = async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            await http.Response.WriteAsync(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        };
        using var answer = await system.Gateway.Http.PostAsync("/api/v1/vacancies", new ByteArrayContent(new byte[2 * 1024 * 1024]));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("2097152");
    }

    static Task<HttpResponseMessage> CallAsync(GatewayService gateway, string? subject) => SendAsync(gateway, HttpMethod.Get, "/api/v1/book", subject);

    static Task<HttpResponseMessage> SendAsync(GatewayService gateway, HttpMethod method, string path, string? subject, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (subject is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token($$"""{"sub":"{{subject}}"}"""));
        return gateway.Http.SendAsync(request);
    }

    static ByteArrayContent Typed(string type) => new("%PDF-"u8.ToArray()) { Headers = { ContentType = new(type) } };

    static string Token(string payload) => $"e30.{WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(payload))}.c2lnbmF0dXJl";
}
