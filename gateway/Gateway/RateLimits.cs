using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;

namespace VolunteerBook.Gateway;

/// <summary>
/// A limit per caller. Who calls is read from the bearer token without checking it, so a caller is a name at an address: nobody can
/// use up another's calls by writing the other's name into a token.
/// </summary>
public static class RateLimits
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    enum Share
    {
        Calls,
        Feeds,
        Streams,
        Checks,
        ChecksOnPages,
    }

    readonly record struct CallerKey(IPAddress Address, string? Subject, Share Share = Share.Calls);

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Gateway:RateLimit").Get<RateLimitSettings>() ?? new();
        builder.Services.AddRateLimiter(limiter =>
        {
            // Who waits comes first: the others give back no token when a later one says no.
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, CallerKey>(http =>
                    IsFile(http) ? FewAtOnce(new CallerKey(Address(http), null, Share.Checks), settings.ChecksAtOnceAndAddress)
                    : IsFileOnPage(http) ? FewAtOnce(new CallerKey(Address(http), null, Share.ChecksOnPages), settings.ChecksAtOnceAndAddress)
                    // Behind one address there are many who have not signed in.
                    : BearerToken.Subject(http.Request.Headers.Authorization) is not { } subject
                        ? RateLimitPartition.GetNoLimiter(new CallerKey(IPAddress.None, null))
                    : IsStream(http) ? FewAtOnce(new CallerKey(Address(http), subject, Share.Streams), settings.StreamsAtOnce)
                    : IsFeed(http) ? FewAtOnce(new CallerKey(Address(http), subject, Share.Feeds), settings.FeedsAtOnce)
                    : FewAtOnce(new CallerKey(Address(http), subject), settings.AtOnce)),
                PartitionedRateLimiter.Create<HttpContext, IPAddress>(http =>
                    IsProbe(http)
                        ? RateLimitPartition.GetNoLimiter(IPAddress.None)
                        : RateLimitPartition.GetTokenBucketLimiter(Address(http), _ => Bucket(settings.PerSecondAndAddress, settings.BurstOfAddress))),
                PartitionedRateLimiter.Create<HttpContext, CallerKey>(http =>
                    IsProbe(http)
                        ? RateLimitPartition.GetNoLimiter(new CallerKey(IPAddress.None, null))
                        : RateLimitPartition.GetTokenBucketLimiter(
                            new CallerKey(Address(http), BearerToken.Subject(http.Request.Headers.Authorization)),
                            _ => Bucket(settings.PerSecond, settings.Burst))));

            RateLimitPartition<CallerKey> FewAtOnce(CallerKey caller, int most) =>
                RateLimitPartition.Get(
                    caller,
                    _ => new Patience(new ConcurrencyLimiter(new() { PermitLimit = Math.Max(most, 1), QueueLimit = settings.Burst }), settings.LongestWait));

            limiter.OnRejected = async (rejected, _) =>
            {
                var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
                rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                await rejected.HttpContext.WriteAsync(Answers.TooMany);
            };
        });
    }

    public static void UseRateLimits(this WebApplication app) => app.UseRateLimiter();

    static bool IsProbe(HttpContext http) => http.Request.Path.Value is "/health" or "/alive";

    // A number, as JSON, is no file. Of two types that a request states, the services may heed the other.
    static bool IsFile(HttpContext http) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/api/v1/checks")
        && !(http.Request.Headers.ContentType is [{ } type] && type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase));

    // The portal's page asks for a check itself: counted with those, it would wait for itself.
    static bool IsFileOnPage(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/check");

    // Up to where a log goes is a call like any other.
    static bool IsFeed(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api/v1/events", out var service) && !service.Value!.EndsWith("/state", StringComparison.OrdinalIgnoreCase);

    // It lasts for as long as somebody looks at a page: counted with calls, it would keep one from making any.
    static bool IsStream(HttpContext http) => http.Request.Path.StartsWithSegments("/api/v1/notifications/stream");

    static IPAddress Address(HttpContext http) => http.Connection.RemoteIpAddress ?? IPAddress.None;

    // Filled ten times a second where the rate allows it, else once a second: a token is whole.
    static TokenBucketRateLimiterOptions Bucket(int perSecond, int burst)
    {
        var often = perSecond % 10 == 0;
        return new()
        {
            TokenLimit = Math.Max(burst, 1),
            TokensPerPeriod = Math.Max(often ? perSecond / 10 : perSecond, 1),
            ReplenishmentPeriod = often ? Tick : TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }
}
