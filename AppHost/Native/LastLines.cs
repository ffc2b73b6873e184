namespace VolunteerBook.Native;

/// <summary>Remembers the newest lines a process wrote, to be shown when it fails. Safe for several writers.</summary>
public sealed class LastLines(int capacity = 30)
{
    private readonly Queue<string> _lines = new();

    /// <summary>Adds a line and forgets the oldest beyond the capacity.</summary>
    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > capacity)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>The remembered lines, oldest first.</summary>
    public IReadOnlyList<string> ToList()
    {
        lock (_lines)
        {
            return [.. _lines];
        }
    }

    /// <summary>The remembered lines, each indented on a line of its own.</summary>
    public override string ToString() => string.Concat(ToList().Select(line => $"{Environment.NewLine}    {line}"));
}
