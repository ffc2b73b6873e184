using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Reporting.Statistics;

/// <summary>A volunteer's own hours in figures (F29).</summary>
/// <param name="ConfirmedMinutes">Minutes that organisations confirmed, each once (N7).</param>
/// <param name="SubmittedMinutes">Minutes that wait for a decision and are not confirmed already, each once.</param>
/// <param name="Entries">Confirmed entries.</param>
/// <param name="ByMonth">Confirmed, by the month of the work by its own clock, earliest first.</param>
/// <param name="ByTaskType">Confirmed, by task type, most work first.</param>
/// <param name="ByOrganisation">Confirmed, by organisation, most work first.</param>
/// <param name="ByRegion">Confirmed, by the region of the work, most work first.</param>
public sealed record MyStatistics(
    long ConfirmedMinutes,
    long SubmittedMinutes,
    long Entries,
    IReadOnlyList<Line> ByMonth,
    IReadOnlyList<Line> ByTaskType,
    IReadOnlyList<OrganisationLine> ByOrganisation,
    IReadOnlyList<Line> ByRegion);

/// <summary><c>GET /api/v1/statistics/me</c>: the caller's own figures, those of nobody else.</summary>
public static class GetMyStatisticsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/statistics/me", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("Your hours in figures");

    private static async Task<Ok<MyStatistics>> Handle(HttpContext http, Caller caller, ReadModels models, NpgsqlDataSource database, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var rows = await models.AskAsync(async at =>
        {
            await using var command = database.CreateCommand(Sql(at));
            command.Parameters.Add(new() { Value = caller.Id });
            return await command.ReadRowsAsync(ct);
        }, ct);
        var all = rows["all"].Single();
        return TypedResults.Ok(new MyStatistics(
            all.Minutes, rows["submitted"].Single().Minutes, all.Entries,
            rows.Months(), rows.Lines("byTaskType"), rows.Organisations(), rows.Lines("byRegion")));
    }

    private static string Sql(Answering at) =>
        $"""
        with own as materialized (
            select entry_id, month, region, task_type, organisation_id, confirmed, minutes from {at["hours"]}.hours where volunteer_id = $1
        ), sums as (
            select grouping(region) = 0 as of_region, grouping(month) = 0 as of_month, grouping(task_type) = 0 as of_task_type,
                grouping(organisation_id) = 0 as of_organisation,
                region, month, task_type, organisation_id, coalesce(sum(minutes), 0)::bigint as minutes, count(distinct entry_id) as entries
            from own where confirmed group by grouping sets ((), (region), (month), (task_type), (organisation_id))
        )
        select 'byRegion', region, null, minutes, entries from sums where of_region
        union all select 'byMonth', to_char(month, 'FM0000"-"00'), null, minutes, entries from sums where of_month
        union all select 'byTaskType', task_type, null, minutes, entries from sums where of_task_type
        union all select 'byOrganisation', organisation_id::text, named.name, minutes, entries
            from sums left join {at["organisations"]}.organisations named on named.id = organisation_id where of_organisation
        union all select 'all', null, null, minutes, entries from sums where not (of_region or of_month or of_task_type or of_organisation)
        union all select 'submitted', null, null, coalesce(sum(minutes), 0)::bigint, 0 from own where not confirmed
        """;
}
