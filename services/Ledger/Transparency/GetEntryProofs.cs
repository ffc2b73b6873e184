using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary><c>GET /api/v1/entries/{id}/proofs</c>: what shows a third party that each event of an entry of one's own is in the transparency log.</summary>
public static class GetEntryProofsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/entries/{id:guid}/proofs", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("The proofs that an entry's events are in the transparency log");

    private static async Task<Results<Ok<StreamProofs>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, PublishedLog log, CancellationToken ct) =>
        await session.LoadAsync<EntryView>(id, ct) is { } entry && entry.VolunteerId == caller.Id && await log.ProofsAsync(id, ct) is { } proofs
            ? TypedResults.Ok(proofs)
            : TypedResults.NotFound();
}
