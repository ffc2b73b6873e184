namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A piece of work that claims minutes of a volunteer's time.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Grade">How well it is evidenced.</param>
/// <param name="Shifts">Its shifts; they may overlap each other too.</param>
/// <param name="Points">Points that the organisation gave for all of it.</param>
public sealed record Work(Guid EntryId, EvidenceGrade Grade, IReadOnlyList<Shift> Shifts, int Points = 0)
{
    /// <summary>The minute in which the first shift began, from 1970-01-01T00:00Z.</summary>
    public long FirstMinute => Shifts.Min(shift => shift.UtcMinutes().From);
}

/// <summary>Minutes of an entry that do not count in it, because they count in another one (N7).</summary>
/// <param name="EntryId">The entry that bears the overlap: its hours are fewer by these.</param>
/// <param name="CountedIn">The entry in which they count; the same one where its own shifts overlap.</param>
/// <param name="Minutes">How many.</param>
public sealed record Overlap(Guid EntryId, Guid CountedIn, int Minutes);

/// <summary>Minutes without a gap that an entry claims, all in one zone and counted in one place.</summary>
/// <param name="CountedIn">The entry in which they count.</param>
/// <param name="Counts">Whether they count in the entry that claims them.</param>
/// <param name="Zone">The zone of their shift.</param>
/// <param name="From">The first, in minutes from 1970-01-01T00:00Z.</param>
/// <param name="To">The first after them.</param>
/// <param name="Points">The points that lie on them; none where they do not count.</param>
public readonly record struct Stretch(Guid CountedIn, bool Counts, TimeZoneInfo Zone, long From, long To, PointMarks Points)
{
    /// <summary>How many minutes.</summary>
    public int Minutes => (int)(To - From);

    /// <summary>The part of it in a period, or null.</summary>
    public Stretch? Within(Period period)
    {
        var (from, to) = (Math.Max(From, period.Begins(Zone)), Math.Min(To, period.Ends(Zone)));
        return from >= to ? null : this with { From = from, To = to, Points = Points with { Before = Points.Before + (int)(from - From) } };
    }

    /// <summary>The stretch by month, each with the month's first day.</summary>
    public IEnumerable<(DateOnly Month, Stretch Part)> ByMonth()
    {
        var last = WallClock.DayOf(To - 1, Zone);
        for (var month = FirstOfMonth(WallClock.DayOf(From, Zone)); month <= last; month = month.AddMonths(1))
        {
            if (Within(new Period(month, month.AddMonths(1).AddDays(-1))) is { } part)
            {
                yield return (month, part);
            }
        }
    }

    private static DateOnly FirstOfMonth(DateOnly day) => new(day.Year, day.Month, 1);
}

/// <summary>
/// Where an entry's points lie: each whole point on the minute of the entry's work with which it is earned, when all of them are spread evenly over it. So
/// points are counted, lost to overlaps and cut at the borders of periods as minutes are, and what was rounded when they were given is never rounded again.
/// </summary>
/// <param name="Points">Points for the whole entry.</param>
/// <param name="Whole">Minutes of the whole entry, each once.</param>
/// <param name="Before">How many of them come before.</param>
public readonly record struct PointMarks(int Points, int Whole, int Before)
{
    /// <summary>The points on so many of the minutes that follow.</summary>
    public int On(int minutes) => Points == 0 ? 0 : (int)(((long)Points * (Before + minutes) / Whole) - ((long)Points * Before / Whole));
}

/// <summary>What of an entry lies in a period.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Stretches">The minutes that it claims there, in order of time.</param>
public sealed record Share(Guid EntryId, IReadOnlyList<Stretch> Stretches)
{
    /// <summary>Minutes that it claims: the sum over its shifts.</summary>
    public int Claimed => Stretches.Sum(stretch => stretch.Minutes);

    /// <summary>Minutes that count in it.</summary>
    public int Minutes => Stretches.Where(stretch => stretch.Counts).Sum(stretch => stretch.Minutes);

    /// <summary>Points that count in it.</summary>
    public int Points => Stretches.Where(stretch => stretch.Counts).Sum(stretch => stretch.Points.On(stretch.Minutes));

    /// <summary>The day of the first minute, by its own clock.</summary>
    public DateOnly From => Stretches.Min(stretch => WallClock.DayOf(stretch.From, stretch.Zone));

    /// <summary>The day of the last minute.</summary>
    public DateOnly To => Stretches.Max(stretch => WallClock.DayOf(stretch.To - 1, stretch.Zone));

    /// <summary>What of it counts in other entries, by entry.</summary>
    public IEnumerable<Overlap> Overlaps() =>
        Stretches.Where(stretch => !stretch.Counts)
            .GroupBy(stretch => stretch.CountedIn).Select(other => new Overlap(EntryId, other.Key, other.Sum(stretch => stretch.Minutes)));

    /// <summary>The share by year, the earliest first.</summary>
    public IEnumerable<(int Year, Share Share)> ByYear() => Stretches.SelectMany(stretch => stretch.ByMonth())
        .GroupBy(part => part.Month.Year).OrderBy(year => year.Key).Select(year => (year.Key, new Share(EntryId, [.. year.Select(part => part.Part)])));
}

/// <summary>
/// What counts of a book: the one rule for hours and points, in every total, document, form and statistic. A minute that several entries claim counts
/// once (N7): in the best evidenced of them; among equally evidenced ones in the one that began in the earlier minute; then in the one with the
/// smaller id. So the union of all intervals counts, every minute with its best grade, and neither the order in which entries came nor the period
/// asked for decides where a minute counts.
/// </summary>
public static class Tally
{
    /// <summary>What of each entry lies in the period. Entries without a minute there are not in it.</summary>
    public static IReadOnlyDictionary<Guid, Share> Of(IEnumerable<Work> book, Period period = default)
    {
        var taken = new SortedSet<Span>();
        var shares = new Dictionary<Guid, Share>();
        foreach (var work in book.OrderByDescending(work => work.Grade).ThenBy(work => work.FirstMinute).ThenBy(work => work.EntryId))
        {
            var stretches = Take(work, taken).Select(stretch => stretch.Within(period)).OfType<Stretch>().ToList();
            if (stretches.Count > 0)
            {
                shares.Add(work.EntryId, new Share(work.EntryId, stretches));
            }
        }

        return shares;
    }

    /// <summary>What of one entry lies in the period, as if there were no other; null where nothing does.</summary>
    public static Share? Alone(Work work, Period period = default) => Of([work], period).GetValueOrDefault(work.EntryId);

    private static List<Stretch> Take(Work work, SortedSet<Span> taken)
    {
        var shifts = work.Shifts.Select(shift => (shift.Zone, Minutes: shift.UtcMinutes())).OrderBy(shift => shift.Minutes.From).ToList();
        var reached = long.MinValue;
        var whole = 0;
        foreach (var (_, (from, to)) in shifts)
        {
            whole += (int)(to - Math.Clamp(reached, from, to));
            reached = Math.Max(reached, to);
        }

        var stretches = new List<Stretch>();
        reached = long.MinValue;
        var before = 0;
        foreach (var (zone, (from, to)) in shifts)
        {
            var fresh = Math.Clamp(reached, from, to);
            var there = WallClock.ZoneOf(zone);
            foreach (var (span, free) in Split(from, to, work.EntryId, taken))
            {
                stretches.Add(new Stretch(
                    span.Owner, free, there, span.From, span.To, new PointMarks(free ? work.Points : 0, whole, before + (int)Math.Max(span.From - fresh, 0))));
            }

            before += (int)(to - fresh);
            reached = Math.Max(reached, to);
        }

        return stretches;
    }

    // The minutes in pieces, each with the entry that has it; what nobody has had is free, and the entry's from now on.
    private static List<(Span Span, bool Free)> Split(long from, long to, Guid entry, SortedSet<Span> taken)
    {
        // What is taken does not overlap and is nowhere longer than the longest shift, so only spans that begin this near can reach the shift.
        var pieces = new List<(Span Span, bool Free)>();
        foreach (var span in taken.GetViewBetween(new Span(from - Shift.MostMinutes, 0, default), new Span(to - 1, 0, default)))
        {
            if (span.To <= from)
            {
                continue;
            }

            if (span.From > from)
            {
                pieces.Add((new Span(from, span.From, entry), true));
                from = span.From;
            }

            pieces.Add((new Span(from, Math.Min(span.To, to), span.Owner), false));
            from = pieces[^1].Span.To;
        }

        if (from < to)
        {
            pieces.Add((new Span(from, to, entry), true));
        }

        taken.UnionWith(pieces.Where(piece => piece.Free).Select(piece => piece.Span));
        return pieces;
    }

    private readonly record struct Span(long From, long To, Guid Owner) : IComparable<Span>
    {
        public int CompareTo(Span other) => From.CompareTo(other.From);
    }
}
