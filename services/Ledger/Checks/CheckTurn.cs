using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using VolunteerBook.Documents.Checks;

namespace VolunteerBook.Ledger.Checks;

/// <summary>
/// One turn, until it is disposed of, and its room for the longest file. Rooms are used again: made anew for each file,
/// they would pile up until they are collected.
/// </summary>
public sealed class CheckTurn : IDisposable
{
    private readonly RateLimitLease _turn;
    private readonly ConcurrentBag<byte[]> _rooms;

    internal CheckTurn(RateLimitLease turn, ConcurrentBag<byte[]> rooms)
    {
        (_turn, _rooms) = (turn, rooms);
        Room = rooms.TryTake(out var room) ? room : GC.AllocateUninitializedArray<byte>(Check.MostPdfBytes);
    }

    /// <summary>As many bytes as a file has at most.</summary>
    public byte[] Room { get; }

    /// <summary>Gives room and turn to the next.</summary>
    public void Dispose()
    {
        _rooms.Add(Room);
        _turn.Dispose();
    }
}
