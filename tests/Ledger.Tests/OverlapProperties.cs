using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Tests;

/// <summary>The union of a book's intervals against a set of minutes made by hand, over changes of clocks in many zones.</summary>
[Trait("Feature", "N7")]
public sealed class OverlapProperties
{
    // Each with a night on which its clock moved: forwards, backwards, by half an hour, by a political decision, and one that never moves.
    private static readonly (string Zone, DateTime Night)[] Nights =
    [
        ("Europe/Berlin", Local("2025-03-30")), ("Europe/Berlin", Local("2025-10-26")), ("America/New_York", Local("2025-11-02")),
        ("Australia/Lord_Howe", Local("2025-04-06")),
        ("Europe/Moscow", Local("2014-10-26")), ("Asia/Kamchatka", Local("2010-03-28")), ("America/Sao_Paulo", Local("2018-11-04")),
        ("Europe/Volgograd", Local("2020-12-27")), ("Asia/Yekaterinburg", Local("2025-03-30")),
    ];

    private static readonly Gen<Shift> AShift =
        from which in Gen.Int[0, Nights.Length - 1]
        let night = Nights[which]
        from start in Gen.Int[-360, 720]
        from seconds in Gen.Int[0, 59]
        from minutes in Gen.Frequency((8, Gen.Int[1, 180]), (1, Gen.Int[1, Shift.MostMinutes]))
        let shift = new Shift(night.Night.AddMinutes(start).AddSeconds(seconds), night.Zone, minutes)
        where !shift.BrokenRules().Any()
        select shift;

    private static readonly Gen<Work[]> ABook =
        (from id in Gen.Guid
         from grade in Gen.Enum<EvidenceGrade>()
         from shifts in AShift.List[1, 4]
         from points in Gen.Int[0, 40]
         select new Work(id, grade, shifts, points)).Array[1, 12];

    [Fact]
    public void what_counts_is_the_union_of_all_minutes_each_with_its_best_grade() => ABook.Sample(
        book =>
        {
            var shares = Tally.Of(book);
            var counted = shares.ToDictionary(share => share.Key, share => share.Value.Minutes);
            foreach (var work in book)
            {
                counted[work.EntryId].ShouldBe(work.Shifts.Sum(shift => shift.Minutes) - shares[work.EntryId].Overlaps().Sum(overlap => overlap.Minutes));
            }

            var best = new Dictionary<long, EvidenceGrade>();
            foreach (var (minute, grade) in book.SelectMany(work => work.Shifts.SelectMany(Minutes).Select(minute => (minute, work.Grade))))
            {
                best[minute] = best.TryGetValue(minute, out var other) && other > grade ? other : grade;
            }

            counted.Values.Sum().ShouldBe(best.Count);
            counted.Values.ShouldAllBe(minutes => minutes >= 0);
            foreach (var grade in Enum.GetValues<EvidenceGrade>())
            {
                book.Where(work => work.Grade == grade).Sum(work => counted[work.EntryId]).ShouldBe(best.Values.Count(value => value == grade));
            }
        },
        iter: 2000);

    [Fact]
    public void which_entry_bears_an_overlap_does_not_depend_on_the_order_in_which_entries_came() =>
        (from book in ABook from shuffled in Gen.Shuffle(book) select (book, shuffled)).Sample(
            books => Sorted(Found(books.shuffled)).ShouldBe(Sorted(Found(books.book))),
            iter: 1000);

    // Only entries that may meet are looked at; nothing must be overlooked by that.
    [Fact]
    public void looking_at_the_entries_that_meet_is_as_good_as_looking_at_all() => ABook.Sample(
        book =>
        {
            var apart = book.Select(work => work with { Shifts = WithoutOverlap(work.Shifts) }).ToList();
            var lines = apart.Select(work => new BookLine(
                work.EntryId, EntryStatus.Submitted, work.Grade, default, "D12", 2025, 0, 0,
                work.Shifts.Min(shift => shift.StartsAt()), work.Shifts.Max(shift => shift.StartsAt().AddMinutes(shift.Minutes))));
            var meeting = BookLine.ToLookAt([.. lines], default).ToHashSet();
            Sorted(Found(apart.Where(work => meeting.Contains(work.EntryId)))).ShouldBe(Sorted(Found(apart)));
        },
        iter: 2000);

    [Fact]
    public void the_better_evidenced_entry_keeps_the_minutes_then_the_earlier_one()
    {
        var (first, second, signed) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        Work Of(Guid id, EvidenceGrade grade, string start, int minutes, string zone = "Europe/Moscow") =>
            EntryDecisions.AShift(minutes, start, zone) is var shift ? new Work(id, grade, [shift]) : null!;

        Sorted(Found([
            Of(second, EvidenceGrade.SelfDeclared, "2026-05-09T11:00:00", 120),
            Of(first, EvidenceGrade.SelfDeclared, "2026-05-09T10:00:00", 120),
            // 12:30 in Yekaterinburg is 10:30 in Moscow.
            Of(signed, EvidenceGrade.Signed, "2026-05-09T12:30:00", 60, "Asia/Yekaterinburg"),
        ])).ShouldBe(Sorted([new Overlap(first, signed, 60), new Overlap(second, signed, 30), new Overlap(second, first, 30)]));
    }

    private static IEnumerable<Overlap> Found(IEnumerable<Work> book) => Tally.Of(book).Values.SelectMany(share => share.Overlaps());

    private static List<Shift> WithoutOverlap(IReadOnlyList<Shift> shifts)
    {
        var kept = new List<Shift>();
        foreach (var shift in shifts.Where(
            shift => kept.TrueForAll(other => other.UtcMinutes().To <= shift.UtcMinutes().From || shift.UtcMinutes().To <= other.UtcMinutes().From)))
        {
            kept.Add(shift);
        }

        return kept;
    }

    private static List<Overlap> Sorted(IEnumerable<Overlap> overlaps) =>
        [.. overlaps.OrderBy(overlap => overlap.EntryId).ThenBy(overlap => overlap.CountedIn)];

    // By the clock of the zone, minute by minute: nothing of the code under test but where a shift begins.
    private static IEnumerable<long> Minutes(Shift shift)
    {
        var at = shift.StartsAt().UtcDateTime;
        at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
        return Enumerable.Range(0, shift.Minutes).Select(minute => at.AddMinutes(minute).Ticks);
    }

    private static DateTime Local(string day) => DateTime.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
