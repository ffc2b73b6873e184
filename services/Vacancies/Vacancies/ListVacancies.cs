using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>
/// <c>GET /api/v1/vacancies?region=&amp;taskType=&amp;organisationId=&amp;q=&amp;status=&amp;after=&amp;limit=</c>: the newest first, for everybody; open ones unless
/// asked otherwise (F23). <c>q</c> finds titles that hold all of its words, whatever the case.
/// </summary>
public static class ListVacanciesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/vacancies", Handle).AllowAnonymous().WithSummary("Vacancies by region, task type, organisation and words of the title; the newest first");

    private static async Task<Results<Ok<Page<VacancyView>>, ProblemHttpResult>> Handle(
        IQuerySession session, TimeProvider clock, CancellationToken ct,
        string? region = null, string? taskType = null, Guid? organisationId = null, string? q = null, string? status = null,
        string? after = null, int? limit = null)
    {
        if (Rules.OptionalText("q", q, 100) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var size = Cursor.Limit(limit);
        var filters = new Filters().And("status = ?", (Rules.OneOf<VacancyStatus>("status", status) ?? VacancyStatus.Open).ToString());
        filters = region is null ? filters : filters.And("region = ?", region);
        filters = taskType is null ? filters : filters.And("task_type = ?", taskType);
        filters = organisationId is { } organisation ? filters.And("organisation_id = ?", organisation) : filters;
        filters = SearchText.Words(q).Aggregate(filters, (all, word) => all.And("strpos(search_title, ?) > 0", word));
        filters = Cursor.Parse(after) is { } cursor ? filters.And("(published_at, id) < (?, ?)", cursor.At, cursor.Id) : filters;

        var rows = await session.QueryAsync<Vacancy>($"where {filters.Sql} order by published_at desc, id desc limit ?", ct, [.. filters.Values, size + 1]);
        var page = Page.Of(rows, size, vacancy => new Cursor(vacancy.PublishedAt, vacancy.Id));
        var organisations = (await session.LoadManyAsync<Coordination>(ct, page.Items.Select(vacancy => vacancy.OrganisationId).Distinct()))
            .ToDictionary(coordination => coordination.Id, coordination => coordination.Name);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new Page<VacancyView>(
            [.. page.Items.Select(vacancy => VacancyView.Of(vacancy, organisations.GetValueOrDefault(vacancy.OrganisationId), now))], page.Next));
    }
}
