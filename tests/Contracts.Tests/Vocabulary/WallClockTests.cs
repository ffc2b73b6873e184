using System.Globalization;
using System.Text.Json;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

/// <summary>
/// The hour that comes twice and the hour that does not come, by whatever rule the clock was moved. The instants are those of the tz database.
/// </summary>
public sealed class WallClockTests
{
    [Theory]
    [InlineData("2025-10-26T02:30", "Europe/Berlin", "2025-10-26T00:30Z", "2025-10-26T01:30Z")]
    [InlineData("2025-11-02T01:30", "America/New_York", "2025-11-02T05:30Z", "2025-11-02T06:30Z")]
    [InlineData("2025-04-06T01:45", "Australia/Lord_Howe", "2025-04-05T14:45Z", "2025-04-05T15:15Z")]
    // Back over midnight: the day before ends twice.
    [InlineData("2018-02-17T23:30", "America/Sao_Paulo", "2018-02-18T01:30Z", "2018-02-18T02:30Z")]
    // By decree.
    [InlineData("2014-10-26T01:30", "Europe/Moscow", "2014-10-25T21:30Z", "2014-10-25T22:30Z")]
    [InlineData("2020-12-27T01:30", "Europe/Volgograd", "2020-12-26T21:30Z", "2020-12-26T22:30Z")]
    // Where the hour of winter is the one that departs from the standard.
    [InlineData("2025-10-26T01:30", "Europe/Dublin", "2025-10-26T00:30Z", "2025-10-26T01:30Z")]
    public void of_an_hour_that_comes_twice_the_first_is_meant_and_the_second_can_be_said(string start, string zone, string first, string second)
    {
        var shift = new Shift(Local(start), zone, 30);
        shift.BrokenRules().ShouldBeEmpty();
        (shift with { Later = true }).BrokenRules().ShouldBeEmpty();
        shift.StartsAt().ShouldBe(Instant(first));
        (shift with { Later = true }).StartsAt().ShouldBe(Instant(second));
        (shift with { Later = true }).UtcMinutes().From.ShouldBe(Instant(second).ToUnixTimeSeconds() / 60);
    }

    [Theory]
    [InlineData("2025-03-30T02:30", "Europe/Berlin")]
    [InlineData("2018-11-04T00:00", "America/Sao_Paulo")]
    [InlineData("2011-03-27T02:30", "Europe/Moscow")]
    [InlineData("2018-10-28T02:30", "Europe/Volgograd")]
    [InlineData("2016-12-04T02:30", "Europe/Saratov")]
    // A whole day.
    [InlineData("2011-12-30T12:00", "Pacific/Apia")]
    public void an_hour_that_does_not_come_is_no_start(string start, string zone) =>
        new Shift(Local(start), zone, 30).BrokenRules().Select(rule => (rule.Member, rule.Code)).ShouldBe([("start", "start-does-not-exist")]);

    [Fact]
    public void a_time_that_comes_once_has_no_later_one()
    {
        new Shift(Local("2025-10-26T03:00"), "Europe/Berlin", 30, Later: true).BrokenRules().Select(rule => (rule.Member, rule.Code))
            .ShouldBe([("later", "start-not-twice")]);
        new Shift(Local("2025-10-26T01:59"), "Europe/Berlin", 30).StartsAt().ShouldBe(Instant("2025-10-25T23:59Z"));
    }

    [Fact]
    public void a_shift_that_says_nothing_of_it_is_written_as_ever()
    {
        var shift = new Shift(Local("2025-10-26T02:30"), "Europe/Berlin", 30);
        JsonSerializer.Serialize(shift, JsonSerializerOptions.Web).ShouldBe("""{"start":"2025-10-26T02:30:00","zone":"Europe/Berlin","minutes":30}""");
        JsonSerializer.Deserialize<Shift>(JsonSerializer.Serialize(shift, JsonSerializerOptions.Web), JsonSerializerOptions.Web).ShouldBe(shift);
        JsonSerializer.Deserialize<Shift>(JsonSerializer.Serialize(shift with { Later = true }, JsonSerializerOptions.Web), JsonSerializerOptions.Web)
            .ShouldBe(shift with { Later = true });
    }

    [Theory]
    // A day that has no midnight begins when the clock jumps over it; one whose eve ends twice, when it first is there.
    [InlineData("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00Z")]
    [InlineData("2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00Z")]
    [InlineData("2011-12-30", "Pacific/Apia", "2011-12-30T10:00Z")]
    [InlineData("2011-12-31", "Pacific/Apia", "2011-12-30T10:00Z")]
    [InlineData("2026-01-01", "Asia/Kathmandu", "2025-12-31T18:15Z")]
    public void a_day_begins_when_the_clock_first_shows_it(string day, string zone, string begins)
    {
        var there = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var minute = Instant(begins).ToUnixTimeSeconds() / 60;
        WallClock.StartOf(DateOnly.Parse(day, CultureInfo.InvariantCulture), there).ShouldBe(minute);
        WallClock.DayOf(minute - 1, there).ShouldBeLessThan(DateOnly.Parse(day, CultureInfo.InvariantCulture));
        WallClock.DayOf(minute, there).ShouldBeGreaterThanOrEqualTo(DateOnly.Parse(day, CultureInfo.InvariantCulture));
    }

    private static DateTime Local(string text) => DateTime.ParseExact(text, "yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
