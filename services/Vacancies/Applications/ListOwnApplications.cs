using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Applications;

/// <summary><c>GET /api/v1/applications?vacancyId=&amp;status=&amp;after=&amp;limit=</c>: one's own applications, the newest first (F42).</summary>
public static class ListOwnApplicationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/applications", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("Your applications, newest first");

    private static async Task<Ok<Page<ApplicationView>>> Handle(
        Caller caller, IQuerySession session, CancellationToken ct, Guid? vacancyId = null, string? status = null, string? after = null,
        [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var filters = new Filters().And("volunteer_id = ?", caller.Id);
        filters = vacancyId is { } vacancy ? filters.And("vacancy_id = ?", vacancy) : filters;
        filters = Rules.OneOf<ApplicationStatus>("status", status) is { } wanted ? filters.And("status = ?", wanted.ToString()) : filters;
        filters = Cursor.Parse(after) is { } cursor ? filters.And("(submitted_at, id) < (?, ?)", cursor.At, cursor.Id) : filters;
        var rows = await session.QueryAsync<Application>($"where {filters.Sql} order by submitted_at desc, id desc limit ?", ct, [.. filters.Values, size + 1]);
        return TypedResults.Ok(await session.PageAsync(rows, size, ct));
    }
}
