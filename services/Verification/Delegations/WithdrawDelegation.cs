using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Delegations;

/// <summary><c>POST /api/v1/delegations/{id}/withdrawal</c>: takes a delegation back, at once; any appointed coordinator of the organisation may.</summary>
public static class WithdrawDelegationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/delegations/{id:guid}/withdrawal", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Withdraw a delegation");

    private static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.Query<Organisation>()
            .FirstOrDefaultAsync(organisation => organisation.Delegations.Any(delegation => delegation.Id == id), ct) is not { } found
            || !found.IsAppointed(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        var stream = await session.Events.FetchForWriting<Organisation>(found.Id, ct);
        expected.Check(stream.CurrentVersion);
        var decision = Decide(stream.Aggregate!, id, now);
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Organisation organisation, Guid id, DateTimeOffset now) =>
        organisation.Delegations.Any(delegation => delegation.Id == id) ? Decision.Append(new DelegationWithdrawn(organisation.Id, id, now)) : Decision.Nothing;
}
