using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Verification.Cases;

/// <summary>An entry that was taken back leaves the queue. The ledger's events come in order, so its case is there.</summary>
public static class WhenEntryWithdrawn
{
    public static async Task Handle(EntryWithdrawnV1 withdrawn, Received received, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(CaseIds.Of(withdrawn.EntryId, withdrawn.Revision), ct);
        if (stream.Aggregate is { Status: CaseStatus.Open })
        {
            stream.AppendOne(new CaseCancelled(withdrawn.At));
        }
    }
}
