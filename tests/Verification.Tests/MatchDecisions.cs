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

    private static Shift At(string start, int minutes, string zone = "Europe/Moscow") => new(DateTime.Parse(start, System.Globalization.CultureInfo.InvariantCulture), zone, minutes);

    private static EntryFacts Facts(params Shift[] shifts) => new(Guid.Empty, "Забота рядом", "D12", "RU-MOW", shifts);

    private static KnownRow Row(Shift shift, int within = 0, bool attended = true, string? project = null, string? taskType = null, int line = 2) =>
        new(Sheet, Guid.Empty, within, new AttendanceRow(line, Volunteer, shift, attended, project, taskType, null, null));

    [Fact]
    public void a_row_with_the_same_instant_and_minutes_evidences_the_shift_whatever_the_zone()
    {
        var match = Match.Of(Facts(At("2025-05-09T10:00", 240)), [Row(At("2025-05-09T14:00", 240, "Asia/Novosibirsk"), project: "забота рядом ", taskType: "D12")]);
        match.Kind.ShouldBe(MatchKind.Exact);
        match.Shifts.Single().Differences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2025-05-09T10:05", 240, 5, MatchKind.Exact)]
    [InlineData("2025-05-09T10:06", 240, 5, MatchKind.Near)]
    [InlineData("2025-05-09T09:55", 245, 5, MatchKind.Exact)]
    [InlineData("2025-05-09T10:00", 234, 5, MatchKind.Near)]
    [InlineData("2025-05-09T10:01", 240, 0, MatchKind.Near)]
    public void start_and_length_may_differ_by_the_tolerance(string start, int minutes, int within, MatchKind kind) =>
        Match.Of(Facts(At("2025-05-09T10:00", 240)), [Row(At(start, minutes), within)]).Kind.ShouldBe(kind);

    [Theory]
    [InlineData("Чистый берег", "Чисты\u0438\u0306 берег")]
    [InlineData("Тёплый дом", "ТЕПЛЫЙ «ДОМ»")]
    [InlineData("Забота рядом", "Забота\u00A0 рядом")]
    public void a_projects_name_is_the_same_however_it_is_written(string claimed, string written) =>
        Match.Of(Facts(At("2025-05-09T10:00", 240)) with { Project = claimed }, [Row(At("2025-05-09T10:00", 240), project: written)]).Kind.ShouldBe(MatchKind.Exact);

    [Fact]
    public void a_row_says_which_of_two_like_hours_it_means()
    {
        var first = At("2025-10-26T02:30", 30, "Europe/Berlin");
        var second = first with { Later = true };
        Match.Of(Facts(second), [Row(second)]).Kind.ShouldBe(MatchKind.Exact);
        Match.Of(Facts(second), [Row(first)]).Kind.ShouldBe(MatchKind.Unknown);
        foreach (var shift in new[] { first, second })
        {
            var row = Row(shift).Row;
            AttendanceRow.Read(row.Record()).ShouldBe(row);
        }

        var (read, faults) = VolunteerBook.Verification.Sheets.SheetRow.Read(
            new(2, new Dictionary<string, string> { ["volunteer_id"] = Volunteer.ToString(), ["start"] = "2025-10-26T02:30", ["zone"] = "Europe/Berlin", ["minutes"] = "30", ["later"] = "да" }), null, DateTimeOffset.UtcNow);
        faults.ShouldBeEmpty();
        read!.Shift.ShouldBe(second);
    }

    [Fact]
    public void what_differs_is_named_with_both_sides()
    {
        var match = Match.Of(Facts(At("2025-05-09T10:00", 240)), [Row(At("2025-05-09T10:30", 180), project: "Субботник", taskType: "A11")]);
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
    public void an_absence_contradicts_unless_another_row_says_that_the_volunteer_was_there()
    {
        var facts = Facts(At("2025-05-09T10:00", 240));
        Match.Of(facts, [Row(At("2025-05-09T10:00", 240), attended: false)]).Kind.ShouldBe(MatchKind.Contradicted);
        Match.Of(facts, [Row(At("2025-05-09T10:00", 240), attended: false), Row(At("2025-05-09T10:00", 240), line: 3)]).Kind.ShouldBe(MatchKind.Exact);
        Match.Of(facts, [Row(At("2025-05-10T10:00", 240), attended: false)]).Kind.ShouldBe(MatchKind.Unknown);
    }

    [Fact]
    public void every_shift_needs_its_row()
    {
        var facts = Facts(At("2025-05-09T10:00", 240), At("2025-05-10T10:00", 240));
        Match.Of(facts, [Row(At("2025-05-09T10:00", 240))]).Kind.ShouldBe(MatchKind.Near);
        Match.Of(facts, [Row(At("2025-05-09T10:00", 240)), Row(At("2025-05-10T10:00", 240), line: 3)]).Kind.ShouldBe(MatchKind.Exact);
        Match.Of(facts, [Row(At("2025-05-09T10:00", 240)), Row(At("2025-05-10T10:00", 240), attended: false, line: 3)]).Kind.ShouldBe(MatchKind.Contradicted);
        Match.Of(facts, []).Kind.ShouldBe(MatchKind.Unknown);
    }

    [Fact]
    public void the_order_of_the_rows_is_of_no_consequence() =>
        Gen.Select(Gen.Int[0, 600], Gen.Int[1, 300], Gen.Bool, Gen.Int[0, 10]).Array[0, 8].Select(Gen.Int[0, 1_000_000]).Sample((rows, seed) =>
        {
            var facts = Facts(At("2025-05-09T10:00", 240), At("2025-05-09T16:00", 60));
            var known = rows.Select((row, index) => Row(new Shift(new DateTime(2025, 5, 9, 8, 0, 0, DateTimeKind.Unspecified).AddMinutes(row.Item1), "Europe/Moscow", row.Item2), row.Item4, row.Item3, line: index + 2)).ToList();
            var shuffled = known.ToArray();
            new Random(seed).Shuffle(shuffled);
            var (one, other) = (Match.Of(facts, known), Match.Of(facts, shuffled));
            return one.Kind == other.Kind && one.Shifts.Select(shift => shift.Row).SequenceEqual(other.Shifts.Select(shift => shift.Row));
        });
}
