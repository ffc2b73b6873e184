using System.Net;
using Shouldly;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>
/// Whoever looks whether something is there, without reading it, is told the same as a reader (RFC 9110, section 9.3.2): of the API, of sign-in, of the pages.
/// </summary>
[Collection(RunningSystem.Shared)]
public sealed class HeadTests(RunningSystem running)
{
    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/vacancies", HttpStatusCode.OK)]
    [InlineData("/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("/account/sign-in", HttpStatusCode.OK)]
    [InlineData("/.well-known/openid-configuration", HttpStatusCode.OK)]
    [InlineData("/.well-known/jwks.json", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/docs/", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/api/v1/vocabulary", HttpStatusCode.OK)]
    [InlineData("/api/v1/statistics", HttpStatusCode.OK)]
    [InlineData("/api/v1/organisations/0192f3a1-0000-7abc-8def-000000000001", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/organisations/no-id", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/book", HttpStatusCode.Unauthorized)]
    public async Task head_is_answered_as_get_is_without_the_body(string path, HttpStatusCode status)
    {
        using var nobody = await running.NobodyAsync();
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = nobody.Gateway };
        using var head = new HttpRequestMessage(HttpMethod.Head, path);
        using var asked = await http.SendAsync(head, TestContext.Current.CancellationToken);
        using var got = await http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        got.StatusCode.ShouldBe(status);
        asked.StatusCode.ShouldBe(status);
        asked.Content.Headers.ContentType.ShouldBe(got.Content.Headers.ContentType);
        (await asked.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }
}
