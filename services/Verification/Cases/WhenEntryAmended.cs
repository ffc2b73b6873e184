using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Cases;

/// <summary>The wish to change a confirmed entry opens a case of its own (N10); the confirmation that stands is shown beside it.</summary>
public static class WhenEntryAmended
{
    public static async Task Handle(EntryAmendedV1 amended, Received received, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(CaseIds.Of(amended.EntryId, amended.Revision), ct);
        if (stream.Aggregate is null)
        {
            stream.AppendOne(new CaseOpened(
                amended.EntryId, amended.Revision, amended.VolunteerId, amended.Facts, amended.At,
                new StandingConfirmation(amended.StandingRevision, amended.Standing),
                await session.DecideWithinDaysAsync(amended.Facts.OrganisationId, ct)));
        }
    }
}
