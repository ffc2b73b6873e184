using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Gateway.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task instances_take_turns_and_one_that_is_gone_costs_no_request()
    {
        await using var one = await StubService.StartAsync("ledger");
        var other = await StubService.StartAsync("ledger", Ports.Free());
        await using var gateway = await GatewayService.StartAsync([one, other], ("Gateway:Probes", "false"));
        for (var call = 0; call < 6; call++) (await gateway.Http.GetAsync("/api/v1/book")).StatusCode.ShouldBe(HttpStatusCode.OK);
        one.Requests.Count.ShouldBe(3);
        other.Requests.Count.ShouldBe(3);

        await other.DisposeAsync();
        for (var call = 0; call < 10; call++)
        {
            using var answer = await gateway.Http.PostAsync("/api/v1/entries", new StringContent("{\"call\":" + call + "}"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        one.Requests.Count.ShouldBe(13);
    }

    [Fact]
    public async Task an_instance_that_came_back_is_used_again()
    {
        var one = await StubService.StartAsync("ledger", Ports.Free());
        await using var other = await StubService.StartAsync("ledger");
        await using var gateway = await GatewayService.StartAsync([one, other]);
        await one.DisposeAsync();
        (await gateway.Http.GetAsync("/api/v1/book")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await using var back = await StubService.StartAsync("ledger", one.Port);
        await Eventually.Is(async () =>
        {
            (await gateway.Http.GetAsync("/api/v1/book")).StatusCode.ShouldBe(HttpStatusCode.OK);
            back.Requests.ShouldNotBeEmpty();
        });
    }

    [Theory]
    [InlineData("/api/v1/notifications/stream", "profiles")]
    [InlineData("/notifications/stream", "portal")]
    public async Task an_open_stream_does_not_hold_up_the_stop(string path, string service)
    {
        await using var stub = await StubService.StartAsync(service);
        stub.Answer = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": here\n\n");
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        };
        // Longer than anybody waits here.
        var gateway = await GatewayService.StartAsync([stub], ("Gateway:Probes", "false"), ("shutdownTimeoutSeconds", "600"));
        using var open = await gateway.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        open.StatusCode.ShouldBe(HttpStatusCode.OK);

        await gateway.DisposeAsync().AsTask().WaitAsync(Eventually.Soon);
    }

    [Fact]
    public async Task a_service_that_is_not_there_is_a_problem_that_says_so()
    {
        var gone = await StubService.StartAsync("ledger", Ports.Free());
        await using var gateway = await GatewayService.StartAsync([gone], ("Gateway:Probes", "false"));
        await gone.DisposeAsync();
        using var refused = await gateway.Http.GetAsync("/api/v1/book");
        await refused.ShouldBeProblemAsync(503, "service-away");
        refused.Headers.RetryAfter.ShouldNotBeNull();

        using var unknown = await gateway.Http.GetAsync("/api/v1/statistics");
        await unknown.ShouldBeProblemAsync(503, "service-away");
    }

    [Fact]
    public async Task a_service_that_breaks_off_is_a_bad_gateway_and_is_not_asked_twice()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        await using var second = await StubService.StartAsync("ledger");
        ledger.Answer = second.Answer = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await using var gateway = await GatewayService.StartAsync([ledger, second]);
        using var answer = await gateway.Http.PostAsync("/api/v1/entries", new StringContent("{}"));
        await answer.ShouldBeProblemAsync(502, "service-failed");
        (ledger.Requests.Count + second.Requests.Count).ShouldBe(1);
    }

    [Fact]
    public async Task a_service_that_turns_a_body_away_while_it_is_sent_is_a_problem_that_says_when_to_come_again()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        ledger.Answer = async http =>
        {
            http.Response.StatusCode = 503;
            http.Response.Headers.Connection = "close";
            await http.Response.CompleteAsync();
            http.Abort();
        };
        await using var gateway = await GatewayService.StartAsync([ledger]);
        // Over a connection of our own, as what is sent has no end.
        using var connection = new TcpClient();
        await connection.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            "POST /api/v1/checks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/pdf\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        var chunk = Encoding.ASCII.GetBytes("10000\r\n" + new string('x', 0x10000) + "\r\n");
        var answer = new byte[4096];
        var read = stream.ReadAtLeastAsync(answer, 13, throwOnEndOfStream: false).AsTask();
        while (!read.IsCompleted)
        {
            await stream.WriteAsync(chunk);
            await Task.Delay(5);
        }

        var text = Encoding.ASCII.GetString(answer, 0, await read);
        text.ShouldStartWith("HTTP/1.1 503 ");
        text.ShouldContain("Retry-After: ");
    }

    [Fact]
    public async Task a_service_that_keeps_silent_is_a_timeout()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        ledger.Answer = http => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        await using var gateway = await GatewayService.StartAsync([ledger], ("Gateway:Timeout", "00:00:01"));
        using var answer = await gateway.Http.GetAsync("/api/v1/book");
        await answer.ShouldBeProblemAsync(504, "service-slow");
    }

    [Fact]
    public async Task a_services_own_problem_arrives_as_it_is()
    {
        await using var ledger = await StubService.StartAsync("ledger");
        ledger.Answer = async http =>
        {
            http.Response.StatusCode = 409;
            http.Response.ContentType = "application/problem+json";
            http.Response.Headers.ETag = "\"7\"";
            await http.Response.WriteAsync("{\"type\":\"own\"}");
        };
        await using var gateway = await GatewayService.StartAsync([ledger]);
        using var answer = await gateway.Http.GetAsync("/api/v1/book");
        answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        answer.Headers.ETag!.Tag.ShouldBe("\"7\"");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("{\"type\":\"own\"}");
    }

    [Fact]
    public async Task a_service_that_starts_later_is_reached_once_it_is_there()
    {
        var before = await StubService.StartAsync("ledger", Ports.Free());
        await using var gateway = await GatewayService.StartAsync([before]);
        await before.DisposeAsync();
        (await gateway.Http.GetAsync("/api/v1/book")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);

        await using var later = await StubService.StartAsync("ledger", before.Port);
        await Eventually.Is(async () => (await gateway.Http.GetAsync("/api/v1/book")).StatusCode.ShouldBe(HttpStatusCode.OK));
    }
}
