using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>An agency as everybody sees it.</summary>
/// <param name="ClientId">What a grant names it by.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Kind">What kind of body it is.</param>
/// <param name="Purposes">What it may ask for.</param>
public sealed record AgencyView(string ClientId, BothLanguages Name, AgencyKind Kind, IReadOnlyList<Purpose> Purposes)
{
    public static AgencyView Of(Agency agency) => new(agency.ClientId, agency.Name, agency.Kind, agency.Purposes);
}

/// <summary>
/// <c>GET /api/v1/agencies?after=&amp;limit=</c> and <c>GET /api/v1/agencies/{clientId}</c>: for everyone, so that volunteers see whom they may allow what. In
/// the order of registration; one alone with its ETag.
/// </summary>
public static class GetAgenciesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/agencies", List).AllowAnonymous().WithSummary("Agencies that volunteers can let read confirmed data");
        routes.MapGet("/agencies/{clientId}", Get).AllowAnonymous().WithSummary("An agency and its purposes");
    }

    private static async Task<Ok<Page<AgencyView>>> List(IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var rows = Cursor.Parse(after) is { } cursor
            ? await session.QueryAsync<Agency>("where (registered_at, id) > (?, ?) order by registered_at, id limit ?", ct, cursor.At, cursor.Id, size + 1)
            : await session.QueryAsync<Agency>("where true order by registered_at, id limit ?", ct, size + 1);
        var page = Page.Of(rows, size, agency => new Cursor(agency.RegisteredAt, agency.Id));
        return TypedResults.Ok(new Page<AgencyView>([.. page.Items.Select(AgencyView.Of)], page.Next));
    }

    private static async Task<Results<Ok<AgencyView>, NotFound>> Get(string clientId, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        if (await session.LoadAsync<Agency>(Agency.IdOf(clientId), ct) is not { } agency)
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, agency.Version);
        return TypedResults.Ok(AgencyView.Of(agency));
    }
}
