using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

public sealed partial class RegionsTests
{
    [Fact]
    public void there_are_83_regions_under_a_russian_code_and_three_under_another() =>
        (Regions.All.Count(region => region.Code.StartsWith("RU-", StringComparison.Ordinal)), Regions.All.Count).ShouldBe((83, 86));

    [Fact]
    public void codes_and_names_are_unique()
    {
        Regions.All.Select(region => region.Code).ShouldBeUnique();
        Regions.All.Select(region => region.Russian).ShouldBeUnique();
        Regions.All.Select(region => region.English).ShouldBeUnique();
    }

    [Fact]
    public void codes_have_the_shape_of_iso_3166_2_and_are_in_order()
    {
        foreach (var region in Regions.All) region.Code.ShouldMatch("^[A-Z]{2}-[A-Z0-9]{2,3}$");
        Regions.All.Select(region => region.Code).ShouldBe(Regions.All.Select(region => region.Code).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void names_are_written_in_their_own_alphabet()
    {
        foreach (var region in Regions.All)
        {
            RussianName().IsMatch(region.Russian).ShouldBeTrue(region.Russian);
            EnglishName().IsMatch(region.English).ShouldBeTrue(region.English);
        }
    }

    [Fact]
    public void every_zone_is_an_iana_zone_known_here_and_within_russias_offsets()
    {
        foreach (var region in Regions.All)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(region.Zone);
            zone.HasIanaId.ShouldBeTrue(region.Zone);
            zone.GetUtcOffset(new DateTime(2026, 7, 1, 0, 0, 0, DateTimeKind.Utc)).TotalHours.ShouldBeInRange(2, 12, region.Code);
        }
    }

    [Theory]
    [InlineData("RU-KGD", 2)]
    [InlineData("RU-MOW", 3)]
    [InlineData("RU-VGG", 3)]
    [InlineData("RU-SAM", 4)]
    [InlineData("RU-AST", 4)]
    [InlineData("RU-SVE", 5)]
    [InlineData("RU-OMS", 6)]
    [InlineData("RU-NVS", 7)]
    [InlineData("RU-TOM", 7)]
    [InlineData("RU-IRK", 8)]
    [InlineData("RU-ZAB", 9)]
    [InlineData("RU-PRI", 10)]
    [InlineData("RU-MAG", 11)]
    [InlineData("RU-SAK", 11)]
    [InlineData("RU-KAM", 12)]
    [InlineData("RU-CHU", 12)]
    public void a_regions_zone_keeps_its_lawful_offset(string code, int hours) =>
        TimeZoneInfo.FindSystemTimeZoneById(Regions.Find(code)!.Zone).GetUtcOffset(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalHours
            .ShouldBe(hours);

    [Fact]
    public void eight_districts_hold_every_region_but_baikonur()
    {
        Regions.All.Where(region => region.District is null).Select(region => region.Code).ShouldBe(["KZ-BAY"]);
        Regions.All.Select(region => region.District).OfType<FederalDistrict>().Distinct().Count().ShouldBe(8);
    }

    [Theory]
    [InlineData("RU-TA", "Республика Татарстан", "Приволжский")]
    [InlineData("RU-MOW", "Москва", "Центральный")]
    [InlineData("RU-BU", "Республика Бурятия", "Дальневосточный")]
    [InlineData("RU-STA", "Ставропольский край", "Северо-Кавказский")]
    [InlineData("RU-KDA", "Краснодарский край", "Южный")]
    public void a_region_is_found_by_its_code(string code, string name, string district)
    {
        var region = Regions.Find(code).ShouldNotBeNull();
        region.Russian.ShouldBe(name);
        region.District!.Russian.ShouldBe(district);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("RU-XXX")]
    [InlineData("ru-mow")]
    [InlineData("RU-MOW ")]
    public void nothing_else_is_found(string? code) => Regions.Find(code).ShouldBeNull();

    [GeneratedRegex("^[А-ЯЁ][А-ЯЁа-яё() —-]+$")]
    private static partial Regex RussianName();

    [GeneratedRegex("^[A-Z][A-Za-z() –-]+$")]
    private static partial Regex EnglishName();
}
