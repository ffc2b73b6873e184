using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A book made anew from its events, beside the live one (N1).</summary>
/// <param name="Entries">How many entries.</param>
/// <param name="Events">How many events they were made from.</param>
/// <param name="ReplayedHash">SHA-256 over the entries made anew, as canonical JSON in the order of their ids; hexadecimal.</param>
/// <param name="LiveHash">The same over the live entries.</param>
/// <param name="Same">Whether they are equal.</param>
public sealed record BookReplay(int Entries, int Events, string ReplayedHash, string LiveHash, bool Same);

/// <summary><c>GET /api/v1/book/replay</c>: makes one's own book anew from its events and compares it with the live one.</summary>
public static class GetBookReplayEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book/replay", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Your book rebuilt from its events and compared with the live one");

    private static async Task<Ok<BookReplay>> Handle(Caller caller, IDocumentStore store, EventsOfStreams streams, CancellationToken ct)
    {
        // One snapshot of the database: a change in between would look like a difference.
        await using var session = await store.QuerySerializableSessionAsync(token: ct);
        var live = await session.Query<EntryView>().Where(entry => entry.VolunteerId == caller.Id).ToListAsync(ct);
        var events = await streams.ReadAsync(session.Connection, [.. live.Select(entry => entry.Id)], until: null, ct);
        List<EntryView> replayed = [.. events.GroupBy(happened => happened.StreamId).Select(Replay.ViewOf)];
        var (ofEvents, ofDocuments) = (Replay.Hash(replayed), Replay.Hash(live));
        return TypedResults.Ok(new BookReplay(replayed.Count, events.Count, ofEvents, ofDocuments, ofEvents == ofDocuments));
    }
}
