using System.Diagnostics;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// When a reader of the log writes down its position, if to lose that costs no more than a repeat that is harmless: at most once a second where something was
/// done at it; and after so much that was passed over, or once in ten seconds, by which others see that it goes on.
/// </summary>
internal sealed class KeptNowAndThen(long position)
{
    private const long MostPassedOver = 500;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(10);
    // How soon an append that is open is looked at again: most end at once, and one that does not is no reason to ask a thousand times.
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private long kept = position;
    private long keptAt;
    private long reached = position;
    private bool isDone;
    private TimeSpan soon = Soonest;

    /// <summary>Writes the position down if it is time to.</summary>
    /// <param name="now">The position.</param>
    /// <param name="done">Whether anything was done on the way to it, and not only passed over.</param>
    /// <param name="keep">Writes it down.</param>
    public async Task KeepAsync(long now, bool done, Func<Task> keep)
    {
        reached = now;
        isDone |= done;
        if (now - kept >= MostPassedOver || IsTimeTo)
        {
            await keep();
            Is(now);
        }
    }

    /// <summary>Says that the position is written down.</summary>
    public void Is(long now) => (kept, reached, keptAt, isDone) = (now, now, Stopwatch.GetTimestamp(), false);

    /// <summary>Waits for what follows on a page; where nothing comes for a while, the position is written down meanwhile.</summary>
    public async Task WaitAsync(LogPage page, Task appended, TimeSpan look, Func<Task> keep, CancellationToken ct)
    {
        switch (page.Then)
        {
            case Follows.More:
                return;
            case Follows.AnOpenAppend:
                await Task.Delay(soon, ct);
                soon = soon * 2 < Soon ? soon * 2 : Soon;
                return;
        }

        soon = Soonest;
        var left = reached > kept ? TimeSpan.FromTicks(Math.Clamp((Within - Since).Ticks, 0, look.Ticks)) : look;
        await appended.WaitAsync(left, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (!appended.IsCompleted && IsTimeTo)
        {
            await keep();
            Is(reached);
        }
    }

    private TimeSpan Since => Stopwatch.GetElapsedTime(keptAt);

    private TimeSpan Within => isDone ? Between : Seldom;

    private bool IsTimeTo => reached > kept && Since >= Within;
}
