using System.IO.Pipelines;
using Shouldly;
using VolunteerBook.Ledger.Checks;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

/// <summary>Strangers who hand in files, and the turns that they take.</summary>
public sealed class CheckTurnsTests : IDisposable
{
    private static readonly int AtOnce = Math.Max(1, Environment.ProcessorCount / 2);
    private const long Most = 2_000_000;
    private readonly Waits _waits = new();
    private readonly CheckTurns _turns;

    public CheckTurnsTests() => _turns = new CheckTurns(_waits);

    public void Dispose() => _turns.Dispose();

    [Fact]
    public async Task who_sends_slowly_takes_nobodys_turn()
    {
        var slow = Enumerable.Range(0, AtOnce + 1).Select(_ => new Pipe()).ToList();
        var received = slow.Select(pipe => _turns.ReceiveAsync(pipe.Reader.AsStream(), new MemoryStream(), Most, Ct)).ToList();
        foreach (var pipe in slow)
        {
            await pipe.Writer.WriteAsync(new byte[100], Ct);
        }

        using (var turn = await _turns.WaitAsync(Ct).WaitAsync(TimeSpan.FromMinutes(1), Ct))
        {
            turn.ShouldNotBeNull();
        }

        foreach (var pipe in slow)
        {
            await pipe.Writer.CompleteAsync();
        }

        (await Task.WhenAll(received)).ShouldAllBe(whole => whole);
    }

    [Fact]
    public async Task no_more_files_are_touched_at_once_than_there_are_turns()
    {
        var disk = new Disk();
        var received = Enumerable.Range(0, AtOnce + 20).Select(_ => _turns.ReceiveAsync(new MemoryStream(new byte[100_000]), disk, Most, Ct)).ToList();
        disk.Busy.ShouldBe(AtOnce);
        var looked = _turns.WaitAsync(Ct);
        looked.IsCompleted.ShouldBeFalse();
        disk.Open();
        (await looked).ShouldNotBeNull().Dispose();
        (await Task.WhenAll(received)).ShouldAllBe(whole => whole);
        disk.Most.ShouldBe(AtOnce);
    }

    [Fact]
    public async Task who_comes_when_too_many_wait_is_sent_away_and_the_others_are_served()
    {
        var first = new List<CheckTurn?>();
        for (var turn = 0; turn < AtOnce; turn++)
        {
            first.Add(await _turns.WaitAsync(Ct));
        }

        var waiting = Enumerable.Range(0, 64).Select(_ => _turns.WaitAsync(Ct)).ToList();
        (await _turns.WaitAsync(Ct)).ShouldBeNull();
        (await _turns.ReceiveAsync(new MemoryStream([1]), new MemoryStream(), Most, Ct)).ShouldBeFalse();
        first.ForEach(turn => turn!.Dispose());
        foreach (var one in waiting)
        {
            (await one).ShouldNotBeNull().Dispose();
        }
    }

    [Fact]
    public async Task the_room_of_one_file_serves_the_next()
    {
        var first = await _turns.WaitAsync(Ct);
        var room = first!.Room;
        first.Dispose();
        using var next = await _turns.WaitAsync(Ct);
        // Not ShouldBeSameAs, which would print both.
        ReferenceEquals(next!.Room, room).ShouldBeTrue();
    }

    [Fact]
    public async Task what_is_sent_at_once_is_received_by_and_by()
    {
        (await _turns.ReceiveAsync(new MemoryStream(new byte[(20 * 64 * 1024) + 1]), new MemoryStream(), Most, Ct)).ShouldBeTrue();

        _waits.Of(TimeSpan.FromMilliseconds(1)).ShouldBe(21);
    }

    [Fact]
    public async Task what_comes_in_crumbs_takes_no_more_turns_than_what_comes_at_once()
    {
        var pipe = new Pipe();
        var received = new MemoryStream();
        var all = _turns.ReceiveAsync(pipe.Reader.AsStream(), received, Most, Ct);
        for (var crumb = 0; crumb < 1000; crumb++)
        {
            await pipe.Writer.WriteAsync(new byte[100], Ct);
        }

        await pipe.Writer.CompleteAsync();

        (await all).ShouldBeTrue();
        received.Length.ShouldBe(100_000);
        _waits.Of(TimeSpan.FromMilliseconds(1)).ShouldBe(2);
    }

    [Fact]
    public async Task what_is_longer_than_is_looked_at_goes_by()
    {
        var (body, received) = (new MemoryStream(new byte[10_000_000]), new MemoryStream());
        (await _turns.ReceiveAsync(body, received, Most, Ct)).ShouldBeTrue();

        body.Position.ShouldBe(body.Length);
        received.Length.ShouldBeInRange(Most + 1, Most + (64 * 1024));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Writes nothing until it is opened, and counts who writes.
    private sealed class Disk : MemoryStream
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _busy;

        public int Busy => _busy;

        public int Most { get; private set; }

        public void Open() => _open.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var busy = Interlocked.Increment(ref _busy);
            lock (_open)
            {
                Most = Math.Max(Most, busy);
            }

            await _open.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _busy);
        }
    }
}
