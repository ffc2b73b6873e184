using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Verification.Matching;

namespace VolunteerBook.Verification.Tests;

/// <summary>What rows of signed documents say to a case: pure (F11).</summary>
[Trait("Feature", "F11")]
public sealed class MatchDecisions
{
    private static readonly Guid Volunteer = Guid.CreateVersion7();
    private static readonly Guid Sheet = Guid.CreateVersion7();

    private static Shift At(string start, int minutes, string zone = "Europe/Moscow") =>
        new(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), zone, minutes);

    private static EntryFacts Facts(params Shift[] shifts) => new(Guid.Empty, "Забота рядом", "D12", "RU-MOW", shifts);

    private static Match MatchOf(EntryFacts facts, IReadOnlyList<KnownRow> rows) =>
        Assignment.Of([new Claim(Volunteer, Sheet, facts, default)], rows).MatchOf(Volunteer);

    private static KnownRow Row(Shift shift, int within = 0, bool attended = true, string? project = null, string? taskType = null, int line = 2) =>
        new(Sheet, within, new AttendanceRow(line, Volunteer, shift, attended, project, taskType, null, null));

    [Fact]
    public void a_row_with_the_same_instant_and_minutes_evidences_the_shift_whatever_the_zone()
    {
        var match = MatchOf(
            Facts(At("2025-05-09T10:00", 240)), [Row(At("2025-05-09T14:00", 240, "Asia/Novosibirsk"), project: "забота рядом ", taskType: "D12")]);
        match.Kind.ShouldBe(MatchKind.Exact);
        match.Shifts.Single().Differences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2025-05-09T10:05", 240, 5, MatchKind.Exact)]
    [InlineData("2025-05-09T10:06", 240, 5, MatchKind.Near)]
    [InlineData("2025-05-09T09:55", 245, 5, MatchKind.Exact)]
    [InlineData("2025-05-09T10:00", 234, 5, MatchKind.Near)]
    [InlineData("2025-05-09T10:01", 240, 0, MatchKind.Near)]
    [InlineData("2025-05-09T10:00", 160, 120, MatchKind.Exact)]
    [InlineData("2025-05-09T10:00", 159, 120, MatchKind.Near)]
    [InlineData("2025-05-09T10:00", 1, 239, MatchKind.Near)]
    public void start_and_length_may_differ_by_the_tolerance(string start, int minutes, int within, MatchKind kind) =>
        MatchOf(Facts(At("2025-05-09T10:00", 240)), [Row(At(start, minutes), within)]).Kind.ShouldBe(kind);

    [Theory]
    [InlineData("Чистый берег", "Чисты\u0438\u0306 берег")]
    [InlineData("Тёплый дом", "ТЕПЛЫЙ «ДОМ»")]
    [InlineData("Забота рядом", "Забота\u00A0 рядом")]
    public void a_projects_name_is_the_same_however_it_is_written(string claimed, string written) =>
        MatchOf(Facts(At("2025-05-09T10:00", 240)) with { Project = claimed }, [Row(At("2025-05-09T10:00", 240), project: written)]).Kind
            .ShouldBe(MatchKind.Exact);

    [Fact]
    public void a_row_says_which_of_two_like_hours_it_means()
    {
        var first = At("2025-10-26T02:30", 30, "Europe/Berlin");
        var second = first with { Later = true };
        MatchOf(Facts(second), [Row(second)]).Kind.ShouldBe(MatchKind.Exact);
        MatchOf(Facts(second), [Row(first)]).Kind.ShouldBe(MatchKind.Unknown);
        foreach (var shift in new[] { first, second })
        {
            var row = Row(shift).Row;
            AttendanceRow.Read(row.Record()).ShouldBe(row);
        }

        var (read, _, faults) = VolunteerBook.Verification.Sheets.SheetRow.Read(
            new(2, new Dictionary<string, string>
            {
                ["volunteer_id"] = Volunteer.ToString(),
                ["start"] = "2025-10-26T02:30",
                ["zone"] = "Europe/Berlin",
                ["minutes"] = "30",
                ["later"] = "да",
            }), new(), DateTimeOffset.UtcNow);
        faults.ShouldBeEmpty();
        read!.Shift.ShouldBe(second);
    }

    [Fact]
    public void what_differs_is_named_with_both_sides()
    {
        var match = MatchOf(Facts(At("2025-05-09T10:00", 240)), [Row(At("2025-05-09T10:30", 180), project: "Субботник", taskType: "A11")]);
        match.Kind.ShouldBe(MatchKind.Near);
        match.Shifts.Single().Differences.ShouldBe(
        [
            new RowDifference("start", "2025-05-09T10:00+03:00", "2025-05-09T10:30+03:00"),
            new RowDifference("minutes", "240", "180"),
            new RowDifference("project", "Забота рядом", "Субботник"),
            new RowDifference("taskType", "D12", "A11"),
        ]);
    }

    [Fact]
    public void an_absence_contradicts_and_so_do_rows_that_contradict_each_other()
    {
        var facts = Facts(At("2025-05-09T10:00", 240));
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240), attended: false)]).Kind.ShouldBe(MatchKind.Contradicted);
        var contested = MatchOf(facts, [Row(At("2025-05-09T10:00", 240), attended: false), Row(At("2025-05-09T10:00", 240), line: 3)]);
        (contested.Kind, contested.Shifts.Single().Doubt).ShouldBe((MatchKind.Contradicted, RowDoubt.Contested));
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240)), Row(At("2025-05-09T10:00", 180), line: 3)]).Kind.ShouldBe(MatchKind.Contradicted);
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240), project: "Забота рядом"), Row(At("2025-05-09T10:00", 240), project: "Субботник", line: 3)]).Kind
            .ShouldBe(MatchKind.Contradicted);
        // The same said twice is said once.
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240), project: "Забота рядом"), Row(At("2025-05-09T10:00", 240), line: 3)]).Kind.ShouldBe(MatchKind.Exact);
        MatchOf(facts, [Row(At("2025-05-10T10:00", 240), attended: false)]).Kind.ShouldBe(MatchKind.Unknown);
    }

    // A tolerance as long as the shift forgives a late start, not that nobody came.
    [Theory]
    [InlineData(60)]
    [InlineData(45)]
    [InlineData(1)]
    public void rows_of_one_time_contradict_each_other_however_short_they_are_and_whatever_the_tolerance(int minutes)
    {
        var facts = Facts(At("2025-05-09T10:00", minutes));
        MatchOf(facts, [Row(At("2025-05-09T10:00", minutes), 60, attended: false)]).Kind.ShouldBe(MatchKind.Contradicted);
        KnownRow present = Row(At("2025-05-09T10:00", minutes), 60, project: "Забота рядом");
        foreach (var other in new[]
        {
            Row(At("2025-05-09T10:00", minutes), 60, attended: false, line: 3),
            Row(At("2025-05-09T10:00", 240), 60, attended: false, line: 3),
            Row(At("2025-05-09T10:00", (minutes + 1) / 2), 60, line: 3) with { SheetId = Guid.CreateVersion7() },
            Row(At("2025-05-09T10:00", minutes + 1), 60, project: "Субботник", line: 3),
        }.Where(other => other.Row.Shift != present.Row.Shift || other.Row.Attended != present.Row.Attended))
        {
            var contested = MatchOf(facts, [present, other]);
            (contested.Kind, contested.Shifts.Single().Doubt).ShouldBe((MatchKind.Contradicted, RowDoubt.Contested), $"{other.Row}");
        }
    }

    [Fact]
    public void every_shift_needs_its_row()
    {
        var facts = Facts(At("2025-05-09T10:00", 240), At("2025-05-10T10:00", 240));
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240))]).Kind.ShouldBe(MatchKind.Near);
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240)), Row(At("2025-05-10T10:00", 240), line: 3)]).Kind.ShouldBe(MatchKind.Exact);
        MatchOf(facts, [Row(At("2025-05-09T10:00", 240)), Row(At("2025-05-10T10:00", 240), attended: false, line: 3)]).Kind.ShouldBe(MatchKind.Contradicted);
        MatchOf(facts, []).Kind.ShouldBe(MatchKind.Unknown);
    }

    [Fact]
    public void the_order_of_the_rows_is_of_no_consequence() =>
        Gen.Select(Gen.Int[0, 600], Gen.Int[1, 300], Gen.Bool, Gen.Int[0, 10]).Array[0, 8].Select(Gen.Int[0, 1_000_000]).Sample((rows, seed) =>
        {
            var facts = Facts(At("2025-05-09T10:00", 240), At("2025-05-09T16:00", 60));
            var known = rows.Select((row, index) => Row(
                new Shift(new DateTime(2025, 5, 9, 8, 0, 0, DateTimeKind.Unspecified).AddMinutes(row.Item1), "Europe/Moscow", row.Item2),
                row.Item4, row.Item3, line: index + 2)).ToList();
            var shuffled = known.ToArray();
            new Random(seed).Shuffle(shuffled);
            var (one, other) = (MatchOf(facts, known), MatchOf(facts, shuffled));
            return one.Kind == other.Kind && one.Shifts.Select(shift => shift.Row).SequenceEqual(other.Shifts.Select(shift => shift.Row));
        });

    [Fact]
    public void a_row_of_thirty_minutes_evidences_one_of_two_shifts()
    {
        var match = MatchOf(Facts(At("2025-05-09T09:45", 29), At("2025-05-09T10:14", 45)), [Row(At("2025-05-09T10:00", 30), 15)]);
        match.Kind.ShouldBe(MatchKind.Near);
        match.Shifts.Select(shift => (shift.Kind, shift.Doubt)).ShouldBe([(MatchKind.Exact, null), (MatchKind.Near, RowDoubt.Taken)]);
    }

    [Fact]
    public void shifts_within_the_tolerance_of_the_same_rows_each_get_one()
    {
        var rows = new[] { Row(At("2025-05-09T10:00", 15), 15), Row(At("2025-05-09T10:15", 15), 15, line: 3) };
        MatchOf(Facts(At("2025-05-09T09:50", 10), At("2025-05-09T10:05", 15)), rows).Shifts.Select(shift => shift.Row?.Line).ShouldBe([2, 3]);
    }

    /// <summary>A volunteer's day: what the organisation's documents say of it, and what the volunteer says, in the order of submission.</summary>
    private sealed record Day(IReadOnlyList<IReadOnlyList<KnownRow>> Sheets, IReadOnlyList<Claim> Claims);

    private static DateTime Minute(int minute) => new DateTime(2025, 5, 9, 8, 0, 0, DateTimeKind.Unspecified).AddMinutes(minute);

    private static readonly Gen<Day> Days =
        from within in Gen.Int[0, 3].Select(choice => new[] { 0, 5, 15, 60 }[choice])
        from sheets in Gen.Select(
            Gen.Int[0, 60], Gen.Int[1, 24], Gen.Int[0, 9],
            Gen.Int[0, 5].Select(choice => choice switch { 0 => "Забота рядом", 1 => "Субботник", _ => null })).Array[0, 5].Array[1, 3]
        from entries in Gen.Select(Gen.Int[0, 30], Gen.Int[1, 24]).Array[1, 3].Array[1, 5]
        select new Day(
            [
                .. sheets.Select((rows, sheet) => (IReadOnlyList<KnownRow>)
                [
                    .. rows.Select((row, line) => new KnownRow(
                        new Guid(sheet + 1, 0, 0, new byte[8]), within,
                        new AttendanceRow(
                            line + 2, Volunteer, new Shift(Minute(row.Item1 * 5), "Europe/Moscow", row.Item2 * 5),
                            row.Item3 > 0, row.Item4, null, null, null))),
                ]),
            ],
            [.. entries.Select((shifts, entry) => new Claim(
                new Guid(entry + 1, 1, 0, new byte[8]), new Guid(entry + 1, 0, 0, new byte[8]), Facts([.. InOrder(shifts)]),
                DateTimeOffset.UnixEpoch.AddHours(entry)))]);

    // Each begins at or after the end of the one before it.
    private static IEnumerable<Shift> InOrder(IEnumerable<(int Pause, int Minutes)> shifts)
    {
        var at = 0;
        foreach (var (pause, minutes) in shifts)
        {
            yield return new Shift(Minute(at + (pause * 5)), "Europe/Moscow", minutes * 5);
            at += (pause + minutes) * 5;
        }
    }

    private static IEnumerable<KnownRow> Rows(Day day) => day.Sheets.SelectMany(rows => rows);

    [Fact]
    public void rows_evidence_at_most_what_they_say_and_each_of_them_once_over_all_entries() => Days.Sample(day =>
    {
        var assignment = Assignment.Of(day.Claims, Rows(day));
        var evidenced = day.Claims.SelectMany(claim => assignment.MatchOf(claim.CaseId).Shifts).Where(shift => shift.Kind == MatchKind.Exact).ToList();
        // The same row in another document is the same row.
        var used = evidenced.ConvertAll(shift => shift.Row!.Shift);
        used.Distinct().Count().ShouldBe(used.Count);
        var within = Rows(day).Select(row => row.Within).DefaultIfEmpty().Max();
        evidenced.Sum(shift => shift.Shift.Minutes).ShouldBeLessThanOrEqualTo(used.Sum(row => row.Minutes) + (within * evidenced.Count));
        evidenced.ShouldAllBe(shift => shift.Row!.Attended && (shift.Shift.StartsAt() - shift.Row.Shift.StartsAt()).Duration() <= TimeSpan.FromMinutes(within)
            && Math.Abs(shift.Shift.Minutes - shift.Row.Shift.Minutes) <= within);
    }, iter: 5_000);

    [Fact]
    public void contradicting_rows_evidence_nothing() => Days.Sample(day =>
    {
        var assignment = Assignment.Of(day.Claims, Rows(day));
        foreach (var shift in day.Claims.SelectMany(claim => assignment.MatchOf(claim.CaseId).Shifts).Where(shift => shift.Kind == MatchKind.Exact))
        {
            var (from, to) = shift.Row!.Shift.UtcMinutes();
            Rows(day).Where(row => row.Row.Shift != shift.Row.Shift || row.Row.Attended != shift.Row.Attended)
                .ShouldAllBe(row => Shared(row.Row.Shift, from, to) <= row.Within
                    && 2 * Shared(row.Row.Shift, from, to) <= Math.Min(row.Row.Shift.Minutes, to - from));
        }
    }, iter: 5_000);

    private static long Shared(Shift shift, long from, long to) => Math.Min(shift.UtcMinutes().To, to) - Math.Max(shift.UtcMinutes().From, from);

    [Fact]
    public void claims_and_rows_say_the_same_in_whatever_order_they_are_given() => Days.Select(Gen.Int[0, 1_000_000]).Sample((day, seed) =>
    {
        var (claims, rows) = (day.Claims.ToArray(), Rows(day).ToArray());
        new Random(seed).Shuffle(claims);
        new Random(seed).Shuffle(rows);
        var (one, other) = (Assignment.Of(day.Claims, Rows(day)), Assignment.Of(claims, rows));
        foreach (var claim in day.Claims)
        {
            Said(one.MatchOf(claim.CaseId)).ShouldBe(Said(other.MatchOf(claim.CaseId)));
        }
    }, iter: 2_000);

    private static IEnumerable<(MatchKind, RowDoubt?, Guid?, int?)> Said(Match match) =>
        match.Shifts.Select(shift => (shift.Kind, shift.Doubt, shift.SheetId, shift.Row?.Line));

    // Documents and entries come in any order, entries among themselves as they were submitted; after each, all that waits is looked at. What no document
    // contradicts in the end was confirmed whatever came first; what was confirmed before another document said otherwise is marked, unless several evidence it
    // together; and nothing is confirmed twice by a row.
    [Fact]
    public void what_is_confirmed_in_the_end_does_not_depend_on_what_came_first() => Days.Select(Gen.Int[0, 1_000_000]).Sample((day, seed) =>
    {
        var turns = day.Sheets.Select((_, sheet) => sheet).Concat(Enumerable.Repeat(-1, day.Claims.Count)).ToArray();
        var documentsFirst = Confirmed(day, turns);
        new Random(seed).Shuffle(turns);
        var confirmed = Confirmed(day, turns);
        documentsFirst.Keys.Except(confirmed.Keys).ShouldBeEmpty();
        var inTheEnd = Assignment.Of(day.Claims, Rows(day));
        confirmed.Keys.Except(documentsFirst.Keys).Select(inTheEnd.MatchOf)
            .ShouldAllBe(match => match.Kind != MatchKind.Exact || match.Shifts.Select(shift => shift.SheetId).Distinct().Count() > 1);
        var used = confirmed.Values.SelectMany(rows => rows).Select(row => row.Shift).ToList();
        used.Distinct().Count().ShouldBe(used.Count);
    }, iter: 5_000);

    private static Dictionary<Guid, IReadOnlyList<AttendanceRow>> Confirmed(Day day, IReadOnlyList<int> turns)
    {
        var (rows, claims, confirmed) = (new List<KnownRow>(), new List<Claim>(), new Dictionary<Guid, IReadOnlyList<AttendanceRow>>());
        foreach (var turn in turns)
        {
            if (turn >= 0)
            {
                rows.AddRange(day.Sheets[turn]);
            }
            else
            {
                claims.Add(day.Claims[claims.Count]);
            }

            var assignment = Assignment.Of(claims, rows);
            foreach (var claim in claims.Where(claim => !confirmed.ContainsKey(claim.CaseId)))
            {
                if (assignment.Sheets.Order().Select(sheet => assignment.Alone(claim.CaseId, sheet)).FirstOrDefault(alone => alone is not null) is { } alone)
                {
                    confirmed.Add(claim.CaseId, alone);
                }
            }
        }

        return confirmed;
    }
}
