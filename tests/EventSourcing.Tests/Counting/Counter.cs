namespace VolunteerBook.EventSourcing.Tests.Counting;

/// <summary>The smallest domain there can be: something is counted.</summary>
/// <param name="By">How much.</param>
/// <param name="Note">Free text, which the analysts' feed withholds.</param>
public sealed record Counted(int By, string? Note = null);

public sealed record Counter
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public int Sum { get; init; }

    public static Counter Create(Counted e) => new() { Sum = e.By };

    public Counter Apply(Counted e) => this with { Sum = Sum + e.By };
}

/// <summary>What others are told of it. Nobody is told of what is counted by zero.</summary>
public sealed record CountedV1(Guid CounterId, int By);

/// <summary>What a listener keeps of it: how much, and from where in its publisher's log it came.</summary>
public sealed record Tallied(string Publisher, long Sequence, int By);

public sealed record Tally
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public int Sum { get; init; }

    public static Tally Create(Tallied e) => new() { Sum = e.By };

    public Tally Apply(Tallied e) => this with { Sum = Sum + e.By };
}

/// <summary>A name that one counter has.</summary>
public sealed record Label(string Id, Guid CounterId);

/// <summary>What a test lets go wrong inside a service.</summary>
public sealed class Faults
{
    /// <summary>The request breaks down after its events were saved and before it is answered.</summary>
    public bool AfterSaving { get; set; }

    /// <summary>What every request waits for after it has decided and before it saves.</summary>
    public Func<CancellationToken, Task>? BeforeSaving { get; set; }

    /// <summary>Messages of this publisher cannot be handled.</summary>
    public string? HandlingOf { get; set; }

    /// <summary>Messages about this counter cannot be handled.</summary>
    public Guid? HandlingAbout { get; set; }

    private int handlingFailed;

    public int HandlingFailed => Volatile.Read(ref handlingFailed);

    /// <summary>So many requests decide, all on the same state, before the first of them saves.</summary>
    public void LetDecideTogether(int requests)
    {
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        BeforeSaving = _ =>
        {
            if (Interlocked.Decrement(ref requests) == 0)
            {
                together.SetResult();
            }

            return together.Task;
        };
    }

    public Task WaitBeforeSavingAsync(CancellationToken ct) => BeforeSaving?.Invoke(ct) ?? Task.CompletedTask;

    public void ThrowAfterSaving()
    {
        if (AfterSaving)
        {
            throw new InvalidOperationException("The process fell over.");
        }
    }

    public void ThrowOnHandling(string publisher, Guid counter)
    {
        if (HandlingOf == publisher || HandlingAbout == counter)
        {
            Interlocked.Increment(ref handlingFailed);
            throw new InvalidOperationException("It cannot be handled now.");
        }
    }
}
