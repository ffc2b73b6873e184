using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace VolunteerBook.Gateway.Tests;

public sealed class RoutingTests(WholeSystem system) : IClassFixture<WholeSystem>
{
    [Theory]
    [InlineData("/api/v1/volunteers/me", "profiles")]
    [InlineData("/api/v1/organisations?region=RU-MOW&q=%D0%B4%D0%BE%D0%BC", "profiles")]
    [InlineData("/api/v1/entries/5c1d9a3e-1111-4222-8333-444455556666/corrections", "ledger")]
    [InlineData("/api/v1/book", "ledger")]
    [InlineData("/api/v1/cases", "verification")]
    [InlineData("/api/v1/vacancies/1/applications", "vacancies")]
    [InlineData("/api/v1/applications/1", "vacancies")]
    [InlineData("/api/v1/statistics/me", "reporting")]
    [InlineData("/api/v1/events/ledger?after=12", "ledger")]
    [InlineData("/api/v1/events/reporting", "reporting")]
    [InlineData("/connect/authorize?client_id=portal", "identity")]
    [InlineData("/connect/token", "identity")]
    [InlineData("/connect/logout", "identity")]
    [InlineData("/connect/userinfo", "identity")]
    [InlineData("/connect/revocation", "identity")]
    [InlineData("/.well-known/openid-configuration", "identity")]
    [InlineData("/.well-known/jwks", "identity")]
    [InlineData("/account/sign-in", "identity")]
    [InlineData("/", "portal")]
    [InlineData("/book?year=2026", "portal")]
    [InlineData("/signin-oidc?code=1", "portal")]
    public async Task an_address_leads_to_its_service_unchanged(string target, string service)
    {
        (await system.Gateway.Http.GetStringAsync(target)).ShouldBe(service);
        system.Services[service].Requests.ShouldContain(request => request.Target == target
            || WebUtility.UrlDecode(request.Target) == WebUtility.UrlDecode(target));
    }

    [Theory]
    [InlineData("/integration-events?after=0")]
    [InlineData("/submissions?of=019a0000-0000-7000-8000-000000000001.1")]
    [InlineData("/Integration-Events")]
    [InlineData("/api/v1/integration-events")]
    [InlineData("/api/v1/events/identity")]
    [InlineData("/api/v1/events")]
    [InlineData("/api/v1/volunteersX")]
    [InlineData("/api/v2/volunteers")]
    [InlineData("/api")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/openapi/internal/v1.json")]
    [InlineData("/connect/introspect")]
    [InlineData("/health/ledger")]
    public async Task what_services_keep_among_themselves_is_not_found(string target)
    {
        using var answer = await system.Gateway.Http.GetAsync(target);
        await answer.ShouldBeProblemAsync(404, "not-found");
        foreach (var service in system.Services.Values) service.Requests.ShouldNotContain(request => request.Target == target);
    }

    [Theory]
    [InlineData("/api/v1/volunteers/../../../integration-events")]
    [InlineData("/api/v1/volunteers/%2e%2e/%2e%2e/%2e%2e/integration-events")]
    [InlineData("/api/v1/book/..%2f..%2f..%2fintegration-events")]
    [InlineData("//integration-events")]
    [InlineData("/account/../integration-events")]
    public async Task no_detour_leads_to_them_either(string target)
    {
        // Over a bare connection: a client would straighten the address first.
        var status = await RawStatusAsync(target);
        status.ShouldBeOneOf(200, 400, 404);
        foreach (var name in Routes.DomainServices.Append("identity"))
        {
            system.Services[name].Requests.ShouldNotContain(request => request.Target.StartsWith("/integration-events", StringComparison.OrdinalIgnoreCase)
                || request.Target.StartsWith("//", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task its_own_health_is_its_own(string path)
    {
        using var answer = await system.Gateway.Http.GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var service in system.Services.Values) service.Requests.ShouldNotContain(request => request.Target == path);
    }

    [Fact]
    public async Task services_learn_who_asked_from_the_gateway_alone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/volunteers/who");
        request.Headers.Host = "book.example:8443";
        foreach (var (name, value) in new[]
        {
            ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Prefix", "/evil"),
            ("X-Forwarded-Port", "1"), ("X-Forwarded-Client-Cert", "forged"), ("Forwarded", "for=203.0.113.7"), ("X-Real-IP", "203.0.113.7"),
            ("X-Original-URL", "/integration-events"),
        })
        {
            request.Headers.Add(name, value);
        }

        using var answer = await system.Gateway.Http.SendAsync(request);
        var headers = system.Services["profiles"].Requests.Single(r => r.Target == "/api/v1/volunteers/who").Headers;
        headers["X-Forwarded-For"].ToString().ShouldBe("127.0.0.1");
        headers["X-Forwarded-Proto"].ToString().ShouldBe("http");
        headers["X-Forwarded-Host"].ToString().ShouldBe("book.example:8443");
        headers.Host.ToString().ShouldBe("book.example:8443");
        foreach (var removed in new[] { "X-Forwarded-Prefix", "X-Forwarded-Port", "X-Forwarded-Client-Cert", "Forwarded", "X-Real-IP", "X-Original-URL" })
            headers.ContainsKey(removed).ShouldBeFalse(removed);
    }

    [Fact]
    public async Task a_proxy_that_is_configured_is_believed()
    {
        var profiles = system.Services["profiles"];
        await using var gateway = await GatewayService.StartAsync([profiles], ("Gateway:Proxies:0", "127.0.0.0/8"), ("environment", "Production"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/volunteers/behind-a-proxy");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "book.example");
        using var answer = await gateway.Http.SendAsync(request);
        var headers = profiles.Requests.Single(r => r.Target == "/api/v1/volunteers/behind-a-proxy").Headers;
        headers["X-Forwarded-For"].ToString().ShouldBe("203.0.113.7");
        headers["X-Forwarded-Proto"].ToString().ShouldBe("https");
        headers["X-Forwarded-Host"].ToString().ShouldBe("book.example");
        answer.Headers.GetValues("Strict-Transport-Security").Single().ShouldStartWith("max-age=31536000");
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/pdf")]
    public async Task the_gateways_own_refusal_is_told_whatever_form_of_answer_was_asked_for(string accepted)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/identity");
        request.Headers.Accept.ParseAdd(accepted);
        using var answer = await system.Gateway.Http.SendAsync(request);
        await answer.ShouldBeProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task a_stream_arrives_as_it_is_written()
    {
        var release = new TaskCompletionSource();
        system.Services["reporting"].Answer = async http =>
        {
            await http.Response.WriteAsync("first\n");
            await http.Response.Body.FlushAsync();
            await release.Task;
            await http.Response.WriteAsync("second\n");
        };
        using var answer = await system.Gateway.Http.GetAsync("/api/v1/events/reporting?streamed", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync()).ShouldBe("first");
        release.SetResult();
        (await lines.ReadLineAsync()).ShouldBe("second");
        system.Services["reporting"].Answer = http => http.Response.WriteAsync("reporting");
    }

    async Task<int> RawStatusAsync(string target)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, system.Gateway.Http.BaseAddress!.Port);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync();
        await reader.ReadToEndAsync();
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
