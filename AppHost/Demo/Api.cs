using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VolunteerBook.Demo;

/// <summary>
/// The system as one caller sees it through the gateway. Begin with the address, then speak as a person, a machine, or nobody:
/// <c>using var nobody = new Api(gateway); var anna = nobody.Person(DemoAccounts.Anna);</c>. Tokens are fetched at the first request and renewed
/// before they expire. All callers share the first one's connections, and end with it. Safe for use by many threads.
/// </summary>
public sealed class Api : IDisposable
{
    /// <summary>The JSON of the API: camelCase, enums as camelCase strings, members that are null left out of requests.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly HttpClient _http;
    private readonly bool _owner;
    private readonly Dictionary<string, string>? _tokenRequest;
    private readonly SemaphoreSlim _obtaining = new(1, 1);
    private (string Token, DateTimeOffset RenewAt)? _token;

    /// <summary>The system as nobody in particular sees it.</summary>
    /// <param name="gateway">The gateway's address, e.g. <c>http://localhost:8080</c>.</param>
    /// <param name="handler">What carries the requests, where it is not the network; disposed with this.</param>
    public Api(Uri gateway, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        Gateway = gateway;
        Who = "nobody";
        _owner = true;
        _http = new HttpClient(handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri(gateway, "/api/v1/"),
            Timeout = TimeSpan.FromSeconds(100),
        };
    }

    private Api(Api nobody, string who, Dictionary<string, string>? tokenRequest, string? token)
    {
        (Gateway, _http, Who, _tokenRequest) = (nobody.Gateway, nobody._http, who, tokenRequest);
        _token = token is null ? null : (token, DateTimeOffset.MaxValue);
    }

    /// <summary>The gateway's address.</summary>
    public Uri Gateway { get; }

    /// <summary>User name, client id, or <c>nobody</c>.</summary>
    public string Who { get; }

    /// <summary>The system as a demo account sees it. Its tokens come by the demo grant, which exists only while the demo switch is on.</summary>
    /// <param name="userName">The e-mail address that is the account's name, see <see cref="DemoAccounts"/>.</param>
    public Api Person(string userName) => new(this, userName, new()
    {
        ["grant_type"] = DemoAccounts.Grant,
        ["client_id"] = DemoAccounts.ClientId,
        ["client_secret"] = DemoAccounts.ClientSecret,
        ["username"] = userName,
    }, null);

    /// <summary>The system as a machine sees it: client credentials.</summary>
    /// <param name="clientId">Which client.</param>
    /// <param name="clientSecret">Its secret.</param>
    /// <param name="scope">Scopes to ask for, separated by spaces; all of the client's where null.</param>
    public Api Machine(string clientId, string clientSecret, string? scope = null)
    {
        var request = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = clientId,
            ["client_secret"] = clientSecret,
        };
        if (scope is not null)
        {
            request["scope"] = scope;
        }

        return new(this, clientId, request, null);
    }

    /// <summary>The system as the bearer of this access token sees it; it is not renewed.</summary>
    public Api Bearer(string who, string accessToken) => new(this, who, null, accessToken);

    /// <summary>Sends a request and gives the answer, whatever its status.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Relative to <c>/api/v1/</c> (<c>entries</c>), or from the root (<c>/health</c>).</param>
    /// <param name="body">Sent as JSON; null for none. A <see cref="HttpContent"/> is sent as it is.</param>
    /// <param name="key">Idempotency-Key.</param>
    /// <param name="etag">If-Match, e.g. <c>"3"</c> with its quotes, as <see cref="Reply.ETag"/> has it.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task<Reply> SendAsync(
        HttpMethod method, string path, object? body = null, string? key = null, string? etag = null, CancellationToken ct = default)
    {
        using var request = await RequestAsync(method, path, ct);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => JsonContent.Create(body, body.GetType(), options: Json),
        };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (etag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", etag);
        }

        using var response = await _http.SendAsync(request, ct);
        return await Reply.OfAsync(response, ct);
    }

    /// <summary>Reads. Throws <see cref="ApiException"/> where the answer is no success.</summary>
    public async Task<T> GetAsync<T>(string path, CancellationToken ct = default) => (await GetAsync(path, ct)).Read<T>();

    /// <summary>Reads, for those who need the ETag too. Throws <see cref="ApiException"/> where the answer is no success.</summary>
    public async Task<Reply> GetAsync(string path, CancellationToken ct = default) => (await SendAsync(HttpMethod.Get, path, ct: ct)).Success();

    /// <summary>Posts. Throws <see cref="ApiException"/> where the answer is no success. Parameters as for <see cref="SendAsync"/>.</summary>
    public async Task<Reply> PostAsync(string path, object? body = null, string? key = null, string? etag = null, CancellationToken ct = default) =>
        (await SendAsync(HttpMethod.Post, path, body, key, etag, ct)).Success();

    /// <summary>Posts and reads the answer. Throws <see cref="ApiException"/> where it is no success.</summary>
    public async Task<T> PostAsync<T>(string path, object? body = null, string? key = null, string? etag = null, CancellationToken ct = default) =>
        (await PostAsync(path, body, key, etag, ct)).Read<T>();

    /// <summary>Puts. Throws <see cref="ApiException"/> where the answer is no success.</summary>
    public async Task<Reply> PutAsync(string path, object body, string? etag = null, CancellationToken ct = default) =>
        (await SendAsync(HttpMethod.Put, path, body, etag: etag, ct: ct)).Success();

    /// <summary>Deletes. Throws <see cref="ApiException"/> where the answer is no success.</summary>
    public async Task<Reply> DeleteAsync(string path, string? etag = null, CancellationToken ct = default) =>
        (await SendAsync(HttpMethod.Delete, path, etag: etag, ct: ct)).Success();

    /// <summary>Every item of a paged list, page after page.</summary>
    /// <param name="path">With its query, but without <c>after</c> and <c>limit</c>.</param>
    /// <param name="ct">Ends the reading.</param>
    public async IAsyncEnumerable<T> AllAsync<T>(string path, [EnumeratorCancellation] CancellationToken ct = default)
    {
        var paged = path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "limit=200";
        string? after = null;
        do
        {
            var page = await GetAsync<Page<T>>(after is null ? paged : paged + "&after=" + Uri.EscapeDataString(after), ct);
            foreach (var item in page.Items)
            {
                yield return item;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>Reads newline-delimited JSON as it arrives, e.g. an event feed. Throws <see cref="ApiException"/> where the answer is no success.</summary>
    public async IAsyncEnumerable<JsonElement> LinesAsync(string path, [EnumeratorCancellation] CancellationToken ct = default)
    {
        using var request = await RequestAsync(HttpMethod.Get, path, ct);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!response.IsSuccessStatusCode)
        {
            throw new ApiException(await Reply.OfAsync(response, ct));
        }

        await using var body = await response.Content.ReadAsStreamAsync(ct);
        using var reader = new StreamReader(body, Encoding.UTF8);
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            using var json = JsonDocument.Parse(line);
            yield return json.RootElement.Clone();
        }
    }

    /// <summary>The access token that requests carry, or null for nobody. Throws <see cref="ApiException"/> where none is given.</summary>
    public async Task<string?> TokenAsync(CancellationToken ct = default)
    {
        if (_tokenRequest is null)
        {
            return _token?.Token;
        }

        await _obtaining.WaitAsync(ct);
        try
        {
            if (_token is { } known && known.RenewAt > DateTimeOffset.UtcNow)
            {
                return known.Token;
            }

            using var form = new FormUrlEncodedContent(_tokenRequest);
            using var response = await _http.PostAsync("/connect/token", form, ct);
            var granted = (await Reply.OfAsync(response, ct)).Success().Read<TokenReply>();
            _token = (granted.AccessToken, DateTimeOffset.UtcNow.AddSeconds(granted.ExpiresIn * 0.8));
            return granted.AccessToken;
        }
        finally
        {
            _obtaining.Release();
        }
    }

    /// <summary>Closes the connections, where this is the one that was made with the address.</summary>
    public void Dispose()
    {
        _obtaining.Dispose();
        if (_owner)
        {
            _http.Dispose();
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, CancellationToken ct)
    {
        var token = await TokenAsync(ct);
        var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }
}

/// <summary>What the token endpoint gives (RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">The token.</param>
/// <param name="ExpiresIn">Seconds that it is good for.</param>
/// <param name="RefreshToken">To get the next one, where the grant gives one.</param>
public sealed record TokenReply(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null);

/// <summary>An answer, read to its end.</summary>
/// <param name="Request">Method and path of what was asked, for messages.</param>
/// <param name="Status">The status.</param>
/// <param name="ETag">The version, with its quotes; null where the answer has none.</param>
/// <param name="Replayed">Whether this is the answer of an earlier request with the same Idempotency-Key.</param>
/// <param name="Body">The body's bytes.</param>
public sealed record Reply(string Request, HttpStatusCode Status, string? ETag, bool Replayed, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether the status is a 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The problem detail, where the answer is one.</summary>
    public Problem? Problem => IsSuccess || Body.IsEmpty || Body.Span[0] != (byte)'{' ? null : Read<Problem>();

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The body, read as JSON.</summary>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Body.Span, Api.Json) ?? throw new JsonException($"{Request} answered null.");

    /// <summary>This, where it is a success; else throws <see cref="ApiException"/>.</summary>
    public Reply Success() => IsSuccess ? this : throw new ApiException(this);

    internal static async Task<Reply> OfAsync(HttpResponseMessage response, CancellationToken ct) => new(
        $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.PathAndQuery}",
        response.StatusCode,
        response.Headers.TryGetValues("ETag", out var etag) ? etag.First() : null,
        response.Headers.Contains("Idempotent-Replayed"),
        await response.Content.ReadAsByteArrayAsync(ct));
}

/// <summary>A problem detail (RFC 9457).</summary>
/// <param name="Type">Ends in the rule's stable code.</param>
/// <param name="Title">The rule as a sentence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">More about this occurrence.</param>
/// <param name="Errors">What is wrong with which field, by JSON path.</param>
/// <param name="Reason">The reason code of a refused signature.</param>
/// <param name="TraceId">The trace in which it happened.</param>
/// <param name="Error">Error code of the token endpoint (RFC 6749, section 5.2), which has a form of its own.</param>
/// <param name="ErrorDescription">Its description.</param>
public sealed record Problem(
    string? Type = null,
    string? Title = null,
    int? Status = null,
    string? Detail = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    string? Reason = null,
    string? TraceId = null,
    string? Error = null,
    [property: JsonPropertyName("error_description")] string? ErrorDescription = null)
{
    /// <summary>The rule's stable code, e.g. <c>minutes-out-of-range</c>.</summary>
    public string Code => Type?[(Type.LastIndexOf('/') + 1)..] ?? Error ?? "";
}
