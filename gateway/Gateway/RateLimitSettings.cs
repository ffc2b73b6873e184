namespace VolunteerBook.Gateway;

/// <summary>
/// How often one may call (<c>Gateway:RateLimit</c>): a bucket of <see cref="Burst"/> calls that fills at <see cref="PerSecond"/>, of which
/// <see cref="AtOnce"/> are under way and the rest wait here.
/// </summary>
public sealed class RateLimitSettings
{
    public int PerSecond { get; set; } = 200;
    public int Burst { get; set; } = 400;

    /// <summary>
    /// Who sends hundreds at once takes no more of the services than this: everybody else's calls meet these and not the
    /// hundreds. At 10 ms a call it is the rate above.
    /// </summary>
    public int AtOnce { get; set; } = 2;

    /// <summary>Of the event feeds that one caller reads: each lasts as long as its reader takes, and there is one for each service.</summary>
    public int FeedsAtOnce { get; set; } = 8;

    /// <summary>Of the streams of notifications that one caller has open: each of their windows may have one.</summary>
    public int StreamsAtOnce { get; set; } = 8;

    /// <summary>
    /// Of the files that are handed in to be checked at one remote address, whoever says to be at it, as a check needs no account: the rest wait here, so that
    /// nobody fills more than half of the ledger's queue alone. Many send slowly, and share an address.
    /// </summary>
    public int ChecksAtOnceAndAddress { get; set; } = 32;

    /// <summary>
    /// How long one waits here for one's turn. Whoever is kept from it longer, by what else they have under way or by others
    /// at their address, is asked to come again.
    /// </summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Of all callers at one remote address together, so that inventing names in tokens brings nothing.</summary>
    public int PerSecondAndAddress { get; set; } = 5000;

    public int BurstOfAddress { get; set; } = 10000;
}
