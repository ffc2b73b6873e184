using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>Confirmed hours of everybody: whole minutes and numbers; months are YYYY-MM.</summary>
public sealed record Statistics(
    long Minutes, long Entries, long Volunteers, long Organisations,
    IReadOnlyList<Total> ByRegion, IReadOnlyList<Total> ByMonth, IReadOnlyList<Total> ByTaskType, IReadOnlyList<Total> ByOrganisation);

/// <summary>Open statistics.</summary>
public sealed class Reporting(GatewayApi api)
{
    /// <summary>Confirmed hours of the months from <paramref name="from"/> to <paramref name="to"/> (YYYY-MM), both included.</summary>
    public async Task<Statistics> Statistics(string? from, string? to, string? region, string? taskType, string? organisationId) =>
        (await api.Read<Statistics>(Path(from, to, region, taskType, organisationId))).Value;

    /// <summary>For the home page, which has more to say than its figures.</summary>
    public Task<Statistics?> StatisticsOrNull(string? from) => api.ReadOrNull<Statistics>(Path(from, null, null, null, null));

    static string Path(string? from, string? to, string? region, string? taskType, string? organisationId) =>
        "statistics" + Query(("from", from), ("to", to), ("region", region), ("taskType", taskType), ("organisationId", organisationId));
}
