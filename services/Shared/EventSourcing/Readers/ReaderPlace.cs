using System.Diagnostics;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Where a reader stands in a publisher's log: what it does not want it passes over in memory, which is written down now and then, and after a restart it is
/// read once more. Not for several threads at once.
/// </summary>
internal sealed class ReaderPlace(Reader reader, ReaderPositions positions)
{
    private const long MostPassedOver = 500;
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(1);

    private ReaderPosition? at;
    private long kept;
    private long keptAt;

    /// <summary>Where it stood when it last moved or looked; null before that.</summary>
    public ReaderPosition? Here => at;

    /// <summary>Looks where the database says that it stands, and takes that where it is further.</summary>
    public async Task<ReaderPosition> LookAsync(CancellationToken ct) => Take(await positions.ReadAsync(ct));

    /// <summary>Forgets what was passed over in memory.</summary>
    public void Forget() => at = null;

    /// <summary>Takes what the database says where that is further, and says where it stands.</summary>
    public ReaderPosition Take(ReaderPosition now) => at = Further(now);

    /// <summary>Takes what the database says, though it is behind.</summary>
    public void Is(ReaderPosition now) => at = now;

    /// <summary>Has moved on in a transaction that is committed.</summary>
    public void Moved(ReaderPosition now) => (at, kept, keptAt) = (now, now.Sequence, Stopwatch.GetTimestamp());

    /// <summary>Whether the database knows less than was once written down in it: it was put back, or is a standby that lacks the last commits.</summary>
    public bool HasForgotten(ReaderPosition now) => now.Sequence < kept;

    /// <summary>
    /// Passes over what it does not want. Where a read model stands is looked at when it is switched to, so it is written down a little more often.
    /// </summary>
    public async Task PassOverAsync(long upTo, CancellationToken ct)
    {
        at = at! with { Sequence = upTo };
        if (upTo - kept >= MostPassedOver || (reader.Model is not null && upTo > kept && Stopwatch.GetElapsedTime(keptAt) > ShownWithin))
        {
            await KeepAsync(at.Log!.Value, ct);
        }
    }

    /// <summary>Writes down where it stands, where it does not say so yet.</summary>
    public Task KeepAsync(CancellationToken ct) => at is { Log: { } log } here && here.Sequence > kept ? KeepAsync(log, ct) : Task.CompletedTask;

    private async Task KeepAsync(Guid log, CancellationToken ct)
    {
        var upTo = at!.Sequence;
        if (await positions.KeepAsync(log, kept, upTo, ct))
        {
            (kept, keptAt) = (upTo, Stopwatch.GetTimestamp());
        }
        else
        {
            at = await positions.ReadAsync(ct);
            kept = at.Sequence;
        }
    }

    // What was passed over in memory holds for as long as the log does, and as nobody began anew in it; and as the database is the one that it was: one that
    // was put back, or a standby that lacks the last commits, has forgotten what was done on the way as well.
    private ReaderPosition Further(ReaderPosition now)
    {
        if (at is not { } known || known.Log != now.Log || known.Accepted != now.Accepted || now.Sequence < kept)
        {
            kept = now.Sequence;
            return now;
        }

        kept = Math.Max(kept, now.Sequence);
        return known.Sequence > now.Sequence ? now with { Sequence = known.Sequence } : now;
    }
}
