using JasperFx.Events;
using Marten;
using Marten.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>One time that data was given to an agency.</summary>
/// <param name="Id">The access.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Purpose">Code of the purpose.</param>
/// <param name="Means">Whether the agency asked, or it was sent to its webhook.</param>
/// <param name="Form">Identifier of the form it was put in; null for the plain record.</param>
/// <param name="Message">Type of the webhook's message; null for a read.</param>
/// <param name="Entries">How many entries were in it one by one; 0 where it was sums only.</param>
/// <param name="Minutes">Minutes of work that it told of.</param>
public sealed record AccessView(
    Guid Id, DateTimeOffset At, string Agency, string Purpose, AccessMeans Means, string? Form, string? Message, int Entries, long Minutes)
{
    public static AccessView Of(IEvent stored)
    {
        var given = (DataGiven)stored.Data;
        return new(stored.Id, given.At, given.Agency, given.Purpose, given.Means, given.Form, given.Message, given.Entries, given.Minutes);
    }
}

/// <summary>
/// <c>GET /api/v1/grants/{id}/accesses?after=&amp;limit=</c>: every access under a grant of one's own, the newest first;
/// <c>GET /api/v1/grants/{id}/history</c>: what its giver did with it (F39).
/// </summary>
public static class GetGrantAccessesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/grants/{id:guid}/accesses", List)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Every access under one of your grants, newest first");
        routes.MapGet("/grants/{id:guid}/history", History)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Every change to a grant, with date and author");
    }

    private static async Task<Results<Ok<Page<AccessView>>, NotFound>> List(
        Guid id, Caller caller, IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        if (await session.LoadAsync<Grant>(id, ct) is not { } grant || grant.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        var cursor = Cursor.Parse(after);
        var accesses = session.Events.QueryAllRawEvents().Where(stored => stored.StreamId == id && stored.EventTypesAre(typeof(DataGiven)));
        if (cursor is { } place)
        {
            var last = (await session.Events.LoadAsync(place.Id, ct))?.Version ?? 0;
            accesses = accesses.Where(stored => stored.Version < last);
        }

        var rows = await accesses.OrderByDescending(stored => stored.Version).Take(Cursor.Limit(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of([.. rows.Select(AccessView.Of)], Cursor.Limit(limit), access => new Cursor(access.At, access.Id)));
    }

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> History(Guid id, Caller caller, IQuerySession session, CancellationToken ct)
    {
        if (await session.LoadAsync<Grant>(id, ct) is not { } grant || grant.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        // The accesses can be many thousands, and have a list of their own.
        var changes = await session.Events.QueryAllRawEvents()
            .Where(stored => stored.StreamId == id && stored.EventTypesAre(typeof(GrantGiven), typeof(GrantWithdrawn)))
            .OrderBy(stored => stored.Version).ToListAsync(ct);
        return TypedResults.Ok<IReadOnlyList<Change>>([.. changes.Select(Change.Of)]);
    }
}
