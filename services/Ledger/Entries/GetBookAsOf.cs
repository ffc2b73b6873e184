using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A book as it stood (N1).</summary>
/// <param name="At">The moment: what was recorded until then, UTC.</param>
/// <param name="From">The first day of the work that is asked for, by the shifts' own clocks; null for all.</param>
/// <param name="To">The last day.</param>
/// <param name="Items">A page of entries with work in the period, whole, the latest work first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Totals">
/// Of all entries, in the period: a minute belongs to the day that the clock of its shift shows, so a shift over midnight is cut there.
/// </param>
/// <param name="Overlaps">What of the entries of this page counts elsewhere, or counts in them for others.</param>
public sealed record BookAsOf(
    DateTimeOffset At, DateOnly? From, DateOnly? To, IReadOnlyList<EntryView> Items, string? Next, BookTotals Totals, IReadOnlyList<Overlap> Overlaps);

/// <summary>
/// <c>GET /api/v1/book/as-of?at=&amp;from=&amp;to=</c>: one's own book as it stood at a moment (recorded time), for a period
/// (worked time). See <see cref="PastBook"/>.
/// </summary>
public static class GetBookAsOfEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book/as-of", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .Produces<BookAsOf>()
            .WithSummary("Your book as it stood at a given moment, for a period");

    private static async Task Handle(
        HttpContext http, Caller caller, PastBooks books, CancellationToken ct,
        DateTimeOffset? at = null, DateOnly? from = null, DateOnly? to = null, string? after = null, [PageSize] int? limit = null)
    {
        if (to < from)
        {
            throw new RefusedException(Refusal.Invalid("period-reversed", "to", "A period must end on the day it begins or later."));
        }

        var cursor = Cursor.Parse(after);
        var period = new Period(from, to);
        IReadOnlyList<Counted> counted;
        Page<BookLine> page;
        IReadOnlyDictionary<Guid, byte[]> stored;
        DateTimeOffset moment;
        await using (var book = await books.AsOfAsync(caller.Id, at, ct))
        {
            moment = book.At;
            counted = Counted.Of(book.Lines, await book.WorksAsync(BookLine.ToLookAt(book.Lines, period), ct), period);
            var lines = counted.Select(entry => entry.Line).OrderByDescending(line => line.FirstStart).ThenByDescending(line => line.Id)
                .SkipWhile(line => cursor is { } place && (line.FirstStart, line.Id).CompareTo((place.At, place.Id)) >= 0)
                .Take(Cursor.Limit(limit) + 1).ToList();
            page = Page.Of(lines, Cursor.Limit(limit), line => new Cursor(line.FirstStart, line.Id));
            stored = await book.StoredAsync([.. page.Items.Select(line => line.Id)], ct);
        }

        await using var json = BookJson.Begin(http.Response);
        json.Write("at", moment);
        json.Write("from", from);
        json.Write("to", to);
        json.WriteItems(page.Items.Select(line => stored[line.Id]), page.Next);
        json.WriteTotals(
            BookTotals.Of(counted),
            [.. counted.SelectMany(entry => entry.Overlaps).Where(overlap => stored.ContainsKey(overlap.EntryId) || stored.ContainsKey(overlap.CountedIn))]);
    }
}
