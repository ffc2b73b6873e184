using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Testing;

namespace VolunteerBook.Portal.Tests;

/// <summary>
/// The portal's real host before a gateway that answers what a test says: what pages make of data that no demo world has, in the time of a unit test. A cookie
/// <c>person</c> says who has signed in.
/// </summary>
public sealed partial class PortalHost : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);
    private readonly ConcurrentDictionary<string, (int Status, string Body)> answers = new();
    private readonly ConcurrentDictionary<string, Func<IQueryCollection, object>> asked = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> held = new();
    private readonly Watch watch = new();
    private ApiSamples? samples;
    private WebApplication gateway = null!;
    private ServiceHost<Form> portal = null!;

    /// <summary>Connection string of the portal's own database.</summary>
    public string Database { get; private set; } = "";

    /// <summary>What the portal is made of.</summary>
    public IServiceProvider Services => portal.Services;

    /// <summary>Where the portal listens.</summary>
    public Uri Address => portal.Address;

    /// <summary>The body of the last change that was asked for under each path.</summary>
    public ConcurrentDictionary<string, string> Sent { get; } = new();

    /// <summary>What the gateway was asked last, with its query, under each path below <c>/api/v1/</c>.</summary>
    public ConcurrentDictionary<string, string> Asked { get; } = new();

    /// <summary>All that the gateway was asked, in that order.</summary>
    public ConcurrentQueue<string> AllAsked { get; } = new();

    /// <summary>The role of whoever sends forms; null for none.</summary>
    public string? Role { get; set; }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        gateway = builder.Build();
        gateway.Run(async http =>
        {
            var path = http.Request.Path.StartsWithSegments("/api/v1", out var rest) ? rest.Value![1..] : http.Request.Path.Value![1..];
            Asked[path] = path + http.Request.QueryString;
            AllAsked.Enqueue(Asked[path]);
            if (!HttpMethods.IsGet(http.Request.Method))
            {
                using var sent = new StreamReader(http.Request.Body);
                Sent[path] = await sent.ReadToEndAsync();
            }

            if (held.TryRemove(path, out var waiting))
            {
                waiting.SetResult();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            var (status, body) = asked.TryGetValue(path, out var answer) ? (200, JsonSerializer.Serialize(answer(http.Request.Query), Wire))
                : answers.TryGetValue($"{http.Request.Method} {path}", out var own)
                ? own
                : samples?.Answer(path, http.Request.Query) is { } sample && HttpMethods.IsGet(http.Request.Method)
                ? (200, sample.ToJsonString())
                : answers.GetValueOrDefault(path, (404, """{"type":"https://volunteerbook.example/problems/not-found","status":404}"""));
            http.Response.StatusCode = status;
            http.Response.ContentType = status < 400 ? "application/json" : "application/problem+json";
            http.Response.Headers.ETag = "\"1\"";
            await http.Response.WriteAsync(body);
        });
        await gateway.StartAsync();
        Database = await TestInfrastructure.CreateDatabaseAsync("portal");
        var settings = new ServiceSettings()
            .WithService("gateway", new Uri(gateway.Urls.First()))
            .With("Authentication:Authority", "http://127.0.0.1:9")
            .With("ConnectionStrings:portal", Database)
            .With("Logging:LogLevel:Default", "Error");
        portal = await ServiceHost.StartAsync<Form>(settings with
        {
            ConfigureServices = services =>
            {
                services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, PersonCookie>(PersonCookie.Scheme, null);
                services.PostConfigure<AuthenticationOptions>(options => options.DefaultScheme = PersonCookie.Scheme);
                services.AddSingleton<IStartupFilter>(watch).AddSingleton<ILoggerProvider>(watch);
                services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new AtOnce(held)));
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await gateway.DisposeAsync();
    }

    /// <summary>
    /// What the gateway answers under a path below <c>/api/v1/</c>, whatever the query; with a method before it («POST sheets») to that alone.
    /// </summary>
    public void Answer(string path, object body, int status = 200) => answers[path] = (status, JsonSerializer.Serialize(body, Wire));

    /// <summary>Takes back what earlier tests had the gateway answer.</summary>
    public void Forget()
    {
        answers.Clear();
        asked.Clear();
    }

    /// <summary>What the gateway answers under a path, by the query.</summary>
    public void Answer(string path, Func<IQueryCollection, object> body) => asked[path] = body;

    /// <summary>From now on whatever is read is answered as the API's documents describe it, in this amount.</summary>
    public void AnswerBy(Amount amount) => samples = new ApiSamples(amount);

    /// <summary>A refusal under a path.</summary>
    public void Refuse(string path, int status, string code, object? errors = null, object? codes = null) =>
        Answer(path, new { type = "https://volunteerbook.example/problems/" + code, status, errors, codes }, status);

    /// <summary>
    /// The next question under a path gets no answer as long as it is waited for; the task ends when it is asked. Until then all others are
    /// answered at once, as happens now and then.
    /// </summary>
    public Task Hold(string path) => (held[path] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>What the portal logged as faults, once it has done with all requests.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        while (watch.Running > 0)
        {
            await Task.Delay(20);
        }

        return [.. watch.Faults];
    }

    /// <summary>A page as it comes, for the person or for nobody.</summary>
    public async Task<(int Status, string Html)> GetAsync(
        string path, Guid? person = null, string? cookie = null, string? role = null, CancellationToken leaving = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var cookies = new[] { person is { } id ? $"person={id}" : null, role is null ? null : $"role={role}", cookie }.OfType<string>().ToList();
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies));
        }

        request.Headers.Add("Accept-Language", "ru");
        using var response = await portal.Client().SendAsync(request, leaving);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(leaving));
    }

    /// <summary>What an address answers itself, without following where it leads.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(string path, string? encoding = null, Guid? person = null, string? role = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (person is { } id)
        {
            request.Headers.Add("Cookie", $"person={id}" + (role is null ? "" : $"; role={role}"));
        }

        if (encoding is not null)
        {
            request.Headers.Add("Accept-Encoding", encoding);
        }

        using var client = portal.Client();
        return await client.SendAsync(request);
    }

    /// <summary>Sends a page's form as a browser does: with the token and the cookie that the page came with.</summary>
    /// <param name="page">Where the form is.</param>
    /// <param name="path">Where it goes.</param>
    /// <param name="person">Who sends it.</param>
    /// <param name="fields">What was filled in and pressed.</param>
    public Task<(int Status, string Html)> PostAsync(string page, string path, Guid person, params (string Name, string Value)[] fields) =>
        SendAsync(page, path, person, token =>
            new FormUrlEncodedContent(
                [new("_handler", "page"), new("__RequestVerificationToken", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));

    /// <summary>The same with a file.</summary>
    public Task<(int Status, string Html)> PostFileAsync(string page, Guid person, string name, byte[] file) => SendAsync(page, page, person, token =>
        new MultipartFormDataContent
        {
            { new StringContent("page"), "_handler" },
            { new StringContent(token), "__RequestVerificationToken" },
            { new ByteArrayContent(file), name, name },
        });

    /// <summary>Where a page's form leads once it has been acted on: path and query.</summary>
    public async Task<string?> LeadsToAsync(string page, Guid person, params (string Name, string Value)[] fields)
    {
        Uri? location = null;
        await SendAsync(page, page, person, token => new FormUrlEncodedContent(
            [new("_handler", "page"), new("__RequestVerificationToken", token), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
            answer => location = answer.Headers.Location);
        return location is null ? null : new Uri(Address, location).PathAndQuery;
    }

    private async Task<(int Status, string Html)> SendAsync(
        string page, string path, Guid person, Func<string, HttpContent> form, Action<HttpResponseMessage>? look = null)
    {
        using var read = new HttpRequestMessage(HttpMethod.Get, page);
        string[] who = Role is null ? [$"person={person}"] : [$"person={person}", $"role={Role}"];
        read.Headers.Add("Cookie", string.Join("; ", who));
        using var client = portal.Client();
        using var shown = await client.SendAsync(read);
        var token = AntiforgeryToken().Match(await shown.Content.ReadAsStringAsync()).Groups[1].Value;
        var cookies = shown.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(cookie => cookie.Split(';')[0]) : [];
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form(token) };
        request.Headers.Add("Cookie", string.Join("; ", cookies.Concat(who)));
        request.Headers.Add("Accept-Language", "ru");
        using var response = await client.SendAsync(request);
        look?.Invoke(response);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();

    private sealed class AtOnce(ConcurrentDictionary<string, TaskCompletionSource> held) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (held.IsEmpty || held.ContainsKey(request.RequestUri!.AbsolutePath.Replace("/api/v1/", "", StringComparison.Ordinal)))
            {
                return base.SendAsync(request, cancellationToken);
            }

            var answer = Task.Run(
                async () =>
                {
                    var response = await base.SendAsync(request, cancellationToken);
                    await response.Content.LoadIntoBufferAsync(cancellationToken);
                    return response;
                },
                cancellationToken);
            // What it ends with is told by the task itself.
            Task.WaitAny([answer], cancellationToken);
            return answer;
        }
    }

    // Counts the requests that are being answered, and keeps what is logged as an error.
    private sealed class Watch : IStartupFilter, ILoggerProvider, ILogger
    {
        private int running;

        public int Running => Volatile.Read(ref running);

        public ConcurrentQueue<string> Faults { get; } = new();

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext http, RequestDelegate rest) =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    await rest(http);
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            });
            next(app);
        };

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) ? this : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Faults.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class PersonCookie(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        public new const string Scheme = "person";

        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Cookies["person"] is { } id
                ? AuthenticateResult.Success(new AuthenticationTicket(
                    new ClaimsPrincipal(new ClaimsIdentity(
                        [new("sub", id), new("name", "anna@example.org"), .. Request.Cookies["role"] is { } role
                            ? [new Claim("role", role)]
                            : Array.Empty<Claim>()], "test", "name", "role")), Scheme))
                : AuthenticateResult.NoResult());
    }
}
