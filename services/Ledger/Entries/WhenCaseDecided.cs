using Marten;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Ledger.Entries;

/// <summary>The organisation's decision reaches the entry: the only way to confirmed, rejected and returned.</summary>
public static class WhenCaseDecided
{
    public static Task Confirmed(CaseConfirmedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, decided.Revision, session, entry => new EntryConfirmed(decided.Revision, decided.CaseId, entry.VolunteerId, entry.Facts(), decided.At), ct);

    public static Task Rejected(CaseRejectedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, decided.Revision, session, entry => new EntryRejected(decided.Revision, decided.CaseId, entry.VolunteerId, decided.At), ct);

    public static Task Returned(CaseReturnedV1 decided, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(decided.EntryId, decided.Revision, session, entry => new EntryReturned(decided.Revision, decided.CaseId, entry.VolunteerId, decided.At), ct);

    private static async Task ApplyAsync(Guid entryId, int revision, IDocumentSession session, Func<Entry, object> decided, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Entry>(entryId, ct);
        // A decision on a submission that was withdrawn meanwhile changes nothing: the volunteer took it back first. The case keeps the decision.
        if (stream.Aggregate is { Status: EntryStatus.Submitted } entry && entry.Revision == revision)
        {
            stream.AppendOne(decided(entry));
        }
    }
}
