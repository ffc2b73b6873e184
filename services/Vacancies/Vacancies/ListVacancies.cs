using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>How the list is ordered.</summary>
public enum VacancyOrder
{
    /// <summary>The newest first.</summary>
    Published,

    /// <summary>What comes next first: by the earliest shift that is not over. Vacancies whose shifts are all over are left out.</summary>
    Start,
}

/// <summary>
/// <c>GET /api/v1/vacancies?region=&amp;taskType=&amp;organisationId=&amp;q=&amp;status=&amp;sort=&amp;after=&amp;limit=</c>: for everybody; open
/// ones unless asked otherwise (F23). <c>q</c> finds those where title and description hold all of its words, whatever the case, or the
/// organisation's name has words that begin so.
/// </summary>
public static class ListVacanciesEndpoint
{
    // What PostgreSQL takes for the instant of a local time is compared with itself only, here and in the cursor.
    private const string NextShift =
        """
        cross join lateral (
            select min(start) as at
            from (select (shift ->> 'start')::timestamp at time zone (shift ->> 'zone') as start, (shift ->> 'minutes')::int as minutes
                from jsonb_array_elements(v.data -> 'shifts') shift) shifts
            where start + minutes * interval '1 minute' > ?) next
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/vacancies", Handle)
            .AllowAnonymous()
            .WithSummary("Vacancies by region, task type, organisation and words; newest or soonest first");

    private static async Task<Results<Ok<Page<VacancyView>>, ProblemHttpResult>> Handle(
        IQuerySession session, TimeProvider clock, CancellationToken ct,
        string? region = null, string? taskType = null, Guid? organisationId = null, string? q = null, string? status = null, string? sort = null,
        string? after = null, [PageSize] int? limit = null)
    {
        if (Refusal.All([VocabularyRules.Filter(region, taskType), Rules.OptionalText("q", q, 100)]) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var now = clock.GetUtcNow();
        var size = Cursor.Limit(limit);
        var byStart = Rules.OneOf<VacancyOrder>("sort", sort) == VacancyOrder.Start;
        var filters = new Filters().And("status = ?", (Rules.OneOf<VacancyStatus>("status", status) ?? VacancyStatus.Open).ToString());
        filters = string.IsNullOrEmpty(region) ? filters : filters.And("region = ?", region);
        filters = string.IsNullOrEmpty(taskType) ? filters : filters.And("task_type = ?", taskType);
        filters = organisationId is { } organisation ? filters.And("organisation_id = ?", organisation) : filters;
        filters = SearchWords.Of(q).Aggregate(filters, (all, word) => all.And(SearchText.Found, word, " " + word));
        filters = byStart ? filters.And("next.at is not null") : filters;
        filters = Cursor.Parse(after) is { } cursor
            ? filters.And(byStart ? "(next.at, id) > (?, ?)" : "(published_at, id) < (?, ?)", cursor.At, cursor.Id)
            : filters;

        var (at, joined, order) = byStart ? ("next.at", NextShift, "next.at, id") : ("published_at", "", "published_at desc, id desc");
        var rows = await session.AdvancedSql.QueryAsync<Guid, long>(
            $"select row(id), row((extract(epoch from {at}) * 1000000)::bigint) from mt_doc_vacancy v {joined} where {filters.Sql} order by {order} limit ?",
            ct, [.. byStart ? [now] : Array.Empty<object>(), .. filters.Values, size + 1]);
        var page = Page.Of(rows, size, row => new Cursor(DateTimeOffset.UnixEpoch.AddTicks(row.Item2 * TimeSpan.TicksPerMicrosecond), row.Item1));
        var vacancies = (await session.LoadManyAsync<Vacancy>(ct, page.Items.Select(row => row.Item1))).ToDictionary(vacancy => vacancy.Id);
        var organisations = (await session.LoadManyAsync<Coordination>(ct, vacancies.Values.Select(vacancy => vacancy.OrganisationId).Distinct()))
            .ToDictionary(coordination => coordination.Id, coordination => coordination.Name);
        return TypedResults.Ok(new Page<VacancyView>(
            [.. page.Items.Select(row => vacancies[row.Item1])
                .Select(vacancy => VacancyView.Of(vacancy, organisations.GetValueOrDefault(vacancy.OrganisationId), now))], page.Next));
    }
}
