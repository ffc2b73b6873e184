namespace VolunteerBook.EventSourcing;

/// <summary>
/// Lets one request of this process at a time at something. Those that wait do so in memory and hold nothing, no connection above all: a hundred that wait in
/// the database for one are a pool that is empty for everybody. What other processes do is settled in the database.
/// </summary>
internal sealed class OneAtATime
{
    private readonly Dictionary<string, Turn> turns = [];

    /// <summary>Waits for the turn; the next one's begins when the answer is disposed of.</summary>
    public async Task<IDisposable> EnterAsync(string what, CancellationToken cancellationToken)
    {
        Turn? turn;
        lock (turns)
        {
            if (!turns.TryGetValue(what, out turn))
            {
                turns.Add(what, turn = new Turn(this, what));
            }

            turn.Requests++;
        }

        try
        {
            await turn.Free.WaitAsync(cancellationToken);
            return turn;
        }
        catch
        {
            Leave(turn);
            throw;
        }
    }

    private void Leave(Turn turn)
    {
        lock (turns)
        {
            if (--turn.Requests == 0)
            {
                turns.Remove(turn.What);
            }
        }
    }

    private sealed class Turn(OneAtATime all, string what) : IDisposable
    {
        public string What { get; } = what;

        public SemaphoreSlim Free { get; } = new(1);

        public int Requests { get; set; }

        public void Dispose()
        {
            Free.Release();
            all.Leave(this);
        }
    }
}
