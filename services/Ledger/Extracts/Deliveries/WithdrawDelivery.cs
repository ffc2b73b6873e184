using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>
/// <c>DELETE /api/v1/extracts/{id}/deliveries/{deliveryId}</c>: takes a link back. From its commit on it leads nowhere; that it was given stays in the list.
/// </summary>
public static class WithdrawDeliveryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/extracts/{id:guid}/deliveries/{deliveryId:guid}", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Withdraw a link");

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, Guid deliveryId, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Delivery>(deliveryId, ct);
        if (stream.Aggregate is not { } delivery || delivery.VolunteerId != caller.Id || delivery.ExtractId != id)
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(delivery, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Delivery delivery, DateTimeOffset now) => delivery switch
    {
        { Until: null } => Refusal.Conflict("no-link", "This extract was sent by e-mail as a file, so there is no link to withdraw."),
        { WithdrawnAt: not null } => Decision.Nothing,
        _ => Decision.Append(new ExtractLinkWithdrawn(now)),
    };
}
