using System.Diagnostics;

namespace VolunteerBook.EventSourcing;

/// <summary>Where a reader stands in a publisher's log.</summary>
/// <param name="Log">Which log; null where it has not begun.</param>
/// <param name="Sequence">The position up to which it has handled what it wants.</param>
/// <param name="Number">What it stood at when integration events were numbered, until the publisher says which position that is.</param>
internal sealed record ReaderPosition(Guid? Log, long Sequence, long? Number)
{
    /// <summary>How many messages it could not handle, with what waits behind them.</summary>
    public long Failed { get; init; }

    /// <summary>Since when the first of them could not be handled: of this process's <see cref="Stopwatch"/>, by what the database said it was ago.</summary>
    public long? FailedSince { get; init; }

    /// <summary>What it does nothing about until then.</summary>
    public HashSet<string> Keys { get; init; } = [];

    /// <summary>The positions that somebody decided to pass over.</summary>
    public IReadOnlyCollection<long> Skipped { get; init; } = [];

    /// <summary>The position that holds up all, until it is time to try again.</summary>
    public IReadOnlyCollection<long> Held { get; init; } = [];

    /// <summary>Why it does nothing at all, until somebody accepts that the publisher is not what it was.</summary>
    public string? Stopped { get; init; }

    /// <summary>From where the publisher's log is taken up, where somebody said so.</summary>
    public Start? From { get; init; }

    /// <summary>When somebody said so.</summary>
    public DateTimeOffset? Accepted { get; init; }
}
