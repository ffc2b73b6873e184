using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A book as it stood (N1).</summary>
/// <param name="At">The moment: what was recorded until then, UTC.</param>
/// <param name="From">The first day of the work that is asked for, by the shifts' own clocks; null for all.</param>
/// <param name="To">The last day.</param>
/// <param name="Items">A page of entries with work in the period, whole, the latest work first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Totals">Of all entries, in the period: a minute belongs to the day that the clock of its shift shows, so a shift over midnight is cut there.</param>
/// <param name="Overlaps">What of the entries of this page counts elsewhere, or counts in them for others.</param>
public sealed record BookAsOf(
    DateTimeOffset At, DateOnly? From, DateOnly? To, IReadOnlyList<Entry> Items, string? Next, BookTotals Totals, IReadOnlyList<Overlap> Overlaps);

/// <summary>
/// <c>GET /api/v1/book/as-of?at=&amp;from=&amp;to=</c>: one's own book as it stood at a moment (recorded time), for a period (worked time). Entries that have not changed since are
/// taken as they are; the others are made anew from their events.
/// </summary>
public static class GetBookAsOfEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book/as-of", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("One's own book as it stood at a moment, for a period");

    private static async Task<Results<Ok<BookAsOf>, ProblemHttpResult>> Handle(
        Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct,
        DateTimeOffset? at = null, DateOnly? from = null, DateOnly? to = null, string? after = null, int? limit = null)
    {
        if (to < from)
        {
            return Refusal.Invalid("period-reversed", "to", "A period must end on the day it begins or later.").ToProblem();
        }

        var cursor = Cursor.Parse(after);
        var moment = at?.ToUniversalTime() ?? await NowAsync(session, caller.Id, clock, ct);
        var entries = await EntriesAsync(session, caller.Id, moment, ct);
        var counted = InPeriod(entries, new Period(from, to));
        var present = counted.Select(entry => entry.Line.Id).ToHashSet();
        var items = entries.Where(entry => present.Contains(entry.Id))
            .OrderByDescending(entry => entry.FirstStart).ThenByDescending(entry => entry.Id)
            .SkipWhile(entry => cursor is { } place && (entry.FirstStart, entry.Id).CompareTo((place.At, place.Id)) >= 0)
            .Take(Cursor.Limit(limit) + 1).ToList();
        var page = Page.Of(items, Cursor.Limit(limit), entry => new Cursor(entry.FirstStart, entry.Id));
        var shown = page.Items.Select(entry => entry.Id).ToHashSet();
        return TypedResults.Ok(new BookAsOf(
            moment, from, to, page.Items, page.Next, BookTotals.Of(counted),
            [.. counted.SelectMany(entry => entry.Overlaps).Where(overlap => shown.Contains(overlap.EntryId) || shown.Contains(overlap.CountedIn))]));
    }

    /// <summary>
    /// The moment that is now for a book, UTC: by our clock, or where another instance's is ahead and has recorded something of it, the time of that. What was recorded is never later than now.
    /// </summary>
    public static async Task<DateTimeOffset> NowAsync(IQuerySession session, Guid volunteer, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var ahead = await session.AdvancedSql.QueryAsync<DateTimeOffset>(
            "select timestamp from mt_events where timestamp > ? and stream_id in (select id from mt_doc_entry where volunteer_id = ?) order by timestamp desc limit 1", ct, now, volunteer);
        return ahead is [var latest] ? latest.ToUniversalTime() : now;
    }

    /// <summary>All entries of a book as they stood: what their events that were recorded until then say, and nothing else.</summary>
    public static async Task<IReadOnlyList<Entry>> EntriesAsync(IQuerySession session, Guid volunteer, DateTimeOffset at, CancellationToken ct)
    {
        var moment = at.ToUniversalTime();
        // First the entries, then which have changed since: one that changes in between is made anew.
        var live = await session.Query<Entry>().Where(entry => entry.VolunteerId == volunteer).ToListAsync(ct);
        var changed = (await session.AdvancedSql.QueryAsync<Guid>(
            "select id from mt_doc_entry where volunteer_id = ? and exists (select from mt_events where stream_id = mt_doc_entry.id and timestamp > ?)", ct, volunteer, moment)).ToHashSet();
        return [.. live.Where(entry => !changed.Contains(entry.Id)), .. (await Replay.EntriesAsync(session, changed, moment, ct)).Entries];
    }

    /// <summary>The entries with work in a period, and what counts in each.</summary>
    /// <param name="book">All entries of the book.</param>
    public static IReadOnlyList<Counted> InPeriod(IReadOnlyCollection<Entry> book, Period period)
    {
        List<BookLine> lines = [.. book.Select(BookLine.Of)];
        var near = BookLine.ToLookAt(lines, period).ToHashSet();
        return Counted.Of(lines, book.Where(entry => near.Contains(entry.Id)).Select(entry => entry.Work()), period);
    }
}
