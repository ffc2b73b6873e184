using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;

namespace VolunteerBook.Gateway;

/// <summary>
/// How often one may call (<c>Gateway:RateLimit</c>): a bucket of <see cref="Burst"/> calls that fills at <see cref="PerSecond"/>, of which <see cref="AtOnce"/> are under way and the rest wait here.
/// </summary>
public sealed class RateLimitSettings
{
    public int PerSecond { get; set; } = 200;
    public int Burst { get; set; } = 400;

    /// <summary>Who sends hundreds at once takes no more of the services than this: everybody else's calls meet these and not the hundreds. At 10 ms a call it is the rate above.</summary>
    public int AtOnce { get; set; } = 2;

    /// <summary>Of the documents that are handed in to be checked at one remote address, without an account: the rest wait here, so that nobody fills more than half of the ledger's queue alone. Many send slowly, and share an address.</summary>
    public int ChecksAtOnceAndAddress { get; set; } = 32;

    /// <summary>Of all callers at one remote address together, so that inventing names in tokens brings nothing.</summary>
    public int PerSecondAndAddress { get; set; } = 5000;

    public int BurstOfAddress { get; set; } = 10000;
}

/// <summary>
/// A limit per caller. Who calls is read from the bearer token without checking it, so a caller is a name at an address: nobody can
/// use up another's calls by writing the other's name into a token.
/// </summary>
public static class RateLimits
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    readonly record struct CallerKey(IPAddress Address, string? Subject);

    public static void AddRateLimits(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Gateway:RateLimit").Get<RateLimitSettings>() ?? new();
        builder.Services.AddRateLimiter(limiter =>
        {
            // Who waits comes first: the others give back no token when a later one says no.
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, CallerKey>(http =>
                    // Behind one address there are many who have not signed in.
                    BearerToken.Subject(http.Request.Headers.Authorization) is { } subject ? FewAtOnce(new CallerKey(Address(http), subject), settings.AtOnce)
                    : IsCheck(http) ? FewAtOnce(new CallerKey(Address(http), null), settings.ChecksAtOnceAndAddress)
                    : RateLimitPartition.GetNoLimiter(new CallerKey(IPAddress.None, null))),
                PartitionedRateLimiter.Create<HttpContext, IPAddress>(http =>
                    IsProbe(http)
                        ? RateLimitPartition.GetNoLimiter(IPAddress.None)
                        : RateLimitPartition.GetTokenBucketLimiter(Address(http), _ => Bucket(settings.PerSecondAndAddress, settings.BurstOfAddress))),
                PartitionedRateLimiter.Create<HttpContext, CallerKey>(http =>
                    IsProbe(http)
                        ? RateLimitPartition.GetNoLimiter(new CallerKey(IPAddress.None, null))
                        : RateLimitPartition.GetTokenBucketLimiter(
                            new CallerKey(Address(http), BearerToken.Subject(http.Request.Headers.Authorization)), _ => Bucket(settings.PerSecond, settings.Burst))));

            RateLimitPartition<CallerKey> FewAtOnce(CallerKey caller, int most) =>
                RateLimitPartition.GetConcurrencyLimiter(caller, _ => new() { PermitLimit = Math.Max(most, 1), QueueLimit = settings.Burst });

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

    static bool IsCheck(HttpContext http) => HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments("/api/v1/checks");

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
