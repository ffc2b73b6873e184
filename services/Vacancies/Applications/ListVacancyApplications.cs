using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>
/// <c>GET /api/v1/vacancies/{id}/applications?status=&amp;after=&amp;limit=</c>: the applications to a vacancy for its coordinators, who waits longest first.
/// </summary>
public static class ListVacancyApplicationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/vacancies/{id:guid}/applications", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Applications to a vacancy of an organisation that you coordinate, oldest first");

    private static async Task<Results<Ok<Page<ApplicationView>>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct,
        string? status = null, string? after = null, [PageSize] int? limit = null)
    {
        if (await session.LoadAsync<Vacancy>(id, ct) is not { } vacancy
            || !await session.IsCoordinatorAsync(vacancy.OrganisationId, caller, clock.GetUtcNow(), ct))
        {
            return TypedResults.NotFound();
        }

        var size = Cursor.Limit(limit);
        var filters = new Filters().And("vacancy_id = ?", id);
        filters = Rules.OneOf<ApplicationStatus>("status", status) is { } wanted ? filters.And("status = ?", wanted.ToString()) : filters;
        filters = Cursor.Parse(after) is { } cursor ? filters.And("(submitted_at, id) > (?, ?)", cursor.At, cursor.Id) : filters;
        var rows = await session.QueryAsync<Application>($"where {filters.Sql} order by submitted_at, id limit ?", ct, [.. filters.Values, size + 1]);
        return TypedResults.Ok(await session.PageAsync(rows, size, ct));
    }
}
