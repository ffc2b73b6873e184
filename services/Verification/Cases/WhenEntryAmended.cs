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
            // Wished before the ledger heard that the confirmation was taken back.
            var stands = await session.LoadAsync<Case>(CaseIds.Of(amended.EntryId, amended.StandingRevision), ct) is not { Status: CaseStatus.Revoked };
            stream.AppendOne(new CaseOpened(
                amended.EntryId, amended.Revision, amended.VolunteerId, amended.Facts, amended.At,
                stands ? new StandingConfirmation(amended.StandingRevision, amended.Standing) : null,
                await session.DecideWithinDaysAsync(amended.Facts.OrganisationId, ct)));
        }
    }
}
