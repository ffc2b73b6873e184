namespace VolunteerBook.Evidence.Transparency;

/// <summary>A key of a log and what it signs.</summary>
/// <param name="Key">The key.</param>
/// <param name="From">The fewest leaves of a checkpoint that it signs.</param>
/// <param name="Until">The most; null where none is known to have taken over from it.</param>
public sealed record LogKeyTerm(NoteVerifier Key, long From, long? Until);

/// <summary>
/// The keys of one log as they followed one another. Each opens the checkpoints of its own sizes and no others: where one hands over, both sign the same
/// tree; from there on the earlier counts for nothing.
/// </summary>
public sealed class LogKeys
{
    private LogKeys(IReadOnlyList<LogKeyTerm> terms, IReadOnlyList<KeySuccession> successions) => (Terms, Successions) = (terms, successions);

    /// <summary>Of a log of which one key is known, and not when it was another's turn.</summary>
    public LogKeys(NoteVerifier only)
        : this([new LogKeyTerm(only, 0, null)], [])
    {
    }

    /// <summary>The keys, the first one first.</summary>
    public IReadOnlyList<LogKeyTerm> Terms { get; }

    /// <summary>How each handed over to the next, in that order.</summary>
    public IReadOnlyList<KeySuccession> Successions { get; }

    /// <summary>The key that signs now.</summary>
    public NoteVerifier Current => Terms[^1].Key;

    /// <summary>The keys before and after one that is trusted.</summary>
    /// <param name="trusted">Known from elsewhere: any key that the log has or had.</param>
    /// <param name="successions">Notes of <see cref="KeySuccession"/>, in any order and from anybody: what both keys signed is proof enough.</param>
    /// <exception cref="FormatException">One of them is no succession, does not lead to the trusted key, or two keys claim to follow or to precede the same
    /// one.</exception>
    public static LogKeys Of(NoteVerifier trusted, IEnumerable<string> successions)
    {
        ArgumentNullException.ThrowIfNull(trusted);
        var left = successions.Select(note => KeySuccession.Open(note)
            ?? throw new FormatException("A note that says which key followed which must be signed by both keys.")).ToList();
        var line = new List<KeySuccession>();
        while (Take(one => one.Later, line.Count > 0 ? line[0].Earlier : trusted) is { } before)
        {
            line.Insert(0, before);
        }

        while (Take(one => one.Earlier, line.Count > 0 ? line[^1].Later : trusted) is { } after)
        {
            line.Add(after);
        }

        List<LogKeyTerm> terms =
        [
            .. line.Select((one, n) => new LogKeyTerm(one.Earlier, n == 0 ? 0 : line[n - 1].Size, one.Size)),
            new LogKeyTerm(line.Count > 0 ? line[^1].Later : trusted, line.Count > 0 ? line[^1].Size : 0, null),
        ];
        return left.Count == 0 && terms.All(term => term.From <= (term.Until ?? long.MaxValue))
            && terms.DistinctBy(term => term.Key.ToString()).Count() == terms.Count
            ? new LogKeys(terms, line)
            : throw new FormatException($"The keys that are said to be the log's do not form one line of succession that includes {trusted}.");

        KeySuccession? Take(Func<KeySuccession, NoteVerifier> side, NoteVerifier key)
        {
            var found = left.Find(one => side(one).ToString() == key.ToString());
            _ = found is not null && left.Remove(found);
            return found;
        }
    }

    /// <summary>The checkpoint of a note that the key of its size signed; null where anything in it is not as that key made it.</summary>
    /// <param name="note">The signed note, UTF-8.</param>
    public Checkpoint? Open(ReadOnlySpan<byte> note)
    {
        foreach (var term in Terms)
        {
            if (Checkpoint.Open(note, term.Key) is { } signed && signed.Size >= term.From && signed.Size <= (term.Until ?? long.MaxValue)
                && Successions.All(one => one.Size != signed.Size || one.Root.AsSpan().SequenceEqual(signed.Root)))
            {
                return signed;
            }
        }

        return null;
    }
}
