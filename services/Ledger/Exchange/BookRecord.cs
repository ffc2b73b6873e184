using System.Text.Json.Serialization;
using Marten;
using Marten.Events;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>Sums over confirmed work; minutes that several entries claim count once (N7).</summary>
/// <param name="Minutes">Minutes, each counted once.</param>
/// <param name="Entries">How many confirmed entries.</param>
/// <param name="OverlapMinutes">What the entries claim beyond that.</param>
/// <param name="Points">Points that organisations gave.</param>
/// <param name="Grades">The minutes by how well they are evidenced (N8).</param>
/// <param name="ByYear">The minutes by the year in which an entry's work began.</param>
public sealed record RecordTotals(long Minutes, long Entries, long OverlapMinutes, long Points, GradedMinutes Grades, IReadOnlyList<Total> ByYear);

/// <summary>One confirmed entry. Names of people and free text of the volunteer are not in it.</summary>
/// <param name="Id">The entry.</param>
/// <param name="OrganisationId">The organisation that confirmed.</param>
/// <param name="Project">Name of the project or event.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Level">The volunteer's responsibility.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="From">Day on which the first shift within the scope began, by its own clock.</param>
/// <param name="To">Day on which the last shift within the scope began.</param>
/// <param name="Minutes">Minutes of the shifts within the scope.</param>
/// <param name="CountedMinutes">What of them counts in this entry and in no other; null in a message about one entry alone.</param>
/// <param name="Grade">How well it is evidenced.</param>
/// <param name="Points">Points that the organisation gave for the whole entry.</param>
/// <param name="CaseId">The case that was decided.</param>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="ConfirmedAt">When the book took the confirmation over, UTC.</param>
/// <param name="Kid">The key that signed, RFC 7638 thumbprint, or SHA-256 of its certificate; null where nothing was signed.</param>
/// <param name="Signature">The compact JWS, or the detached CMS in base64, over the organisation's statement. Left out where the scope cuts the entry: the statement tells of all of it.</param>
/// <param name="Statement">What a CMS is over; a JWS holds it itself. Left out with the signature.</param>
public sealed record RecordEntry(
    Guid Id, Guid OrganisationId, string Project, string TaskType, ResponsibilityLevel Level, string Region, DateOnly From, DateOnly To, int Minutes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? CountedMinutes,
    EvidenceGrade Grade, int Points, Guid CaseId, int Revision, DateTimeOffset ConfirmedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Signature,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statement);

/// <summary>The confirmed part of a book, within a scope: what agencies read, and what every form is made of.</summary>
/// <param name="VolunteerId">Whose book. Who that is, the agency knows from the volunteer: the ledger holds no names.</param>
/// <param name="At">When it was read, UTC.</param>
/// <param name="Scope">What of the book it shows.</param>
/// <param name="Totals">Sums of all confirmed work in the scope.</param>
/// <param name="Entries">The entries, the earliest work first; null where the scope gives totals only.</param>
public sealed record BookRecord(
    Guid VolunteerId, DateTimeOffset At, GrantScope Scope, RecordTotals Totals,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RecordEntry>? Entries)
{
    /// <summary>The record of these entries, of which only confirmed ones in the scope show.</summary>
    /// <param name="signed">Each entry's standing confirmation, by entry, where it is signed.</param>
    public static BookRecord Of(Guid volunteer, GrantScope scope, IEnumerable<Entry> entries, IReadOnlyDictionary<Guid, EntryConfirmed> signed, DateTimeOffset now)
    {
        var confirmed = entries.Where(entry => entry.Status == EntryStatus.Confirmed && (scope.OrganisationId ?? entry.OrganisationId) == entry.OrganisationId).ToList();
        var (lines, overlaps) = GetBookAsOfEndpoint.InPeriod(confirmed, scope.From, scope.To);
        var totals = BookTotals.Of(lines, overlaps);
        var sums = new RecordTotals(totals.Minutes, totals.Entries, totals.OverlapMinutes, totals.Points, totals.Grades, totals.ByYear);
        if (scope.Gives == GrantDepth.Totals)
        {
            return new(volunteer, now, scope, sums, null);
        }

        var elsewhere = overlaps.GroupBy(overlap => overlap.EntryId).ToDictionary(entry => entry.Key, entry => entry.Sum(overlap => overlap.Minutes));
        var shown = lines.Select(line => line.Id).ToHashSet();
        return new(volunteer, now, scope, sums,
        [
            .. confirmed.Where(entry => shown.Contains(entry.Id)).OrderBy(entry => entry.FirstStart).ThenBy(entry => entry.Id)
                .Select(entry => Shown(entry, scope, signed.GetValueOrDefault(entry.Id), elsewhere.GetValueOrDefault(entry.Id))),
        ]);
    }

    /// <summary>One confirmed entry as the scope shows it; null where it is not in the scope.</summary>
    public static RecordEntry? One(Entry entry, GrantScope scope, EntryConfirmed? signed) =>
        (scope.OrganisationId ?? entry.OrganisationId) == entry.OrganisationId && entry.Shifts.Any(shift => Within(shift, scope)) ? Shown(entry, scope, signed, null) : null;

    /// <summary>Reads the confirmed part of a book.</summary>
    public static async Task<BookRecord> ReadAsync(IQuerySession session, Guid volunteer, GrantScope scope, DateTimeOffset now, CancellationToken ct)
    {
        var entries = await session.Query<Entry>().Where(entry => entry.VolunteerId == volunteer && entry.Status == EntryStatus.Confirmed).ToListAsync(ct);
        var signed = new Dictionary<Guid, EntryConfirmed>();
        if (scope.Gives == GrantDepth.Entries && entries.Count > 0)
        {
            var standing = entries.ToDictionary(entry => entry.Id, entry => entry.Confirmation!.Revision);
            var ids = standing.Keys.ToArray();
            foreach (var stored in await session.Events.QueryAllRawEvents().Where(stored => ids.Contains(stored.StreamId) && stored.EventTypesAre(typeof(EntryConfirmed))).ToListAsync(ct))
            {
                if (stored.Data is EntryConfirmed { Signature: not null } e && e.Revision == standing[stored.StreamId])
                {
                    signed[stored.StreamId] = e;
                }
            }
        }

        return Of(volunteer, scope, entries, signed, now);
    }

    private static RecordEntry Shown(Entry entry, GrantScope scope, EntryConfirmed? signed, int? elsewhere)
    {
        var shifts = entry.Shifts.Where(shift => Within(shift, scope)).ToList();
        var minutes = shifts.Sum(shift => shift.Minutes);
        var whole = shifts.Count == entry.Shifts.Count ? signed : null;
        return new(
            entry.Id, entry.OrganisationId, entry.Project, entry.TaskType, entry.Level, entry.Region, shifts.Min(Day), shifts.Max(Day), minutes, minutes - elsewhere,
            entry.Grade, entry.Points, entry.Confirmation!.CaseId, entry.Confirmation.Revision, entry.Confirmation.At,
            entry.Confirmation.Kid, whole?.Signature, whole?.Statement);
    }

    private static bool Within(Shift shift, GrantScope scope) => Day(shift) >= (scope.From ?? DateOnly.MinValue) && Day(shift) <= (scope.To ?? DateOnly.MaxValue);

    private static DateOnly Day(Shift shift) => DateOnly.FromDateTime(shift.Start);
}
