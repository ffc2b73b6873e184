using VolunteerBook.Portal.Api;

namespace VolunteerBook.Portal;

/// <summary>
/// The paths of all public pages, vacancies that are open and organisations that are approved among them. They are read from the API when somebody asks and
/// what is known is older than a quarter of an hour, once, whatever the number of those who ask;
/// nobody's leaving ends it, and meanwhile they get what is known.
/// </summary>
public sealed partial class SiteMap(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SiteMap> log)
{
    /// <summary>
    /// Paths in a part of it. Each is two addresses, in Russian and in English, and a sitemap has at most 50,000 (sitemaps.org, protocol 0.9).
    /// </summary>
    public const int MostInPart = 25_000;

    /// <summary>Vacancies, and organisations, of which it knows at most: so many fit into four parts each, and reading them is 500 questions.</summary>
    public const int MostOfAKind = 4 * MostInPart;

    /// <summary>As many as the API gives at once.</summary>
    public const int AtOnce = 200;

    static readonly TimeSpan Known = TimeSpan.FromMinutes(15), KnownInPart = TimeSpan.FromMinutes(1);

    static readonly string[] Pages =
    [
        "/", "/vacancies", "/organisations", "/statistics", "/service-levels", "/check",
        "/about", "/help", "/privacy", "/consent", "/terms", "/accessibility", "/contacts", "/developers", "/status",
    ];

    readonly Lock one = new();
    IReadOnlyList<IReadOnlyList<string>> parts = [];
    DateTimeOffset until;
    Task reading = Task.CompletedTask;

    /// <summary>All paths, in as many parts as are needed. While a service is away, what was known before, or the pages that are always there.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> Parts(CancellationToken ct)
    {
        Task current;
        lock (one)
        {
            if (clock.GetUtcNow() >= until && reading.IsCompleted) reading = Renew();
            current = reading;
        }

        if (parts.Count == 0) await current.WaitAsync(ct);
        return parts;
    }

    /// <summary>Ends when what is being read has been.</summary>
    public Task Renewed()
    {
        lock (one) return reading;
    }

    // In no request: the client of the API would take its end, its language and its person from there.
    Task Renew()
    {
        using var apart = ExecutionContext.SuppressFlow();
        return Task.Run(async () =>
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                var vacancies = await Read(scope.ServiceProvider.GetRequiredService<Vacancies>().OpenIds, "/vacancies/");
                var organisations = await Read(scope.ServiceProvider.GetRequiredService<Profiles>().ApprovedIds, "/organisations/");
                parts = [.. Pages.Concat(vacancies).Concat(organisations).Chunk(MostInPart)];
                until = clock.GetUtcNow() + Known;
            }
            catch (Exception failure)
            {
                NotUpToDate(failure);
                if (parts.Count == 0) parts = [Pages];
                until = clock.GetUtcNow() + KnownInPart;
            }
        });
    }

    static async Task<List<string>> Read(Func<string?, Task<Page<Identified>>> ask, string path)
    {
        List<string> found = [];
        string? after = null;
        for (var asked = 0; asked < MostOfAKind / AtOnce && (asked == 0 || after is not null); asked++)
        {
            var page = await ask(after);
            found.AddRange(page.Items.Select(item => path + item.Id));
            after = page.Next;
        }

        return found;
    }

    [LoggerMessage(LogLevel.Warning, "The site map could not be brought up to date; the next try is in a minute.")]
    partial void NotUpToDate(Exception reason);
}
