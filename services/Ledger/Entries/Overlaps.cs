using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A piece of work as the union of a book sees it.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Grade">How well it is evidenced.</param>
/// <param name="FirstStart">When it began, UTC.</param>
/// <param name="Shifts">Its shifts; they may overlap each other too.</param>
public sealed record Work(Guid EntryId, EvidenceGrade Grade, DateTimeOffset FirstStart, IReadOnlyList<Shift> Shifts);

/// <summary>Minutes of an entry that do not count in it, because they count in another one (N7).</summary>
/// <param name="EntryId">The entry that bears the overlap: its hours are fewer by these.</param>
/// <param name="CountedIn">The entry in which they count; the same one where its own shifts overlap.</param>
/// <param name="Minutes">How many.</param>
public sealed record Overlap(Guid EntryId, Guid CountedIn, int Minutes);

/// <summary>
/// A minute that several entries of a book claim counts once: in the best evidenced of them; among equally evidenced ones in the one that began first; then in the
/// one with the smaller id. So the union of all intervals counts, every minute with its best grade, and the order in which entries came does not matter.
/// </summary>
public static class Overlaps
{
    public static IReadOnlyList<Overlap> Of(IEnumerable<Work> book)
    {
        var taken = new SortedSet<Span>();
        var found = new Dictionary<(Guid, Guid), int>();
        foreach (var work in book.OrderByDescending(work => work.Grade).ThenBy(work => work.FirstStart).ThenBy(work => work.EntryId))
        {
            foreach (var shift in work.Shifts)
            {
                Take(shift.UtcMinutes(), work.EntryId, taken, found);
            }
        }

        return [.. found.Select(pair => new Overlap(pair.Key.Item1, pair.Key.Item2, pair.Value))];
    }

    private static void Take((long From, long To) shift, Guid entry, SortedSet<Span> taken, Dictionary<(Guid, Guid), int> found)
    {
        // What is taken does not overlap and is nowhere longer than the longest shift, so only spans that begin this near can reach the shift.
        var near = taken.GetViewBetween(new Span(shift.From - Shift.MostMinutes, 0, default), new Span(shift.To - 1, 0, default));
        var free = new List<Span>();
        var from = shift.From;
        foreach (var span in near)
        {
            if (span.To <= from)
            {
                continue;
            }

            if (span.From > from)
            {
                free.Add(new Span(from, span.From, entry));
            }

            var until = Math.Min(span.To, shift.To);
            found[(entry, span.Owner)] = found.GetValueOrDefault((entry, span.Owner)) + (int)(until - Math.Max(span.From, from));
            from = until;
        }

        if (from < shift.To)
        {
            free.Add(new Span(from, shift.To, entry));
        }

        taken.UnionWith(free);
    }

    private readonly record struct Span(long From, long To, Guid Owner) : IComparable<Span>
    {
        public int CompareTo(Span other) => From.CompareTo(other.From);
    }
}
