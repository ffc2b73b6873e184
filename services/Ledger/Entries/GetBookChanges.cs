using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A change of an entry.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="Change">What, when, by whom; a reason that was given is in its data.</param>
public sealed record BookChange(Guid Id, Guid EntryId, Change Change);

/// <summary>
/// <c>GET /api/v1/book/changes?from=&amp;to=</c>: what changed in one's own book between two moments of recorded time, by
/// whom, why (N1, F39). Oldest first, paged.
/// </summary>
public static class GetBookChangesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book/changes", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("What changed in your book between two moments");

    private static async Task<Results<Ok<Page<BookChange>>, ProblemHttpResult>> Handle(
        Caller caller, IQuerySession session, CancellationToken ct, DateTimeOffset? from = null,
        DateTimeOffset? to = null, string? after = null, [PageSize] int? limit = null)
    {
        if (to < from)
        {
            return Refusal.Invalid("period-reversed", "to", "A period must not end before it begins.").ToProblem();
        }

        var (since, until) = (from?.ToUniversalTime() ?? DateTimeOffset.MinValue, to?.ToUniversalTime() ?? DateTimeOffset.MaxValue);
        var cursor = Cursor.Parse(after);
        var own = (await session.Query<EntryView>().Where(entry => entry.VolunteerId == caller.Id).Select(entry => entry.Id).ToListAsync(ct)).ToArray();
        var changes = session.Events.QueryAllRawEvents()
            .Where(stored => own.Contains(stored.StreamId) && stored.Timestamp > since && stored.Timestamp <= until);
        if (cursor is { } place)
        {
            var last = (await session.Events.LoadAsync(place.Id, ct))?.Sequence ?? long.MaxValue;
            changes = changes.Where(stored => stored.Sequence > last);
        }

        var rows = await changes.OrderBy(stored => stored.Sequence).Take(Cursor.Limit(limit) + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(
            [.. rows.Select(stored => new BookChange(stored.Id, stored.StreamId, Change.Of(stored)))],
            Cursor.Limit(limit),
            change => new Cursor(change.Change.At, change.Id)));
    }
}
