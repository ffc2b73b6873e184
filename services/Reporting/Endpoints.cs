using VolunteerBook.Reporting.Statistics;

namespace VolunteerBook.Reporting;

/// <summary>All that Reporting answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        GetStatisticsEndpoint.Map(api);
        GetMyStatisticsEndpoint.Map(api);
    }
}
