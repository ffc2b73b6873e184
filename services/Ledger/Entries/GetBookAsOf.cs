using Marten;
using Marten.Linq.LastModified;
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
/// <param name="Totals">Of all entries, in the period: a shift belongs to the day on which it began.</param>
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
            return Refusal.Invalid("period-reversed", "to", "A period ends on the day it begins, or later.").ToProblem();
        }

        var cursor = Cursor.Parse(after);
        var moment = (at ?? clock.GetUtcNow()).ToUniversalTime();
        var entries = await EntriesAsync(session, caller.Id, moment, ct);
        var (lines, overlaps) = InPeriod(entries, from, to);
        var present = lines.Select(line => line.Id).ToHashSet();
        var items = entries.Where(entry => present.Contains(entry.Id))
            .OrderByDescending(entry => entry.FirstStart).ThenByDescending(entry => entry.Id)
            .SkipWhile(entry => cursor is { } place && (entry.FirstStart, entry.Id).CompareTo((place.At, place.Id)) >= 0)
            .Take(Cursor.Limit(limit) + 1).ToList();
        var page = Page.Of(items, Cursor.Limit(limit), entry => new Cursor(entry.FirstStart, entry.Id));
        var shown = page.Items.Select(entry => entry.Id).ToHashSet();
        return TypedResults.Ok(new BookAsOf(
            moment, from, to, page.Items, page.Next, BookTotals.Of(lines, overlaps),
            [.. overlaps.Where(overlap => shown.Contains(overlap.EntryId) || shown.Contains(overlap.CountedIn))]));
    }

    /// <summary>All entries of a book as they stood.</summary>
    public static async Task<IReadOnlyList<Entry>> EntriesAsync(IQuerySession session, Guid volunteer, DateTimeOffset at, CancellationToken ct)
    {
        var unchanged = await session.Query<Entry>().Where(entry => entry.VolunteerId == volunteer && entry.ModifiedBefore(at.AddMicroseconds(1))).ToListAsync(ct);
        var changed = await session.Query<Entry>().Where(entry => entry.VolunteerId == volunteer && entry.ModifiedSince(at)).Select(entry => entry.Id).ToListAsync(ct);
        return [.. unchanged, .. (await Replay.EntriesAsync(session, changed, at, ct)).Entries];
    }

    /// <summary>What the totals need to know of the entries with work in a period, and what of it overlaps.</summary>
    public static (IReadOnlyList<BookLine> Lines, IReadOnlyList<Overlap> Overlaps) InPeriod(IEnumerable<Entry> entries, DateOnly? from, DateOnly? to)
    {
        var worked = entries
            .Select(entry => (Entry: entry, Shifts: entry.Shifts.Where(shift => Day(shift) >= (from ?? DateOnly.MinValue) && Day(shift) <= (to ?? DateOnly.MaxValue)).ToList()))
            .Where(work => work.Shifts.Count > 0)
            .ToList();
        List<BookLine> lines = [.. worked.Select(work => BookLine.Of(work.Entry) with { Minutes = work.Shifts.Sum(shift => shift.Minutes) })];
        var meeting = BookLine.ThatMeet(lines).ToHashSet();
        return (lines, Overlaps.Of(worked.Where(work => meeting.Contains(work.Entry.Id)).Select(work => new Work(work.Entry.Id, work.Entry.Grade, work.Entry.FirstStart, work.Shifts))));
    }

    private static DateOnly Day(Shift shift) => DateOnly.FromDateTime(shift.Start);
}
