using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

/// <summary>Which names of zones are taken: those that every machine knows at any time, since what is taken is counted with for ever.</summary>
[Trait("Feature", "F6")]
public sealed class ZoneNames
{
    private static bool IsTaken(string zone) => !new Shift(new DateTime(2025, 6, 1, 10, 0, 0), zone, 60).BrokenRules().Any();

    // A runtime that has looked the right name up finds the wrong one too, until it starts again; localtime is whatever the machine's
    // clock shows; right/… counts leap seconds; Factory is a clock that nobody has set.
    [Theory]
    [InlineData("europe/moscow")]
    [InlineData("EUROPE/MOSCOW")]
    [InlineData("utc")]
    [InlineData("Factory")]
    [InlineData("localtime")]
    [InlineData("posixrules")]
    [InlineData("posix/Europe/Moscow")]
    [InlineData("right/Europe/Moscow")]
    [InlineData("Europe//Moscow")]
    [InlineData("Europe/Moscow/")]
    [InlineData("Russian Standard Time")]
    [InlineData("UTC+3")]
    [InlineData("МСК")]
    [InlineData("")]
    public void what_is_no_name_of_the_database_of_zones_is_not_taken_whatever_was_asked_before(string zone)
    {
        IsTaken("Europe/Moscow").ShouldBeTrue();
        IsTaken("UTC").ShouldBeTrue();
        IsTaken(zone).ShouldBeFalse();
    }

    // Nothing else here asks for this zone by its right name before.
    [Fact]
    public void a_name_that_was_taken_before_is_counted_with_as_ever() =>
        new Shift(new DateTime(2025, 6, 1, 10, 0, 0), "antarctica/troll", 60).StartsAt().ShouldBe(new DateTimeOffset(2025, 6, 1, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public void every_zone_of_the_system_and_names_of_former_times_are_taken()
    {
        string[] names =
        [
            .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => TimeZoneInfo.TryConvertIanaIdToWindowsId(id, out _)),
            .. Regions.All.Select(region => region.Zone), "Europe/Kiev", "Europe/Kyiv", "Etc/GMT+3", "Etc/UTC", "EST5EDT", "GMT0", "W-SU", "NZ-CHAT",
            "US/East-Indiana", "America/Port-au-Prince",
            "America/Argentina/Buenos_Aires", "Africa/Dar_es_Salaam", "Antarctica/DumontDUrville", "Australia/Lord_Howe",
        ];
        names.Length.ShouldBeGreaterThan(300);
        names.Where(name => !IsTaken(name)).ShouldBeEmpty();
    }
}
