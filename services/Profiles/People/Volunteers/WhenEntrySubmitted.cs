using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.People.Volunteers;

public static class WhenEntrySubmitted
{
    public static Task Handle(EntrySubmittedV1 submitted, Received received, IDocumentSession session, CancellationToken cancellationToken)
    {
        session.Store(Acquaintance.Of(submitted.Facts.OrganisationId, submitted.VolunteerId));
        return Task.CompletedTask;
    }
}
