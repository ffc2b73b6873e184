using Microsoft.Extensions.Caching.Memory;

namespace VolunteerBook.Portal;

/// <summary>
/// Looks how the site is, as anybody could from outside: by a small public question to each service. What is found holds for half a minute, whoever asks, so
/// that many who look do not add to what ails it. It never fails: what does not answer is away.
/// </summary>
public sealed class LookAtSite(IHttpClientFactory clients, IMemoryCache cache, TimeProvider clock) : IDisposable
{
    /// <summary>The client that asks; its address is the gateway's.</summary>
    public const string Client = "status";

    static readonly TimeSpan Holds = TimeSpan.FromSeconds(30), Long = TimeSpan.FromSeconds(2);

    static readonly (string Name, string Path)[] Questions =
    [
        ("sign-in", ".well-known/openid-configuration"), ("book", "api/v1/vocabulary"), ("confirming", "api/v1/service-levels?limit=1"),
        ("vacancies", "api/v1/vacancies?limit=1"), ("organisations", "api/v1/organisations?limit=1"), ("statistics", "api/v1/statistics"),
    ];

    readonly SemaphoreSlim one = new(1);

    /// <summary>How it is, or was less than half a minute ago.</summary>
    public async Task<SiteStatus> Now(CancellationToken ct)
    {
        if (cache.Get<SiteStatus>(Client) is { } known) return known;
        await one.WaitAsync(ct);
        try
        {
            if (cache.Get<SiteStatus>(Client) is { } other) return other;
            var parts = await Task.WhenAll(Questions.Select(async question => (question.Name, await Ask(question.Path))));
            return cache.Set(Client, new SiteStatus(clock.GetUtcNow(), parts), Holds);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    // Whoever asked first may leave: the others get the answer all the same. The client gives up by itself.
    async Task<PartState> Ask(string path)
    {
        var began = clock.GetTimestamp();
        try
        {
            using var answer = await clients.CreateClient(Client).GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            return !answer.IsSuccessStatusCode ? PartState.Away : clock.GetElapsedTime(began) > Long ? PartState.Slow : PartState.Works;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            return PartState.Away;
        }
    }
}
