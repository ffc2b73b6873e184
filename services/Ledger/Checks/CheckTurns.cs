using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace VolunteerBook.Ledger.Checks;

/// <summary>
/// In how many files at once anything is done, whether they are received or looked at: on half of the processors, so that whatever strangers hand in leaves the
/// other half to everybody else. The rest wait, and too many are sent away.
/// </summary>
public sealed class CheckTurns(TimeProvider clock) : IDisposable
{
    private const int MostWaiting = 64;
    private const int BytesOfAStep = 64 * 1024;

    // What one step takes at the least: received as fast as strangers send, files take all processors. So a turn receives at most 64 MB a second.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly ConcurrentBag<byte[]> _rooms = [];
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Math.Max(1, Environment.ProcessorCount / 2),
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Receives a body step by step, each step in a turn of its own: whoever sends slowly takes nobody's. False where too many wait already.</summary>
    /// <param name="body">What is sent.</param>
    /// <param name="received">Where it is kept.</param>
    /// <param name="most">
    /// How much of it is looked at. What is longer is kept to the step that passes this, and then goes by, so that its sender hears the answer.
    /// </param>
    /// <param name="ct">Ends it.</param>
    public async Task<bool> ReceiveAsync(Stream body, Stream received, long most, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(received);
        var step = ArrayPool<byte>.Shared.Rent(BytesOfAStep);
        try
        {
            while (await body.ReadAtLeastAsync(step, step.Length, throwOnEndOfStream: false, ct) is > 0 and var length)
            {
                using var turn = await _limiter.AcquireAsync(cancellationToken: ct);
                if (!turn.IsAcquired)
                {
                    return false;
                }

                if (received.Length <= most)
                {
                    await received.WriteAsync(step.AsMemory(0, length), ct);
                }

                await Task.Delay(Step, clock, ct);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(step);
        }
    }

    /// <summary>Waits for a turn to look at a file; null where too many wait already.</summary>
    public async Task<CheckTurn?> WaitAsync(CancellationToken ct)
    {
        var turn = await _limiter.AcquireAsync(cancellationToken: ct);
        if (turn.IsAcquired)
        {
            return new CheckTurn(turn, _rooms);
        }

        turn.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
