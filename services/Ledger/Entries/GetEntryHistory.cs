using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary><c>GET /api/v1/entries/{id}/history</c>: every change of an entry with date and author (F39).</summary>
public static class GetEntryHistoryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/entries/{id:guid}/history", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Every change to an entry, with date and author");

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Handle(Guid id, Caller caller, IQuerySession session, CancellationToken ct) =>
        await session.LoadAsync<EntryView>(id, ct) is { } entry && entry.VolunteerId == caller.Id
            ? TypedResults.Ok(await session.HistoryAsync(id, ct))
            : TypedResults.NotFound();
}
