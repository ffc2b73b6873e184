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
/// <param name="Points">Points that organisations gave for these minutes.</param>
/// <param name="Grades">The minutes by how well they are evidenced (N8).</param>
/// <param name="ByYear">The minutes by the year of the work, by its own clock; an entry over the turn of a year stands in both lines.</param>
public sealed record RecordTotals(long Minutes, long Entries, long OverlapMinutes, long Points, GradedMinutes Grades, IReadOnlyList<Total> ByYear);

/// <summary>One confirmed entry. Names of people and free text of the volunteer are not in it.</summary>
/// <param name="Id">The entry.</param>
/// <param name="OrganisationId">The organisation that confirmed.</param>
/// <param name="Project">Name of the project or event.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Level">The volunteer's responsibility.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="From">Day of the first minute within the scope, by its own clock.</param>
/// <param name="To">Day of the last minute within the scope.</param>
/// <param name="Minutes">Minutes within the scope; a shift over its border is cut there.</param>
/// <param name="CountedMinutes">What of them counts in this entry and in no other; null in a message about one entry alone.</param>
/// <param name="Grade">How well it is evidenced.</param>
/// <param name="Points">Points for the minutes that count here; in a message about one entry alone, for its minutes within the scope.</param>
/// <param name="CaseId">The case that was decided.</param>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="ConfirmedAt">When the book took the confirmation over, UTC.</param>
/// <param name="Kid">The key that signed, RFC 7638 thumbprint, or SHA-256 of its certificate; null where nothing was signed.</param>
/// <param name="Signature">
/// The compact JWS, or the detached CMS in base64, over the organisation's statement. Left out where the scope cuts the
/// entry: the statement tells of all of it.
/// </param>
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
    public static BookRecord Of(
        Guid volunteer, GrantScope scope, IEnumerable<EntryView> entries, IReadOnlyDictionary<Guid, EntryConfirmed> signed, DateTimeOffset now)
    {
        // Where a minute counts, all confirmed entries decide together; a scope shows some of them with what counts in them.
        var confirmed = entries.Where(entry => entry.Status == EntryStatus.Confirmed).ToList();
        var counted = Counted.InPeriod(confirmed, scope.Period)
            .Where(entry => (scope.OrganisationId ?? entry.Line.OrganisationId) == entry.Line.OrganisationId).ToDictionary(entry => entry.Line.Id);
        var totals = BookTotals.Of(counted.Values);
        var sums = new RecordTotals(totals.Minutes, totals.Entries, totals.OverlapMinutes, totals.Points, totals.Grades, totals.ByYear);
        return new(volunteer, now, scope, sums, scope.Gives == GrantDepth.Totals ? null :
        [
            .. confirmed.Where(entry => counted.ContainsKey(entry.Id)).OrderBy(entry => entry.FirstStart).ThenBy(entry => entry.Id).Select(entry =>
                Shown(entry, Tally.Alone(entry.Work(), scope.Period)!, signed.GetValueOrDefault(entry.Id)) with
                {
                    CountedMinutes = counted[entry.Id].Minutes,
                    Points = counted[entry.Id].Points,
                }),
        ]);
    }

    /// <summary>One confirmed entry as the scope shows it; null where it is not in the scope.</summary>
    public static RecordEntry? One(EntryView entry, GrantScope scope, EntryConfirmed? signed) =>
        (scope.OrganisationId ?? entry.OrganisationId) == entry.OrganisationId && Tally.Alone(entry.Work(), scope.Period) is { } share
            ? Shown(entry, share, signed)
            : null;

    /// <summary>Reads the confirmed part of a book.</summary>
    public static async Task<BookRecord> ReadAsync(IQuerySession session, Guid volunteer, GrantScope scope, DateTimeOffset now, CancellationToken ct)
    {
        var entries = await session.Query<EntryView>().Where(entry => entry.VolunteerId == volunteer && entry.Status == EntryStatus.Confirmed).ToListAsync(ct);
        var signed = new Dictionary<Guid, EntryConfirmed>();
        if (scope.Gives == GrantDepth.Entries && entries.Count > 0)
        {
            var standing = entries.ToDictionary(entry => entry.Id, entry => entry.Confirmation!.Revision);
            var ids = standing.Keys.ToArray();
            foreach (var stored in await session.Events.QueryAllRawEvents()
                .Where(stored => ids.Contains(stored.StreamId) && stored.EventTypesAre(typeof(EntryConfirmed))).ToListAsync(ct))
            {
                if (stored.Data is EntryConfirmed { Signature: not null } e && e.Revision == standing[stored.StreamId])
                {
                    signed[stored.StreamId] = e;
                }
            }
        }

        return Of(volunteer, scope, entries, signed, now);
    }

    private static RecordEntry Shown(EntryView entry, Share share, EntryConfirmed? signed)
    {
        var whole = share.Claimed == entry.Minutes ? signed : null;
        return new(
            entry.Id, entry.OrganisationId, entry.Project, entry.TaskType, entry.Level, entry.Region, share.From, share.To, share.Claimed, null,
            entry.Grade, share.Points, entry.Confirmation!.CaseId, entry.Confirmation.Revision, entry.Confirmation.At,
            entry.Confirmation.Kid, whole?.Signature, whole?.Statement);
    }
}
