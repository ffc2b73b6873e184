using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Cases;

/// <summary>A submitted entry opens a case by itself.</summary>
public static class WhenEntrySubmitted
{
    public static async Task Handle(EntrySubmittedV1 submitted, Received received, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(CaseIds.Of(submitted.EntryId, submitted.Revision), ct);
        if (stream.Aggregate is null)
        {
            stream.AppendOne(new CaseOpened(
                submitted.EntryId, submitted.Revision, submitted.VolunteerId, submitted.Facts, submitted.At,
                LimitDays: await session.DecideWithinDaysAsync(submitted.Facts.OrganisationId, ct)));
        }
    }
}
