using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Shouldly;

namespace VolunteerBook.Testing;

/// <summary>The API's habits in one line each: JSON bodies, If-Match, Idempotency-Key, problem details.</summary>
public static class Http
{
    /// <summary>JSON as the API speaks it: camelCase, enums as camelCase strings.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>POST with a JSON body (none when null), for a stream's version and with an idempotency key when given.</summary>
    public static Task<HttpResponseMessage> PostJsonAsync(
        this HttpClient client, string path, object? body = null, long? version = null, string? idempotencyKey = null) =>
        client.SendJsonAsync(HttpMethod.Post, path, body, version, idempotencyKey);

    /// <summary>PUT with a JSON body, for a stream's version when given.</summary>
    public static Task<HttpResponseMessage> PutJsonAsync(this HttpClient client, string path, object body, long? version = null) =>
        client.SendJsonAsync(HttpMethod.Put, path, body, version);

    /// <summary>DELETE, for a stream's version when given.</summary>
    public static Task<HttpResponseMessage> DeleteAsync(this HttpClient client, string path, long? version) =>
        client.SendJsonAsync(HttpMethod.Delete, path, null, version);

    /// <summary>GET, whatever the answer.</summary>
    public static Task<HttpResponseMessage> GetResponseAsync(this HttpClient client, string path) => client.SendJsonAsync(HttpMethod.Get, path, null);

    /// <summary>GET that must succeed; the answer is its JSON.</summary>
    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        await response.ShouldBeAsync(HttpStatusCode.OK);
        return await response.JsonAsync();
    }

    /// <summary>GET that must succeed; the answer is its JSON as a type.</summary>
    public static async Task<T> GetJsonAsync<T>(this HttpClient client, string path) => (await client.GetJsonAsync(path)).Deserialize<T>(Json)!;

    /// <summary>The ids of a paged list, from its first page to its last. A list that does not end within 1,000 pages fails.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="path">The list's path with at least one query parameter, e.g. <c>/api/v1/cases?limit=3</c>.</param>
    public static async Task<List<Guid>> IdsOfAllPagesAsync(this HttpClient client, string path)
    {
        var seen = new List<Guid>();
        string? next = null;
        for (var pages = 0; pages < 1000; pages++)
        {
            var page = await client.GetJsonAsync($"{path}&after={next}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            if ((next = page.GetProperty("next").GetString()) is null)
            {
                return seen;
            }
        }

        throw new InvalidOperationException($"{path} does not come to an end.");
    }

    /// <summary>A request with all there is.</summary>
    public static async Task<HttpResponseMessage> SendJsonAsync(
        this HttpClient client, HttpMethod method, string path, object? body, long? version = null, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: Json);
        }

        if (version is { } expected)
        {
            request.Headers.TryAddWithoutValidation("If-Match", string.Create(CultureInfo.InvariantCulture, $"\"{expected}\"")).ShouldBeTrue();
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return await client.SendAsync(request);
    }

    /// <summary>Asserts the status; the body is in the message when it is another.</summary>
    public static async Task<HttpResponseMessage> ShouldBeAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        if (response.StatusCode != status)
        {
            var request = response.RequestMessage;
            response.StatusCode.ShouldBe(status, $"{request?.Method} {request?.RequestUri}: {await response.Content.ReadAsStringAsync()}");
        }

        return response;
    }

    /// <summary>The body as JSON, independent of the response's life.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return document.RootElement.Clone();
    }

    /// <summary>The body as a type.</summary>
    public static async Task<T> JsonAsync<T>(this HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<T>(Json))!;

    /// <summary>The stream's version, from the ETag.</summary>
    public static long Version(this HttpResponseMessage response) =>
        long.Parse(response.Headers.ETag.ShouldNotBeNull("there is no ETag").Tag.Trim('"'), CultureInfo.InvariantCulture);

    /// <summary>The id in the answer of a creation (201).</summary>
    public static async Task<Guid> IdAsync(this HttpResponseMessage response)
    {
        await response.ShouldBeAsync(HttpStatusCode.Created);
        return (await response.JsonAsync()).GetProperty("id").GetGuid();
    }

    /// <summary>Asserts a refusal: a problem detail (RFC 9457) with this status and, when given, this code.</summary>
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string? code = null)
    {
        await response.ShouldBeAsync(status);
        (response.Content.Headers.ContentType?.MediaType).ShouldBe("application/problem+json");
        var problem = await response.JsonAsync<Problem>();
        if (code is not null)
        {
            problem.Code.ShouldBe(code);
        }

        return problem;
    }
}

/// <summary>A problem detail (RFC 9457) as the API answers it.</summary>
public sealed record Problem(string Type, string? Title, int? Status, string? Detail, IReadOnlyDictionary<string, string[]>? Errors, string? TraceId)
{
    /// <summary>The stable code that the type ends with.</summary>
    public string Code => Type[(Type.LastIndexOf('/') + 1)..];

    /// <summary>Members that this problem has besides, e.g. the reason of a refused signature.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; init; }
}
