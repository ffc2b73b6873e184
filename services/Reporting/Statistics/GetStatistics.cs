using Microsoft.Net.Http.Headers;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Statistics;

/// <summary>
/// Confirmed hours, for everyone to see (F10, F34). A minute that several entries of a volunteer claim counts in one of them only (N7), whichever of them a
/// filter picks: over everything the minutes are those of the union of what was worked.
/// </summary>
/// <param name="Minutes">Confirmed minutes that count in the entries asked for.</param>
/// <param name="Entries">Confirmed entries with work in the months asked for, also those of which every minute counts in another one.</param>
/// <param name="Volunteers">How many people worked them.</param>
/// <param name="Organisations">How many organisations received them.</param>
/// <param name="RegisteredVolunteers">How many are registered as volunteers and live in the region asked for; the other filters do not bear on it.</param>
/// <param name="ByRegion">By the region of the work, most work first.</param>
/// <param name="ByMonth">By the month of the work by its own clock, earliest first.</param>
/// <param name="ByTaskType">By task type, most work first.</param>
/// <param name="ByOrganisation">By organisation, most work first.</param>
public sealed record OpenStatistics(
    long Minutes,
    long Entries,
    long Volunteers,
    long Organisations,
    long RegisteredVolunteers,
    IReadOnlyList<Line> ByRegion,
    IReadOnlyList<Line> ByMonth,
    IReadOnlyList<Line> ByTaskType,
    IReadOnlyList<OrganisationLine> ByOrganisation);

/// <summary>
/// <c>GET /api/v1/statistics?from=&amp;to=&amp;region=&amp;taskType=&amp;organisationId=</c>: the open statistics. Anyone may keep a copy, and asks with its
/// ETag whether it still holds.
/// </summary>
public static class GetStatisticsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/statistics", Handle)
            .AllowAnonymous()
            .Produces<OpenStatistics>()
            .Produces(StatusCodes.Status304NotModified)
            .WithSummary("Confirmed hours by region, month, task type and organisation");

    private static async Task<IResult> Handle(
        HttpContext http, ReadModels models, NpgsqlDataSource database, RecentStatistics recent, CancellationToken ct,
        string? from = null, string? to = null, string? region = null, string? taskType = null, string? organisationId = null)
    {
        var filter = StatisticsFilter.Parse(from, to, region, taskType, organisationId);
        var known = http.Request.GetTypedHeaders().IfNoneMatch;
        return await models.AskAsync(async at =>
        {
            var sql = Sql(at);
            http.Response.Headers.CacheControl = "public, no-cache";
            await using var standing = database.CreateCommand($"select {at.Standing}");
            var tag = ETagOf((string)(await standing.ExecuteScalarAsync(ct))!);
            // By weak comparison, and * is any (RFC 9110, section 13.1.2).
            var isKnown = known.Any(one => one == EntityTagHeaderValue.Any || one.Compare(tag, useStrongComparison: false));
            var kept = recent.Find(tag, filter);
            if (kept is not null || isKnown)
            {
                http.Response.Headers.ETag = tag.ToString();
                return isKnown ? (IResult)TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(kept);
            }

            await using var command = database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = filter.From?.Number ?? 0 });
            command.Parameters.Add(new() { Value = filter.To?.Number ?? int.MaxValue });
            command.Parameters.Add(new() { Value = (object?)filter.Region ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = (object?)filter.TaskType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = (object?)filter.OrganisationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
            var rows = await command.ReadRowsAsync(ct);
            tag = ETagOf(rows["standing"].Single().Key!);
            http.Response.Headers.ETag = tag.ToString();
            var all = rows["all"].Single();
            var organisations = rows.Organisations();
            var open = new OpenStatistics(
                all.Minutes, all.Entries, rows["volunteers"].Single().Entries, organisations.Count, rows["registered"].Single().Entries,
                rows.Lines("byRegion"), rows.Months(), rows.Lines("byTaskType"), organisations);
            recent.Keep(tag, filter, open);
            return (IResult)TypedResults.Ok(open);
        }, ct);
    }

    /// <summary>Weak: the figures are the same, their bytes may be compressed on the way.</summary>
    private static EntityTagHeaderValue ETagOf(string standing) => new($"\"{standing}\"", isWeak: true);

    // One statement, so one snapshot: the parts agree with each other and with the ETag.
    // An entry over several months has a row in each; of those asked for, the one whose previous month lies outside counts it.
    private static string Sql(Answering at) =>
        $"""
        with cells as materialized (
            select month, region, task_type, organisation_id, minutes, entries,
                case when previous_month = 0 or previous_month < $1 then entries else 0 end as begun
            from {at["hours"]}.totals
            where entries > 0 and month between $1 and $2
              and ($3 is null or region = $3) and ($4 is null or task_type = $4) and ($5 is null or organisation_id = $5)
        ), sums as (
            select grouping(region) = 0 as of_region, grouping(month) = 0 as of_month, grouping(task_type) = 0 as of_task_type,
                grouping(organisation_id) = 0 as of_organisation,
                region, month, task_type, organisation_id,
                coalesce(sum(minutes), 0)::bigint as minutes, coalesce(sum(entries), 0)::bigint as entries, coalesce(sum(begun), 0)::bigint as begun
            from cells group by grouping sets ((), (region), (month), (task_type), (organisation_id))
        )
        select 'byRegion', region, null, minutes, begun from sums where of_region
        union all select 'byMonth', to_char(month, 'FM0000"-"00'), null, minutes, entries from sums where of_month
        union all select 'byTaskType', task_type, null, minutes, begun from sums where of_task_type
        union all select 'byOrganisation', organisation_id::text, named.name, minutes, begun
            from sums left join {at["organisations"]}.organisations named on named.id = organisation_id where of_organisation
        union all select 'all', null, null, minutes, begun from sums where not (of_region or of_month or of_task_type or of_organisation)
        union all select 'volunteers', null, null, 0, count(*) from (
            select volunteer_id from {at["hours"]}.hours
            where confirmed and month between $1 and $2
              and ($3 is null or region = $3) and ($4 is null or task_type = $4) and ($5 is null or organisation_id = $5)
            group by volunteer_id) worked
        union all select 'registered', null, null, 0, coalesce(sum(volunteers), 0)::bigint
            from {at["volunteers"]}.registered_volunteers where $3 is null or region = $3
        union all select 'standing', {at.Standing}, null, 0, 0
        """;
}
