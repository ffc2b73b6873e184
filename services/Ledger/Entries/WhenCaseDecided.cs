using Marten;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Extracts;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// The organisation's decision reaches the entry: the only way to confirmed, rejected, returned and revoked (F15). A decision on a submission that is no longer
/// asked for, because the volunteer took it back first, changes nothing, and ends with its case.
/// </summary>
public static class WhenCaseDecided
{
    public static Task Confirmed(CaseConfirmedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, session, entry => Decide(entry, decided), ct);

    public static Task Matched(CaseMatchedV1 found, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(found.EntryId, session, entry => Decide(entry, found), ct);

    public static Task Settled(CaseSettledV1 settled, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(settled.EntryId, session, entry => Decide(entry, settled), ct);

    public static Task Rejected(CaseRejectedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, session, entry => Decline(entry, decided.Revision, decided.CaseId, returned: false, decided.At), ct);

    public static Task Returned(CaseReturnedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, session, entry => Decline(entry, decided.Revision, decided.CaseId, returned: true, decided.At), ct);

    public static Task Revoked(ConfirmationRevokedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, session, entry => Decide(entry, decided), ct);

    public static Decision Decide(Entry entry, CaseConfirmedV1 decided)
    {
        if (!entry.Awaits(decided.Revision))
        {
            return Decision.Nothing;
        }

        var claimed = entry.Amendment?.Facts ?? entry.Facts;
        var confirmed = decided.Facts ?? claimed;
        return Decision.Append(new EntryConfirmed(
            decided.Revision, decided.CaseId, entry.VolunteerId, confirmed, decided.At,
            decided.Grade, decided.Kid, decided.Signature, decided.Points, decided.Key, decided.Lines, decided.Statement,
            confirmed.Minutes() < claimed.Minutes() ? claimed.Minutes() : null));
    }

    /// <summary>What is confirmed is evidenced better already; a wish to change it is not what counts yet.</summary>
    public static Decision Decide(Entry entry, CaseMatchedV1 found) =>
        entry.Status == EntryStatus.Submitted && entry.Revision == found.Revision && entry.Grade < EvidenceGrade.Matched
            ? Decision.Append(new EntryMatched(found.Revision, found.CaseId, entry.VolunteerId, found.At))
            : Decision.Nothing;

    public static Decision Decide(Entry entry, ConfirmationRevokedV1 decided)
    {
        if (entry.Confirmation is not { } standing || standing.Revision != decided.Revision)
        {
            return Decision.Nothing;
        }

        var revoked = new EntryRevoked(
            decided.Revision, decided.CaseId, entry.VolunteerId, decided.At, entry.Facts.OrganisationId, entry.Facts.Minutes());
        // What the volunteer wished it to say instead is still before the organisation: it becomes a submission like any other.
        return entry.Amendment is { } wish
            ? Decision.Append(revoked, new EntrySubmitted(wish.Revision, entry.VolunteerId, wish.Facts, decided.At, wish.WordsShown))
            : Decision.Append(revoked);
    }

    /// <summary>
    /// What the administrator settled takes the place of what the organisation decided, as a submission of its own; so whoever hears of it tells it from that.
    /// Where the volunteer has asked anew meanwhile, that is before the organisation.
    /// </summary>
    public static Decision Decide(Entry entry, CaseSettledV1 settled) =>
        entry.Revision != settled.Revision || entry.Amendment is not null
            || entry.Status is not (EntryStatus.Confirmed or EntryStatus.Rejected or EntryStatus.Revoked) ? Decision.Nothing :
        Decision.Append(new EntryConfirmed(
            settled.Revision + 1, settled.CaseId, entry.VolunteerId, settled.Facts, settled.At, EvidenceGrade.Confirmed, Points: settled.Points));

    public static Decision Decline(Entry entry, int revision, Guid caseId, bool returned, DateTimeOffset at) =>
        !entry.Awaits(revision) ? Decision.Nothing
        : entry.Amendment is { } wish ? Decision.Append(new AmendmentDeclined(
            revision, caseId, entry.VolunteerId, returned, at, wish.Facts.OrganisationId, wish.Facts.Minutes()))
        : returned ? Decision.Append(new EntryReturned(revision, caseId, entry.VolunteerId, at, entry.Facts.OrganisationId, entry.Facts.Minutes()))
        : Decision.Append(new EntryRejected(revision, caseId, entry.VolunteerId, at, entry.Facts.OrganisationId, entry.Facts.Minutes()));

    private static async Task ApplyAsync(Guid entryId, IDocumentSession session, Func<Entry, Decision> decide, CancellationToken ct)
    {
        var stream = await session.FetchWithViewAsync<Entry, EntryView>(entryId, ct);
        if (stream.Aggregate is { } entry)
        {
            var events = decide(entry).Events;
            stream.AppendMany(events);
            await IssueCertificates.FollowAsync(session, entry, events, ct);
        }
    }
}
