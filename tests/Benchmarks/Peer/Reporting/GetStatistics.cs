using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Peer.Reporting;

/// <summary><c>GET /api/v1/statistics</c>: open to all, as ours.</summary>
internal static class GetStatistics
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/statistics", async (ReportingContext database, CancellationToken ct, Guid? organisationId = null) =>
        {
            var totals = await database.Totals.AsNoTracking().Where(total => organisationId == null || total.OrganisationId == organisationId).ToListAsync(ct);
            var hours = database.Hours.Where(hours => organisationId == null || hours.OrganisationId == organisationId);
            return TypedResults.Ok(new
            {
                minutes = totals.Sum(total => total.Minutes),
                entries = totals.Sum(total => total.Entries),
                volunteers = await hours.Select(hours => hours.VolunteerId).Distinct().CountAsync(ct),
                organisations = totals.Select(total => total.OrganisationId).Distinct().Count(),
                byRegion = SumsBy(totals, total => total.Region),
                byMonth = SumsBy(totals, total => total.Month.ToString(CultureInfo.InvariantCulture)),
                byTaskType = SumsBy(totals, total => total.TaskType),
            });
        }).AllowAnonymous();

    private static IEnumerable<object> SumsBy(IEnumerable<Total> totals, Func<Total, string> by) =>
        totals.GroupBy(by).Select(group => new { key = group.Key, minutes = group.Sum(total => total.Minutes), entries = group.Sum(total => total.Entries) });
}
