using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Testing;
using Xunit;

namespace VolunteerBook.Portal.Tests;

/// <summary>
/// The portal's real host before a gateway that answers what a test says: what pages make of data that no demo world has, in the time of a unit test. A cookie
/// <c>person</c> says who has signed in.
/// </summary>
public sealed class PortalHost : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);
    private readonly ConcurrentDictionary<string, (int Status, string Body)> answers = new();
    private WebApplication gateway = null!;
    private ServiceHost<Form> portal = null!;

    /// <summary>Where the portal listens.</summary>
    public Uri Address => portal.Address;

    /// <summary>What the gateway was asked last, with its query, under each path below <c>/api/v1/</c>.</summary>
    public ConcurrentDictionary<string, string> Asked { get; } = new();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        gateway = builder.Build();
        gateway.Run(async http =>
        {
            var path = http.Request.Path.Value!["/api/v1/".Length..];
            Asked[path] = path + http.Request.QueryString;
            var (status, body) = answers.GetValueOrDefault(path, (404, """{"type":"https://volunteerbook.example/problems/not-found","status":404}"""));
            http.Response.StatusCode = status;
            http.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
            http.Response.Headers.ETag = "\"1\"";
            await http.Response.WriteAsync(body);
        });
        await gateway.StartAsync();
        var settings = new ServiceSettings()
            .WithService("gateway", new Uri(gateway.Urls.First()))
            .With("Authentication:Authority", "http://127.0.0.1:9")
            .With("ConnectionStrings:portal", await TestInfrastructure.CreateDatabaseAsync("portal"))
            .With("Logging:LogLevel:Default", "Error");
        portal = await ServiceHost.StartAsync<Form>(settings with
        {
            ConfigureServices = services =>
            {
                services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, PersonCookie>(PersonCookie.Scheme, null);
                services.PostConfigure<AuthenticationOptions>(options => options.DefaultScheme = PersonCookie.Scheme);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await gateway.DisposeAsync();
    }

    /// <summary>What the gateway answers under a path below <c>/api/v1/</c>, whatever the query.</summary>
    public void Answer(string path, object body, int status = 200) => answers[path] = (status, JsonSerializer.Serialize(body, Wire));

    /// <summary>A refusal under a path.</summary>
    public void Refuse(string path, int status, string code, object? errors = null, object? codes = null) =>
        Answer(path, new { type = "https://volunteerbook.example/problems/" + code, status, errors, codes }, status);

    /// <summary>A page as it comes, for the person or for nobody.</summary>
    public async Task<(int Status, string Html)> GetAsync(string path, Guid? person = null, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var cookies = new[] { person is { } id ? $"person={id}" : null, cookie }.OfType<string>().ToList();
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies));
        }

        request.Headers.Add("Accept-Language", "ru");
        using var response = await portal.Client().SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed class PersonCookie(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "person";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Cookies["person"] is { } id
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new("sub", id), new("name", "anna@example.org")], "test", "name", "role")), Scheme))
                : AuthenticateResult.NoResult());
    }
}
