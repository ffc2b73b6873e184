using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary><c>GET /api/v1/entries/{id}</c>: an entry of one's own, with its ETag.</summary>
public static class GetEntryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/entries/{id:guid}", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("One of your entries");

    private static async Task<Results<Ok<EntryView>, NotFound>> Handle(Guid id, Caller caller, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        if (await session.LoadAsync<EntryView>(id, ct) is not { } entry || entry.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, entry.Version);
        return TypedResults.Ok(entry);
    }
}
