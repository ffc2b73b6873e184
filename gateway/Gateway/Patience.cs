using System.Threading.RateLimiting;

namespace VolunteerBook.Gateway;

/// <summary>A limiter in whose queue nobody waits for longer than a while; whoever would is turned away.</summary>
sealed class Patience(RateLimiter limiter, TimeSpan longest) : RateLimiter
{
    public override TimeSpan? IdleDuration => limiter.IdleDuration;

    public override RateLimiterStatistics? GetStatistics() => limiter.GetStatistics();

    protected override RateLimitLease AttemptAcquireCore(int permitCount) => limiter.AttemptAcquire(permitCount);

    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patient.CancelAfter(longest);
        try
        {
            return await limiter.AcquireAsync(permitCount, patient.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return TurnedAway.Lease;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) limiter.Dispose();
        base.Dispose(disposing);
    }

    sealed class TurnedAway : RateLimitLease
    {
        public static readonly TurnedAway Lease = new();

        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
