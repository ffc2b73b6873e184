using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>A grant as its giver sees it.</summary>
/// <param name="Id">The grant.</param>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Purpose">Code of the purpose.</param>
/// <param name="Scope">What it gives.</param>
/// <param name="Until">The last day on which it holds, UTC.</param>
/// <param name="GivenAt">When it was given, UTC.</param>
/// <param name="WithdrawnAt">When it was taken back, UTC; null where it was not.</param>
/// <param name="Accesses">How often data was given under it.</param>
/// <param name="LastAccessAt">When last, UTC.</param>
public sealed record GrantView(
    Guid Id, string Agency, string Purpose, GrantScope Scope, DateOnly Until,
    DateTimeOffset GivenAt, DateTimeOffset? WithdrawnAt, int Accesses, DateTimeOffset? LastAccessAt)
{
    public static GrantView Of(Grant grant) => new(
        grant.Id, grant.Agency, grant.Purpose, grant.Scope, grant.Until, grant.GivenAt, grant.WithdrawnAt, grant.Accesses, grant.LastAccessAt);
}

/// <summary>
/// <c>GET /api/v1/grants?after=&amp;limit=</c>: one's own grants, the newest first; <c>GET /api/v1/grants/{id}</c>: one of them with its ETag.
/// </summary>
public static class GetGrantsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants", List).RequireAuthorization(Policies.Volunteer).WithSummary("Your grants to agencies, newest first");
        routes.MapGet("/grants/{id:guid}", Get).RequireAuthorization(Policies.Volunteer).WithSummary("One of your grants");
    }

    private static async Task<Ok<Page<GrantView>>> List(
        Caller caller, IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var rows = Cursor.Parse(after) is { } cursor
            ? await session.QueryAsync<Grant>(
                "where volunteer_id = ? and (given_at, id) < (?, ?) order by given_at desc, id desc limit ?", ct, caller.Id, cursor.At, cursor.Id, size + 1)
            : await session.QueryAsync<Grant>("where volunteer_id = ? order by given_at desc, id desc limit ?", ct, caller.Id, size + 1);
        var page = Page.Of(rows, size, grant => new Cursor(grant.GivenAt, grant.Id));
        return TypedResults.Ok(new Page<GrantView>([.. page.Items.Select(GrantView.Of)], page.Next));
    }

    private static async Task<Results<Ok<GrantView>, NotFound>> Get(Guid id, Caller caller, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        if (await session.LoadAsync<Grant>(id, ct) is not { } grant || grant.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, grant.Terms);
        return TypedResults.Ok(GrantView.Of(grant));
    }
}
