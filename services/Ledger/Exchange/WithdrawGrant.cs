using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary><c>POST /api/v1/grants/{id}/withdrawal</c>: takes a grant back. From its commit on nothing is read under it, and nothing that waits is sent.</summary>
public static class WithdrawGrantEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/grants/{id:guid}/withdrawal", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Take a grant back");

    private static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Grant>(id, ct) is not { } known || known.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        var stream = await FetchLockedAsync(id, http, session, ct);
        var grant = stream.Aggregate!;
        expected.Check(grant.Terms);
        var decision = Decide(grant, clock.GetUtcNow());
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    /// <summary>The grant's stream with its row locked: waits for a read that is under way, and is not made stale by it.</summary>
    private static async Task<IEventStream<Grant>> FetchLockedAsync(Guid id, HttpContext http, IDocumentSession session, CancellationToken ct)
    {
        if (!http.Request.Headers.ContainsKey("Idempotency-Key"))
        {
            return await session.Events.FetchForExclusiveWriting<Grant>(id, ct);
        }

        // The session rides on the transaction that the key opened (decision 0004), and Marten begins one of its own only: so the same lock by hand.
        await session.QueryAsync<long>("select version from mt_streams where id = ? for update", ct, id);
        return await session.Events.FetchForWriting<Grant>(id, ct);
    }

    public static Decision Decide(Grant grant, DateTimeOffset now) =>
        grant.WithdrawnAt is not null ? Decision.Nothing : Decision.Append(new GrantWithdrawn(grant.VolunteerId, grant.Agency, grant.Purpose, now));
}
