using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Verification.Cases;

/// <summary>
/// An entry or an amendment that was taken back leaves the queue. The ledger's events come in order, so its case is there. What was decided meanwhile came to
/// the ledger after it was taken back and changed nothing there (the ledger tells of what it still awaited, and of nothing else): so it stands for nothing here
/// either, evidences no hours, takes up no row and is not disputed.
/// </summary>
public static class WhenEntryWithdrawn
{
    public static Task Handle(EntryWithdrawnV1 withdrawn, Received received, IDocumentSession session, CancellationToken ct) =>
        CancelAsync(withdrawn.EntryId, withdrawn.Revision, withdrawn.At, session, ct);

    public static Task Handle(AmendmentWithdrawnV1 withdrawn, Received received, IDocumentSession session, CancellationToken ct) =>
        CancelAsync(withdrawn.EntryId, withdrawn.Revision, withdrawn.At, session, ct);

    private static async Task CancelAsync(Guid entry, int revision, DateTimeOffset at, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(CaseIds.Of(entry, revision), ct);
        if (stream.Aggregate is { Status: not CaseStatus.Cancelled })
        {
            stream.AppendOne(new CaseCancelled(at));
        }
    }
}
