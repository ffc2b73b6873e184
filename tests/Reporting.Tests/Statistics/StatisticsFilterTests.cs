using Shouldly;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Reporting.Tests.Statistics;

public sealed class StatisticsFilterTests
{
    [Fact]
    public void what_is_left_out_or_empty_does_not_narrow()
    {
        StatisticsFilter.Parse(null, null, null, null, null).ShouldBe(new StatisticsFilter(null, null, null, null, null));
        StatisticsFilter.Parse("", "", "", "", "").ShouldBe(new StatisticsFilter(null, null, null, null, null));
    }

    [Fact]
    public void all_is_read()
    {
        var organisation = Guid.NewGuid();
        StatisticsFilter.Parse("2026-01", "2026-01", "RU-MOW", "D12", organisation.ToString())
            .ShouldBe(new StatisticsFilter(new Month(202601), new Month(202601), "RU-MOW", "D12", organisation));
    }

    [Theory]
    [InlineData("2026-1", null, null, null, null, "from", "malformed-month")]
    [InlineData(null, "may", null, null, null, "to", "malformed-month")]
    [InlineData("2026-02", "2026-01", null, null, null, "to", "months-out-of-order")]
    [InlineData(null, null, "RU-XXX", null, null, "region", "unknown-region")]
    [InlineData(null, null, "ru-mow", null, null, "region", "unknown-region")]
    [InlineData(null, null, null, "Z99", null, "taskType", "unknown-task-type")]
    [InlineData(null, null, null, null, "12", "organisationId", "malformed-id")]
    public void a_value_that_breaks_its_rule_is_named(
        string? from, string? to, string? region, string? taskType, string? organisation, string field, string code)
    {
        var refusal = Should.Throw<RefusedException>(() => StatisticsFilter.Parse(from, to, region, taskType, organisation)).Refusal;
        refusal.Field.ShouldBe(field);
        refusal.Code.ShouldBe(code);
        refusal.Status.ShouldBe(400);
    }

    [Fact]
    public void all_that_is_wrong_is_said_at_once()
    {
        var refusal = Should.Throw<RefusedException>(() => StatisticsFilter.Parse("x", "y", "z", "q", "w")).Refusal;
        refusal.Others.Select(other => other.Field).Prepend(refusal.Field).ShouldBe(["from", "to", "region", "taskType", "organisationId"]);
    }
}
