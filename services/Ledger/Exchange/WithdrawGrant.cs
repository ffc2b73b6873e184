using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>
/// <c>POST /api/v1/grants/{id}/withdrawal</c>: takes a grant back. From its commit on nothing is read under it, and nothing that waits is sent.
/// </summary>
public static class WithdrawGrantEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/grants/{id:guid}/withdrawal", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Withdraw a grant");

    private static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IQuerySession known,
        OneTransaction transaction, TimeProvider clock, CancellationToken ct)
    {
        if (await known.LoadAsync<Grant>(id, ct) is not { } seen || seen.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        // A read that is under way comes before, and does not make this stale.
        await using var session = await transaction.AloneWithAsync(id, ct);
        var stream = await session.Events.FetchForWriting<Grant>(id, ct);
        var grant = stream.Aggregate!;
        expected.Check(grant.Terms);
        var decision = Decide(grant, clock.GetUtcNow());
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Grant grant, DateTimeOffset now) =>
        grant.WithdrawnAt is not null ? Decision.Nothing : Decision.Append(new GrantWithdrawn(grant.VolunteerId, grant.Agency, grant.Purpose, now));
}
