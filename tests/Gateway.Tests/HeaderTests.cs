using System.Net;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace VolunteerBook.Gateway.Tests;

public sealed class HeaderTests(WholeSystem system) : IClassFixture<WholeSystem>
{
    [Theory]
    [InlineData("/api/v1/book")]
    [InlineData("/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/nothing")]
    [InlineData("/health")]
    public async Task every_answer_tells_browsers_to_be_careful(string path)
    {
        using var answer = await system.Gateway.Http.GetAsync(path);
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["strict-origin"]);
        answer.Headers.GetValues("Permissions-Policy").Single().ShouldContain("camera=()");
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task pages_run_own_scripts_only_and_data_runs_none()
    {
        system.Services["portal"].Answer = http => Html(http, null);
        (await PolicyAsync("/page")).ShouldContain("script-src 'self';");
        (await PolicyAsync("/page")).ShouldContain("form-action 'self' http://localhost:8080;");
        (await PolicyAsync("/api/v1/book")).ShouldBe("default-src 'none'; frame-ancestors 'none'");
    }

    [Fact]
    public async Task a_service_that_knows_its_page_better_keeps_its_own_policy()
    {
        system.Services["identity"].Answer = http => Html(http, "default-src 'none'; style-src 'self'");
        (await PolicyAsync("/account/sign-in")).ShouldBe("default-src 'none'; style-src 'self'");
    }

    [Fact]
    public async Task a_plain_correlation_id_is_passed_on_and_returned()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/volunteers/correlated");
        request.Headers.Add("X-Correlation-Id", "import-2026.05.09:17");
        using var answer = await system.Gateway.Http.SendAsync(request);
        answer.Headers.GetValues("X-Correlation-Id").ShouldBe(["import-2026.05.09:17"]);
        system.Services["profiles"].Requests.Single(r => r.Target.EndsWith("/correlated", StringComparison.Ordinal)).Headers["X-Correlation-Id"].ToString()
            .ShouldBe("import-2026.05.09:17");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("a-very-long-one-a-very-long-one-a-very-long-one-a-very-long-one-a-very-long-one")]
    public async Task else_it_is_the_traces_id(string? given)
    {
        var target = "/api/v1/cases/" + Guid.NewGuid();
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (given is not null) request.Headers.TryAddWithoutValidation("X-Correlation-Id", given);
        using var answer = await system.Gateway.Http.SendAsync(request);
        var seen = system.Services["verification"].Requests.Single(r => r.Target == target).Headers;
        var id = answer.Headers.GetValues("X-Correlation-Id").Single();
        id.Length.ShouldBe(32);
        seen["X-Correlation-Id"].ToString().ShouldBe(id);
        seen["traceparent"].ToString().Split('-')[1].ShouldBe(id);
    }

    [Fact]
    public async Task other_sites_may_not_call_unless_they_are_configured()
    {
        using var refused = await PreflightAsync(system.Gateway, "https://app.example");
        refused.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();

        await using var gateway = await GatewayService.StartAsync(system.Services.Values, ("Gateway:CrossOrigin:Origins:0", "https://app.example"));
        using var allowed = await PreflightAsync(gateway, "https://app.example");
        allowed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        allowed.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["https://app.example"]);
        allowed.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();

        using var other = await PreflightAsync(gateway, "https://elsewhere.example");
        other.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/book");
        request.Headers.Add("Origin", "https://app.example");
        using var answer = await gateway.Http.SendAsync(request);
        answer.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("ETag");

        using var page = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in");
        page.Headers.Add("Origin", "https://app.example");
        (await gateway.Http.SendAsync(page)).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    static Task<HttpResponseMessage> PreflightAsync(GatewayService gateway, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/v1/entries");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,idempotency-key");
        return gateway.Http.SendAsync(request);
    }

    async Task<string> PolicyAsync(string path)
    {
        using var answer = await system.Gateway.Http.GetAsync(path);
        return answer.Headers.GetValues("Content-Security-Policy").Single();
    }

    static Task Html(HttpContext http, string? policy)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        if (policy is not null) http.Response.Headers.ContentSecurityPolicy = policy;
        return http.Response.WriteAsync("<!DOCTYPE html><title>page</title>");
    }
}
