using CsCheck;
using Shouldly;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Tests.Statistics;

namespace VolunteerBook.Reporting.Tests.Hours;

public sealed class MonthTests
{
    [Fact]
    public void a_shift_over_midnight_at_the_end_of_a_month_counts_in_both_months_by_its_own_clock() =>
        MonthOfWork.Of([Given.Shift("2026-05-31T22:00", 600)]).ShouldBe(
        [
            new MonthOfWork(new Month(202605), null, 120, Spans(("2026-05-31T19:00Z", 120))),
            new MonthOfWork(new Month(202606), new Month(202605), 480, Spans(("2026-05-31T21:00Z", 480))),
        ]);

    [Fact]
    public void a_shift_counts_by_its_own_clock_and_not_by_ours()
    {
        // In UTC the first began on 31 May and the second on 1 June.
        MonthOfWork.Of([Given.Shift("2026-06-01T05:00", 60, "Asia/Kamchatka")]).Single().Month.ToString().ShouldBe("2026-06");
        MonthOfWork.Of([Given.Shift("2026-05-31T23:00", 60, "America/New_York")]).Single().Month.ToString().ShouldBe("2026-05");
    }

    [Fact]
    public void an_entry_over_a_year_end_has_its_months_in_order() =>
        MonthOfWork.Of([Given.Shift("2026-01-10T10:00", 30), Given.Shift("2025-12-31T10:00", 60), Given.Shift("2026-01-02T10:00", 90)]).ShouldBe(
        [
            new MonthOfWork(new Month(202512), null, 60, Spans(("2025-12-31T07:00Z", 60))),
            new MonthOfWork(new Month(202601), new Month(202512), 120, Spans(("2026-01-02T07:00Z", 90), ("2026-01-10T07:00Z", 30))),
        ]);

    [Fact]
    [Trait("Feature", "N7")]
    public void what_shifts_of_an_entry_share_belongs_to_the_one_that_began_first() =>
        // 22:30 in Kaliningrad is 23:30 in Moscow.
        MonthOfWork.Of(
        [
            Given.Shift("2026-06-01T00:30", 60),
            Given.Shift("2026-05-31T23:30", 30, "Europe/Kaliningrad"),
            Given.Shift("2026-05-31T22:30", 90, "Europe/Kaliningrad"),
        ]).ShouldBe(
        [
            new MonthOfWork(new Month(202605), null, 90, Spans(("2026-05-31T20:30Z", 90))),
            new MonthOfWork(new Month(202606), new Month(202605), 30, Spans(("2026-05-31T22:00Z", 30))),
        ]);

    [Fact]
    public void no_minute_is_lost_or_counted_twice() =>
        Histories.Shifts.Sample(shifts =>
        {
            var months = MonthOfWork.Of(shifts);
            return months.Sum(month => month.Minutes) == shifts.SelectMany(Expected.Minutes).Distinct().Count()
                && months.Count(month => month.Previous is null) == 1
                && months.Zip(months.Skip(1)).All(pair => pair.Second.Previous == pair.First.Month && pair.First.Month.Number < pair.Second.Month.Number);
        });

    [Theory]
    [InlineData("2026-05", 202605)]
    [InlineData("0999-12", 99912)]
    public void a_month_is_read_as_it_is_written(string text, int number)
    {
        Month.TryParse(text, out var month).ShouldBeTrue();
        month.Number.ShouldBe(number);
        month.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("2026-13")]
    [InlineData("2026-00")]
    [InlineData("0000-05")]
    [InlineData("2026-5")]
    [InlineData("202605")]
    [InlineData("2026-05-09")]
    [InlineData("2026-05\n")]
    [InlineData("-026-05")]
    [InlineData("٢٠٢٦-٠٥")]
    [InlineData("may")]
    public void anything_else_is_no_month(string text) => Month.TryParse(text, out _).ShouldBeFalse();

    private static string Spans(params IEnumerable<(string From, int Minutes)> spans) => $"{{{string.Join(',', spans.Select(span =>
    {
        var from = DateTimeOffset.Parse(span.From, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds() / 60;
        return $"[{from},{from + span.Minutes})";
    }))}}}";
}
