using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Disputes;

/// <summary><c>GET /api/v1/cases/disputed</c>: the disputes that wait for the administrator, the decision that is disputed longest first.</summary>
public static class GetDisputesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cases/disputed", Handle).RequireAuthorization(Policies.Administrator).WithSummary("Disputes waiting to be settled");

    private static async Task<Ok<Page<Case>>> Handle(IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var disputed = session.Query<Case>().Where(found => found.InDispute);
        if (Cursor.Parse(after) is { } cursor)
        {
            disputed = disputed.Where(found => found.DecidedAt > cursor.At || (found.DecidedAt == cursor.At && found.Id.CompareTo(cursor.Id) > 0));
        }

        var rows = await disputed.OrderBy(found => found.DecidedAt).ThenBy(found => found.Id).Take(size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(rows, size, found => new Cursor(found.DecidedAt!.Value, found.Id)));
    }
}
