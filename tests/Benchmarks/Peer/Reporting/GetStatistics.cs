using Microsoft.EntityFrameworkCore;

namespace VolunteerBook.Peer.Reporting;

/// <summary><c>GET /api/v1/statistics</c>: open to all, as ours.</summary>
internal static class GetStatistics
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/statistics", async (ReportingContext database, CancellationToken ct, Guid? organisationId = null) =>
        {
            var totals = await database.Totals.AsNoTracking().Where(total => organisationId == null || total.OrganisationId == organisationId).ToListAsync(ct);
            var volunteers = await database.Hours.Where(hours => organisationId == null || hours.OrganisationId == organisationId).Select(hours => hours.VolunteerId).Distinct().CountAsync(ct);
            return TypedResults.Ok(new
            {
                minutes = totals.Sum(total => total.Minutes),
                entries = totals.Sum(total => total.Entries),
                volunteers,
                organisations = totals.Select(total => total.OrganisationId).Distinct().Count(),
                byRegion = totals.GroupBy(total => total.Region).Select(group => new { key = group.Key, minutes = group.Sum(total => total.Minutes), entries = group.Sum(total => total.Entries) }),
                byMonth = totals.GroupBy(total => total.Month).Select(group => new { key = group.Key.ToString(System.Globalization.CultureInfo.InvariantCulture), minutes = group.Sum(total => total.Minutes), entries = group.Sum(total => total.Entries) }),
                byTaskType = totals.GroupBy(total => total.TaskType).Select(group => new { key = group.Key, minutes = group.Sum(total => total.Minutes), entries = group.Sum(total => total.Entries) }),
            });
        }).AllowAnonymous();
}
