using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using VolunteerBook.Portal.Forms;

namespace VolunteerBook.Portal.Api;

/// <summary>The API behind the gateway, asked with the token of the person who is looking at the page.</summary>
public sealed class GatewayApi(HttpClient http, IHttpContextAccessor context)
{
    /// <summary>camelCase, as all services speak.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    CancellationToken Aborted => context.HttpContext?.RequestAborted ?? CancellationToken.None;

    /// <summary>Reads; a refusal or a service that is away throws <see cref="ApiException"/>.</summary>
    public async Task<Tagged<T>> Read<T>(string path)
    {
        var (response, problem) = await Send(HttpMethod.Get, path, null, null);
        if (problem is not null) throw new ApiException(problem);
        using (response!)
        {
            try
            {
                var value = await Awaited(response!.Content.ReadFromJsonAsync<T>(Json, Aborted));
                return new Tagged<T>(value ?? throw new ApiException(Problem.Away), response.Headers.ETag?.ToString());
            }
            catch (HttpRequestException)
            {
                throw new ApiException(Problem.Away);
            }
        }
    }

    /// <summary>Reads what is only an ornament of a page, such as names: absent, it is null, and the page shows without it.</summary>
    public async Task<T?> ReadOrNull<T>(string path) where T : class => (await TaggedOrNull<T>(path))?.Value;

    /// <summary>Reads an ornament that is on every page, and does not wait for it for longer than this: late or absent it is null.</summary>
    public async Task<T?> ReadWithin<T>(string path, TimeSpan limit) where T : class
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Aborted);
        enough.CancelAfter(limit);
        try
        {
            var (response, _) = await Send(HttpMethod.Get, path, null, null, enough.Token);
            using (response) return response is null ? null : await Awaited(response.Content.ReadFromJsonAsync<T>(Json, enough.Token));
        }
        catch (Exception late) when (!Aborted.IsCancellationRequested && IsAway(late))
        {
            return null;
        }
    }

    /// <summary>Hands server-sent events on to the browser as they come, until either side has had enough.</summary>
    public async Task HandOnEvents(string path, CancellationToken ending)
    {
        var answer = context.HttpContext!.Response;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Aborted, ending);
        var (response, problem) = await Send(HttpMethod.Get, path, null, null, ends.Token);
        if (problem is not null)
        {
            answer.StatusCode = problem.Status;
            return;
        }

        using (response!)
        {
            answer.ContentType = response!.Content.Headers.ContentType?.ToString();
            answer.Headers.CacheControl = "no-store";
            try
            {
                await response.Content.CopyToAsync(answer.Body, ends.Token);
            }
            catch (Exception over) when (over is OperationCanceledException or HttpRequestException or IOException)
            {
                // The browser opens it anew, and says what it had last.
            }
        }
    }

    /// <summary>The same with its version.</summary>
    public Task<Tagged<T>?> TaggedOrNull<T>(string path) where T : class => OrNull(Read<T>(path));

    /// <summary>What a page shows without, where it is absent or its service is away.</summary>
    public static async Task<T?> OrNull<T>(Task<T> reading) where T : class
    {
        try
        {
            return await reading;
        }
        catch (ApiException failure) when (failure.Problem.Status is not 401)
        {
            return null;
        }
    }

    /// <summary>Changes. The form carries the key that makes a repeat harmless and the version that the person saw; what changes nothing needs none.</summary>
    public async Task<Outcome<T>> Change<T>(HttpMethod method, string path, object? body, Form? form) where T : class
    {
        using var content = body is null ? null : JsonContent.Create(body, options: Json);
        var (response, problem) = await Send(method, path, content, form);
        if (problem is not null) return new Outcome<T>(null, problem);
        using (response!)
        {
            var hasBody = response!.StatusCode is not HttpStatusCode.NoContent && typeof(T) != typeof(NoBody);
            return new Outcome<T>(hasBody ? await Awaited(response.Content.ReadFromJsonAsync<T>(Json, Aborted)) : null, null);
        }
    }

    /// <summary>Sends a file as it is, where doing it twice does no harm: no key goes with it.</summary>
    public async Task<Outcome<T>> Upload<T>(string path, ReadOnlyMemory<byte> file, string mediaType) where T : class
    {
        using var content = new ReadOnlyMemoryContent(file);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        var (response, problem) = await Send(HttpMethod.Post, path, content, null);
        if (problem is not null) return new Outcome<T>(null, problem);
        using (response!) return new Outcome<T>(await Awaited(response!.Content.ReadFromJsonAsync<T>(Json, Aborted)), null);
    }

    /// <summary>Reads what is text, to the letter; with a body it is asked for by POST, which changes nothing either.</summary>
    public async Task<Outcome<string>> ReadText(string path, object? body = null)
    {
        using var content = body is null ? null : JsonContent.Create(body, options: Json);
        var (response, problem) = await Send(body is null ? HttpMethod.Get : HttpMethod.Post, path, content, null);
        if (problem is not null) return new Outcome<string>(null, problem);
        using (response!) return new Outcome<string>(await Awaited(response!.Content.ReadAsStringAsync(Aborted)), null);
    }

    /// <summary>Hands a document on to the browser, to be saved under a name: without one, under the document's own.</summary>
    public async Task HandOn(string path, string mediaType, string? name = null)
    {
        var (response, problem) = await Send(HttpMethod.Get, path, null, null);
        if (problem is not null) throw new ApiException(problem);
        using (response!)
        {
            var answer = context.HttpContext!.Response;
            answer.ContentType = mediaType;
            answer.ContentLength = response!.Content.Headers.ContentLength;
            answer.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment")
            {
                FileName = name ?? response.Content.Headers.ContentDisposition?.FileName,
            }.ToString();
            answer.Headers.CacheControl = "no-store";
            await response.Content.CopyToAsync(answer.Body, Aborted);
        }
    }

    /// <summary>POST without an answer to read.</summary>
    public Task<Outcome<NoBody>> Post(string path, object body, Form form) => Change<NoBody>(HttpMethod.Post, path, body, form);

    async Task<(HttpResponseMessage? Response, Problem? Problem)> Send(
        HttpMethod method, string path, HttpContent? content, Form? form, CancellationToken limit = default)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Aborted, limit);
        using var request = new HttpRequestMessage(method, "api/v1/" + path);
        if (context.HttpContext is { } page && await page.GetTokenAsync("access_token") is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        request.Content = content;
        // Only of a stream of events that the browser opens anew.
        if (context.HttpContext?.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        if (form is not null && method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", form.IdempotencyKey);
        if (form?.ETag is { Length: > 0 } tag) request.Headers.TryAddWithoutValidation("If-Match", tag);

        try
        {
            var response = await Awaited(http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, enough.Token));
            if (response.IsSuccessStatusCode) return (response, null);
            using (response) return (null, await Awaited(Problem.Of(response, Aborted)));
        }
        catch (Exception failure) when (!Aborted.IsCancellationRequested && IsAway(failure))
        {
            return (null, Problem.Away);
        }
    }

    // To Blazor a task that was cancelled has ended well: it would render the page without what was waited for. This ends
    // the request, and nobody calls it a fault.
    async Task<T> Awaited<T>(Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (OperationCanceledException) when (Aborted.IsCancellationRequested)
        {
            throw new IOException("The reader has left.");
        }
    }

    // Time-outs and open circuits come from the resilience layer as exceptions of its own.
    static bool IsAway(Exception failure) =>
        failure is HttpRequestException or TaskCanceledException || failure.GetType().Namespace?.StartsWith("Polly", StringComparison.Ordinal) is true;
}
