using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Shouldly;
using VolunteerBook.Portal.Forms;

namespace VolunteerBook.Portal.Tests;

/// <summary>From when to when people worked, or how long, as they write it.</summary>
public sealed class ShiftInputsTests
{
    private static readonly IStringLocalizer T = new ServiceCollection().AddLogging().AddLocalization(options => options.ResourcesPath = "Resources")
        .BuildServiceProvider().GetRequiredService<IStringLocalizer<Texts>>();

    public ShiftInputsTests() => CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("ru");

    [Theory]
    [InlineData("4", 240)]
    [InlineData("4,5", 270)]
    [InlineData(" 4.5 ", 270)]
    [InlineData("0,25", 15)]
    [InlineData("4:30", 270)]
    [InlineData("4 ч", 240)]
    [InlineData("4,5 часа", 270)]
    [InlineData("4 ч 30 мин", 270)]
    [InlineData("4ч30м", 270)]
    [InlineData("4h 5min", 245)]
    [InlineData("45 мин", 45)]
    [InlineData("90 минут", 90)]
    [InlineData("0,01", null)]
    [InlineData("4:60", null)]
    [InlineData("четыре", null)]
    [InlineData("4,5,5", null)]
    [InlineData("-4", null)]
    [InlineData("1e3", null)]
    [InlineData("4 30", null)]
    [InlineData("٤ мин", null)]
    [InlineData("4:3٤", null)]
    [InlineData("", null)]
    public void a_duration_is_read_as_it_is_written(string text, int? minutes) => Duration.Read(text).ShouldBe(minutes);

    [Fact]
    public void every_duration_of_a_day_is_read_as_it_is_shown()
    {
        for (var minutes = 1; minutes <= 24 * 60; minutes++) Duration.Read(Duration.Written(minutes)).ShouldBe(minutes);
    }

    [Theory]
    [InlineData("10:00", "14:30", "", 270)]
    [InlineData("10:00", "14:30", "4,5", 270)]
    [InlineData("22:00", "02:00", "", 240)]
    [InlineData("10:00", "10:00", "", 24 * 60)]
    [InlineData("10:00", "", "24", 24 * 60)]
    public void a_shift_lasts_from_then_to_then_or_so_long(string from, string until, string hours, int minutes)
    {
        var (form, shifts) = Read("2026-05-09", from, until, hours);
        form.IsValid.ShouldBeTrue();
        shifts.ShouldHaveSingleItem().Minutes.ShouldBe(minutes);
    }

    [Theory]
    [InlineData("10:00", "14:30", "4", "shifts[0].until")]
    [InlineData("10:00", "", "", "shifts[0].until")]
    [InlineData("10:00", "25:00", "", "shifts[0].until")]
    [InlineData("10:00", "", "25", "shifts[0].hours")]
    [InlineData("10:00", "", "0", "shifts[0].hours")]
    [InlineData("", "14:30", "4", "shifts[0].time")]
    public void what_does_not_fit_is_marked_where_it_is(string from, string until, string hours, string wrong) =>
        Read("2026-05-09", from, until, hours).Form.Errors.Keys.ShouldBe([wrong]);

    [Theory]
    [InlineData("2026-10-25", "Europe/Berlin", 9 * 60)]
    [InlineData("2026-03-29", "Europe/Berlin", 7 * 60)]
    [InlineData("2026-03-29", "Europe/Moscow", 8 * 60)]
    public void the_night_in_which_clocks_are_changed_is_as_long_as_it_was(string day, string zone, int minutes)
    {
        var before = DateOnly.Parse(day, CultureInfo.InvariantCulture).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Read(before, "22:00", "06:00", "", zone).Shifts.ShouldHaveSingleItem().Minutes.ShouldBe(minutes);
    }

    private static (Form Form, IReadOnlyList<Contracts.Vocabulary.Shift> Shifts) Read(
        string date, string from, string until, string hours, string zone = "Europe/Moscow")
    {
        var form = new Form
        {
            ["zone"] = zone,
            ["shifts[0].date"] = date,
            ["shifts[0].time"] = from,
            ["shifts[0].until"] = until,
            ["shifts[0].hours"] = hours,
        };
        return (form, new ShiftInputs(form).Read("RU-MOW", T, null));
    }
}
