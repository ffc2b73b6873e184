using Microsoft.EntityFrameworkCore;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Peer.Ledger;

/// <summary><c>GET /api/v1/book</c>: the caller's entries, newest first, and what they add up to.</summary>
internal static class GetBook
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book", async (Caller caller, LedgerContext database, CancellationToken ct, int limit = 50) =>
        {
            var own = database.Entries.AsNoTracking().Where(entry => entry.VolunteerId == caller.Id);
            var items = await own.OrderByDescending(entry => entry.LoggedAt).Take(Math.Clamp(limit, 1, 200)).Include(entry => entry.Shifts).ToListAsync(ct);
            var totals = await own.GroupBy(entry => entry.Status)
                .Select(group => new { Status = group.Key, Minutes = group.Sum(entry => entry.Minutes), Entries = group.Count() }).ToListAsync(ct);
            return TypedResults.Ok(new { items, totals });
        }).RequireAuthorization(Policies.Volunteer);
}
