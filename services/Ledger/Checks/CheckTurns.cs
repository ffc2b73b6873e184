using System.Threading.RateLimiting;

namespace VolunteerBook.Ledger.Checks;

/// <summary>
/// How many files are looked at at once: on half of the processors, so that whatever strangers hand in leaves the other half to everybody else. The rest wait, holding neither memory nor a
/// connection, and too many are sent away.
/// </summary>
public sealed class CheckTurns : IDisposable
{
    private const int MostWaiting = 64;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a turn, which ends when it is disposed of; one that was not acquired is no turn.</summary>
    public ValueTask<RateLimitLease> WaitAsync(CancellationToken ct) => _limiter.AcquireAsync(cancellationToken: ct);

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
