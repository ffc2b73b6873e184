using CsCheck;
using Shouldly;
using VolunteerBook.Reporting.Hours;
using Xunit;

namespace VolunteerBook.Reporting.Tests.Hours;

public sealed class MonthTests
{
    [Fact]
    public void a_shift_over_midnight_counts_in_the_month_in_which_it_began() =>
        MonthOfWork.Of([Given.Shift("2026-05-31T22:00", 600)]).ShouldBe([new MonthOfWork(new Month(202605), null, 600)]);

    [Fact]
    public void a_shift_counts_by_its_own_clock_and_not_by_ours()
    {
        // In UTC the first began on 31 May and the second on 1 June.
        MonthOfWork.Of([Given.Shift("2026-06-01T05:00", 60, "Asia/Kamchatka")]).Single().Month.ToString().ShouldBe("2026-06");
        MonthOfWork.Of([Given.Shift("2026-05-31T23:30", 60, "America/New_York")]).Single().Month.ToString().ShouldBe("2026-05");
    }

    [Fact]
    public void an_entry_over_a_year_end_has_its_months_in_order() =>
        MonthOfWork.Of([Given.Shift("2026-01-10T10:00", 30), Given.Shift("2025-12-31T10:00", 60), Given.Shift("2026-01-02T10:00", 90)]).ShouldBe(
        [
            new MonthOfWork(new Month(202512), null, 60),
            new MonthOfWork(new Month(202601), new Month(202512), 120),
        ]);

    [Fact]
    public void no_minute_is_lost_or_counted_twice() =>
        Histories.Shifts.Sample(shifts =>
        {
            var months = MonthOfWork.Of(shifts);
            return months.Sum(month => month.Minutes) == shifts.Sum(shift => shift.Minutes)
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
}
